"""The program as a process: where it is, what it is given, how far it is, how it is stopped."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from qgis.PyQt.QtCore import QProcess, QProcessEnvironment

from .texts import say

__all__ = ["SETTING", "run"]

SETTING = "LANDXML_PROGRAM"
"""Name of the setting, and of the variable of the environment that comes first."""
OWN = ("PYTHONHOME", "PYTHONPATH", "GDAL_DATA", "PROJ_LIB", "PROJ_DATA", "GDAL_DRIVER_PATH")
"""Variables that QGIS sets for its own libraries."""
PATIENCE = 5000
"""Milliseconds in which the program may end by itself when it is stopped."""


def run(arguments: Sequence[str], feedback: QgsProcessingFeedback) -> int:
    """Run the program to its end and return its exit code.

    Raises
    ------
    QgsProcessingException
        If it is not there, or was stopped; a text says so.
    """
    process = QProcess()
    process.setProcessEnvironment(_environment())
    program = _program()
    process.start(program, list(arguments))
    if not process.waitForStarted():
        raise QgsProcessingException(say("missing", program=program))
    while not process.waitForFinished(200) and process.state() != QProcess.ProcessState.NotRunning:
        _tell(process, feedback)
        if feedback.isCanceled():
            _stop(process)
            raise QgsProcessingException(say("cancelled"))
    _tell(process, feedback)
    return int(process.exitCode())


def _program() -> str:
    given = os.environ.get(SETTING) or ProcessingConfig.getSetting(SETTING)
    installed = Path(os.environ.get("LOCALAPPDATA", ""), "Programs", "landxml", "landxml.exe")
    return given or shutil.which("landxml") or (str(installed) if installed.is_file() else "landxml")


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    for name in OWN:
        environment.remove(name)
    environment.insert("LANDXML_PROGRESS", "json")
    environment.insert("PYTHONIOENCODING", "utf-8")
    return environment


def _stop(process: QProcess) -> None:
    if sys.platform != "win32":  # where a program without a window would not be told
        process.terminate()
        if process.waitForFinished(PATIENCE):
            return
    process.kill()
    process.waitForFinished(PATIENCE)


def _tell(process: QProcess, feedback: QgsProcessingFeedback) -> None:
    """Pass on what the program has written: progress as lines of JSON, the rest as text."""
    process.setReadChannel(QProcess.ProcessChannel.StandardError)
    ended = process.state() == QProcess.ProcessState.NotRunning
    while process.canReadLine() or (ended and process.bytesAvailable()):
        line = bytes(process.readLine()).decode("utf-8", "replace").rstrip()
        try:
            progress = json.loads(line)
            feedback.setProgress(100 * progress["done"] / (progress["total"] or 1))
        except (ValueError, TypeError, KeyError):
            feedback.pushInfo(line)
    for line in bytes(process.readAllStandardOutput()).decode("utf-8", "replace").splitlines():
        feedback.pushInfo(line)

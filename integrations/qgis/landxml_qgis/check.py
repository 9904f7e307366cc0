"""Check a delivery, and load the findings as the layers that the program has styled."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterCrs,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsVectorLayer,
)

from .process import run
from .texts import lang, say

__all__ = ["CheckDelivery"]

VERDICTS = ("conformant", "not-conformant", "not-evaluated")
"""By exit code."""


class CheckDelivery(QgsProcessingAlgorithm):
    """``landxml validate``."""

    def name(self) -> str:
        """Return the id."""
        return "check"

    def displayName(self) -> str:  # noqa: N802 - names of QGIS, here and below
        """Return what users see."""
        return say("check")

    def shortHelpString(self) -> str:  # noqa: N802
        """Return what it does."""
        return say("help")

    def createInstance(self) -> CheckDelivery:  # noqa: N802
        """Return another one."""
        return CheckDelivery()

    def initAlgorithm(self, _: Any = None) -> None:  # noqa: N802
        """Declare what it takes and gives."""
        files, folder = QgsProcessing.TypeFile, QgsProcessingParameterFile.Folder
        for parameter in (
            QgsProcessingParameterMultipleLayers("INPUT", say("INPUT"), files, optional=True),
            QgsProcessingParameterFile("FOLDER", say("FOLDER"), folder, optional=True),
            QgsProcessingParameterString("PROFILE", say("PROFILE"), optional=True),
            QgsProcessingParameterString("AS_OF", say("AS_OF"), optional=True),
            QgsProcessingParameterCrs("CRS", say("CRS"), optional=True),
            QgsProcessingParameterFileDestination("OUTPUT", say("OUTPUT"), "GeoPackage (*.gpkg)"),
        ):
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputString("VERDICT", say("VERDICT")))
        self.addOutput(QgsProcessingOutputNumber("COUNT", say("COUNT")))

    def processAlgorithm(  # noqa: N802
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Check, and say which layers are to be loaded."""
        output = Path(self.parameterAsFileOutput(parameters, "OUTPUT", context))
        output.unlink(missing_ok=True)
        code = run(self._arguments(parameters, context, output), feedback)
        if not output.is_file():
            raise QgsProcessingException(say("failed", code=code, said=feedback.textLog().strip()[-500:]))
        verdict = say(VERDICTS[min(code, 2)])
        feedback.pushInfo(verdict)
        layers = _layers(output)
        for name, layer in layers.items():
            _load(name, layer, context)
        count = sum(layer.featureCount() for layer in layers.values())
        return {"OUTPUT": str(output), "VERDICT": verdict, "COUNT": count}

    def _arguments(
        self, parameters: dict[str, Any], context: QgsProcessingContext, output: Path
    ) -> list[str]:
        inputs = self.parameterAsFileList(parameters, "INPUT", context)
        inputs += [self.parameterAsFile(parameters, "FOLDER", context)]
        inputs = [path for path in inputs if path]
        if not inputs:
            raise QgsProcessingException(say("nothing"))
        asked = {
            "--profile": self.parameterAsString(parameters, "PROFILE", context),
            "--as-of": self.parameterAsString(parameters, "AS_OF", context),
            "--crs": self.parameterAsCrs(parameters, "CRS", context).authid().partition(":")[2],
        }
        options = [word for option, value in asked.items() if value for word in (option, value)]
        return ["validate", "--lang", lang(), "--format", "gpkg", "-o", str(output), *options, "--", *inputs]


def _layers(path: Path) -> dict[str, QgsVectorLayer]:
    """Open the layers of a GeoPackage; each takes the style that stands beside it."""
    with closing(sqlite3.connect(path)) as con:
        rows = con.execute(
            "SELECT table_name FROM gpkg_contents WHERE table_name <> 'layer_styles' ORDER BY 1"
        )
        return {name: QgsVectorLayer(f"{path}|layername={name}", name, "ogr") for (name,) in rows}


def _load(name: str, layer: QgsVectorLayer, context: QgsProcessingContext) -> None:
    if context.project() is not None and layer.isValid():
        context.temporaryLayerStore().addMapLayer(layer)
        details = QgsProcessingContext.LayerDetails(name, context.project(), "OUTPUT")
        context.addLayerToLoadOnCompletion(layer.id(), details)

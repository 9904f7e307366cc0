"""Run by the Python of QGIS: ``styles FILE``, ``cancel PROGRAM PID``; the answer is a line of JSON."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any


def styles(path: str) -> dict[str, Any]:
    """Return what QGIS sees of each layer of a GeoPackage: colours, map tip, words for the state."""
    from qgis.core import QgsVectorLayer

    seen = {}
    with closing(sqlite3.connect(path)) as con:
        found = con.execute("SELECT table_name FROM gpkg_contents").fetchall()
    for (name,) in found:
        if name != "layer_styles":
            layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
            renderer = layer.renderer()
            state = layer.editorWidgetSetup(layer.fields().indexOf("trang_thai"))
            seen[name] = {
                "type": renderer.type() if renderer else "",
                "labels": [each.label() for each in renderer.categories()] if renderer else [],
                "tip": layer.mapTipTemplate(),
                "widget": state.type(),
                "words": list(state.config().get("map", [])),
                "number": layer.featureCount(),
            }
    return seen


def cancel(program: str, pid: str) -> dict[str, Any]:
    """Stop a check as soon as the program runs; return what was said, and after how many seconds."""
    from landxml_qgis.check import CheckDelivery
    from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

    os.environ["LANDXML_PROGRAM"] = program
    feedback = QgsProcessingFeedback()
    feedback.isCanceled = Path(pid).is_file
    algorithm = CheckDelivery()
    algorithm.initAlgorithm()
    start = time.monotonic()
    try:
        given = {"INPUT": [program], "OUTPUT": f"{program}.gpkg"}
        algorithm.processAlgorithm(given, QgsProcessingContext(), feedback)
    except QgsProcessingException as error:
        return {"said": str(error), "seconds": time.monotonic() - start}
    return {}


def main() -> None:
    """Start QGIS without a window, and do what is asked."""
    sys.path += ["/usr/share/qgis/python/plugins", os.environ["QGIS_PLUGINPATH"]]
    from qgis.core import QgsApplication

    application = QgsApplication([], False)
    application.initQgis()
    known: dict[str, Callable[..., dict[str, Any]]] = {"styles": styles, "cancel": cancel}
    sys.stdout.write(f"{json.dumps(known[sys.argv[1]](*sys.argv[2:]))}\n")
    application.exitQgis()


if __name__ == "__main__":
    main()

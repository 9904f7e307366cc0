"""The plugin, which only adds its provider to Processing; and the provider."""

from __future__ import annotations

from typing import Any

from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import QgsApplication, QgsProcessingProvider

from .check import CheckDelivery
from .process import SETTING
from .texts import say

__all__ = ["Plugin", "Provider"]


class Plugin:
    """What QGIS starts and ends."""

    def __init__(self, iface: Any) -> None:
        self.iface = iface
        self.provider: Provider | None = None

    def initProcessing(self) -> None:  # noqa: N802 - called by QGIS, without a window, too
        """Add the provider."""
        self.provider = Provider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:  # noqa: N802
        """Add the provider; there is nothing else to see."""
        self.initProcessing()

    def unload(self) -> None:
        """Take the provider away."""
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)


class Provider(QgsProcessingProvider):
    """The algorithms, and the setting that says where the program is."""

    def load(self) -> bool:
        """Make the setting known."""
        ProcessingConfig.addSetting(Setting(self.name(), SETTING, say("setting"), "", valuetype=Setting.FILE))
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self) -> None:
        """Take the setting away."""
        ProcessingConfig.removeSetting(SETTING)

    def loadAlgorithms(self) -> None:  # noqa: N802
        """Add the algorithms."""
        self.addAlgorithm(CheckDelivery())

    def id(self) -> str:
        """Return what algorithms are called by: ``landxml:check``."""
        return "landxml"

    def name(self) -> str:
        """Return what users see."""
        return "landxml"

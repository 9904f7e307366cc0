"""The local web page: files are dropped, checked by the command line, and read in a browser."""

from typing import TYPE_CHECKING

from landxml.lazy import lazy

if TYPE_CHECKING:
    from landxml_web.server import serve
    from landxml_web.settings import Settings
else:
    __getattr__, __dir__ = lazy(__name__, {"Settings": "settings", "serve": "server"})

__all__ = ["Settings", "serve"]

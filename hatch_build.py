"""Build hook: compiles ``landxml/walk.pyx`` beside its source where it can; without that all works too.

``python hatch_build.py`` does only that, and says what it did. ``LANDXML_WALK=python`` asks for a wheel
without it, which is for any platform.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
SOURCE = ROOT / "landxml/walk.pyx"
BUILT = SOURCE.with_name(f"walk{sysconfig.get_config_var('EXT_SUFFIX')}")


class NativeWalk(BuildHookInterface[Any]):
    """Puts the compiled walk into wheels, which are of one platform then."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and say what the wheel holds."""
        if os.environ.get("LANDXML_WALK") != "python" and compiled() and version != "editable":
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
            build_data["force_include"][str(BUILT)] = f"landxml/{BUILT.name}"


def compiled() -> bool:
    """Compile, unless that was done for this source and this lxml; tell whether it is there."""
    try:
        made_of = _made_of()
        if not (BUILT.exists() and made_of.encode() in BUILT.read_bytes()):
            BUILT.unlink(missing_ok=True)
            _compile(made_of)
    except (Exception, SystemExit) as error:  # no Cython, no compiler, no headers, a strange platform
        print(f"landxml: the walk in C is not built ({type(error).__name__}: {error})", file=sys.stderr)
        return False
    return True


def _made_of() -> str:
    """Return what stands for the source and the version of lxml; :mod:`landxml.native` compares it."""
    from lxml import etree

    return f"of_{hashlib.sha256(SOURCE.read_bytes() + etree.__version__.encode()).hexdigest()}"


def _compile(made_of: str) -> None:
    import lxml
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension

    with tempfile.TemporaryDirectory() as folder:
        macros: list[tuple[str, str | None]] = [("MADE_OF", made_of)]
        extension = Extension(
            "landxml.walk",
            [str(SOURCE)],
            include_dirs=lxml.get_include(),
            define_macros=macros,
            # Nothing for debuggers: it would name folders of this machine, and make each build another.
            extra_compile_args=["-g0"] if os.name == "posix" else [],
        )
        modules = cythonize([extension], build_dir=folder, quiet=True)
        build = Distribution({"ext_modules": modules}).get_command_obj("build_ext")
        build.build_lib, build.build_temp = folder, folder
        build.ensure_finalized()
        build.run()
        new = BUILT.with_suffix(".new")
        shutil.copy(build.get_ext_fullpath("landxml.walk"), new)
        new.replace(BUILT)  # whoever imports it meanwhile has the old one


if __name__ == "__main__":
    sys.exit(not compiled())

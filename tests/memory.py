"""How much memory a program has taken, measured by itself at its end."""

from __future__ import annotations

import sys

import pytest

__all__ = ["PEAK", "is_measured"]

PEAK = r"""
import re
from pathlib import Path
peak = int(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
"""
"""Python code: the most megabytes of this process (``ru_maxrss`` counts those of the one that started it)."""
is_measured = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured otherwise there")

"""``python -m landxml_cli``: the command ``landxml``."""

from __future__ import annotations

import sys

from landxml_cli.main import main

if __name__ == "__main__":
    sys.exit(main())

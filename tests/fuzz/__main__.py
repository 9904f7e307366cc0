"""``python -m tests.fuzz``: run cases on all cores until the time is up; exit 1 if anything was found."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    from tests.fuzz.campaign import main

    sys.exit(main(sys.argv[1:]))

"""``python -m benchmarks``; small, because worker processes import it again."""

import sys

if __name__ == "__main__":
    from benchmarks.ratios import main

    sys.exit(main())

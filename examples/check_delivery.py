"""Check a delivery, print the first finding of every rule that failed, and exit as a pipeline step should.

python examples/check_delivery.py delivery.zip
"""

import sys

from landxml_validator import validate


def main(*paths: str) -> int:
    """Return 0 for a conformant delivery, 1 for findings, 2 if nothing could be concluded."""
    report = validate(paths)
    for result in report.results:
        if result.state == "failed":
            first = result.samples[0]
            place, message = first.place.said(), result.message(first, "en")
            print(f"{result.rule.code}  {result.count}  {place}  {message}")
    print(f"{report.verdict}: {report.errors} errors, {report.warnings} warnings")
    return report.exit_code()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

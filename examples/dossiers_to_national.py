"""Turn HoSoXml dossiers, or files of any other layout, into one national package.

python examples/dossiers_to_national.py dossiers.zip package.gml
"""

import sys

from landxml import LandXmlError
from landxml_mappings import convert


def main(dossiers: str, package: str) -> None:
    """Write all records; print how many of each class there are, and what was left behind."""
    report = convert(dossiers, package, to="national")
    print(", ".join(f"{name} {count}" for name, count in report.records.items()))
    for losses in report.reading.values():
        print(*(f"{loss.element}: {loss.dropped}" for loss in losses if loss.dropped), sep="\n")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except LandXmlError as error:
        sys.exit(str(error))

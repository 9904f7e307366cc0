"""Turn HoSoXml dossiers, or files of any other layout, into one national package.

python examples/dossiers_to_national.py dossiers.zip package.gml
"""

import sys

from landxml_mappings import convert


def main(dossiers: str, package: str) -> None:
    """Write all records, and print how many of each class there are."""
    counts = convert(dossiers, package, to="national")
    print(", ".join(f"{name} {count}" for name, count in counts.items()))


if __name__ == "__main__":
    main(*sys.argv[1:])

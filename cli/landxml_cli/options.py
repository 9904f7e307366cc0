"""Arguments and options of every command, as data: help and completion import nothing else."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from click import Argument, Option, Parameter

from landxml_cli.types import Day, Family, Faults, Number, Plain, Real, Store, Word, Words

__all__ = ["CODELIST_FORMATS", "FORMATS", "PARAMETERS"]

CODELIST_FORMATS = ("text", "json", "csv", "gml")
SHEETS = (".csv", ".xlsx")
"""What a table with new sheet numbers ends in."""
TWO_TIERS_SINCE = "two-tier"
"""The word for the first day without districts."""


def _later(module: str, name: str) -> Callable[[], Any]:
    """Return a function that imports what stands for its value when it is asked for."""

    def value() -> Any:
        found = getattr(import_module(module), name)
        return found() if callable(found) else found

    return value


def _words(*words: str) -> Word:
    return Word(lambda: words)


def _is_folder(name: str) -> bool:
    return Path(name).is_dir()


def _is_scheme(name: str) -> bool:
    return name.endswith(".toml")


def _is_profile(name: str) -> bool:
    return name.endswith(".toml") or Path(name).is_dir()


_since = _later("landxml_units", "TWO_TIERS_SINCE")
EXISTING = Option(["--existing"], multiple=True, type=Plain("FILE", "input"))
"""What is in operation already, with which a delivery may collide."""
FILES = Argument(["files"], nargs=-1, required=True, type=Plain("FILE", "input"))
UNIT = Argument(["unit"], type=Plain("UNIT"))
AS_OF = Option(["--as-of"], type=Day())
CRS = Option(["--crs"], type=Number(1))
FORCE = Option(["--force"], is_flag=True)
FORMAT = Option(["--format", "format_"], type=_words("text", "json"), default="text")
FORMATS = Option(
    ["--format", "format_"], type=Word(_later("landxml_reports", "FORMATS"), "FORM"), multiple=True
)
"""Of reports, of which one run may write several."""
FROM, TO = Option(["--from", "from_date"], type=Day()), Option(["--to", "to_date"], type=Day())
LAYOUT = Option(
    ["--layout"],
    type=Word(_later("landxml.layouts", "builtin"), "NAME", _is_folder),
    default="national",
)
LAYOUTS = Option(["--layout", "layouts"], multiple=True, type=Plain("FOLDER", "input"))
"""Of commands that read: layouts beside the built-in ones."""
MAPPINGS = Option(["--mapping", "mappings"], multiple=True, type=Plain("FILE", "input"))
"""Of commands that read: mappings in the place of those of layouts."""
RULES = Option(["--rules"], multiple=True, type=Plain("FOLDER", "input"))
"""Rules beside the built-in ones."""
OUTPUT = Option(["-o", "--output"], type=Plain("FILE", "output"))
CONFIGURATION = (
    Option(["--config"], type=Plain("FILE", "input")),
    Option(["--select"], multiple=True, type=Plain("CODES")),
    Option(["--ignore"], multiple=True, type=Plain("CODES")),
    Option(["--severity"], multiple=True, type=Plain("CODE=LEVEL")),
)
"""What changes the rules of a profile."""
PROFILE = Option(
    ["--profile"],
    type=Word(_later("landxml_validator.profile", "profiles"), "NAME", _is_profile),
)
FAIL_ON = Option(["--fail-on"], type=_words("error", "warning", "new", "never"), default="error")
QUIET = Option(["-q", "--quiet"], is_flag=True)
SALT = Option(["--salt"], type=Plain("FILE"), required=True)
"""Of commands that make it where there is none."""
COLUMNS = Option(
    ["--columns"],
    type=Word(_later("landxml_campaign.presets", "PRESETS"), "NAME", lambda name: name.endswith(".toml")),
)
PASSWORD_FILE = Option(["--password-file"], type=Plain("FILE", "input"))
WORK = Option(["--work"], type=Store())
RENUMBERED = Option(["--sheets"], type=Plain("TABLE", "input"))

CHECKED = (
    Option(
        ["--scheme"],
        type=Word(_later("landxml_campaign.schemes", "paths"), "NAME", _is_scheme),
        default="plan-515",
    ),
    Option(["--status"], type=Plain("TABLE", "input")),
    Option(["--answers"], multiple=True, type=Plain("TABLE", "input")),
    Option(["--salt"], type=Plain("FILE", "input")),
    *(PROFILE, CONFIGURATION[0], RULES, LAYOUTS, MAPPINGS, AS_OF, CRS, RENUMBERED),
    WORK,
    Option(["--workers"], type=Number(1)),
)
"""Of commands that check data to count it."""

PARAMETERS: dict[str, list[Parameter]] = {
    "certify": [
        Argument(["report"], type=Plain("REPORT", "input")),
        Option(["--sign"], type=Plain("KEY", "input")),
        Option(["--format", "format_"], type=_words("json", "html")),
        OUTPUT,
        FORCE,
    ],
    "classify": [
        FILES,
        OUTPUT,
        FORCE,
        *CHECKED,
        Option(["--report"], type=Plain("FILE", "output")),
        Option(["--format", "format_"], type=_words("text", "json", "html")),
        QUIET,
    ],
    "codelists": [
        Argument(["name"], required=False, type=Plain("LIST")),
        AS_OF,
        Option(["--format", "format_"], type=_words(*CODELIST_FORMATS)),
        OUTPUT,
        FORCE,
    ],
    "config show": [*CONFIGURATION[:1], PROFILE, *CONFIGURATION[1:], RULES, FORMAT],
    "convert": [
        FILES,
        Option(["-o", "--output"], type=Plain("OUT", "output"), required=True),
        FORCE,
        Option(
            ["--to"], type=Word(_later("landxml.layouts", "builtin"), "LAYOUT", _is_folder), required=True
        ),
        Option(["--from", "source"], type=Word(_later("landxml.layouts", "builtin"), "LAYOUT", _is_folder)),
        LAYOUTS,
        MAPPINGS,
        CRS,
        RENUMBERED,
        Option(["--strict"], is_flag=True),
        Option(["--loss"], type=Plain("FILE", "output")),
        QUIET,
    ],
    "demo": [Option(["-o", "--output"], type=Plain("FOLDER"), default="landxml-demo"), FORCE],
    "diff": [
        Argument(["before"], type=Plain("BEFORE", "input")),
        Argument(["after"], type=Plain("AFTER", "input")),
        Option(["--format", "format_"], type=_words("text", "json")),
        OUTPUT,
        FORCE,
    ],
    "docs": [
        Argument(["page"], required=False, type=Plain("PAGE")),
        Option(["--open/--no-open", "open_"], default=None),
    ],
    "doctor": [FORMAT],
    "explain": [
        Argument(["report"], type=Plain("REPORT", "input")),
        Argument(["number"], type=Plain("N")),
        Option(["--input", "input_"], type=Plain("FILE", "input")),
        Option(["--format", "format_"], type=_words("text", "json", "html")),
        OUTPUT,
        FORCE,
        LAYOUTS,
        Option(["--show-personal-data"], is_flag=True),
    ],
    "extract": [
        Argument(["table"], type=Word(_later("landxml_campaign.extracts", "paths"), "NAME")),
        FILES,
        Option(["-o", "--output"], type=Plain("FILE", "output"), required=True),
        FORCE,
        Option(["--schema"], type=Plain("FILE", "output")),
        LAYOUTS,
        MAPPINGS,
        CRS,
        Option(["--show-personal-data"], is_flag=True),
        QUIET,
    ],
    "fix": [
        FILES,
        Option(["-o", "--output"], type=Plain("OUT", "output")),
        FORCE,
        Option(["--select"], type=Words(_later("landxml_remap.fixes", "RULES"), "CODES")),
        Option(["--unsafe"], is_flag=True),
        Option(["--diff"], is_flag=True),
        Option(["--show-personal-data"], is_flag=True),
        Option(["--table"], type=Plain("TABLE", "output")),
        Option(["--reverse"], type=Plain("TABLE", "input")),
        LAYOUTS,
        FORMAT,
        QUIET,
    ],
    "inspect": [FILES, LAYOUTS, MAPPINGS, CRS, FORMAT],
    "layouts show": [Argument(["name"], required=False, type=Plain("NAME")), FORMAT],
    "layouts suggest": [
        Argument(["file"], type=Plain("FILE", "input")),
        Option(["-o", "--output"], type=Plain("FOLDER", "folder")),
        FORMAT,
    ],
    "merge": [
        Argument(["folders"], nargs=-1, required=True, type=Plain("FOLDER", "input")),
        FORMATS,
        OUTPUT,
        Option(["--findings"], type=Plain("FILE", "output")),
        FORCE,
        PROFILE,
        *CONFIGURATION,
        RULES,
        LAYOUTS,
        MAPPINGS,
        Option(["--samples"], type=Number(0)),
        FAIL_ON,
        QUIET,
    ],
    "parcel-codes": [
        FILES,
        Option(["-o", "--output"], type=Plain("OUT", "output")),
        FORCE,
        Option(["--replace"], is_flag=True),
        Option(["--precision"], type=Real(), default=0.01),
        LAYOUTS,
        FORMAT,
        QUIET,
    ],
    "reconcile export": [
        FILES,
        Option(["-o", "--output"], type=Plain("FILE", "output"), required=True),
        FORCE,
        SALT,
        COLUMNS,
        Option(["--commune", "communes"], multiple=True, type=Plain("CODE")),
        Option(["--doubts"], type=Plain("FILE", "output")),
        Option(["--encrypt"], is_flag=True),
        PASSWORD_FILE,
        LAYOUTS,
        FORMAT,
        QUIET,
    ],
    "reconcile import": [
        Argument(["replies"], nargs=-1, required=True, type=Plain("REPLY", "input")),
        Option(["--request"], type=Plain("FILE", "input"), required=True),
        COLUMNS,
        Option(["--answers"], type=Plain("FILE", "output")),
        Option(["--apply", "package"], multiple=True, type=Plain("FILE", "input")),
        Option(["-o", "--output"], type=Plain("OUT", "output")),
        Option(["--table"], type=Plain("TABLE", "output")),
        Option(["--salt"], type=Plain("FILE", "input")),
        FORCE,
        PASSWORD_FILE,
        LAYOUTS,
        FORMAT,
        QUIET,
    ],
    "progress": [
        FILES,
        OUTPUT,
        FORCE,
        Option(["--format", "format_"], type=_words("text", "html", "json", "xlsx")),
        Option(["--targets"], type=Plain("FILE", "input")),
        Option(["--history"], type=Plain("FOLDER", "folder")),
        *CHECKED,
        QUIET,
    ],
    "remap": [
        FILES,
        Option(["-o", "--output"], type=Plain("OUT", "output"), required=True),
        FORCE,
        Option(["--to", "until"], type=Day(names={TWO_TIERS_SINCE: _since}), default=TWO_TIERS_SINCE),
        Option(["--from", "since"], type=Day()),
        Option(["--boundaries"], type=Plain("MAP", "input")),
        Option(["--resolve"], type=Plain("TABLE", "input")),
        Option(
            ["--sheet-policy"],
            type=Word(lambda: ("keep", "prefix"), "", lambda name: name.endswith(SHEETS)),
            default="keep",
        ),
        Option(["--table"], type=Plain("TABLE", "output")),
        Option(["--reverse"], type=Plain("TABLE", "input")),
        Option(["--tolerance"], type=Real(), default=2.0),
        Option(["--tolerance-share"], type=Real(), default=1.0),
        LAYOUTS,
        Option(["--report"], type=Plain("FILE", "output")),
        Option(["--format", "format_"], type=_words("text", "json", "html")),
        QUIET,
    ],
    "render": [
        Argument(["report"], type=Plain("REPORT", "input")),
        FORMATS,
        OUTPUT,
        Option(["--findings"], type=Plain("FILE", "input")),
        FORCE,
        Option(["--samples"], type=Number(0)),
        QUIET,
    ],
    "rule new": [
        Argument(["code"], type=Plain("CODE")),
        Option(["-o", "--output"], type=Plain("FOLDER", "folder"), required=True),
    ],
    "rule show": [Argument(["code"], type=Plain("CODE")), RULES, FORMAT],
    "rule test": [Argument(["folder"], type=Plain("FOLDER", "input")), AS_OF, FORMAT],
    "rules": [
        Option(["--family"], type=Family(_later("landxml_validator.families", "families"), "FAMILY")),
        Option(["--by-law"], is_flag=True),
        RULES,
        FORMAT,
    ],
    "sample": [
        Option(["-o", "--output"], type=Plain("FILE", "output"), required=True),
        FORCE,
        Option(
            ["--layout"], type=Word(_later("landxml_samples.layouts", "LAYOUTS"), "NAME"), default="national"
        ),
        Option(["--parcels"], type=Number(1), default=1000),
        Option(["--communes"], type=Plain("COMMUNES"), default="1"),
        Option(
            ["--province"], type=Word(_later("landxml_cli.sample", "provinces"), "PROVINCE"), default="22"
        ),
        Option(["--faults"], type=Faults(_later("landxml_samples.faults", "FAULTS"))),
        Option(["--seed"], type=Number(0), default=1),
        Option(["--date"], type=Day(_later("landxml_samples.places", "EARLIEST")), default="2026-01-01"),
    ],
    "scale": [
        Option(["--provinces"], type=Number(1), default=34),
        Option(["--parcels"], type=Number(1), required=True),
        Option(["--workers"], type=Number(1), default=2),
        FORMAT,
    ],
    "schema doc": [LAYOUT, OUTPUT, FORCE],
    "schema export": [LAYOUT, Option(["-o", "--output"], type=Plain("FOLDER", "folder"), required=True)],
    "schema gfs": [FILES, FORCE],
    "statement": [
        Argument(["reference"], type=Plain("REFERENCE", "input")),
        FILES,
        AS_OF,
        Option(["--format", "format_"], type=_words("json", "html")),
        OUTPUT,
        FORCE,
    ],
    "units check": [FILES, AS_OF, LAYOUTS, FORMAT],
    "units export": [
        Option(["--format", "format_"], type=_words("csv", "json", "sql", "xlsx")),
        Option(["--as-of"], type=Day(_since)),
        Option(["-o", "--output"], type=Plain("FILE", "output"), required=True),
        FORCE,
    ],
    "units history": [UNIT, FORMAT],
    "units predecessors": [UNIT, FROM, TO, FORMAT],
    "units show": [UNIT, AS_OF, FORMAT],
    "units successors": [UNIT, FROM, TO, FORMAT],
    "verify": [
        Argument(["certificate"], type=Plain("CERTIFICATE", "input")),
        FILES,
        Option(["--key"], type=Plain("KEY", "input")),
        Option(["--profile"], type=Plain("NAME", "input")),
        RULES,
        LAYOUTS,
        MAPPINGS,
        RENUMBERED,
        EXISTING,
        Option(["--workers"], type=Number(1)),
        QUIET,
    ],
    "validate": [
        FILES,
        FORMATS,
        OUTPUT,
        Option(["--findings"], type=Plain("FILE", "output")),
        Option(["--baseline"], type=Plain("FILE", "input")),
        Option(["--suppress", "suppressions"], type=Plain("TABLE", "input")),
        EXISTING,
        FORCE,
        PROFILE,
        *CONFIGURATION,
        RULES,
        Option(["--statistics"], is_flag=True),
        LAYOUTS,
        MAPPINGS,
        AS_OF,
        CRS,
        RENUMBERED,
        Option(["--samples"], type=Number(0)),
        WORK,
        Option(["--cluster"], type=Plain("ADDRESS")),
        Option(["--insecure"], is_flag=True),
        Option(["--export-keys", "keys"], type=Plain("FOLDER", "folder")),
        Option(["--salt"], type=Plain("FILE")),
        Option(["--workers"], type=Number(1)),
        Option(["--memory"], type=Number(500)),
        Option(["--time-limit"], type=Number(1)),
        FAIL_ON,
        Option(["--show-personal-data"], is_flag=True),
        Option(["--no-progress"], is_flag=True),
        QUIET,
    ],
    "web": [
        Argument(["files"], nargs=-1, type=Plain("FILE", "input")),
        Option(["--listen"], type=Plain("HOST:PORT"), default="127.0.0.1"),
        Option(["--open/--no-open", "open_"], default=None),
        Option(["--folder"], type=Plain("FOLDER")),
        Option(["--keep"], type=Number(0), default=30),
        Option(["--max-upload"], type=Number(1)),
        CONFIGURATION[0],
        Option(["--host"], multiple=True, type=Plain("NAME")),
        Option(["--token-file"], type=Plain("FILE", "input")),
        Option(["--cert"], type=Plain("FILE", "input")),
        Option(["--key"], type=Plain("FILE", "input")),
        Option(["--insecure"], is_flag=True),
        Option(["--audit"], type=Plain("FILE")),
    ],
    "worklist apply": [
        Argument(["sheets"], nargs=-1, required=True, type=Plain("SHEET", "input")),
        Option(["--to", "package"], multiple=True, required=True, type=Plain("FILE", "input")),
        Option(["-o", "--output"], type=Plain("OUT", "output")),
        Option(["--diff"], type=Plain("FILE", "output")),
        Option(["--table"], type=Plain("TABLE", "output")),
        Option(["--salt"], type=Plain("FILE", "input"), required=True),
        FORCE,
        LAYOUTS,
        FORMAT,
        QUIET,
    ],
    "worklist make": [
        FILES,
        Option(
            ["--for", "receiver"],
            type=Word(
                _later("landxml_campaign.receivers", "receivers"), "NAME", lambda name: name.endswith(".toml")
            ),
            required=True,
        ),
        Option(["-o", "--output"], type=Plain("FOLDER", "folder"), required=True),
        SALT,
        PROFILE,
        Option(["--commune", "communes"], multiple=True, type=Plain("CODE")),
        WORK,
        LAYOUTS,
        FORMAT,
        QUIET,
    ],
}
"""Title of a command, as in ``texts.toml`` → its parameters, in the order in which help shows them."""

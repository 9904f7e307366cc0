"""A rule of the user's own to begin with: a file that explains itself, and files that pass and fail it."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from landxml.errors import LandXmlError
from landxml.files import Path_, check, filling, writing
from landxml.temporary import temporary
from landxml.text import Text
from landxml_samples.package import write as sample
from landxml_validator.own_rules import CODE

__all__ = ["write"]

SHEET = "<ld:soHieuToBanDo>1<", "<ld:soHieuToBanDo>1200<"
"""The change by which the example fails."""


def write(code: str, folder: Path_) -> list[Path]:
    """Write a rule into a folder, which may hold others; return what was written.

    Parameters
    ----------
    code
        Of the rule, one of those that are free.
    folder
        New, or of other rules.

    Raises
    ------
    LandXmlError, OSError
        If the code is not free, or there is such a rule; if nothing can be written there.
    """
    if not CODE.fullmatch(code):
        vi = "mã riêng gồm X, hai chữ cái và ba chữ số (không phải XSD), ví dụ XQN001"
        en = "own codes are X, two letters and three digits (not XSD), such as XQN001"
        raise LandXmlError(Text(f"{code}: {vi}", f"{code}: {en}"))
    rule, examples = Path(folder, f"{code}.toml"), Path(folder, code)
    for path in (rule, examples):
        if path.exists():
            raise LandXmlError(
                Text("đã có; hãy chọn mã khác", "exists already; take another code"), file=path
            )
    check([folder], force=True)
    Path(folder).mkdir(parents=True, exist_ok=True)
    template = files("landxml_reports").joinpath("rule_skeleton.toml").read_text("utf-8")
    with filling(examples) as new:
        for name, text in _examples().items():
            (new / name).write_text(text, "utf-8")
    with writing(rule) as out:
        out.write(template.replace("{code}", code).encode())
    return [rule, examples]


def _examples() -> dict[str, str]:
    with temporary() as folder:
        package = folder / "sample"
        sample(package, parcels=1)
        (made,) = package.iterdir()
        text = re.sub(" *<ld:maBamNoiDung>.*\n", "", made.read_text("utf-8"))  # which a change would break
    return {"pass-1.xml": text, "fail-1.xml": text.replace(*SHEET)}

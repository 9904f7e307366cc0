"""Pages: templates, their words in both languages, and what a request asks for of these."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from typing import Any

import jinja2
import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from landxml import localised
from landxml.text import Text
from landxml_reports import wording

__all__ = ["as_json", "lang_of", "page", "read", "refused", "say", "style", "texts"]

LANGUAGES = ("vi", "en")


@cache
def texts() -> dict[str, Text]:
    """Return the words of the pages."""
    return msgspec.toml.decode(read("texts.toml"), type=dict[str, Text])


def say(lang: str, message: str, /, **values: object) -> str:
    """Return a text in ``vi`` or ``en``, filled in."""
    known = {key: value.get(lang) if isinstance(value, Text) else value for key, value in values.items()}
    return texts()[message].get(lang).format_map(known)


def lang_of(request: Request) -> str:
    """Return the language of a page: Vietnamese, unless someone has switched it."""
    lang = request.query_params.get("lang") or request.cookies.get("lang")
    return lang if lang in LANGUAGES else LANGUAGES[0]


def page(request: Request, name: str, *, status: int = 200, **values: object) -> Response:
    """Render a page; what it switches, such as the language, the browser remembers."""
    lang = lang_of(request)
    response = HTMLResponse(
        _environment().get_template(f"{name}.html.jinja").render(
            lang=lang,
            say=partial(say, lang),
            words=lambda *names: {name: texts()[name].get(lang) for name in names},
            number=lambda value: localised.number(value).get(lang),
            size=lambda value: localised.size(value).get(lang),
            moment=partial(_moment, lang),
            verdict=lambda name: wording.label(f"verdict.{name}").get(lang),
            **values,
        ),
        status,
    )  # fmt: skip
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie("lang", lang, max_age=31_536_000, httponly=True, samesite="strict")
    return response


def refused(request: Request, status: int, message: str, **values: object) -> Response:
    """Answer that something is refused: for people a page, for programs JSON."""
    said = say(lang_of(request), message, **values)
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": message.removeprefix("refused."), "message": said}, status)
    return page(request, "refused", status=status, message=said, token=status == 401)


def style() -> bytes:
    """Return the style sheet: that of the reports, and what the pages have beside it."""
    shared = files("landxml_reports").joinpath("report.css").read_bytes()
    return shared + read("page.css")


def read(name: str) -> bytes:
    """Return a file of this package."""
    return files("landxml_web").joinpath(name).read_bytes()


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: read(name).decode()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _moment(lang: str, moment: dt.datetime) -> str:
    """Return day and minute by the clock of this machine."""
    return localised.time(moment.astimezone().replace(tzinfo=None)).get(lang)


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(value), status, headers, "application/json")

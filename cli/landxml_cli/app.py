"""The command ``landxml``, and its errors: one sentence and an exit code."""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence

import click

from landxml.errors import LandXmlError
from landxml.version import TOOL
from landxml_cli.help import Group, explain
from landxml_cli.interruptions import STOPS
from landxml_cli.messages import language, say, texts
from landxml_cli.terminal import note, prepare_streams, put
from landxml_cli.types import shared

__all__ = ["cli", "run"]

DONE, FAILED, CLOSED, SIGNALLED = 0, 2, 141, 128
"""Exit codes; the third: the reader of the output went away; the last: plus the number of the signal."""


def _version(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's call
    if value:
        put(TOOL)
        context.exit()


@shared
@click.group(cls=Group, invoke_without_command=True)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version)
@click.pass_context
def cli(context: click.Context) -> None:
    """Run a command; without one, show what there is."""
    if context.invoked_subcommand is None:
        put(context.get_help())


def run(given: Sequence[str]) -> int:
    """Run the command line and return its exit code; errors become one sentence, never a traceback."""
    lang = language(given)
    prepare_streams()
    by = signal.SIGINT

    def stop(number: int, _: object) -> None:
        nonlocal by
        by = signal.Signals(number)
        raise KeyboardInterrupt

    for number in STOPS:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, stop)
    try:
        code = cli.main(given, "landxml", standalone_mode=False)
    except SystemExit:  # by click, when the reader of the output has closed it
        # Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED
    except (click.Abort, KeyboardInterrupt):
        return _interrupted(lang, by)
    except (click.ClickException, LandXmlError, OSError) as error:
        return _failed(error, lang, given)
    except Exception as error:  # noqa: BLE001 - whatever it is, the user gets a sentence
        from landxml.boundary import interrupted  # noqa: PLC0415 - loads the database

        return _interrupted(lang, by) if interrupted(error) else _failed(error, lang, given)
    return code or DONE


def _failed(error: Exception, lang: str, given: Sequence[str]) -> int:
    from landxml.privacy import said as masked  # noqa: PLC0415 - knows the words of all schemas

    quoting = str if "--show-personal-data" in given else masked
    if "--debug" in given:
        note(_trace(error, quoting))
    note(say(lang, "error", reason=_sentence(error, lang, quoting)))
    if isinstance(error, click.UsageError) and error.ctx:
        note(say(lang, "see-help", command=error.ctx.command_path))
    return FAILED


def _interrupted(lang: str, by: signal.Signals) -> int:
    for number in (signal.SIGINT, *STOPS):
        signal.signal(number, signal.SIG_IGN)  # it is ending; another signal would show a traceback
    note(say(lang, "interrupted"))
    return SIGNALLED + by


def _trace(error: BaseException, quoting: Callable[[str], str]) -> str:
    """Return the traceback of an error, after that of its cause."""
    cause = error.__cause__ or error.__context__
    own = "Traceback (most recent call last):\n" + "".join(traceback.format_tb(error.__traceback__))
    said = quoting("".join(traceback.format_exception_only(error)).rstrip())
    return f"{_trace(cause, quoting)}\n\n{own}{said}" if cause else f"{own}{said}"


def _sentence(error: Exception, lang: str, quoting: Callable[[str], str]) -> str:
    if isinstance(error, click.ClickException):
        return explain(error, lang)
    if isinstance(error, OSError):
        known = texts()["messages"].get(errno.errorcode.get(error.errno or 0, ""))
        reason = known.get(lang) if known else error.strerror or str(error)
        return say(lang, "disk", path=error.filename, reason=reason) if error.filename else reason
    if isinstance(error, LandXmlError):
        return error.text(lang)
    return say(lang, "internal", kind=type(error).__name__, reason=quoting(str(error)))

"""The boundary of a document: nothing that goes wrong with one reaches the others of a run."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import duckdb

from landxml.documents import Refusal, RefusedError
from landxml.errors import LandXmlError
from landxml.safe_xml import LimitError
from landxml.text import Text

__all__ = ["contained", "failed", "interrupted", "of_the_run"]

_OF_THE_RUN = (LandXmlError, OSError, duckdb.IOException, duckdb.TransactionException)
_INTERRUPTED = "Query interrupted"
"""How DuckDB says, in a ``RuntimeError``, that Ctrl-C came during a query."""


def of_the_run(error: Exception) -> bool:
    """Tell of what is said as it should be, or concerns the run and no document: a full disk, Ctrl-C."""
    return isinstance(error, _OF_THE_RUN) or interrupted(error)


def interrupted(error: Exception) -> bool:
    """Tell whether the user stopped the run during a query."""
    return isinstance(error, duckdb.InterruptException) or str(error) == _INTERRUPTED


@contextlib.contextmanager
def contained(name: str) -> Iterator[None]:
    """Make a refusal of whatever goes wrong while the document of this name is read.

    Raises
    ------
    RefusedError
        For a document beyond the limits, and for any exception that nobody expected.
    """
    try:
        yield
    except LimitError as error:
        raise RefusedError(Refusal("limit", name, error.what)) from error
    except Exception as error:
        if of_the_run(error):
            raise
        raise RefusedError(failed(name, error)) from error


def failed(name: str, error: Exception) -> Refusal:
    """Return the refusal of a document at which the program failed.

    It names the type of the exception only: the text may hold what stands in the document.
    """
    kind = type(error).__name__
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return Refusal(
            "limit", name, Text(f"Máy không đủ bộ nhớ ({kind}).", f"There is not enough memory ({kind}).")
        )
    return Refusal("failed", name, Text(f"Chương trình gặp sự cố ({kind}).", f"The program failed ({kind})."))

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lxml import etree

MADE_OF: str
BUILT_FOR: tuple[str, tuple[int, ...]]

def bare(element: etree._Element) -> bool: ...

class Actions:
    def __init__(self, found: Mapping[str, tuple[str, int, object]]) -> None: ...

class Memory: ...

class Rows:
    count: int
    def __init__(self, name: str, key: int, vendor: bool, lists: list[bool]) -> None: ...
    def forget(self, file: bytes) -> int: ...
    def take(self) -> tuple[int, Memory, list[Any], list[Any]]: ...

class Walk:
    plans: dict[str, Rows]
    def __init__(
        self,
        space: str,
        plans: dict[str, Rows],
        top: dict[str, Rows],
        root: str,
        earlier: str,
        line_of: Callable[[etree._Element], int],
        key_of: Callable[[str | None], str],
        said: type,
    ) -> None: ...
    @staticmethod
    def means(rows: Rows, actions: Actions) -> None: ...
    def add(self, element: etree._Element, file: str, rings: Any) -> int: ...
    def dossier(self, element: etree._Element, file: str, dossier: str, rings: Any) -> int: ...

class Values:
    def __init__(self, space: str, plans: dict[str, Actions]) -> None: ...
    def of(self, element: etree._Element, name: str) -> dict[str, Any]: ...

class Form:
    def __init__(
        self,
        least: int,
        most: int,
        first: bytes | None = None,
        rest: bytes | None = None,
        right: Callable[[bytes], bool] | None = None,
        behind: int = 0,
        several: bool = False,
    ) -> None: ...

class Content:
    def means(
        self,
        tag: str,
        text: Form | None,
        order: str,
        parts: Sequence[tuple[str, int, int, Content]],
        empty: bool,
        attributes: Sequence[tuple[str, int, Form | None]],
        other: bool,
    ) -> None: ...
    def holds(self, element: etree._Element) -> bool: ...

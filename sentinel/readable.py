"""What a report reads posts from: a store, or a lake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sentinel.cells import Cells, Marks

__all__ = ["Readable"]


class Readable(Protocol):
    """Posts that are there already; each method as `sentinel.store.Store` describes it."""

    url: str

    @property
    def synthetic(self) -> bool | None: ...

    @property
    def kept_since(self) -> str | None: ...

    def clean(self, copy_days: int = 1, near_copies: bool = False) -> None: ...

    def mark_patterns(self, strength: float = 1.0) -> None: ...

    def count_untagged(self, taggers: str | None = None) -> int: ...

    def cells(self, marks: Marks | None = None) -> Iterator[Cells]: ...

    def ledger(self) -> list[dict[str, Any]]: ...

    def rejected(self) -> Iterator[Sequence[Any]]: ...

    def rows(
        self,
        names: Sequence[str],
        *,
        since: str | None = None,
        until: str | None = None,
        langs: Sequence[str] = (),
        topic: str | None = None,
        days: tuple[int, int] | None = None,
        headline_mood: bool = False,
        share: float = 1.0,
        plain: bool = False,
        ordered: bool = True,
        size: int = 8192,
    ) -> Iterator[Sequence[Sequence[Any]]]: ...

"""The whole plug-in contract. A plug-in's settings are the keyword arguments of its constructor.

========== ============================ =======================================
folder     entry-point group            one method
========== ============================ =======================================
collectors ``sentinel.collectors``      ``read(cursor) -> Iterator[Batch]``
models     ``sentinel.models``          ``tag(batch) -> columns``
dashboards ``sentinel.dashboards``      ``render(results) -> files``
========== ============================ =======================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

from sentinel.post import Columns
from sentinel.results import Results
from sentinel.source import Source

__all__ = ["Batch", "Collector", "Dashboard", "FileFormat", "Model", "Reject", "Trainable"]


class Reject(NamedTuple):
    """A row that could not be read."""

    position: str  #: where, as its owner would look it up: "line 17", "row 3", "data/tweets.js item 5"
    reason: str  #: what was wrong and what was expected
    excerpt: str  #: the beginning of the row, at most 200 characters


@dataclass(frozen=True, slots=True)
class Batch:
    """A few thousand rows of a source, read.

    Every row that was read is exactly one of: a post, a reject, or skipped with a reason (a control line, a
    deleted post, an advertisement): ``rows == len(posts) + len(rejects) + sum(skipped.values())``.
    """

    posts: Columns  #: any of POST_COLUMNS; a column that is left out is missing throughout
    rejects: list[Reject] = field(default_factory=list)
    skipped: Mapping[str, int] = field(default_factory=dict)  #: reason -> rows
    warnings: Mapping[str, int] = field(default_factory=dict)  #: what was assumed or repaired -> posts
    cursor: str | None = None  #: where `Collector.read` can go on after this batch

    @property
    def n_posts(self) -> int:
        """Number of posts."""
        return len(self.posts["post_id"]) if "post_id" in self.posts else 0

    @property
    def rows(self) -> int:
        """Rows read: posts, rejects and skipped ones."""
        return self.n_posts + len(self.rejects) + sum(self.skipped.values())


@runtime_checkable
class Collector(Protocol):
    """A source of posts: a folder to watch, a live service, or (as `FileFormat`) one export."""

    name: ClassVar[str]

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        """Batches after `cursor` (all of them if ``None``).

        Raises
        ------
        SourceError
            If the source as a whole cannot be read. A single bad row is a `Reject`, never an error.
        """
        ...


@runtime_checkable
class FileFormat(Collector, Protocol):
    """One export format. Constructed as ``Format(source, **settings)``."""

    @classmethod
    def sniff(cls, source: Source) -> float:
        """How sure it is, in [0, 1], that `source` is of this format; by content, cheap, never raises."""
        ...


@runtime_checkable
class Model(Protocol):
    """A tagger. Models run in order; each sees the columns of the posts and those the models before it made.

    A model that provides ``score`` is a scorer: it leaves what it cannot judge as label "unscored", and the
    scorers after it may fill that in.

    A model may say what it looks at, in an attribute ``reads`` with names of POST_COLUMNS (those that the models
    before it made need not be named). Where every model does, it is given those alone, and posts that are alike in
    them are tagged once.
    """

    name: ClassVar[str]
    version: str  #: changes whenever the same text could be tagged differently
    columns: ClassVar[tuple[str, ...]]  #: the TAG_COLUMNS it provides

    def tag(self, batch: Columns) -> Columns:
        """One value a post, in order, for each of `columns`.

        `batch` holds at least ``text`` (never ``None``) and ``lang`` (the platform's hint, or ``None``).
        Pure: the tags of a post depend on that post alone, not on its neighbours in the batch.
        """
        ...


@runtime_checkable
class Trainable(Model, Protocol):
    """A scorer that ``sentinel train`` can teach. What it learned is given back to it as the setting ``weights``."""

    def adapt(
        self, batch: Columns, labels: Sequence[str], groups: Sequence[int], weights: Sequence[float]
    ) -> Mapping[str, Any]:
        """Arrays that hold what labelled posts teach on top of the shipped model, none if that is nothing.

        Deterministic; the model itself stays as it is.

        Parameters
        ----------
        labels : negative, neutral or positive, one a post.
        groups : posts of one number are near-copies, never to be divided where something is tried out.
        weights : how much each post counts.
        """
        ...


@runtime_checkable
class Dashboard(Protocol):
    """A page or a family of figures, drawn from numbers."""

    name: ClassVar[str]

    def render(self, results: Results) -> Mapping[str, bytes]:
        """File name -> content. The same results give the same bytes."""
        ...


Settings = Mapping[str, Any]

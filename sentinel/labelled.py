"""Posts with the tags they should have: tables that people bring, and the store's corrections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sentinel.correction_table import HEADER
from sentinel.corrections import UNDO, parse_topics, parse_yes
from sentinel.counting import counted
from sentinel.errors import UsageError
from sentinel.export import unguard
from sentinel.source import heal
from sentinel.store import Store
from sentinel.tables import need_columns, one_of_each, open_table, table_rows

__all__ = ["CLASSES", "Labelled", "read_labelled", "read_sets", "stored_corrections"]

#: The labels that are measured, in their order.
CLASSES: Final = ("negative", "neutral", "positive")
_CORRECTIONS: Final = frozenset(HEADER)  #: columns of a table of corrections
_NO_MOOD: Final = "unscored"  # of a post in which none can be told: nothing to measure a score by
_FEW: Final = 0.1  # of a file's cells: so few are empty for a reason
_TRUTHS: Final = ("label", "sentiment", "about", "spam", "topics")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One post and what it should be tagged; ``None`` where nobody said."""

    text: str
    source: str
    lang: str = ""  #: as the table says; "" if it does not
    label: str | None = None  #: one of CLASSES
    about: bool | None = None
    spam: bool | None = None
    topics: frozenset[str] | None = None
    topics_any: frozenset[str] = frozenset()  #: what only some annotators gave, too
    disputed: bool = False  #: annotators differed whether it is about Alibaba, or spam

    @property
    def says_something(self) -> bool:
        """Whether it measures anything."""
        return any(truth is not None for truth in (self.label, self.about, self.spam, self.topics))

    @property
    def counts(self) -> bool:
        """Whether it measures sentiment: it has a label, is about Alibaba and no spam as far as anybody said."""
        agreed = self.about is not False and self.spam is not True and not self.disputed
        return self.label is not None and agreed


def read_labelled(paths: Iterable[Path]) -> list[Labelled]:
    """Posts of CSV files, and of those in folders.

    A file has columns ``text`` and ``label`` (or ``sentiment``: negative, neutral, positive), and optionally lang,
    source, about, spam (y, n) and topics (ids joined by ``;``). An empty cell says nothing; in a file that fills
    nearly all cells of about and spam, it says that annotators differed.

    Raises
    ------
    UsageError
        If there is no file, or one cannot be read, lacks the columns, holds no labelled post or a label that is
        none; names file and line.
    """
    files = [file for path in paths for file in _files(path)]
    return [post for file in files for post in _read(file)]


def read_sets(folder: Path) -> tuple[list[Labelled], list[str]]:
    """Posts of the sets in a folder, or in its folder ``sentiment``, that have all three labels.

    Returns
    -------
    tuple of list of Labelled and list of str
        The posts, and which files were left out and why.

    Raises
    ------
    UsageError
        If there is no such set.
    """
    inner = folder / "sentiment"
    posts: list[Labelled] = []
    left = []
    for file in _files(inner if inner.is_dir() else folder):
        try:
            found = _read(file)
        except UsageError as error:
            left.append(str(error))
            continue
        if lacking := [label for label in CLASSES if label not in {post.label for post in found}]:
            left.append(
                f"{file}: has no {' and no '.join(lacking)} posts, and would teach that there are none"
            )
        else:
            posts += found
    if not posts:
        raise UsageError(f"{folder}: holds no set with negative, neutral and positive posts")
    return posts, left


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [file for file in sorted(path.iterdir()) if ".csv" in file.suffixes[-2:] and file.is_file()]
    if not found:
        raise UsageError(f"{path}: holds no CSV file; expected some with the columns text and label")
    return found


def _read(path: Path) -> list[Labelled]:
    with open_table(path) as stream:
        _, header, rows = table_rows(path, stream)
        need_columns(path, ["text"], header)
        one_of_each(path, ("text", *_TRUTHS), header)
        if not set(_TRUTHS) & set(header):
            raise UsageError(
                f"{path}: needs a column 'label' (negative, neutral, positive); it has {', '.join(header)}"
            )
        posts = []
        for line, row in rows:
            cells = dict(zip(header, row, strict=False))
            try:
                posts.append(_post(cells, path.name.split(".")[0]))
            except UsageError as error:
                raise UsageError(f"{path}, line {line}: {error}") from None
    if not any(post.says_something for post in posts):
        raise UsageError(
            f"{path}: none of its {counted(len(posts), 'post')} is labelled; expected negative, neutral or positive"
        )
    # In what 'sentinel label --export' wrote an empty cell says nothing at all.
    return posts if set(header) >= _CORRECTIONS else _with_disputes(posts)


def _with_disputes(posts: list[Labelled]) -> list[Labelled]:
    for name in ("about", "spam"):
        empty = [getattr(post, name) is None for post in posts]
        if 0 < sum(empty) <= _FEW * len(posts):
            posts = [replace(post, disputed=post.disputed or e) for post, e in zip(posts, empty, strict=True)]
    return posts


def _post(cells: dict[str, str], name: str) -> Labelled:
    corrected = cells.keys() >= _CORRECTIONS
    if corrected:  # what is taken back is not said
        undone = [name for name in _TRUTHS if cells.get(name, "").strip().lower() == UNDO]
        cells = cells | dict.fromkeys(undone, "")
    topics = parse_topics(unguard(cells.get("topics", "")))
    about = parse_yes("about", cells.get("about", ""))
    if topics is None and about and "topics" in cells and not corrected:
        topics = ""  # a table with topics whose cell is empty, of a post that was judged
    some = parse_topics(cells.get("topics_any", "")) or ""
    return Labelled(
        text=heal(unguard(cells["text"])),
        source=cells.get("source") or (unguard(cells["platform"]) if corrected else name),
        lang=cells.get("lang", "").strip().lower(),
        label=_label(cells.get("label", cells.get("sentiment", ""))),
        about=about,
        spam=parse_yes("spam", cells.get("spam", "")),
        topics=None if topics is None else _ids(topics),
        topics_any=_ids(some),
    )


def _label(text: str) -> str | None:
    label = text.strip().lower()
    if label == _NO_MOOD:
        return None
    if label and label not in CLASSES:
        raise UsageError(f"label {text!r} is none of {', '.join(CLASSES)}")
    return label or None


def _ids(joined: str) -> frozenset[str]:
    return frozenset(filter(None, joined.split(";")))


def stored_corrections(store: Store) -> list[Labelled]:
    """The store's corrections; one that says "no mood can be told" has no label to be measured by.

    Raises
    ------
    UsageError
        If there are none.
    """
    found = []
    for said in store.corrections():
        label, about, spam, topics = said.correction
        found.append(
            Labelled(
                text=said.text,
                source=said.platform,
                lang=said.lang,
                label=label if label in CLASSES else None,
                about=about,
                spam=spam,
                topics=None if topics is None else _ids(topics),
            )
        )
    if not found:
        raise UsageError(
            f"store {store.url} holds no corrections; make some with 'sentinel label', or give a CSV with text,label"
        )
    return found

"""The tables of the store, and what of them is exported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    case,
    func,
    null,
    text,
)

from sentinel.post import CORRECTION, MOOD_COLUMNS, POST_COLUMNS, TAG_COLUMNS

__all__ = [
    "CORRECTED",
    "EXPORT_COLUMNS",
    "JUDGED",
    "MOOD_COLUMNS",
    "SCHEMA_VERSION",
    "corrections",
    "erased",
    "facts",
    "files",
    "inputs",
    "jobs",
    "messages",
    "metadata",
    "posts",
    "rechecks",
    "rejects",
    "rules",
    "segments",
    "tags",
    "unsettled",
]

#: Raised once between two releases, with the first change of a table; see `migrations.py`.
SCHEMA_VERSION: Final = 2

_COUNTS: Final = ("likes", "reposts", "replies", "quotes", "views")
_TEXTS: Final = ("post_id", "text", "url", "reply_to", "conversation", "repost_of", "quoted")
_SCORES: Final = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
_NUMBERS: Final = ("about", "spam", "score", "p_negative", "p_neutral", "p_positive", "confidence")

metadata = MetaData()

facts = Table(
    "facts", metadata, Column("name", String, primary_key=True), Column("value", Text, nullable=False)
)

inputs = Table(
    "inputs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("format", String, nullable=False, default=""),
    Column("size", Integer, nullable=False),
    Column("rows", Integer, nullable=False, default=0),
    Column("rejects", Integer, nullable=False, default=0),
    Column("skipped", Text, nullable=False, default="{}"),  # JSON: reason -> rows
    Column("warnings", Text, nullable=False, default="{}"),  # JSON: what -> posts
    Column("status", String, nullable=False),  # reading, read, refused
    Column("message", Text, nullable=False, default=""),
    Column("cursor", Text),  # where a live source goes on
    Column("mark", String),  # who read it last, and how many batches of it were stored then
)


def _post_column(name: str) -> Column[Any]:
    if name in _COUNTS:
        return Column(name, Integer)
    if name == "synthetic":
        return Column(name, Boolean)
    required = name in ("platform", "post_id", "precision", "kind", "text")
    return Column(name, Text if name in _TEXTS else String, nullable=not required)


def _where(condition: Any) -> dict[str, Any]:
    """An index of some of the rows."""
    return {"sqlite_where": condition, "postgresql_where": condition}


posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True),
    *(_post_column(name) for name in POST_COLUMNS),
    Column("input", ForeignKey("inputs.id"), nullable=False),
    Column("rank", String, nullable=False),  # the record with the greater one stays
    Column("copy_key", String),
    Column("day", Integer),  # mood day, in days since 1970-01-01
    Column("copy_of", Text),
    UniqueConstraint("platform", "post_id"),
    # All that near-copies are found by, in the order in which they are looked for.
    Index("posts_by_text_and_day", "copy_key", "day", "published", "platform", "post_id", "kind"),
    Index("reposts_by_original", "repost_of", **_where(text("repost_of IS NOT NULL"))),
    Index("posts_by_input", "input"),  # the ledger counts them
    Index("posts_by_time", "published"),
)

tags = Table(
    "tags",
    metadata,
    Column("post", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("taggers", String, nullable=False),  # which models, in which versions
    Column("rank", String, nullable=False),  # of the record that was tagged
    *(Column(name, Float if name in _NUMBERS else Text) for name in TAG_COLUMNS),
    # Of a post that others show to be spam; see `sentinel.patterns`.
    Column("spam_raised", Float),
    Column("spam_reasons", Text),
    Index("raised_tags", "post", **_where(text("spam_raised IS NOT NULL"))),
)

#: What a person said of posts. An empty cell was not judged; a row without any was looked at and skipped.
corrections = Table(
    "corrections",
    metadata,
    Column("platform", String, primary_key=True),
    Column("post_id", Text, primary_key=True),
    Column("label", String),
    Column("about", Float),  # 0 or 1
    Column("spam", Float),  # 0 or 1
    Column("topics", Text),  # ids joined by ";"; "" is none of them
    ForeignKeyConstraint(["platform", "post_id"], ["posts.platform", "posts.post_id"], ondelete="CASCADE"),
)

rejects = Table(
    "rejects",
    metadata,
    Column("input", ForeignKey("inputs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("position", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("excerpt", Text, nullable=False),
)

#: What `sentinel.cells` made of posts of neighbouring numbers; any of it may be dropped, and is then made anew.
segments = Table(
    "segments",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

#: What changed since the store was cleaned: a post, and the text that it had.
rechecks = Table(
    "rechecks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post", Integer, nullable=False),
    Column("copy_key", String),
)

#: What changed since patterns of spam were marked: whose post, of which mood day and text, it was or is.
unsettled = Table(
    "unsettled",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("author", String),
    Column("day", Integer, nullable=False),
    Column("copy_key", String),
)

#: Keyed hashes of authors and posts that must not come back; the key is a fact.
erased = Table("erased", metadata, Column("digest", String, primary_key=True))

#: Files of watched folders that need not be opened again: their contents are in the ledger.
files = Table(
    "files",
    metadata,
    Column("key", String, primary_key=True),  # a digest of the path, which may be no text
    Column("stamp", String, nullable=False),  # of size, times, and of who read it
)

jobs = Table(
    "jobs",
    metadata,
    Column("name", String, primary_key=True),
    Column("started", String),  # times are given by the daemon: only it reads the clock
    Column("ended", String),
    Column("succeeded", String),
    Column("next", String),
    Column("failures", Integer, nullable=False, default=0),  # in a row
    Column("message", Text, nullable=False, default=""),
)

#: What each rule of the settings' alerts remembers.
rules = Table(
    "rules",
    metadata,
    Column("key", String, primary_key=True),
    Column("state", Text, nullable=False),  # JSON
)

#: Messages of alerts, one for each event and destination; kept when they are sent, so that none is sent again.
messages = Table(
    "messages",
    metadata,
    Column("event", String, primary_key=True),
    Column("destination", String, primary_key=True),  # a digest: the address itself may hold a secret
    Column("created", String, nullable=False),
    Column("rule", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("sent", String),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next", String, nullable=False, default=""),  # not to be tried before
    Column("problem", Text, nullable=False, default=""),
)


def _corrected_tags() -> dict[str, Any]:
    """Tags as the models gave them, under what a person said instead: name -> expression."""
    label, model = corrections.c.label, tags.c.model
    judged = func.coalesce(label, corrections.c.topics).is_not(None) | (
        func.coalesce(corrections.c.about, corrections.c.spam).is_not(None)
    )
    sure = {name: {f"p_{name}": 1.0, "score": score} for name, score in _SCORES.items()}
    columns: dict[str, Any] = {name: tags.c[name] for name in TAG_COLUMNS if name != "lang"}
    for name in ("label", "about", "topics"):
        columns[name] = func.coalesce(corrections.c[name], tags.c[name])
    columns["spam"] = func.coalesce(corrections.c.spam, tags.c.spam_raised, tags.c.spam)
    columns["spam_reasons"] = case((corrections.c.spam.is_(None), tags.c.spam_reasons))
    for name in ("score", "p_negative", "p_neutral", "p_positive", "confidence"):
        usual = 1.0 if name == "confidence" else 0.0
        values = [(label == said, numbers.get(name, usual)) for said, numbers in sure.items()]
        columns[name] = case(*values, (label == "unscored", null()), else_=tags.c[name])
    made = case((func.coalesce(model, "") == "", CORRECTION), else_=model + f" + {CORRECTION}")
    columns["model"] = case((judged, made), else_=model)
    return columns


#: Joins a post to what a person said of it.
CORRECTED: Final = and_(corrections.c.platform == posts.c.platform, corrections.c.post_id == posts.c.post_id)
#: Posts with their tags, and what a person said of them.
JUDGED: Final = posts.outerjoin(tags, tags.c.post == posts.c.id).outerjoin(corrections, CORRECTED)

#: Columns of a stored post as exported: name -> expression.
EXPORT_COLUMNS: Final[Mapping[str, Any]] = {
    **{name: posts.c[name] for name in POST_COLUMNS if name not in ("lang", "synthetic", "declared")},
    "declared": posts.c.declared,
    "lang": func.coalesce(tags.c.lang, posts.c.lang),
    "copy_of": posts.c.copy_of,
    **_corrected_tags(),
    "source": inputs.c.name,
}

"""Posts from rows whose columns were inferred or chosen by the user."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from sentinel.batcher import Batcher, Row, Skip, batches
from sentinel.dates import when
from sentinel.errors import SourceError
from sentinel.ports import Batch
from sentinel.source import Source

from .columns import NULLS, infer, simple
from .counts import count
from .ids import LARGEST_ROW_NUMBER, are_row_numbers, has_exponent, is_rounded, made_up, written
from .markup import decode, plain
from .networks import HTML_BODIES, KINDS
from .reddit import GONE
from .row_places import RowPlaces
from .row_times import RowTimes
from .xposts import is_old_repost, status_id

__all__ = ["InferredFormat", "InferredRows"]

COUNTS: Final = {
    "likes": ("likes", "score", "points", "hearts", "favorites", "like", "digg", "ups", "upvotes"),
    "reposts": ("rt", "retweets", "reposts", "shares"),
    "replies": ("replies", "comments", "num_comments"),
    "quotes": ("quotes",),
    "views": ("views", "impressions"),
}
COUNTED: Final = {name: field for field, names in COUNTS.items() for name in names}
LONGEST_NULL: Final = max(map(len, NULLS))
LINK: Final = re.compile(r"(?!0$)[^\s\[\]{}'\"]{1,300}")
# Columns whose names say that the rows are comments.
COMMENTS: Final = frozenset({"comment", "commenttext", "commentid", "评论内容", "rpid"})
YOUTUBE: Final = "authorchannelid"  # of the tables that tools make of its comments
LINKS: Final = ("author_id", "reply_to", "conversation", "repost_of", "quoted")
META: Final = re.compile(r"\s*\w+=[^;]*(?:;\s*\w+=[^;]*)*;?\s*")
HANDLE: Final = re.compile(r"(?:twitter|x)\.com/@?(\w{1,15})/status", re.IGNORECASE)
NOT_HANDLES: Final = frozenset({"i", "web", "anyuser", "statuses", "status"})
# What stands for an author who is gone or hides: many people, so no author.
NOBODY: Final = GONE | {"匿名用户"}
# Tags that bodies of other networks come with; a post about <script> is left as it is.
HTML: Final = re.compile(r"<(?:br\s*/?|p|/p|a\s[^>]*href=[^>]*)>", re.IGNORECASE)
# R writes what its locale cannot show as <U+4F60>; emoji come as the halves of a pair, which are lost.
R_ESCAPE: Final = re.compile(r"<U\+([0-9A-Fa-f]{4,8})>")
R_BROKEN_PAIR: Final = re.compile(r"<ed>(?:<(?:U\+)?[0-9A-Fa-f]{2,4}>){2}")
# SemEval's tables, and those of tools that write JSON into cells.
UNICODE_ESCAPE: Final = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+")
# Where the column of texts is empty, one of these may hold one: a title's hit, or the short form of a long text.
OTHER_TEXTS: Final = frozenset(
    {"fulltext", "text", "hitsentence", "snippet", "openingtext", "body", "content"}
)
MOODS: Final = {"bullish": "positive", "positive": "positive", "bearish": "negative", "negative": "negative"}
TRUE: Final = frozenset({"true", "1", "yes", "t", "y", "1.0", "是"})


class InferredFormat(ABC):
    """A format whose columns are told by their names and their content.

    Parameters
    ----------
    columns : field -> column where the inference errs, such as ``{"text": "Body", "published": "When"}``.
    platform, community : of all posts, where no column tells.
    timezone : of times that name none.
    day_first : whether ``03/04/2024`` is in April.
    """

    def __init__(
        self,
        source: Source,
        columns: Mapping[str, str] | None = None,
        platform: str | None = None,
        community: str | None = None,
        timezone: str | None = None,
        day_first: bool | None = None,
    ) -> None:
        self._source = source
        looked = self._look()
        self._inferred = looked and InferredRows(
            source, *looked, self._rows, columns, platform, community, timezone, day_first
        )

    @abstractmethod
    def _look(self) -> tuple[Sequence[str], Sequence[Mapping[str, Any]]] | None:
        """Names of the columns, and the first rows; ``None`` where it is known that there are no posts."""

    @abstractmethod
    def _rows(self) -> Iterator[Row]:
        """All rows, by column name."""

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        """See `Collector`."""
        if self._inferred is None:
            return iter(())
        post_of = self._inferred.post
        return batches(
            self._rows(), lambda row, batcher: row if isinstance(row, Skip) else post_of(row, batcher), cursor
        )


class InferredRows:
    """What the columns of one table mean, and the post in each of its rows.

    Parameters
    ----------
    names : of the columns.
    samples : the first rows, by column name.
    every : all rows, from the first on; asked only where `samples` do not show the order of day and month.
    columns : field -> column, where the user knows better than the inference.
    platform, community : of all rows, if the user says.
    timezone : of times that name none; default UTC, Asia/Shanghai on Chinese platforms.
    day_first : whether ``03/04/2024`` is in April; default: as other rows of the file show, else not.

    Raises
    ------
    SettingsError, SourceError
        If a setting is wrong, or no column can be a text.
    """

    def __init__(
        self,
        source: Source,
        names: Sequence[str],
        samples: Sequence[Mapping[str, Any]],
        every: Callable[[], Iterator[Row]],
        columns: Mapping[str, str] | None,
        platform: str | None,
        community: str | None,
        timezone: str | None,
        day_first: bool | None,
    ) -> None:
        self.columns = infer(names, samples, columns, source.name)
        if "text" not in self.columns:
            shown = ", ".join(map(repr, names[:20]))
            raise SourceError(
                f"{source.name} has no column that looks like the text of posts (it has {shown}); "
                'name it in the settings: columns = { text = "..." }'
            )
        taken = set(self.columns.values())
        self._other_texts = [name for name in names if simple(name) in OTHER_TEXTS and name not in taken]
        values = {field: [row.get(name) for row in samples] for field, name in self.columns.items()}
        sources, dates = (
            [str(value) for value in values.get(field, []) if value] for field in ("source", "published")
        )
        self._places = RowPlaces(source.name, names, sources, platform, community)
        name = self.columns.get("published")
        self._times = RowTimes(
            dates,
            timezone,
            day_first,
            lambda: (str(row[name]) for _, row in every() if isinstance(row, dict) and row.get(name)),
        )
        ids = [written(value) for value in values.get("post_id", []) if value not in (None, "")]
        self._numbered = are_row_numbers(ids)
        named = {simple(self.columns.get(field, "")) for field in ("text", "post_id")}
        comments = named & COMMENTS or YOUTUBE in map(simple, names)
        self._usual_kind = "comment" if comments else "post"
        # One id in a hundred thousand ends in five zeros by itself; a spreadsheet rounds them all.
        self._rounded = bool(ids) and sum(map(is_rounded, ids)) >= 0.5 * len(ids)

    def post(self, row: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
        """The post in a row, given by column name."""
        cells = {
            field: cell for field, name in self.columns.items() if (cell := _cell(row.get(name))) is not None
        }
        raw = row.get(self.columns["text"])
        if _cell(raw) is None and self._other_texts:
            raw = next((row[name] for name in self._other_texts if _cell(row.get(name)) is not None), raw)
        text = "" if raw is None else str(raw)
        if not text and not cells:
            return Skip("blank row")
        if text == self.columns["text"] and all(row.get(name) == name for name in self.columns.values()):
            return Skip("repeated header")
        if cells.get("post_id") is None and not text.strip():
            return Skip("row without id and text")
        url = str(cells["url"]) if cells.get("url") else None
        where = self._places.place(cells, url, batcher)
        platform = where.platform or "unknown"
        text = self._text(text, cells.get("title"), platform, where.kind)
        author = self._author(cells, platform, url)
        post_id = self._id(cells, platform, url, batcher)
        published, precision = self._times.published(cells, platform, post_id, batcher)
        if post_id is None or self._numbered:
            post_id = self._made_id(post_id, made_up(platform, author, published, text))
        post: dict[str, Any] = {
            "platform": platform,
            "community": where.community,
            "post_id": post_id,
            "published": published,
            "precision": precision,
            "author": author,
            "kind": self._kind(cells, where.kind, text),
            "text": text,
            "url": url,
        }
        for field in LINKS:
            if field in cells and LINK.fullmatch(link := status_id(cells[field]) or written(cells[field])):
                post[field] = link
        if "lang" in cells:
            post["lang"] = str(cells["lang"]).lower()
        if "collected" in cells:
            post["collected"] = when(cells["collected"], self._times.zone_of(platform))[0]
        if "synthetic" in cells:
            post["synthetic"] = _is_true(cells["synthetic"]) or None
        if "declared" in cells or "label" in cells:
            post["declared"] = _declared(cells, platform)
        _count_into(post, cells)
        return post

    def _text(self, text: str, title: Any, platform: str, kind: str | None) -> str:
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if title and kind not in ("comment", "reply") and not text.startswith(str(title)):
            text = f"{title}\n\n{text}" if text.strip() else str(title)
        if "<" in text:
            if platform in HTML_BODIES or (platform != "x" and HTML.search(text)):
                return plain(text)
            text = R_ESCAPE.sub(_from_r, R_BROKEN_PAIR.sub("", text))
        if "\\u" in text:
            text = UNICODE_ESCAPE.sub(_from_escapes, text)
        return decode(text)

    def _author(self, cells: Mapping[str, Any], platform: str, url: str | None) -> str | None:
        if (
            platform == "x"
            and url
            and (handle := HANDLE.search(url))
            and handle[1].lower() not in NOT_HANDLES
        ):
            return handle[1]
        author = cells.get("author") or cells.get("name") or cells.get("author_id")
        name = written(author).removeprefix("@") if author else ""
        return name if name and name not in NOBODY else None

    def _id(self, cells: Mapping[str, Any], platform: str, url: str | None, batcher: Batcher) -> str | None:
        """The row's id, or its link's; ``None`` if one must be made up."""
        post_id = written(cells["post_id"]) if cells.get("post_id") is not None else None
        if post_id and not has_exponent(post_id) and not (self._rounded and is_rounded(post_id)):
            return post_id
        told = status_id(url) if platform in ("x", "unknown") else None
        if post_id:
            batcher.warn("id damaged by a spreadsheet; taken from the link or made from the row")
        elif told is None and "post_id" in self.columns:
            batcher.warn("no id; made from the row")
        return told

    @staticmethod
    def _made_id(number: str | None, content: str) -> str:
        """An id from what the row holds; the row's number alone is that of other posts in other tables."""
        if number is None:
            return content
        short = number.isdecimal() and int(number) < LARGEST_ROW_NUMBER
        return f"{number}@{content.removeprefix('row-')[:12]}" if short else number

    def _kind(self, cells: Mapping[str, Any], told: str | None, text: str) -> str:
        stated = KINDS.get(str(cells.get("kind")).strip().lower())
        if cells.get("repost_of") or _is_true(cells.get("is_repost")) or is_old_repost(text):
            return "repost"
        if stated or told:
            return stated or told or "post"
        if _is_true(cells.get("is_reply")) or str(cells.get("reply_to", "0")) != "0":
            return "reply"
        return "quote" if cells.get("quoted") or _is_true(cells.get("is_quote")) else self._usual_kind


def _cell(value: Any) -> Any:
    """A cell's value; ``None`` for the signs of a missing one."""
    if isinstance(value, str):
        value = value.strip()
        return None if len(value) <= LONGEST_NULL and value.lower() in NULLS else value
    if value is None or value != value or isinstance(value, (list, dict)):
        return None
    return value


def _is_true(value: Any) -> bool:
    return value is not None and str(value).lower() in TRUE


def _from_r(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _from_escapes(escapes: re.Match[str]) -> str:
    """What escapes as those of JSON stand for; two of them may be one sign."""
    units = bytes.fromhex(escapes[0].replace("\\u", ""))
    return units.decode("utf-16-be", "replace").replace("\0", "")


def _declared(cells: Mapping[str, Any], platform: str) -> str | None:
    """A mood that the author stated; on StockTwits a label is one, elsewhere it is somebody's opinion."""
    stated = cells.get("declared") or (cells.get("label") if platform == "stocktwits" else None)
    return MOODS.get(str(stated).lower()) if stated else None


def _count_into(post: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """Adds the counts of a row, those of its own columns before those of a cell ``likes=3;rt=1``."""
    meta = cells.get("meta")
    if isinstance(meta, str) and META.fullmatch(meta):
        for pair in meta.split(";"):
            key, _, value = pair.partition("=")
            field = COUNTED.get(key.strip().lower())
            if field and field not in post:
                post[field] = count(value)
    for field in COUNTS:
        if field in cells:
            post[field] = count(cells[field])

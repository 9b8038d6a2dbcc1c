"""CSV files a spreadsheet cannot be tricked by, written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, TextIO

import orjson

from sentinel.post import is_empty
from sentinel.side_tables import MEANINGS as BESIDE
from sentinel.writing import aside

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "POSTS_CSV",
    "data_dictionary",
    "guard",
    "unguard",
    "write_bytes",
    "write_csv",
    "write_frame",
    "write_json",
    "write_rows",
]

#: Columns of posts.csv, in their order.
POSTS_CSV: Final = (
    "platform", "community", "post_id", "published", "precision", "collected", "author", "author_id", "kind",
    "lang", "text", "url", "likes", "reposts", "replies", "quotes", "views", "reply_to", "conversation",
    "repost_of", "quoted", "declared", "about", "spam", "spam_reasons", "copy_of", "label", "score",
    "p_negative", "p_neutral", "p_positive", "confidence", "topics", "entities", "model", "source",
)  # fmt: skip

# A cell that a spreadsheet would take for a formula. Leading apostrophes count along, so that `unguard`
# gives back exactly what `guard` was given.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_QUOTED: Final = re.compile('[,"\r\n]')
_BEGINNINGS: Final = frozenset("'=+-@\t\r＝＋－＠")  # of cells that `_FORMULA` may match
_TOGETHER: Final = 1024  # rows that are looked at column by column


def guard(cell: str) -> str:
    """A text cell that no spreadsheet executes: an apostrophe before ``= + - @``, tab and carriage return."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """What was guarded: without the apostrophe that `guard` put before it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _cells(column: Sequence[Any], raw: bool, end: str = "") -> Iterator[str]:
    """A column as it is written, each value with `end` behind it; what comes twice is looked at once."""
    kinds = set(map(type, column)) - {NoneType}
    if len(kinds) > 1:  # True is 1 is 1.0, and each is written in its own way
        return (_cell(value, raw) + end for value in column)
    written = dict.fromkeys(column, end)
    written.pop(None, None)
    if kinds == {str} and _are_plain(written):
        written = {value: value + end for value in written}
    else:
        written = {value: _cell(value, raw) + end for value in written}
    written[None] = end
    return map(written.__getitem__, column)


def _are_plain(texts: Collection[str]) -> bool:
    """Whether each of the texts is written as it is, seen from all of them together."""
    whole = "".join(texts)
    return not any(mark in whole for mark in ',"\r\n') and _BEGINNINGS.isdisjoint(text[:1] for text in texts)


def _cell(value: Any, raw: bool) -> str:
    if value is None or value != value:  # NaN is the only value that differs from itself
        return ""
    if isinstance(value, float):
        return float.__repr__(value) if value else "0.0"  # never -0.0, nor numpy's way
    text = str(value)
    if isinstance(value, str) and not raw:
        text = guard(text)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _lines(rows: Sequence[Sequence[Any]], raw: bool) -> Iterator[str]:
    columns = list(zip(*rows, strict=True))
    if len(columns) == 1:  # an empty line would be no row
        return (cell or '""' for cell in _cells(columns[0], raw))
    last = len(columns) - 1
    # Of a column without a value there is the comma alone, which is put behind the column before.
    filled = [at for at, column in enumerate(columns) if at in (0, last) or not is_empty(column)]
    cells = [_cells(columns[at], raw, "," * (after - at)) for at, after in pairwise([*filled, last])]
    return map("".join, zip(*cells, strict=True))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], *, raw: bool = False) -> int:
    """Rows as UTF-8 CSV, text cells guarded unless `raw`.

    Returns
    -------
    int
        Number of rows.

    Raises
    ------
    SentinelError
        If the file cannot be written; an older file of that name is then still whole.
    """
    with aside(path) as stream:
        return write_rows(stream, header, rows, raw=raw)


def write_rows(
    stream: TextIO, header: Sequence[str], rows: Iterable[Sequence[Any]], *, raw: bool = False
) -> int:
    """As `write_csv`, into an open file."""
    n = 0
    stream.write("\n".join(_lines([header], True)) + "\n")
    rows = iter(rows)
    while part := list(islice(rows, _TOGETHER)):
        stream.write("\n".join(_lines(part, raw)) + "\n")
        n += len(part)
    return n


def write_frame(path: Path, frame: pd.DataFrame) -> int:
    """A frame as `write_csv`, without its index."""
    rows = zip(*(frame[name].tolist() for name in frame.columns), strict=True)
    return write_csv(path, list(frame.columns), rows)


def write_bytes(path: Path, content: bytes) -> None:
    """A file written whole or not at all."""
    with aside(path, encoding=None) as stream:
        stream.write(content)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Indented JSON with sorted keys."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    write_bytes(path, orjson.dumps(content, option=options))


_MEANINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "posts.csv": {
        "platform": "network, lower case; unknown if the export does not tell",
        "community": "subreddit, board or list",
        "post_id": "the platform's id, as text",
        "published": "when its author published it, UTC; a bare date if only the day is known; empty if undated",
        "precision": "second, minute, day or none",
        "collected": "when it was collected, as the export says; empty if it does not",
        "author": "pseudonym (a keyed hash of the handle, else of the id), or as it is where settings or --raw say so; "
        "empty if the export names nobody",
        "author_id": "the platform's stable id of the author, as author",
        "kind": "post, reply, quote, repost, comment, title or headline (not written by a poster)",
        "lang": "language as judged (ISO 639-1), und if it cannot be told",
        "text": "whole text; of a repost the original's",
        "url": "link to the post; of X without the author's handle where author is a pseudonym",
        "likes": "count, empty if the export does not tell; so are the next four",
        "reposts": "count",
        "replies": "count",
        "quotes": "count",
        "views": "count",
        "reply_to": "post_id of the parent",
        "conversation": "id of the thread",
        "repost_of": "post_id of the original",
        "quoted": "post_id of the quoted post",
        "declared": "mood the author declared (StockTwits), never a model's output",
        "about": "probability that it is about Alibaba, 0 to 1",
        "spam": "probability that it is spam or an advert, 0 to 1",
        "spam_reasons": "where other posts show that it is spam: what the models say of its text alone, and why, with "
        "weights in log odds; else empty",
        "copy_of": "post_id of the first post of the same text that day; empty if it is the first",
        "label": "negative, neutral, positive, or unscored (not judged, which is not neutral)",
        "score": "p_positive - p_negative, -1 to 1; empty if unscored",
        "p_negative": "probability; empty if unscored; so are the next three",
        "p_neutral": "probability",
        "p_positive": "probability",
        "confidence": "largest of the three probabilities",
        "topics": "topic ids joined by ;",
        "entities": "entity ids joined by ;",
        "model": "model and version that made the label; + correction where a person corrected a tag",
        "source": "input file it was read from",
    },
    "mood.csv": {
        "day": "mood day (see timezone in manifest.json); a day without posts in a scope has no row",
        "scope": "all, unfiltered, topic:…, entity:…, lang:…, platform:…",
        "n_posts": "posts of the scope on that day",
        "n_authors": "authors with a score; a post without a named author counts as one",
        "coverage": "share of the posts that could be scored, 0 to 1",
        "mood": "mean over authors of their mean score that day, -1 to 1; empty if none was scored",
        "se": "standard error of mood, from the variance between authors",
        "low": "lower end of the 95 % band around smoothed",
        "high": "upper end of it",
        "smoothed": "mood pulled towards its 28-day mean where there are few authors; for display only",
    },
    "effects.csv": {
        "date": "day of the announcement",
        "title": "its title",
        "category": "its category",
        "cluster": "announcements of one cluster overlap and cannot be told apart: one test",
        "family": "primary, opened (under a primary finding) or exploratory",
        "window": "reaction, anticipation or persistence",
        "scope": "as in mood.csv",
        "n_posts": "posts in the window",
        "n_authors": "authors in the window; a post without a named author counts as one",
        "n_authors_baseline": "the same in the baseline",
        "strata": "number of sources (platform, community, language, kind) compared with themselves",
        "time_known": "whether the time of day of the announcement is known",
        "effect": "mood in the window minus mood in the baseline, points on the -1 to 1 scale; empty if not tested",
        "se": "standard error of effect under the model of method.md",
        "low": "lower end of the 95 % interval",
        "high": "upper end of it",
        "p": "share of ordinary dates with a change as large, counted so that it is never 0",
        "q": "p corrected for the number of tests of its family (Benjamini-Hochberg)",
        "placebos": "number of ordinary dates compared with",
        "smallest_visible": "effect that would have been seen with 80 % power",
        "verdict": "rose, fell, no visible change or not tested; empty if exploratory",
        "reason": "why not tested, or what to keep in mind",
        "day": "mood day of the announcement (day 0)",
        "first_day": "first day of the window",
        "last_day": "last day of the window",
        "importance": "as the calendar says, 1 to 3",
        "circular": "dated by posts of the kind it would be tested on",
        "preliminary": "the window was not over when the posts end",
        "swings": "effect in standard deviations of the effects at ordinary dates",
        "smallest_q": "smallest q that could have been reached without extrapolation",
        "k_e": "ordinary dates that do not overlap",
        "p_extrapolated": "p read off a curve fitted to the largest tenth of the ordinary dates; empty if not needed",
        "extrapolated": "whether q rests on p_extrapolated, because without it q could not reach 0.05",
        "phi": "how much of one day's mood is left the next day, 0 to 1",
        "n_nameless": "posts in the window that name no author",
        "strata_used": "the sources compared",
        "strata_left_out": "sources present in window or baseline but not in both, or across a gap or a break",
    },
    "rejects.csv": {
        "source": "input file",
        "position": "where in it",
        "reason": "why it could not be read",
        "excerpt": "its beginning",
    },
}


def data_dictionary(tables: Mapping[str, Sequence[str]]) -> str:
    """What every column of the CSV files means, as Markdown.

    Parameters
    ----------
    tables : file name -> its columns.
    """
    lines = [
        "# Data dictionary",
        "",
        "UTF-8, comma separated, one header line, times ISO 8601 in UTC. An empty cell is a missing value.",
        "A text cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage",
        "return, or their full-width forms) is written with an apostrophe before it. To undo that, drop the",
        "first apostrophe of a cell that begins with apostrophes followed by such a character; or write the",
        "files with `sentinel export --raw`.",
    ]
    for name, columns in tables.items():
        meanings = _MEANINGS.get(name) or BESIDE.get(name, {})
        lines += ["", f"## {name}", "", "| column | meaning |", "|---|---|"]
        lines += [f"| {column} | {meanings.get(column, '')} |" for column in columns]
    return "\n".join(lines) + "\n"

"""Which column of a table means what, by its name and then by its values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sentinel.dates import UNDATED, when
from sentinel.errors import SettingsError, SourceError, did_you_mean

from .counts import count
from .synonyms import FIELDS, KNOWN

__all__ = ["NULLS", "are_people", "infer", "is_known", "simple"]

PUNCTUATION: Final = re.compile(r"[\s_\-./:#@\ufeff\"'()（）]+")
DISPLAY_NAME: Final = re.compile(r"(?:user|author|account)[./]name$", re.IGNORECASE)
NOTE: Final = re.compile(r"([^()]+)\([^()]{1,20}\)\s*")
# Objects that only wrap the fields of a post: `data.text` is its text, `place.id` not its id.
WRAPPER_NAMES: Final = (
    "data node item post tweet status record source message comment legacy publicmetrics metrics stats statistics "
    "counts attributes fields properties snippet"
)
WRAPPERS: Final = frozenset(WRAPPER_NAMES.split())

NULLS: Final = frozenset(
    {"", "[]", "{}", "na", "n/a", "null", "none", "nan", "nat", "-", "--", "undefined", "<na>"}
)
FOLLOWED: Final = frozenset({"followerscount", "followers", "friendscount", "followercount"})
# What values look like where the name of their column says nothing.
LOOKS: Final = {
    "post_id": re.compile(r"\d{15,19}$|at://"),
    "published": re.compile(
        r"(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}"
        r"|[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d "
    ),
    "url": re.compile(r"https?://\S+$"),
    "author": re.compile(r"@\w+$"),
}
# Addresses of something else than the post.
ELSEWHERE: Final = re.compile(
    r"author|user|channel|profile|avatar|image|photo|picture|thumb|media|icon|logo", re.IGNORECASE
)
MONTH_ONLY: Final = re.compile(r"\d{4}[-/]\d{1,2}|\d{4}年\d{1,2}月")
CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2})?\s*([AaPp][Mm])?")


def simple(name: str) -> str:
    """A column's name as synonyms are compared: lower case, without spaces and separators."""
    if DISPLAY_NAME.search(name):
        return "displayname"  # user.name is no username
    return PUNCTUATION.sub("", name.lower())


def is_known(name: str) -> bool:
    """Whether a column's name means something in an export of posts."""
    return simple(name) in KNOWN


def _wrapped(name: str) -> str | None:
    """What remains of ``data.text`` or ``public_metrics.like_count`` behind a wrapper, of ``Date (GMT)`` before one."""
    if (noted := NOTE.fullmatch(name)) is not None:
        return simple(noted[1])
    parts = re.split(r"[./]", name.strip("./"))
    if len(parts) > 1 and all(simple(part) in WRAPPERS for part in parts[:-1]):
        return simple(parts[-1])
    return None


def infer(
    names: Sequence[str],
    samples: Sequence[Mapping[str, Any]],
    chosen: Mapping[str, str] | None = None,
    where: str = "the table",
) -> dict[str, str]:
    """The column that holds each field, for the fields that there are.

    Parameters
    ----------
    names : of the columns, as written.
    samples : the first rows; a column whose values contradict its name is not taken.
    chosen : field -> column, as the user says.

    Raises
    ------
    SettingsError
        If `chosen` names a field that does not exist.
    SourceError
        If it names a column that is not there, or if no column holds the text.
    """
    found = _chosen(names, chosen or {}, where)
    plain_names = {name: simple(name) for name in names}
    inner_names = {name: inner for name in names if (inner := _wrapped(name))}
    for shown in (plain_names, inner_names):
        for field, synonyms in FIELDS.items():
            if field in found:
                continue
            for synonym in synonyms:
                candidates = [name for name in shown if shown[name] == synonym and name not in found.values()]
                fits = [name for name in candidates if _fits(field, [row.get(name) for row in samples])]
                if fits:
                    found[field] = fits[0]
                    break
    for field, looks in LOOKS.items():
        if field not in found and (by_look := _by_look(looks, names, samples, set(found.values()))):
            found[field] = by_look
    if "text" not in found and (by_values := _longest(names, samples, set(found.values()))):
        found["text"] = by_values
    if "text" not in found and "title" in found:
        found["text"] = found.pop("title")
    if "text" not in found and (unfilled := _unfilled(plain_names, samples)):
        found["text"] = unfilled
    return found


def _by_look(
    looks: re.Pattern[str], names: Sequence[str], samples: Sequence[Mapping[str, Any]], taken: set[str]
) -> str | None:
    """The first column, among those of unknown names, whose values nearly all have a look."""
    for name in names:
        if name in taken or is_known(name) or (looks is LOOKS["url"] and ELSEWHERE.search(name)):
            continue
        filled = _filled([row.get(name) for row in samples])
        if filled and _share(filled, lambda value: looks.match(str(value).strip()) is not None) >= 0.9:
            return name
    return None


def _unfilled(shown: Mapping[str, str], samples: Sequence[Mapping[str, Any]]) -> str | None:
    """A column that is named as a text, and has none in the first rows, or only such as ``NA``."""
    for synonym in FIELDS["text"]:
        for name in shown:
            if shown[name] == synonym and not _filled([row.get(name) for row in samples]):
                return name
    return None


def are_people(names: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Whether the rows are accounts, with what they say of themselves, rather than posts."""
    followed = {inner or simple(name) for name in names for inner in (_wrapped(name),)} & FOLLOWED
    return bool(followed) and simple(columns.get("text", "")) in ("description", "desc", "bio")


def _chosen(names: Sequence[str], chosen: Mapping[str, str], where: str) -> dict[str, str]:
    for field, name in chosen.items():
        if field not in FIELDS:
            raise SettingsError(
                f"columns: there is no field {field!r}; fields are {', '.join(FIELDS)}{did_you_mean(field, FIELDS)}"
            )
        if name not in names:
            shown = ", ".join(map(repr, names[:20]))
            raise SourceError(f"{where} has no column {name!r} for {field}; its columns are {shown}")
    return dict(chosen)


def _filled(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if value is not None and str(value).strip().lower() not in NULLS]


def _share(values: Sequence[Any], test: Callable[[Any], bool]) -> float:
    return sum(map(test, values)) / len(values)


def _is_date(value: Any) -> bool:
    if when(value) != UNDATED or when(value, days_first=True) != UNDATED:
        return True
    return MONTH_ONLY.fullmatch(str(value).strip()) is not None


def _is_number(value: Any) -> bool:
    return count(value) is not None


def _fits(field: str, values: Sequence[Any]) -> bool:
    """Whether the values of a column may be those of a field; an empty column may be anything but a text."""
    filled = _filled(values)
    if not filled:
        return field not in ("text", "title", "post_id", "source", "platform", "published") or not values
    if field == "text":
        return _share(filled, lambda value: not _is_number(value) and not _is_date(value)) >= 0.5
    if field in ("published", "collected"):
        return _share(filled, _is_date) >= 0.5
    if field == "clock":
        return _share(filled, lambda value: CLOCK.fullmatch(str(value).strip()) is not None) >= 0.9
    if field in ("likes", "reposts", "replies", "quotes", "views"):
        return _share(filled, _is_number) >= 0.8
    if field == "post_id":
        short = _share(filled, lambda value: len(str(value)) <= 200 and " " not in str(value).strip())
        return short >= 0.9 and len(filled) >= 0.5 * len(values)
    if field == "url":
        return _share(filled, lambda value: str(value).strip().startswith(("http", "/", "www."))) >= 0.8
    if field in ("author", "author_id", "community", "platform", "source", "lang", "kind", "label"):
        limit = 20 if field == "lang" else 80
        return _share(filled, lambda value: len(str(value)) <= limit) >= 0.8
    return True


def _longest(names: Sequence[str], samples: Sequence[Mapping[str, Any]], taken: set[str]) -> str | None:
    """The column with the longest texts, if they look like sentences."""
    best, best_length = None, 0.0
    for name in names:
        if name in taken:
            continue
        filled = [str(value) for value in _filled([row.get(name) for row in samples])]
        if not filled or _share(filled, lambda value: _is_number(value) or _is_date(value)) > 0.2:
            continue
        sentences = _share(
            filled, lambda value: " " in value.strip() or any(mark > "\u2e7f" for mark in value)
        )
        addresses = _share(filled, lambda value: value.startswith(("http", "www.", "at://", "{", "[")))
        length = sum(map(len, filled)) / len(filled)
        if sentences >= 0.6 and addresses < 0.5 and length > max(best_length, 15.0):
            best, best_length = name, length
    return best

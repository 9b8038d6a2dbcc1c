"""The column `reason` of effects.csv: why there is no verdict, or what to keep in mind; without what stands beside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from .numerals import plain
from .words import Words

__all__ = ["kinds", "remark"]

_TITLE: Final = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_SMALLEST: Final = r"a change below [\d.]+ could not have been seen"
_JOINED: Final = rf"inseparable from {_TITLE}(?:, {_TITLE})*"
_IN_A_ROW: Final = re.compile(rf"(?:; )?(?:{_SMALLEST}|{_JOINED})")
_IN_A_SENTENCE: Final = re.compile(rf"(?:; )?(?:{_SMALLEST}|{_JOINED}|time of day unknown)")
_LARGEST: Final = re.compile(r"larger than at any of \d+ ordinary dates?; ")
_HEAD: Final = re.compile(r"^(.+?)(?= \(|: | on \d| from | \d|, |;|$)")


def remark(row: Mapping[str, Any], words: Words, *, sentence: bool = False) -> str:
    """The reason of a row in the reader's language.

    The smallest visible change has a column of its own and inseparable announcements share a row, so neither is
    repeated; in a `sentence`, the time of day is not either, nor that no ordinary date
    shows as large a change.
    """
    reason = plain(row.get("reason"))
    reason = _LARGEST.sub("here ", _IN_A_SENTENCE.sub("", reason)) if sentence else _IN_A_ROW.sub("", reason)
    return words.reason(reason.strip("; "))


def kinds(rows: Iterable[Mapping[str, Any]], words: Words) -> list[tuple[str, int]]:
    """What kept announcements from being judged, most frequent first: (kind, how many)."""
    found: Counter[str] = Counter()
    for row in rows:
        head = _HEAD.match(_IN_A_SENTENCE.sub("", plain(row.get("reason"))).strip("; "))
        found[head.group(1) if head else ""] += 1
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [(words.named("obstacle", kind) if kind else words("obstacle.none"), n) for kind, n in ordered]

"""Section 6: what went in, what came out, and what the posts can bear."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np

from sentinel.results import Results

from .measured import by_language
from .numerals import count, decimal, percent, plain, records, shortened, signed, whole
from .part import chosen_posts
from .series import Series
from .words import Words

__all__ = ["quality", "voices"]

_ENDS: Final = ("posts", "duplicates", "rejects", "skipped")
_TRAITS: Final = (
    "headline_mood", "not_about", "spam", "spam_patterns", "reposts", "copies", "headlines", "unscored",
    "undated", "day_precision", "no_author", "corrected",
)  # fmt: skip
FEW_GAPS: Final = 12  #: that are shown before they are counted by platform
FEW_INPUTS: Final = 12  #: that are shown before the rest is folded away
MOST_INPUTS: Final = 500
MOST_REJECTS: Final = 60


def voices(results: Results) -> str:
    """What has one vote a day: "authors", "posts" where no export names an author, "voices" where some do not."""
    posts, unnamed = chosen_posts(results), whole(results.counts, "no_author")
    if not unnamed:
        return "authors"
    return "posts" if unnamed >= 0.98 * posts else "voices"


def quality(results: Results, series: list[Series], words: Words) -> dict[str, Any]:
    """All tables of the section."""
    rows, posts = whole(results.counts, "rows"), chosen_posts(results)
    ends = {key: whole(results.counts, key) for key in _ENDS}
    total = sum(ends.values())
    inputs = [_input(row, words) for row in records(results.inputs)[:MOST_INPUTS]]
    gaps = [
        [words.scope(f"platform:{gap['platform']}"), str(gap["first"]), str(gap["last"])]
        for gap in records(results.gaps)
    ]
    named = words(
        f"quality.voices.{voices(results)}", share=percent(whole(results.counts, "no_author"), posts)
    )
    return {
        "answer": words(
            "quality.adds_up" if rows == total else "quality.differs", rows=rows, total=total, **ends
        ),
        "adds_up": rows == total,
        "ends": [_measured(key, n, rows, words) for key, n in ends.items()],
        "traits": [_measured(key, whole(results.counts, key), posts, words) for key in _TRAITS],
        "filtered": _filtered(series, words),
        "voices": named,
        "languages": _languages(results, words),
        "platforms": _shares(results, "platform", words),
        "kinds": _shares(results, "kind", words),
        "inputs": inputs[:FEW_INPUTS],
        "folded_inputs": inputs[FEW_INPUTS:],
        "more_inputs": max(0, len(results.inputs) - MOST_INPUTS),
        "rejects": [_reject(row) for row in records(results.rejects)[:MOST_REJECTS]],
        "skipped": _counted(results, "skipped", words),
        "warnings": _counted(results, "warning", words),
        "gaps": gaps,
        "gap_sums": _gap_sums(results, words) if len(gaps) > FEW_GAPS else [],
        "notes": [words.told(note) for note in results.notes],
    }


def _gap_sums(results: Results, words: Words) -> list[list[str]]:
    """Gaps of each platform together: how many, their days, and the longest."""
    found: dict[str, list[tuple[date, date]]] = {}
    for gap in records(results.gaps):
        ends = date.fromisoformat(str(gap["first"])), date.fromisoformat(str(gap["last"]))
        found.setdefault(str(gap["platform"]), []).append(ends)
    rows = []
    for platform, spans in found.items():
        longest = max(spans, key=lambda span: span[1] - span[0])
        days = sum((last - first).days + 1 for first, last in spans)
        told = [words.scope(f"platform:{platform}"), count(len(spans)), count(days)]
        rows.append([*told, f"{longest[0].isoformat()} – {longest[1].isoformat()}"])
    return rows


def _measured(key: str, n: int, total: int, words: Words) -> dict[str, str]:
    """A count with its share and the length of its bar."""
    note = words.named("note", key) if words.has(f"note.{key}") else ""
    return {
        "name": words(f"count.{key}"),
        "note": note,
        "n": count(n),
        "share": percent(n, total),
        "part": _part(n, total),
    }


def _reject(row: dict[str, Any]) -> dict[str, str]:
    """Unreadable rows of one reason, with an example."""
    return {
        "reason": plain(row.get("reason")),
        "n": count(row.get("n")),
        "where": f"{plain(row.get('source'))}, {plain(row.get('position'))}",
        "excerpt": shortened(row.get("excerpt"), 200),
    }


def _part(n: int, total: int) -> str:
    """Length of a bar, from 0 to 1."""
    return f"{min(n / total, 1):.4f}" if total else "0"


def _filtered(series: list[Series], words: Words) -> str:
    """The mood with spam, copies, reposts and other subjects, and without them."""
    named = {s.scope: s for s in series}
    if "all" not in named or "unfiltered" not in named:
        return ""
    means = {}
    for scope in ("all", "unfiltered"):
        weights = np.where(np.isnan(named[scope].mood), 0, named[scope].n_authors)
        if not weights.sum():
            return ""
        means[scope] = float(np.nansum(named[scope].mood * weights) / weights.sum())
    return words(
        "quality.filtered",
        with_them=signed(means["unfiltered"]),
        without=signed(means["all"]),
        n_with=int(named["unfiltered"].n_posts.sum()),
        n_without=int(named["all"].n_posts.sum()),
        difference=decimal(abs(means["unfiltered"] - means["all"])),
    )


def _languages(results: Results, words: Words) -> list[list[str]]:
    """Posts by language, with the measured quality of the scorer of each."""
    shares = results.shares.get("lang", {})
    total = sum(shares.values())
    known = by_language(results.models, words)
    return [
        [
            words.scope(f"lang:{lang}") if lang else words("quality.unstated"),
            count(n),
            percent(n, total),
            known.get(lang, words("quality.not_measured")),
        ]
        for lang, n in sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    ]


def _shares(results: Results, key: str, words: Words) -> list[list[str]]:
    """Posts by value, most frequent first."""
    values = results.shares.get(key, {})
    total = sum(values.values())
    named = {v: words.scope(f"{key}:{v}") if v else words("quality.unstated") for v in values}
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return [[named[value], count(n), percent(n, total)] for value, n in ordered[:20]]


def _counted(results: Results, key: str, words: Words) -> list[list[str]]:
    """Rows or posts by reason."""
    values = sorted(results.shares.get(key, {}).items(), key=lambda item: (-item[1], item[0]))
    return [[words.told(reason), count(n)] for reason, n in values]


def _input(row: dict[str, Any], words: Words) -> dict[str, Any]:
    """One line of the ledger."""
    status = str(row.get("status") or "")
    return {
        "name": plain(row.get("name")),
        "format": plain(row.get("format")) or "–",
        "numbers": [count(row.get(key)) for key in ("rows", *_ENDS)],
        "status": words.named("status", status),
        "message": plain(row.get("message")),
        "sha256": plain(row.get("sha256"))[:12],
    }

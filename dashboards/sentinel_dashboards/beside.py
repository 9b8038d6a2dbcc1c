"""What is told beside an effect: attention, the same authors, rivals, and the reader's own note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sentinel.results import Results

from .events import Event
from .numerals import count, decimal, equal, interval, plain, records, signed
from .words import Words

__all__ = ["beside", "own_notes"]

Row = Mapping[str, Any]


def beside(results: Results, words: Words) -> dict[str, list[str]]:
    """Sentences by cluster, each a fact with its numbers; a cluster without any has no entry."""
    told: dict[str, list[str]] = {}
    for name, sentences in (
        ("attention", _attention),
        ("composition", _composition),
        ("control", _control),
        ("scorer", _scorer),
        ("hourly", _hourly),
        ("price_effects", _price),
    ):
        for row in records(getattr(results, name)):
            told.setdefault(str(row["cluster"]), []).extend(sentences(row, words))
    return told


def own_notes(results: Results, event: Event) -> list[str]:
    """What the reader wrote into the calendar about the event's announcements."""
    if "note" not in results.announcements.columns:
        return []
    keys = {(a.day.isoformat(), a.title) for a in event.announced}
    rows = records(results.announcements[["date", "title", "note"]])
    return [plain(row["note"]) for row in rows if row["note"] and (row["date"], row["title"]) in keys]


def _attention(row: Row, words: Words) -> Iterator[str]:
    if row["p"] is None:
        if row["reason"]:
            yield words("beside.attention_untested", reason=words.reason(row["reason"]))
        return
    yield words(
        "beside.attention",
        ratio=decimal(row["ratio"]),
        during=count(round(row["voices"])),
        before=count(round(row["voices_baseline"])),
        low=decimal(row["low"]),
        high=decimal(row["high"]),
        p=equal(row["p"]),
    )


def _composition(row: Row, words: Words) -> Iterator[str]:
    if row["effect_both"] is None:
        yield words("beside.few_both", n=int(row["n_both"]))
        return
    margin = 1.96 * float(row["se_both"])
    ends = interval(row["effect_both"] - margin, row["effect_both"] + margin)
    yield words("beside.both", n=int(row["n_both"]), effect=signed(row["effect_both"]), interval=ends)


def _control(row: Row, words: Words) -> Iterator[str]:
    if row["p"] is None:
        return
    yield words(
        "beside.control",
        rivals=signed(row["effect_rivals"]),
        rest=signed(row["effect_less_rivals"]),
        interval=interval(row["low"], row["high"]),
        p=equal(row["p"]),
    )


def _price(row: Row, words: Words) -> Iterator[str]:
    if row["p"] is None:
        return
    low, high = (signed(100 * row[name], 1) for name in ("low", "high"))
    yield words(
        "beside.price",
        first=signed(100 * row["abnormal"], 1),
        sum=signed(100 * row["car"], 1),
        session=plain(row["session"]),
        last=plain(row["last_session"]),
        low=low,
        high=high,
        p=equal(row["p"]),
    )


def _scorer(row: Row, words: Words) -> Iterator[str]:
    if row["effect_true"] is None:
        return
    yield words(
        "beside.scorer",
        effect=signed(row["effect_true"]),
        interval=interval(row["low_true"], row["high_true"]),
        grip=decimal(row["grip"]),
        n=int(row["n_labelled"]),
    )


def _hourly(row: Row, words: Words) -> Iterator[str]:
    if row["p"] is None:
        return
    yield words(
        "beside.hourly",
        first=plain(row["first_hour"]).replace("T", " ").replace("Z", " UTC"),
        effect=signed(row["effect"]),
        interval=interval(row["low"], row["high"]),
        n=int(row["n_authors"]),
        weeks=count(row["placebos"]),
        p=equal(row["p"]),
        smallest=decimal(row["smallest_visible"]),
    )

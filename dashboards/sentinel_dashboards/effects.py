"""Section 3: how large each effect was and how sure it is, as a forest plot and as a table."""

from __future__ import annotations

from typing import Any, Final

from sentinel.results import Results

from .axes import ZERO
from .events import Event, Story, cluster_of, tone
from .numerals import count, decimal, interval, p_value, plain, records, signed
from .remarks import remark
from .series import in_order
from .words import Words

__all__ = ["effects"]

MOST_ROWS: Final = 12_000  #: rows that the page carries; exploratory ones without a number go first
_NUMBERS: Final = ("effect", "low", "high", "p", "q", "smallest_visible")
_COUNTS: Final = ("n_posts", "n_authors", "n_authors_baseline")


def effects(results: Results, story: Story, words: Words) -> dict[str, Any]:
    """Answer, figure skeleton, packed rows for the filters, and the table of the primary family."""
    rows = _rows(results, story)
    kept, dropped = _within(rows)
    primary = [r for r in kept if r["scope"] == "all" and r["window"] == "reaction" and r["number"]]
    return {
        "answer": _answer(story, words),
        "table": [_shown(row, words) for row in primary],
        "dropped": dropped,
        "lesser": any(not row["number"] for row in kept),
        "scopes": _scopes(kept, words),
        "windows": sorted({r["window"] for r in kept}, key=lambda w: (w != "reaction", w)),
        "payload": _payload(kept, words) if kept else None,
    }


def _answer(story: Story, words: Words) -> str:
    """The range of what was found and of what could have been seen."""
    found = [e.finding for e in story.tested if e.finding.get("effect") is not None]
    if not found:
        return words("effects.none")
    reach = sorted(f["smallest_visible"] for f in found if f.get("smallest_visible") is not None)
    values = [f["effect"] for f in found]
    text = words("effects.answer", n=len(found), low=signed(min(values)), high=signed(max(values)))
    if reach:
        low, high = decimal(reach[0]), decimal(reach[-1])
        key = "effects.reach_one" if low == high else "effects.reach"
        text += words("sentence.space") + words(key, low=low, high=high)
    return text


def _rows(results: Results, story: Story) -> list[dict[str, Any]]:
    """Rows of effects.csv, one a cluster, window and scope, numbered as on the chart and sorted by date."""
    events = {event.cluster: event for event in story.events}
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in sorted(records(results.effects), key=lambda r: (str(r.get("date")), str(r.get("title")))):
        key = (cluster_of(row), str(row.get("window")), str(row.get("scope")))
        if key[0] in events or _inside(row, story):
            groups.setdefault(key, []).append(row)
    return [_joined(rows, events.get(key[0])) for key, rows in groups.items()]


def _joined(rows: list[dict[str, Any]], event: Event | None) -> dict[str, Any]:
    """One row of the announcements of a cluster, window and scope.

    A lesser announcement in the window of a tested one shares its numbers, but not its standing.
    """
    leading = min(rows, key=lambda row: row.get("family") == "exploratory")
    return {
        **leading,
        "number": event.numbers if event else "",
        "day": str(rows[0].get("date"))[:10],
        "titles": list(dict.fromkeys(str(row.get("title") or "") for row in rows)),
        "window": str(leading.get("window")),
        "scope": str(leading.get("scope")),
        "tone": tone(leading),
    }


def _inside(row: dict[str, Any], story: Story) -> bool:
    """Whether the announcement falls into the period of the posts."""
    return (
        story.span is not None
        and story.span[0].isoformat() <= str(row.get("date"))[:10] <= story.span[1].isoformat()
    )


def _within(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """At most `MOST_ROWS` rows, in their order; what is least worth reading is left to effects.csv."""
    if len(rows) <= MOST_ROWS:
        return rows, 0

    def worth(row: dict[str, Any]) -> tuple[bool, bool, float]:
        p = row.get("p")
        return (row.get("family") != "primary", row.get("effect") is None, 1.0 if p is None else float(p))

    keep = {id(row) for row in sorted(rows, key=worth)[:MOST_ROWS]}
    return [row for row in rows if id(row) in keep], len(rows) - MOST_ROWS


def _shown(row: dict[str, Any], words: Words) -> dict[str, Any]:
    """One row of the table, as text."""
    return {
        "number": row["number"],
        "day": row["day"],
        "title": words("event.and").join(plain(title) for title in row["titles"]),
        "n": count(row.get("n_authors")),
        "n_before": count(row.get("n_authors_baseline")),
        "effect": signed(row.get("effect")),
        "interval": interval(row.get("low"), row.get("high")),
        "p": p_value(row.get("p")),
        "q": p_value(row.get("q")),
        "smallest": decimal(row.get("smallest_visible")),
        "tone": row["tone"],
        "verdict": words(f"tone.{row['tone']}"),
        "reason": remark(row, words),
    }


def _scopes(rows: list[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    """Scopes that have rows, by family."""
    groups: dict[str, list[dict[str, str]]] = {}
    for scope in in_order({row["scope"] for row in rows}):
        groups.setdefault(words.family(scope), []).append({"value": scope, "name": words.scope(scope)})
    return [{"name": name, "options": options} for name, options in groups.items()]


def _payload(rows: list[dict[str, Any]], words: Words) -> dict[str, Any]:
    """Rows as columns, repeated texts once, for the page's script."""
    columns: dict[str, list[Any]] = {
        name: [None if row.get(name) is None else round(float(row[name]), 4) for row in rows]
        for name in _NUMBERS
    }
    columns |= {name: [None if row.get(name) is None else int(row[name]) for row in rows] for name in _COUNTS}
    texts: dict[str, dict[str, int]] = {}
    for name in ("number", "day", "window", "scope", "tone", "category", "title", "reason"):
        known = texts.setdefault(name, {})
        values = [_text(row, name, words) for row in rows]
        columns[name] = [known.setdefault(value, len(known)) for value in values]
    return {
        "columns": columns,
        "texts": {name: list(known) for name, known in texts.items()},
        "figure": _figure(words),
    }


def _text(row: dict[str, Any], name: str, words: Words) -> str:
    """A text column of the payload; titles are set as text by the script, and stripped again for the figure."""
    if name == "title":
        return words("event.and").join(plain(title) for title in row["titles"])
    if name == "reason":
        return remark(row, words)
    return plain(row.get(name))


def _figure(words: Words) -> dict[str, Any]:
    """Traces and layout without values: reach, then intervals with their verdicts."""
    points = {"type": "scatter", "mode": "markers", "hovertemplate": "%{customdata}<extra></extra>"}
    error = {"type": "data", "symmetric": False, "thickness": 1.6, "width": 0, "color": "@muted"}
    zero = {"zeroline": True, "zerolinecolor": "@ink", "zerolinewidth": 1.2}
    number = {"tickformat": "+.2f", "labelalias": ZERO, "gridcolor": "@grid"}
    rows = {"showgrid": False, "zeroline": False, "autorange": False, "automargin": True}
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "width": 0.62,
                "hoverinfo": "skip",
                "marker": {"color": "@reach"},
            },
            {**points, "marker": {"size": 11}, "error_x": error},
        ],
        "layout": {
            "showlegend": False,
            "hovermode": "closest",
            "margin": {"l": 10, "r": 14, "t": 6, "b": 46},
            "xaxis": {**number, **zero, "fixedrange": True, "title": {"text": words("effects.axis")}},
            "yaxis": {**rows, "fixedrange": True},
        },
    }

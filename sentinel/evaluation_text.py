"""Figures of the models as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sentinel.counting import counted

__all__ = ["figure_lines"]

_FEW: Final = 20
_MOSTLY: Final = 0.8
_OTHERS: Final = {
    "not_about_f1": "not about Alibaba, F1",
    "spam_f1": "spam, F1",
    "topics_micro_f1": "topics, micro-F1",
}


def figure_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """What `sentinel.evaluation.evaluate` found, group by group; 90 % intervals."""
    yield f"models: {', '.join(figures['models'])}"
    if not figures["groups"]:
        yield "nothing to measure: labels are needed, posts not about Alibaba (about = n), spam (spam = y) or topics"
    for group in figures["groups"]:
        yield ""
        where = " · ".join(filter(None, (group["lang"], group["source"]))) or "all"
        few = "; too few to tell much" if group["texts"] < _FEW else ""
        yield f"{where}: {counted(group['posts'], 'post')}{_copied(group)}{few}"
        if "n" in group:
            yield from _sentiment_lines(group)
        for name, title in _OTHERS.items():
            if name in group:
                of = f"{group[name]['wanted']:,} in {counted(group[name]['n'], 'post')}"
                yield f"  {title:<24}{_told(group[name])}  ({of})"


def _copied(group: Mapping[str, Any]) -> str:
    """How many texts there are, where a good part of the posts are copies."""
    if group["texts"] > _MOSTLY * group["posts"]:
        return ""
    return f", {counted(group['texts'], 'text')} without copies, so that intervals are too narrow"


def _sentiment_lines(group: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {'with a label':<24}{group['n']:,}, {group['scored']:.0%} scored"
    yield f"  {'macro-F1':<24}{_told(group['macro_f1'])}"
    yield f"  {'macro-recall':<24}{_told(group['macro_recall'])}"
    if group["mood_error"] is not None:
        chance = f"{group['calibration_error_by_chance']:.3f} by chance alone"
        yield f"  {'calibration error':<24}{group['calibration_error']:.3f}  (ECE, 10 bins; {chance})"
        yield f"  {'  without chance':<24}{_told(group['calibration_error_debiased'])}"
        yield f"  {'mood error':<24}{group['mood_error']:.3f}  (groups of 100{_adjustment(group)})"
    columns = list(next(iter(group["confusion"].values())))
    yield f"  {'truth, then guess':<24}" + "".join(f"{name:>10}" for name in columns)
    for label, counts in group["confusion"].items():
        yield f"    {label:<22}" + "".join(f"{counts[name]:>10,}" for name in columns)


def _adjustment(group: Mapping[str, Any]) -> str:
    if "mood_error_adjusted" not in group:
        return f"; mean score {group['bias']:+.3f} off"
    return f", adjusted; as tagged {group['mood_error_as_tagged']:.3f}, mean score {group['bias']:+.3f} off"


def _told(figure: Mapping[str, Any]) -> str:
    return f"{figure['figure']:.3f}  ({figure['low']:.2f} to {figure['high']:.2f})"

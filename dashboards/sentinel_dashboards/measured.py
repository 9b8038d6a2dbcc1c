"""What is known of the models' quality, as text; what was not measured says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .numerals import count, decimal, plain
from .words import Words

__all__ = ["by_language", "figures"]


def figures(by_measure: Any, words: Words) -> str:
    """Measures of one model on one language: "macro F1 0.71, n 1,000"."""
    if not isinstance(by_measure, Mapping):
        return _figure(by_measure)
    ordered = sorted(by_measure.items(), key=lambda item: (isinstance(item[1], int), str(item[0])))
    return ", ".join(f"{words.named('measure', str(name))} {_figure(value)}" for name, value in ordered)


def by_language(models: Sequence[Mapping[str, Any]], words: Words) -> dict[str, str]:
    """Language -> what its scorers reach on it; a language that no scorer was measured on is not there.

    Scorers are told by their measure, the mean over labels; where no model has it, all of them are told.
    """
    scorers = [model for model in models if _scores(model.get("quality"))]
    found: dict[str, list[str]] = {}
    for model in scorers or models:
        quality = model.get("quality")
        if isinstance(quality, Mapping):
            for lang, by_measure in sorted(quality.items()):
                text = f"{plain(model.get('name'))}: {figures(by_measure, words)}"
                found.setdefault(str(lang), []).append(text)
    return {lang: "; ".join(texts) for lang, texts in found.items()}


def _scores(quality: Any) -> bool:
    """Whether a model was measured on sentiment: by macro F1."""
    if not isinstance(quality, Mapping):
        return False
    measures = [name for one in quality.values() if isinstance(one, Mapping) for name in one]
    return any(str(name).lower().startswith("macro") for name in measures)


def _figure(value: Any) -> str:
    """A figure: counts whole, shares with two digits."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return plain(value)
    return count(value) if isinstance(value, int) else decimal(value)

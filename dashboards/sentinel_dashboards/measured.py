"""What is known of the models' quality, as text; what was not measured says so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from .numerals import count, decimal, plain
from .words import Words

__all__ = ["by_language", "figures"]

#: "macro-F1, gold 2022-26 English": the language is told beside it.
_ON_POSTS: Final = re.compile(
    r"(?P<measure>.+), (?P<posts>gold.*?|corrections held out)(?: (?:en|zh|English|Chinese))?"
)


def figures(by_measure: Any, words: Words) -> str:
    """Measures of one model on one language: "macro F1 0.71, n 1,000", or "macro-F1 0.65 (0.57-0.72, n 184) on …"."""
    if not isinstance(by_measure, Mapping):
        return _figure(by_measure)
    # A table has no room here.
    told = [item for item in by_measure.items() if not isinstance(item[1], Mapping)]
    ordered = sorted(told, key=lambda item: (isinstance(item[1], int), str(item[0])))
    return ", ".join(_told(str(name), _figure(value), words) for name, value in ordered) or words(
        "quality.not_measured"
    )


def _told(name: str, figure: str, words: Words) -> str:
    """A measure with its figure and, where its name says so, the posts it was measured on."""
    found = _ON_POSTS.fullmatch(name)
    if found is None:
        return f"{words.named('measure', name)} {figure}"
    measure, posts = words.named("measure", found["measure"]), words.named("measured_on", found["posts"])
    return words("quality.figure", measure=measure, figure=figure, posts=posts)


def by_language(models: Sequence[Mapping[str, Any]], words: Words) -> dict[str, str]:
    """Language -> what its scorers reach on it; a language that no scorer was measured on is not there.

    Of models that do not say whether they are scorers, those are that were measured by macro F1.
    """
    found: dict[str, list[str]] = {}
    for model in models:
        if not model.get("scores", _scores(model.get("quality"))):
            continue
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

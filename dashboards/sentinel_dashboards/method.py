"""Section 7: how the numbers were made, in plain words, with the settings they were made with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sentinel.results import Results

from .measured import figures
from .numerals import MINUS, plain
from .words import Words

__all__ = ["method"]


def method(results: Results, words: Words) -> dict[str, Any]:
    """Paragraphs, settings, and the models with what is known of their quality."""
    options = results.options
    paragraphs = ["vote", "compare", "placebo", "family", "strata", "not"]
    return {
        "paragraphs": [
            {"title": words(f"method.{k}.title"), "text": words(f"method.{k}")} for k in paragraphs
        ],
        "settings": _settings(options, words),
        "models": [_model(model, words) for model in results.models],
    }


def _settings(options: Mapping[str, Any], words: Words) -> list[list[str]]:
    """Every option, by name; windows as days around day 0."""
    rows = []
    for name, value in (options.get("windows") or {}).items():
        label = words.named("window", name)
        rows.append([label, _offsets(value, words)])
    for name in sorted(set(options) - {"windows"}):
        label = words.named("option", name)
        rows.append([label, _value(options[name], words)])
    return rows


def _offsets(value: Any, words: Words) -> str:
    """A window as days relative to the announcement."""
    if isinstance(value, (list, tuple)) and len(value) == 2:
        first, last = (f"{MINUS if v < 0 else '+' if v > 0 else ''}{abs(int(v))}" for v in value)
        return words("method.offsets", first=first, last=last)
    return plain(value)


def _value(value: Any, words: Words) -> str:
    """A setting as text."""
    if value is None or value == "" or value == {} or value == [] or value == ():
        return words("method.unset")
    if isinstance(value, Mapping):
        return ", ".join(plain(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return "; ".join(_value(part, words) for part in value)
    return words.told(value)


def _model(model: Mapping[str, Any], words: Words) -> list[str]:
    """Name, version and quality of one model."""
    quality = model.get("quality")
    text = words("quality.not_measured")
    if isinstance(quality, Mapping) and quality:
        told = (f"{words.scope(f'lang:{lang}')}: {figures(v, words)}" for lang, v in sorted(quality.items()))
        text = "; ".join(told)
    return [plain(model.get("name")), plain(model.get("version")), text]

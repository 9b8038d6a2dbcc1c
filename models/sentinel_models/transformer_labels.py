"""What the labels of somebody else's classifier mean: from their names, or from the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sentinel.errors import SettingsError

__all__ = ["CLASSES", "meanings"]

CLASSES: Final = ("negative", "neutral", "positive")
_NAMES: Final = {
    "negative": {"negative", "neg", "bearish", "bear", "negativ", "负面", "消极", "看空", "very negative"},
    "neutral": {"neutral", "neu", "mixed", "none", "中性", "中立"},
    "positive": {"positive", "pos", "bullish", "bull", "positiv", "正面", "积极", "看多", "very positive"},
}
_STARS: Final = re.compile(r"([1-5]) stars?")
_NUMBERED: Final = re.compile(r"label (\d+)")
_BY_NUMBER: Final = {2: ("negative", "positive"), 3: CLASSES}


def meanings(names: Sequence[str], given: Mapping[str, str] | None) -> list[int | None]:
    """Position in negative, neutral, positive of each label of a model; ``None`` for one that is left out.

    Understood are negative, neutral and positive, bearish and bullish, stars from one to five, and LABEL_0 and on,
    which two or three labels are called that nobody named.

    Parameters
    ----------
    names : the model's labels, in its order.
    given : the settings' own: label -> negative, neutral, positive, or "" to leave it out.

    Raises
    ------
    SettingsError
        If a label is not understood, or the settings name one that the model does not have.
    """
    found = _given(names, given) if given is not None else [_meaning(name, len(names)) for name in names]
    if None in found and given is None:
        raise SettingsError(
            f"models plug-in 'transformers': the model's labels are {', '.join(names)}, and what they mean is not "
            "known; say it as labels = { "
            + ", ".join(
                f'{name!r} = "negative"' if at == 0 else f"{name!r} = …" for at, name in enumerate(names[:2])
            )
            + " } (negative, neutral, positive, or an empty text to leave one out)"
        )
    if len({meaning for meaning in found if meaning}) < 2:
        raise SettingsError(
            f"models plug-in 'transformers': of the labels {', '.join(names)} fewer than two mean something; "
            "expected at least two of negative, neutral, positive"
        )
    return [CLASSES.index(meaning) if meaning else None for meaning in found]


def _given(names: Sequence[str], given: Mapping[str, str]) -> list[str | None]:
    own = {name.casefold(): meaning for name, meaning in given.items()}
    for name, meaning in given.items():
        if name.casefold() not in {each.casefold() for each in names}:
            raise SettingsError(
                f"models plug-in 'transformers': labels names {name!r}; the model has {', '.join(names)}"
            )
        if meaning not in (*CLASSES, ""):
            raise SettingsError(
                f"models plug-in 'transformers': labels says that {name!r} is {meaning!r}; expected negative, neutral, "
                "positive, or an empty text"
            )
    return [own.get(name.casefold(), "") or None for name in names]


def _meaning(name: str, n_labels: int) -> str | None:
    plain = re.sub(r"[\s_-]+", " ", name).strip().casefold()
    for meaning, names in _NAMES.items():
        if plain in names:
            return meaning
    if stars := _STARS.fullmatch(plain):
        return CLASSES[(int(stars[1]) > 2) + (int(stars[1]) > 3)]
    if numbered := _NUMBERED.fullmatch(plain):
        known = _BY_NUMBER.get(n_labels, ())
        return known[int(numbered[1])] if int(numbered[1]) < len(known) else None
    return None

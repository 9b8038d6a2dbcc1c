"""What a model states about itself, as values that any file can hold: a stranger's may be of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from numbers import Integral, Real
from typing import Any, Final

__all__ = ["NOT_MEASURED", "stated"]

NOT_MEASURED: Final = "not measured"


def stated(model: Any) -> dict[str, Any]:
    """Name, version, whether it is a scorer, and its quality: language -> measure -> figure, or `NOT_MEASURED`."""
    quality = getattr(model, "quality", None)
    return {
        "name": model.name,
        "version": model.version,
        "scores": "score" in model.columns,
        "quality": _plain(quality) if isinstance(quality, Mapping) and quality else NOT_MEASURED,
    }


def _plain(value: Any) -> Any:
    """A figure, or a table of figures, of Python's own kinds; of what is none it is not known what was measured."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real) and isfinite(value):
        return float(value)
    return NOT_MEASURED

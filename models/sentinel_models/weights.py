"""Trained weights: plain arrays in ``artifacts/``, never pickled, each file known by its SHA-256."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from sentinel.errors import PluginError

__all__ = ["load_weights", "quality"]


@cache
def load_weights(name: str) -> Mapping[str, npt.NDArray[Any]]:
    """Arrays of a model, read once.

    Raises
    ------
    PluginError
        If the file is missing or its digest is not the one it was shipped with.
    """
    folder = files("sentinel_models").joinpath("artifacts")
    try:
        content = folder.joinpath(f"{name}.npz").read_bytes()
        expected = json.loads(folder.joinpath("digests.json").read_text(encoding="utf-8"))[f"{name}.npz"]
    except (OSError, KeyError, ValueError) as error:
        raise PluginError(
            f"weights of model {name!r} are missing or damaged: {error}; install the package again"
        ) from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise PluginError(
            f"weights of model {name!r} are not those that were shipped (SHA-256 differs); install the package again"
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {key: arrays[key] for key in arrays.files}


@cache
def quality(name: str) -> dict[str, dict[str, Any]]:
    """Measured quality of a model, language -> measure -> figure; empty if it was not measured."""
    path = files("sentinel_models").joinpath("artifacts", "quality.json")
    try:
        measured = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return {}
    return dict(measured.get(name, {}))

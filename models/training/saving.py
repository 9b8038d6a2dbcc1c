"""Write trained weights: whole numbers, plain arrays, each file with its version and its SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["ARTIFACTS", "ASIDE", "DATA", "save", "write_digests", "write_experts"]

ARTIFACTS = Path(__file__).parents[1] / "sentinel_models" / "artifacts"
DATA = Path(__file__).parents[1] / "sentinel_models" / "data"
#: Weights that have not learned the held-in tenth: for `evaluate.py`, neither shipped nor committed.
ASIDE = Path(__file__).with_name("before")
Floats = npt.NDArray[np.float64]

#: Quantile of the weights of an output that the largest whole number stands for; the few larger ones are cut.
LARGEST = 0.99999


def write_experts(
    model: str, names: Sequence[str], keep: npt.NDArray[np.int64], rarity: Floats, polar: Floats,
    experts: Sequence[tuple[Floats, Floats]], *, aside: bool = False,
) -> None:  # fmt: skip
    """Weights of the experts and of the gate, the last of `experts`, as `Experts` takes them.

    What the polar outputs add is added to the features that they are made of. Those that are put `aside` know which
    shipped ones they belong to.
    """
    *kinds, gate = experts
    weights = [_against(matrix, 1) for matrix, _ in kinds] + [_against(gate[0], 0)]
    coefficients = np.vstack(weights).T
    bias = np.concatenate([_against(bias, 1) for _, bias in kinds] + [_against(gate[1], 0)])
    hashed, told, measured = np.split(coefficients, [len(keep), len(keep) + polar.shape[1]])
    features = polar @ told
    features[keep] += hashed
    features *= rarity[:, None]
    units = np.quantile(np.abs(features[keep]), LARGEST, axis=0) / 127
    whole = np.clip(np.rint(features / units), -127, 127).astype(np.int8)
    arrays = {
        "features": whole,
        "units": units,
        "slopes": measured,
        "bias": bias,
        "names": np.array(names),
    }
    if aside:
        shipped = hashlib.sha256((ARTIFACTS / f"{model}.npz").read_bytes()).hexdigest()
        save(model, ASIDE, **arrays, shipped=np.array(shipped))
    else:
        save(model, **arrays)


def _against(outputs: Floats, at: int) -> Floats:
    """What outputs are over one of them, which is left out: a softmax knows no more."""
    return np.delete(outputs - outputs[at], at, axis=0)


def save(model: str, folder: Path = ARTIFACTS, /, **arrays: Any) -> None:
    """Write arrays, with a version that changes with them."""
    digest = hashlib.sha256(
        b"".join(np.ascontiguousarray(array).tobytes() for array in arrays.values())
    ).hexdigest()
    folder.mkdir(exist_ok=True)
    np.savez_compressed(folder / f"{model}.npz", version=np.array(f"1-{digest[:8]}"), **arrays)


def write_digests() -> None:
    """Note the SHA-256 of every file of weights."""
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(ARTIFACTS.glob("*.npz"))
    }
    (ARTIFACTS / "digests.json").write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")

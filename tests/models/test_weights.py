from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from sentinel_models import weights

from sentinel.errors import PluginError

ARTIFACTS = Path(str(files("sentinel_models"))) / "artifacts"


def test_every_file_of_weights_has_its_digest() -> None:
    digests = json.loads((ARTIFACTS / "digests.json").read_text(encoding="utf-8"))
    assert {path.name for path in ARTIFACTS.glob("*.npz")} == set(digests)
    for name, digest in digests.items():
        assert hashlib.sha256((ARTIFACTS / name).read_bytes()).hexdigest() == digest


def test_weights_hold_no_objects_and_are_small() -> None:
    for path in ARTIFACTS.glob("*.npz"):
        with np.load(path, allow_pickle=False) as arrays:
            assert all(arrays[key].dtype != object for key in arrays.files)
    assert sum(path.stat().st_size for path in ARTIFACTS.iterdir()) < 20_000_000


def test_damaged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "artifacts"
    folder.mkdir()
    (folder / "digests.json").write_text('{"linear.npz": "0"}', encoding="utf-8")
    (folder / "linear.npz").write_bytes(b"no weights")
    monkeypatch.setattr(weights, "files", lambda package: tmp_path)
    weights.load_weights.cache_clear()
    with pytest.raises(PluginError, match="SHA-256 differs"):
        weights.load_weights("linear")
    with pytest.raises(PluginError, match="missing or damaged"):
        weights.load_weights("none")
    weights.load_weights.cache_clear()

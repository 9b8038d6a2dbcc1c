"""Arrays of a trained model in a file: plain numbers, never pickled, with the SHA-256 of the file beside it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from sentinel.errors import PluginError, SettingsError
from sentinel.export import write_bytes

__all__ = ["digest_path", "read_arrays", "write_arrays"]

Arrays = Mapping[str, npt.NDArray[Any]]


def digest_path(path: Path) -> Path:
    """Where the SHA-256 of a file of weights is kept, as ``sha256sum -c`` reads it."""
    return path.with_name(f"{path.name}.sha256")


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays and their digest; the same arrays give the same bytes.

    Raises
    ------
    SentinelError
        If the file cannot be written.
    """
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **dict(arrays))
    content = stream.getvalue()
    write_bytes(path, content)
    write_bytes(digest_path(path), f"{hashlib.sha256(content).hexdigest()}  {path.name}\n".encode())


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Arrays that `write_arrays` wrote.

    Raises
    ------
    SettingsError
        If there is no such file.
    PluginError
        If the file or its digest is missing or damaged, or the two do not belong together.
    """
    written = f"'sentinel train' writes {path.name} and {path.name}.sha256"
    if not path.exists():
        raise SettingsError(f"weights {path}: no such file; {written}")
    try:
        content = path.read_bytes()
        expected = digest_path(path).read_text(encoding="utf-8").split()[:1]
    except (OSError, UnicodeDecodeError) as error:
        raise PluginError(f"weights {path} cannot be read: {error}; {written}") from None
    if [hashlib.sha256(content).hexdigest()] != expected:
        raise PluginError(
            f"weights {path} are not those that were written (SHA-256 differs); train them again"
        )
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (ValueError, OSError, BadZipFile) as error:
        raise PluginError(f"weights {path} hold no arrays: {error}; train them again") from None

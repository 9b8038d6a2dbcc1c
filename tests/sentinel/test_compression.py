from __future__ import annotations

import collections
import io
import sys
from typing import BinaryIO, cast

import pytest

from sentinel.compression import CutShort, compression_of, decompressed
from sentinel.errors import SourceError


@pytest.mark.parametrize(
    ("magic", "name"),
    [
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"BZh91AY", "bzip2"),
        (b"BZhello", None),
        (b"\xfd7zXZ\x00", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\x50\x2a\x4d\x18\x00", "zstd"),
        (b"{}", None),
        (b"", None),
    ],
)
def test_by_magic(magic: bytes, name: str | None) -> None:
    assert compression_of(magic) == name


def test_zstd_with_several_frames() -> None:
    zstandard = pytest.importorskip("zstandard")
    packed = zstandard.compress(b"one\n") + zstandard.compress(b"two\n")
    with decompressed(io.BytesIO(packed), "zstd", "a.zst") as stream:
        assert stream.read() == b"one\ntwo\n"


def test_zstd_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(
        SourceError, match=r"a\.zst is compressed with zstd.*pip install 'mood-sentinel\[zstd\]'"
    ):
        decompressed(io.BytesIO(b""), "zstd", "a.zst")


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz"])
def test_damage_is_named(name: str) -> None:
    with pytest.raises(CutShort, match=r"a\.x: the compressed data is cut short or damaged"):
        decompressed(io.BytesIO(b"\x1f\x8b\x08\x00nothing of the kind"), name, "a.x").read()


class Endless(io.RawIOBase):
    """A zstd file that goes on for ever, a few bytes for each block of zeros."""

    def __init__(self, frame: bytes) -> None:
        self._frame = frame

    def read(self, size: int = -1) -> bytes:
        return self._frame * max(1, size // len(self._frame))


def test_zstd_that_grows_without_end_is_stopped() -> None:
    zstandard = pytest.importorskip("zstandard")
    frame = zstandard.compress(bytes(2**20))
    stream = decompressed(cast(BinaryIO, Endless(frame)), "zstd", "a.zst")
    with pytest.raises(SourceError, match="decompression bomb"):
        collections.deque(iter(lambda: stream.read(2**20), b""), maxlen=0)

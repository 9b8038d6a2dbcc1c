"""Decompression by magic bytes, with a limit on how far a file may expand."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from typing import Any, BinaryIO, Final, cast

from sentinel.errors import SourceError

__all__ = ["CutShort", "compression_of", "decompressed"]

# An export of repetitive JSON shrinks to a fortieth, deflate cannot do better than a thousandth: above this
# ratio a file is a bomb. Small files may grow to the floor whatever their ratio.
MAX_RATIO: Final = 250
FREE_BYTES: Final = 256 * 2**20
# The monthly Reddit dumps are written with `zstd --long=31`.
ZSTD_WINDOW: Final = 2**31
BUFFER: Final = 256 * 1024

MAGIC: Final = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


class CutShort(SourceError):
    """The compressed data ends early or is damaged; what came before is sound.

    Attributes
    ----------
    problem : without the name of the file, for what is told of a row in it.
    """

    def __init__(self, problem: str, name: str = "") -> None:
        super().__init__(f"{name}: {problem}" if name else problem)
        self.problem = problem


def compression_of(magic: bytes) -> str | None:
    """Name of the compression that `magic`, the beginning of a file, stands for; ``None`` if plain."""
    for start, name in MAGIC.items():
        if magic.startswith(start) and (name != "bzip2" or magic[3:4].isdigit()):
            return name
    if len(magic) >= 4 and magic[1:4] == b"\x2a\x4d\x18" and magic[0] & 0xF0 == 0x50:
        return "zstd"  # a skippable frame comes first
    return None


def decompressed(raw: BinaryIO, compression: str, name: str) -> BinaryIO:
    """The plain bytes behind `raw`, streamed.

    Reading raises `CutShort` where the data ends early or is damaged, and `SourceError` when it has expanded
    beyond 256 MiB and 250 times what was read.
    """
    counted = _Counted(raw)
    stream: Any
    if compression == "gzip":
        stream = gzip.GzipFile(fileobj=cast(BinaryIO, counted), mode="rb")
    elif compression == "bzip2":
        stream = bz2.BZ2File(cast(BinaryIO, counted))
    elif compression == "xz":
        stream = lzma.LZMAFile(cast(BinaryIO, counted))  # noqa: SIM115 - closed by its reader
    else:
        stream = _zstd(counted, name)
    return io.BufferedReader(_Limited(stream, counted, name), BUFFER)


def _zstd(counted: _Counted, name: str) -> Any:
    try:
        import zstandard
    except ModuleNotFoundError as error:
        raise SourceError(
            f"{name} is compressed with zstd, which needs the package zstandard: "
            "pip install 'mood-sentinel[zstd]'"
        ) from error
    reader = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
    return reader.stream_reader(cast(BinaryIO, counted), read_across_frames=True)


class _Counted(io.RawIOBase):
    """Counts the compressed bytes taken from a file."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._raw.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self.taken += len(chunk)
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Limited(io.RawIOBase):
    """Turns a decompressor's many errors into ours, and stops a bomb."""

    def __init__(self, stream: Any, counted: _Counted, name: str) -> None:
        self._stream = stream
        self._counted = counted
        self._name = name
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            # read1, since a larger read loses what came before an error
            chunk = self._stream.read1(len(buffer))
        except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
            raise self._cut(str(error) or type(error).__name__) from error
        except Exception as error:
            if type(error).__module__.partition(".")[0] != "zstandard":
                raise
            raise self._cut(str(error)) from error
        self._given += len(chunk)
        if self._given > FREE_BYTES and self._given > MAX_RATIO * self._counted.taken:
            raise SourceError(
                f"{self._name} expands to more than {MAX_RATIO} times its size "
                f"({self._given // 2**20} MiB so far); refused as a decompression bomb"
            )
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _cut(self, reason: str) -> CutShort:
        return CutShort(f"the compressed data is cut short or damaged ({reason})", self._name)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._counted.close()
        super().close()

"""Which encoding a file is in, and its bytes as UTF-8."""

from __future__ import annotations

import codecs
import io
import re
from typing import Any, BinaryIO, Final

from sentinel.source import HEAD_BYTES, Source

__all__ = ["GUESSED", "decoded_head", "detect", "open_utf8"]

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where a UTF-8 file holds a few broken bytes, nearly all other bytes beyond ASCII are still sound.
MAX_BROKEN_SHARE: Final = 0.1
# Two bytes of the 3,755 commonest characters, which make up nearly all Chinese text. A cp1252 accent is followed
# by an ASCII letter instead.
COMMON_HANZI: Final = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
#: What another program wrote in the place of bytes that it could not read is sound UTF-8.
_REPLACED: Final = "\ufffd".encode()
#: Encodings that nothing in a file states: they are taken because its bytes fit.
GUESSED: Final = frozenset({"gb18030", "cp1252"})
BEYOND_ASCII: Final = re.compile(rb"[\x80-\xff]")


def detect(head: bytes) -> str:
    """Python's name of the encoding of a file that begins with `head`.

    A byte-order mark decides; then the share of NUL bytes (UTF-16), valid UTF-8, common Chinese characters
    (GB18030); what remains is cp1252.
    """
    for bom, name in BOMS:
        if head.startswith(bom):
            return name
    even, odd = (head[start:4096:2].count(0) / max(1, len(head[start:4096:2])) for start in (0, 1))
    if max(even, odd) > 0.3 and min(even, odd) < 0.05:
        return "utf-16-be" if even > odd else "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = decoder.decode(head, len(head) < HEAD_BYTES).count("\ufffd") - head.count(_REPLACED)
    beyond = len(BEYOND_ASCII.findall(head))
    if broken <= MAX_BROKEN_SHARE * beyond:
        return "utf-8"
    if 2 * len(COMMON_HANZI.findall(head)) > 0.6 * beyond:
        return "gb18030"
    return "cp1252"


def decoded_head(source: Source) -> str:
    """The beginning of a source as text; undecodable bytes show as U+FFFD."""
    encoding = detect(source.head)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return decoder.decode(source.head, False)


def open_utf8(source: Source, encoding: str | None = None) -> BinaryIO:
    """The source's bytes as UTF-8 without a byte-order mark, streamed; undecodable ones become U+FFFD.

    Lines that end as on old Macs, in CR alone, end in LF.

    Parameters
    ----------
    encoding : where the format states it; else it is detected.
    """
    encoding = encoding or detect(source.head)
    old_lines = b"\r" in source.head and b"\n" not in source.head
    stream = source.open()
    if encoding == "utf-8" and not old_lines:
        return stream
    if encoding == "utf-8-sig" and not old_lines:
        stream.read(len(codecs.BOM_UTF8))
        return stream
    return io.BufferedReader(_Transcoded(stream, encoding, old_lines), 256 * 1024)


class _Transcoded(io.RawIOBase):
    def __init__(self, stream: BinaryIO, encoding: str, old_lines: bool) -> None:
        self._stream = stream
        self._old_lines = old_lines
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._rest = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest and not self._ended:
            chunk = self._stream.read(64 * 1024)
            self._ended = not chunk
            text = self._decoder.decode(chunk, self._ended)
            self._rest = (text.replace("\r", "\n") if self._old_lines else text).encode("utf-8", "replace")
        given = self._rest[: len(buffer)]
        self._rest = self._rest[len(given) :]
        buffer[: len(given)] = given
        return len(given)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

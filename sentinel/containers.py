"""What lies in a zip or tar file, without unpacking anything to disk under a name of its own."""

from __future__ import annotations

import io
import shutil
import stat
import tarfile
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final, NamedTuple

from sentinel.compression import BUFFER, FREE_BYTES, MAX_RATIO, CutShort
from sentinel.errors import SourceError

__all__ = ["Member", "container_of", "members_of"]

ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
# Zip files that are one document: a spreadsheet is a file to its owner, not a folder.
DOCUMENT: Final = (b"[Content_Types].xml", b"docProps/", b"xl/worksheets", b"META-INF/manifest.xml")


class Member(NamedTuple):
    """One file of a container."""

    name: str
    size: int
    open: Callable[[], BinaryIO]
    refused: str | None = None  #: why it must not be read: "it is a link"


def container_of(head: bytes) -> str | None:
    """``"zip"`` or ``"tar"`` if a file that begins with `head` is one."""
    if head.startswith(ZIP):
        return None if any(name in head[:4096] for name in DOCUMENT) else "zip"
    return "tar" if head[257:262] == b"ustar" else None


def members_of(kind: str, opened: BinaryIO, size: int, name: str) -> list[Member]:
    """The files in a container, in its own order.

    Parameters
    ----------
    opened : the container's bytes; kept open for as long as its members are in use.
    size : bytes on disk, the measure of how far the members may expand.

    Raises
    ------
    SourceError
        If it is damaged, or if its members are a decompression bomb.
    """
    seekable = opened if opened.seekable() else _spooled(opened)
    try:
        members = _zip_members(seekable) if kind == "zip" else _tar_members(seekable)
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        OSError,
        ValueError,
        NotImplementedError,
        EOFError,
    ) as error:
        seekable.close()
        raise CutShort(f"{name} is a damaged {kind} file ({error}); get it again") from error
    total = sum(member.size for member in members)
    if total > max(FREE_BYTES, MAX_RATIO * size):
        raise SourceError(
            f"{name} would expand from {size} to {total} bytes; refused as a decompression bomb"
        )
    return members


def _spooled(stream: BinaryIO) -> BinaryIO:
    """A copy on disk, for containers inside of something that can only be read forwards."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the members that read from it
    try:
        with stream:
            shutil.copyfileobj(stream, copy, BUFFER)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy


def _unsafe(name: str) -> str | None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":":
        return f"its name {name!r} points outside of the archive"
    return None


def _zip_members(file: BinaryIO) -> list[Member]:
    archive = zipfile.ZipFile(file)
    weakref.finalize(archive, file.close)
    members = []
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        name = _zip_name(entry)
        refused = _unsafe(name)
        if stat.S_ISLNK(entry.external_attr >> 16):
            refused = "it is a link"
        elif entry.flag_bits & 1:
            refused = "it is encrypted; unpack it and give the folder instead"
        members.append(Member(name, entry.file_size, _zip_opener(archive, entry), refused))
    return members


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """The member's name; zip tools that do not say UTF-8 write in their machine's encoding."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        written = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _zip_opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def open_member() -> BinaryIO:
        try:
            return io.BufferedReader(_Guarded(archive.open(entry), entry.filename), BUFFER)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise SourceError(f"{entry.filename} in a zip file cannot be read: {error}") from error

    return open_member


def _tar_members(file: BinaryIO) -> list[Member]:
    shared = _Shared(file)
    members = []
    with tarfile.open(fileobj=file, mode="r:") as archive:
        try:
            for entry in archive:
                if not entry.isdir():
                    members.append(_tar_member(shared, entry))
        except tarfile.TarError as error:
            if not members:
                raise
            rest = "the rest of the tar file"
            members.append(Member(rest, 0, io.BytesIO, f"the file is cut short or damaged ({error})"))
    return members


def _tar_member(shared: _Shared, entry: tarfile.TarInfo) -> Member:
    refused = _unsafe(entry.name)
    if not entry.isreg() or entry.issparse():
        refused = refused or "it is a link or a device, not a file"
    start, size = entry.offset_data, entry.size

    def open_member() -> BinaryIO:
        return io.BufferedReader(_Slice(shared, start, size), BUFFER)

    return Member(entry.name, size, open_member, refused)


class _Shared:
    """A file that several members read from; closed when the last of them is gone."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        weakref.finalize(self, file.close)


class _Slice(io.RawIOBase):
    def __init__(self, shared: _Shared, start: int, size: int) -> None:
        self._shared = shared
        self._at = start
        self._end = start + size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._shared.file.seek(self._at)
        chunk = self._shared.file.read(min(len(buffer), self._end - self._at))
        if not chunk and self._at < self._end:
            raise CutShort("the tar file ends inside of this member")
        self._at += len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Guarded(io.RawIOBase):
    """Turns the errors of a damaged zip member into ours."""

    def __init__(self, stream: Any, name: str) -> None:
        self._stream = stream
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise CutShort(f"the compressed data is cut short or damaged ({error})", self._name) from error
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

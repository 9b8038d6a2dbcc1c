"""Units of input: files, members of archives, and export folders that are read as one."""

from __future__ import annotations

import glob
import hashlib
import io
import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, cast

from sentinel.compression import CutShort, compression_of, decompressed
from sentinel.containers import Member, container_of, members_of
from sentinel.errors import SourceError, UsageError

__all__ = ["HEAD_BYTES", "Known", "Source", "Unit", "find_sources", "heal", "matches"]

HEAD_BYTES: Final = 256 * 1024
# A gzip in a tar in a zip is still somebody's backup; more is somebody's joke.
MAX_NESTING: Final = 3
CHUNK: Final = 2**20
#: Of a folder: names of files -> what the system says of them; which of them are passed over.
Known = Callable[[Path, Mapping[str, os.stat_result]], Collection[str]]
# Names of members are a stranger's text, and are shown in terminals.
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def heal(text: str) -> str:
    """`text` as every later step can write it: surrogate pairs joined, lone ones U+FFFD, NUL dropped."""
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


class Unit(NamedTuple):
    """Files of a folder or an archive that are one export."""

    folder: str  #: where they lie: "" or "sub/"
    members: frozenset[str]  #: the files that are read
    companions: frozenset[str] = frozenset()  #: what comes with them and holds no posts, such as media


class Source:
    """One unit of input.

    Attributes
    ----------
    name : as shown to users, relative to the path that was given: "sub/a.jsonl", "dump.zip/data/tweets.js".
    path : the file or folder on disk that it lies in.
    size : bytes on disk, or as an archive's index says.
    is_file : whether it is a file on disk, as a whole.
    found : scratch space for what was learnt from the head, so that many formats may look at it.
    """

    def __init__(
        self,
        name: str,
        path: Path,
        size: int,
        opener: Callable[[], BinaryIO],
        members: Mapping[str, Source] | None = None,
        refused: str | None = None,
        cause: BaseException | None = None,
    ) -> None:
        self.name = CONTROL.sub("\ufffd", heal(name))
        self.path = path
        self.size = size
        self.is_file = False
        self.found: dict[str, Any] = {}
        self._opener = opener
        self._members = members or {}
        self._refused = refused
        self._cause = cause

    def __repr__(self) -> str:
        return f"Source({self.name!r})"

    @classmethod
    def of_file(cls, path: Path, name: str | None = None, size: int | None = None) -> Source:
        """A file on disk."""
        found = path.stat() if size is None else None
        n_bytes = found.st_size if found else size or 0
        source = cls(name or path.name, path, n_bytes, lambda: path.open("rb", CHUNK // 4))
        source.is_file = True
        if found and not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
            source._opener = source._no_file  # opening it could wait for ever, and nobody can read it twice
        return source

    def forget(self) -> None:
        """Frees what was learnt from the head; it is learnt again if it is asked for again."""
        self.__dict__.pop("head", None)
        self.found.clear()
        for member in self._members.values():
            member.forget()

    def members(self) -> Mapping[str, Source]:
        """The parts of an export folder, by name relative to it; empty for a file."""
        return self._members

    @cached_property
    def sha256(self) -> str:
        """Digest of the bytes on disk; for an export folder, of its members' names and digests.

        A member that a damaged archive cannot give is known by what could be read of it.
        """
        digest = hashlib.sha256()
        if self._members:
            for name in sorted(self._members):
                digest.update(f"{name}\n{self._members[name].sha256}\n".encode("utf-8", "replace"))
            return digest.hexdigest()
        try:
            with self._opened() as raw:
                while chunk := _read1(raw, CHUNK):
                    digest.update(chunk)
        except SourceError as error:
            digest.update(f"\n{self.name}: {error}".encode("utf-8", "replace"))
        return digest.hexdigest()

    @cached_property
    def head(self) -> bytes:
        """The first 256 KiB after decompression; less if the file is cut short within them.

        Raises
        ------
        SourceError
            If nothing can be read.
        """
        if self._members:
            return b""
        head = b""
        with self.open() as stream:
            try:
                while len(head) < HEAD_BYTES and (chunk := _read1(stream, HEAD_BYTES - len(head))):
                    head += chunk
            except CutShort:
                if not head:
                    raise
        return head

    def open(self) -> BinaryIO:
        """The decompressed bytes, streamed.

        Raises
        ------
        SourceError
            If the file may not or cannot be opened. Reading raises it too, when the data expands beyond all
            measure, and `CutShort` where compressed data ends early.
        """
        if self._members:
            raise SourceError(f"{self.name} is a folder of files, not one file")
        stream = _buffered(self._raw())
        for _ in range(MAX_NESTING):
            compression = compression_of(_peek(stream, 8))
            if compression is None:
                return stream
            stream = decompressed(stream, compression, self.name)
        if compression_of(_peek(stream, 8)) is not None:
            stream.close()
            raise SourceError(f"{self.name} is compressed more than {MAX_NESTING} times over; refused")
        return stream

    def _raw(self) -> BinaryIO:
        if self._refused:
            raise SourceError(self._refused) from self._cause
        return self._opened()

    def _no_file(self) -> BinaryIO:
        raise SourceError(
            f"{self.name} is a pipe or a device, not a file; save what it gives as a file, and give that"
        )

    def _opened(self) -> BinaryIO:
        try:
            return self._opener()
        except OSError as error:
            raise SourceError(f"{self.name} cannot be opened: {error.strerror or error}") from error


def find_sources(
    paths: Iterable[Path],
    units: Callable[[Sequence[str]], list[Unit]] | None = None,
    known: Known | None = None,
) -> Iterator[Source]:
    """What there is to read under `paths`: files, folders, archives, patterns such as ``inbox/*.json``.

    Folders and archives are looked through, sorted by name; hidden files and links that lead out of a folder
    are left out. Files that make up one export (an X archive, say) come as one source. What must not be read
    comes as a source that raises when it is opened, so that it is reported and costs nothing else.

    Parameters
    ----------
    units : finds the exports of several files among relative names; default: the installed formats.
    known : which files of a folder, given with what the system says of them, are passed over; they are not opened.
        An export of several files is passed over if it knows them all.

    Raises
    ------
    UsageError
        If a path does not exist.
    """
    if units is None:
        from sentinel import formats  # which imports the ports, and those this module

        units = formats.units
    for path in _expanded(paths):
        if path.is_dir():
            yield from _in_folder(path, units, known)
        elif known is None or not known(path.parent, {path.name: path.stat()}):
            yield from _around(path, units)


def _expanded(paths: Iterable[Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        found = matches(path)
        if not found:
            raise UsageError(f"{path}: no such file or folder")
        yield from found


def matches(path: Path) -> list[Path]:
    """What there is under this name: the file or folder itself, or what fits the pattern; nothing where nothing is."""
    if path.exists():
        return [path]
    found = glob.glob(str(path), recursive=True) if glob.has_magic(str(path)) else []  # noqa: PTH207
    return [Path(one) for one in sorted(found)]


def _in_folder(
    folder: Path, units: Callable[[Sequence[str]], list[Unit]], known: Known | None
) -> Iterator[Source]:
    there = _files_below(folder)
    over = set(known(folder, there)) if known is not None else set()
    if len(over) == len(there):  # in a folder that keeps what was read, most often
        return
    found = []
    for unit in units(list(there)):
        if unit.members <= over:
            over |= unit.companions
        else:
            over -= unit.members
            found.append(unit)
    files = {
        name: Source.of_file(folder / name, name, stat.st_size)
        for name, stat in there.items()
        if name not in over
    }
    yield from _grouped(files, found, folder, folder.resolve().name, units, 0)


def _files_below(folder: Path) -> dict[str, os.stat_result]:
    """The files in a folder, by relative name; no hidden ones, none that a link leads out to."""
    root, found = folder.resolve(), {}
    left = [(str(folder), "")]
    while left:
        where, within = left.pop()
        with suppress(OSError), os.scandir(where) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    left.append((entry.path, f"{within}{entry.name}/"))
                elif not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root):
                    with suppress(OSError):  # gone by now, or a link to nothing
                        if entry.is_file():
                            found[f"{within}{entry.name}"] = entry.stat()
    return found


def _around(path: Path, units: Callable[[Sequence[str]], list[Unit]]) -> Iterator[Source]:
    """A single file; one that is part of a larger export brings the parts beside it."""
    if units([path.name]):
        beside = {
            entry.name: Source.of_file(entry, entry.name)
            for entry in sorted(path.parent.iterdir())
            if entry.is_file() and not entry.name.startswith(".")
        }
        for unit in units(list(beside)):
            if path.name in unit.members:
                yield _whole(unit, beside, path, path.name)
                return
    yield from _looked_into(Source.of_file(path), units, 0)


def _grouped(
    files: Mapping[str, Source],
    exports: Sequence[Unit],
    path: Path,
    name: str,
    units: Callable[[Sequence[str]], list[Unit]],
    depth: int,
) -> Iterator[Source]:
    """The files of a folder or an archive, with those that belong together, as `exports` say, as one."""
    found: list[tuple[str, Source]] = []
    spoken_for: set[str] = set()
    for unit in exports:
        spoken_for |= unit.members | unit.companions
        inner = unit.folder.rstrip("/")
        shown = (f"{name}/{inner}" if inner else name) if depth else inner or name
        found.append((unit.folder, _whole(unit, files, path, shown)))
    found += [(key, file) for key, file in files.items() if key not in spoken_for]
    for _, source in sorted(found, key=lambda pair: pair[0]):
        if source.members():
            yield source
        else:
            yield from _looked_into(source, units, depth)
        source.forget()  # a folder of thousands of files would keep all their heads


def _whole(unit: Unit, files: Mapping[str, Source], path: Path, name: str) -> Source:
    members = {key.removeprefix(unit.folder): files[key] for key in sorted(unit.members)}
    size = sum(member.size for member in members.values())
    return Source(name, path, size, lambda: path.open("rb"), members)


def _looked_into(
    source: Source, units: Callable[[Sequence[str]], list[Unit]], depth: int
) -> Iterator[Source]:
    """A file itself, or what lies in it if it is an archive."""
    try:
        kind = container_of(source.head)
        if kind is None:
            yield source
            return
        if depth >= MAX_NESTING:
            raise SourceError(f"archives in archives, more than {MAX_NESTING} deep")
        members = members_of(kind, source.open(), source.size, source.name)
    except SourceError as error:
        yield _refused(source, error)
        return
    files: dict[str, Source] = {}
    for member in members:
        parts = member.name.split("/")
        if member.refused or not any(part.startswith((".", "__MACOSX")) for part in parts):
            files[member.name] = _of_member(source, member)
    yield from _grouped(files, units(list(files)), source.path, source.name, units, depth + 1)


def _of_member(container: Source, member: Member) -> Source:
    name = f"{container.name}/{member.name}"
    refused = f"{name} is refused: {member.refused}" if member.refused else None
    return Source(name, container.path, member.size, member.open, refused=refused)


def _refused(source: Source, error: SourceError) -> Source:
    opener, cause = source._opener, error.__cause__
    return Source(source.name, source.path, source.size, opener, refused=str(error), cause=cause)


def _buffered(stream: BinaryIO) -> BinaryIO:
    return stream if hasattr(stream, "peek") else cast(BinaryIO, io.BufferedReader(cast(Any, stream)))


def _peek(stream: BinaryIO, size: int) -> bytes:
    return cast(bytes, cast(Any, stream).peek(size)[:size])


def _read1(stream: BinaryIO, size: int) -> bytes:
    """At most one read of what lies beneath, so that nothing is lost before an error."""
    return cast(bytes, cast(Any, stream).read1(size))

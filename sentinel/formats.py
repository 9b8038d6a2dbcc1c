"""Which installed format a source is of, judged by its content."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sentinel.encoding import GUESSED, detect
from sentinel.errors import PluginError, SourceError
from sentinel.peek import peek
from sentinel.plugins import Plugin, find, installed, make
from sentinel.ports import Batch, FileFormat
from sentinel.source import Source, Unit

__all__ = ["Recognised", "batches_of", "formats", "open_format", "recognise", "sniffed", "units"]

SURE_ENOUGH: Final = 0.2
_IDS: Final = re.compile(r'(?:\s*"?\d{9,20}"?\s*(?:[\r\n]+|$)){2}')
_FEW_KEYS: Final = 6  # of an error message
_ERRORS: Final = frozenset({"error", "errors"})
_OF_ERRORS: Final = frozenset({"message", "detail", "title", "type", "status", "code", "reason", "success"})
_SAID: Final = (
    "message",
    "detail",
    "error_description",
    "errors",
    "error",
    "title",
)  # the plainest words first
WHAT_TO_DO: Final = "give a file with one post a row or line, or name the format with --use"


class Recognised(NamedTuple):
    """The format that a source is taken for."""

    plugin: Plugin
    confidence: float  #: in [0, 1]; 1 when the format was named by the user


def formats() -> list[tuple[Plugin, Any]]:
    """Installed collectors that read files, with their classes; those that do not import are passed over."""
    return _formats_on(tuple(sys.path))


@lru_cache(maxsize=4)
def _formats_on(path: tuple[str, ...]) -> list[tuple[Plugin, Any]]:
    """What is installed changes only with the places where Python looks; looking takes longer than reading a file."""
    found = []
    for plugin in installed("collectors"):
        try:
            factory = plugin.load()
        except PluginError:
            continue
        if hasattr(factory, "sniff"):
            found.append((plugin, factory))
    return found


def units(names: Sequence[str]) -> list[Unit]:
    """Exports of several files among the names of a folder or archive.

    A format whose export is several files provides a class method ``unit(names) -> Unit | None``: the first
    such export among the names.
    """
    found: list[Unit] = []
    for _, factory in formats():
        find_unit = getattr(factory, "unit", None)
        if find_unit is None:
            continue
        left = set(names).difference(*(unit.members | unit.companions for unit in found))
        while (unit := _first_unit(find_unit, left)) is not None and unit.members & left:
            found.append(unit)
            left -= unit.members | unit.companions
    return found


def _first_unit(find_unit: Any, names: set[str]) -> Unit | None:
    try:
        unit: Unit | None = find_unit(sorted(names))
    except Exception:  # as a stranger's sniff, its unit may fail in any way
        return None
    return unit


def recognise(source: Source, use: str | None = None) -> Recognised:
    """The format of a source: the one that is surest, or the one named by `use`.

    Raises
    ------
    SourceError
        If it cannot be opened, is empty, or no format knows it; says what it looks like and what to do.
    PluginError
        If `use` is not installed.
    """
    if use is not None:
        return Recognised(find("collectors", use), 1.0)
    seen = peek(source)
    if seen.kind == "empty":
        raise SourceError(f"{source.name} is empty")
    scores = [(sniffed(factory, source), plugin) for plugin, factory in formats()]
    scores.sort(key=lambda pair: (-pair[0], pair[1].name))
    if scores and scores[0][0] >= SURE_ENOUGH:
        return Recognised(scores[0][1], scores[0][0])
    raise SourceError(_unknown(source, scores))


def open_format(recognised: Recognised, source: Source, **settings: Any) -> FileFormat:
    """The format, ready to read `source`.

    Raises
    ------
    SettingsError
        If the format does not take one of `settings`.
    """
    reader: FileFormat = make("collectors", recognised.plugin.name, source, **settings)
    return reader


def batches_of(reader: FileFormat, source: Source) -> Iterator[Batch]:
    """All that a format reads in `source`; posts in an encoding that had to be guessed say so."""
    seen = peek(source)
    encoding = detect(source.head) if seen.kind in ("text", "json") else ""
    for batch in reader.read(None):
        if encoding in GUESSED and batch.n_posts:
            told = {f"encoding not stated, taken as {encoding}": batch.n_posts}
            batch = replace(batch, warnings={**batch.warnings, **told})
        yield batch


def sniffed(factory: Any, source: Source) -> float:
    """How sure a format's class is of a source."""
    try:
        return float(factory.sniff(source))
    except Exception:  # a stranger's sniff may fail in any way; it then does not know the file
        return 0.0


def _unknown(source: Source, scores: list[tuple[float, Plugin]]) -> str:
    seen = peek(source)
    if seen.kind == "html":
        return (
            f"{source.name} is an HTML page, not an export (a saved error or log-in page?); "
            "download the export again, as JSON or CSV"
        )
    if seen.kind == "binary":
        what, _, advice = seen.what.partition("; ")
        return f"{source.name} is {what}, not an export of posts; {advice or WHAT_TO_DO}"
    if told := _error_of(seen.dicts):
        return f"{source.name} is an error message of an API ({told!r:.120}), not an export; ask it again"
    if seen.kind == "json":
        keys = sorted({key for value in seen.dicts for key in value})
        looks = (
            "JSON with the keys " + ", ".join(key[:40] for key in keys[:12])
            if keys
            else "JSON without objects"
        )
    elif seen.kind == "xml":
        looks = f"XML with the root {seen.root!r}"
    else:
        first = seen.text.strip().splitlines()[:1]
        if _IDS.match(seen.text):
            return (
                f"{source.name} is a list of ids, which hold no text; fetch their posts first (hydrate them)"
            )
        looks = f"text that begins {first[0][:60]!r}" if first else "text"
    nearest = f"; nearest format: {scores[0][1].name}" if scores and scores[0][0] > 0 else ""
    return f"{source.name} is of no known format: {looks}{nearest}; {WHAT_TO_DO}"


def _error_of(values: Sequence[Mapping[str, Any]]) -> str:
    """What an API says went wrong, in an answer that says no more than that; "" if it is none."""
    if len(values) != 1 or len(values[0]) > _FEW_KEYS:
        return ""
    if not _ERRORS & values[0].keys() and not values[0].keys() <= _OF_ERRORS:
        return ""
    told: Any = values[0]
    while isinstance(told, (dict, list)):
        if isinstance(told, list):
            told = told[0] if told else ""
        else:
            told = next((told[name] for name in _SAID if told.get(name)), "")
    return told if isinstance(told, str) else ""

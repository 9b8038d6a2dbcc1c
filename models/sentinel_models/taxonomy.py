"""The list of topics and entities, as shipped and as a user adds to it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar

from sentinel.errors import SettingsError

__all__ = ["Entity", "Taxonomy", "Topic", "digest", "load_taxonomy"]

_TEXTS: Final = ("title", "title_zh", "definition", "type", "side")
_SIDES: Final = ("alibaba", "rival", "other")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a post can be about, and the words that say so."""

    title: str = ""
    title_zh: str = ""
    definition: str = ""
    words_en: tuple[str, ...] = ()
    words_zh: tuple[str, ...] = ()
    words_exact: tuple[str, ...] = ()
    words_with_cashtag: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """Who or what a post can name, and how."""

    type: str = ""
    side: str = "other"
    names_en: tuple[str, ...] = ()
    names_zh: tuple[str, ...] = ()
    names_exact: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    likely_en: tuple[str, ...] = ()
    likely_zh: tuple[str, ...] = ()
    weak_en: tuple[str, ...] = ()
    weak_zh: tuple[str, ...] = ()
    context_en: tuple[str, ...] = ()
    context_zh: tuple[str, ...] = ()
    not_names_en: tuple[str, ...] = ()
    not_names_zh: tuple[str, ...] = ()
    not_when: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Topics and entities by id, in the order of the file."""

    version: str
    topics: Mapping[str, Topic]
    entities: Mapping[str, Entity]


_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_T = TypeVar("_T", Topic, Entity)


def load_taxonomy(path: str | Path | None = None) -> Taxonomy:
    """The shipped taxonomy, with the tables of the file at `path` added to it.

    Raises
    ------
    SettingsError
        If the file is missing, is not TOML, or holds an unknown table, key or pattern; names the place.
    """
    shipped = tomllib.loads(files("sentinel_models").joinpath("taxonomy.toml").read_text(encoding="utf-8"))
    version = str(shipped["version"])
    topics = _tables(shipped.get("topics", {}), Topic, {}, "taxonomy.toml")
    entities = _tables(shipped.get("entities", {}), Entity, {}, "taxonomy.toml")
    if path is not None:
        if not isinstance(path, (str, Path)):
            raise SettingsError(f"taxonomy is {path!r}; expected the path of a TOML file")
        own = _read(Path(path))
        topics = _tables(own.get("topics", {}), Topic, topics, str(path))
        entities = _tables(own.get("entities", {}), Entity, entities, str(path))
    return Taxonomy(version, topics, entities)


def digest(path: str | Path) -> str:
    """What a model's version says of a user's taxonomy: it changes with the file."""
    return sha256(Path(path).read_bytes()).hexdigest()[:8]


def _read(path: Path) -> dict[str, Any]:
    try:
        own = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path}: the taxonomy cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: the taxonomy is not TOML in UTF-8: {error}") from error
    unknown = sorted(set(own) - {"version", "topics", "entities"})
    if unknown:
        raise SettingsError(f"{path}: unknown table {unknown[0]!r}; a taxonomy has topics and entities")
    return own


def _tables(
    raw: Mapping[str, Mapping[str, Any]], kind: type[_T], base: Mapping[str, _T], where: str
) -> dict[str, _T]:
    """Tables of a file as `kind`, added to those of `base`."""
    tables = dict(base)
    family = "topics" if kind is Topic else "entities"
    if not isinstance(raw, Mapping):
        raise SettingsError(f"{where}: {family} is {raw!r}; expected tables such as [{family}.robots]")
    for name in raw:
        if not re.fullmatch(r"[a-z0-9_]+", name):
            raise SettingsError(f"{where}: {name!r} is not an id; use lower-case letters, digits and _")
        if kind is Topic and name == "other":
            raise SettingsError(f"{where}: 'other' is what posts of no other topic get; take another id")
        if not isinstance(raw[name], Mapping):
            raise SettingsError(
                f"{where}: {family}.{name} is {raw[name]!r}; expected a table [{family}.{name}]"
            )
        known = [field.name for field in fields(kind)]
        before = {key: getattr(tables[name], key) for key in known} if name in tables else {}
        merged = _merged(name, raw[name], before, known, where)
        _check(merged, name, where)
        tables[name] = kind(**merged)
    return tables


def _merged(
    name: str, keys: Mapping[str, Any], before: Mapping[str, Any], known: Sequence[str], where: str
) -> dict[str, Any]:
    """Keys of a table added to those it had before: lists grow, texts are replaced."""
    merged = dict(before)
    for key, value in keys.items():
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f". Did you mean {near[0]!r}?" if near else ""
            raise SettingsError(f"{where}: [{name}] has no key {key!r}; it takes {', '.join(known)}{hint}")
        if key in _TEXTS and isinstance(value, str):
            merged[key] = value
        elif key not in _TEXTS and isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            _check_words(name, key, value, where)
            merged[key] = (*merged.get(key, ()), *value)
        else:
            wanted = "a text" if key in _TEXTS else "a list of words"
            raise SettingsError(f"{where}: [{name}] {key} is {value!r}; expected {wanted}")
    return merged


def _check_words(name: str, key: str, words: Sequence[str], where: str) -> None:
    """Refuse words that would be found nowhere, or everywhere."""
    for word in words:
        if not word.strip():
            raise SettingsError(f"{where}: [{name}] {key} holds an empty word; leave it out")
        if key.endswith("_en") and _HAN.search(word):
            raise SettingsError(
                f"{where}: [{name}] {key} holds {word!r}; Chinese words are looked for in {key[:-3]}_zh alone"
            )


def _check(table: Mapping[str, Any], name: str, where: str) -> None:
    if table.get("side", "other") not in _SIDES:
        raise SettingsError(f"{where}: [{name}] side {table['side']!r} is none of {', '.join(_SIDES)}")
    for pattern in (*table.get("patterns", ()), *table.get("not_when", ())):
        try:
            re.compile(pattern)
        except re.error as error:
            raise SettingsError(
                f"{where}: [{name}] pattern {pattern!r} is not a regular expression: {error}"
            ) from error

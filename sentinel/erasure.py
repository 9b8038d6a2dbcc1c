"""Erasing as the command does it: from the store, then from the reports and exports that are given."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from sentinel.console import Console
from sentinel.counting import counted
from sentinel.errors import UsageError
from sentinel.export import POSTS_CSV, unguard, write_csv
from sentinel.main_job import write_report
from sentinel.opening import settle
from sentinel.pipeline import Filters
from sentinel.pseudonyms import Pseudonyms
from sentinel.settings import Settings
from sentinel.since import SINCE
from sentinel.store import Erased, Store

__all__ = ["Target", "erase"]

_ANONYMOUS: Final = "anon-"
_NOTHING: Final = Erased((), (), 0, (), 0)


@dataclass(frozen=True, slots=True)
class Target:
    """What is to go; one of the first three."""

    author: str | None = None
    post: str | None = None
    before: str | None = None
    platform: str | None = None


def erase(store: Store, settings: Settings, target: Target, outs: Sequence[Path], console: Console) -> None:
    """Erase from the store and from the folders `outs`; say what else holds it.

    Raises
    ------
    UsageError
        If one of `outs` holds neither a report nor an export; then nothing was erased.
    StoreError
        As the store's methods.
    """
    for out in outs:
        if not (out / "posts.csv").is_file():
            raise UsageError(f"{out}: no report and no export, it has no posts.csv; nothing was erased")
    done = _erased(store, target, console)
    settle(store, settings)
    for out in outs:
        _write_anew(store, settings, out, console)
    for name in done.inputs:
        console.warn(f"{name}: was read, and still holds it; remove it from that file, or delete the file")
    held = _held(settings, target, done)
    for out in _other_outputs(settings, outs):
        if held.in_file(out / "posts.csv"):
            console.warn(f"{out}: still holds it; run the same command again with -o {out}")


def _erased(store: Store, target: Target, console: Console) -> Erased:
    if target.before is not None:
        n = store.erase_before(target.before)
        console.say(f"{counted(n, 'post')} of days before {target.before} erased; none is read again")
        return _NOTHING
    if target.post is not None:
        done = store.erase_post(target.post, target.platform)
    elif target.author is not None:
        done = store.erase_author(target.author, target.platform)
    else:
        raise UsageError("nothing to erase was named")
    console.say(
        f"{counted(len(done.posts), 'post')} erased, reposts among them, and the excerpts of "
        f"{counted(done.n_rejects, 'unreadable row')}; they are kept out when they are read again"
    )
    if not done.posts:
        console.warn("no post of the store was meant: names and ids are those of `sentinel export --raw`")
    if done.n_mentions:
        console.say(
            counted(done.n_mentions, "post of others holds", "posts of others hold")
            + " the name in the text; not erased"
        )
    return done


# -- reports and exports ---------------------------------------------------------------------------------------


def _write_anew(store: Store, settings: Settings, out: Path, console: Console) -> None:
    path = out / "manifest.json"
    if path.is_file():
        try:
            manifest = orjson.loads(path.read_bytes())
            filters, seed = _options(manifest["settings"])
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
            raise UsageError(
                f"{path}: not the manifest of a report ({error}); write the report anew"
            ) from error
        since = out if SINCE in manifest else None
        lang = str(manifest["settings"].get("lang", "en"))
        write_report(store, settings, out, seed, lang, console, filters, since_report=since)
    else:
        n = _export_anew(store, settings, out / "posts.csv")
        console.say(f"{counted(n, 'post')}: {out / 'posts.csv'}")
    if (out / "fresh.db").exists():
        console.warn(f"{out / 'fresh.db'}: a store of its own; erase there too, with --store, or delete it")


def _options(used: Mapping[str, Any]) -> tuple[Filters, int]:
    return Filters(used["since"], used["until"], used["topic"], tuple(used["langs"])), int(used["seed"])


def _export_anew(store: Store, settings: Settings, path: Path) -> int:
    """The posts of an export that are still there, as they are now."""
    keys, named = set(), False
    for row in _rows(path):
        keys.add((row.get("platform"), row.get("post_id")))
        named = named or (bool(row.get("author")) and not str(row["author"]).startswith(_ANONYMOUS))
    raw = named and settings.authors == "pseudonym"  # as only `export --raw` writes
    at = (POSTS_CSV.index("platform"), POSTS_CSV.index("post_id"))
    parts = store.rows(POSTS_CSV, plain=raw)
    left = (row for part in parts for row in part if (row[at[0]], row[at[1]]) in keys)
    return write_csv(path, POSTS_CSV, left, raw=raw)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as stream:
        for row in csv.DictReader(stream):
            yield {
                name: unguard(cell)
                for name, cell in row.items()
                if isinstance(cell, str) and name is not None
            }


@dataclass(frozen=True, slots=True)
class _Held:
    """What must be in no file."""

    authors: frozenset[str]
    posts: frozenset[tuple[str, str]]
    post: str | None

    def in_file(self, path: Path) -> bool:
        """Whether a table of posts holds any of it."""
        return any(
            row.get("author", "").casefold() in self.authors
            or row.get("author_id", "").casefold() in self.authors
            or row.get("post_id") == self.post
            or (row.get("platform"), row.get("post_id")) in self.posts
            for row in _rows(path)
        )


def _held(settings: Settings, target: Target, done: Erased) -> _Held:
    of = Pseudonyms(settings.pseudonym_key).of
    authors = {name.casefold() for _, name in done.authors} | {of(*one) or "" for one in done.authors}
    if target.author is not None:
        authors.add(target.author.strip().removeprefix("@").casefold())
    return _Held(frozenset(authors - {""}), frozenset(done.posts), target.post)


def _other_outputs(settings: Settings, outs: Sequence[Path]) -> Iterator[Path]:
    """Folders where reports and exports lie, as far as the settings and the defaults tell."""
    given = {out.resolve() for out in outs}
    places = [*(entry.out for entry in settings.report), "report", "export"]
    for out in dict.fromkeys(Path(place) for place in places):
        if out.resolve() not in given and (out / "posts.csv").is_file():
            yield out

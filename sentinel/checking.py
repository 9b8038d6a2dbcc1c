"""`sentinel check`: whether the store holds together, and whether reports are what their manifests say."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any

import orjson

from sentinel.console import Console
from sentinel.counting import counted
from sentinel.errors import SentinelError, StoreError, UsageError
from sentinel.settings import Settings
from sentinel.store import Store
from sentinel.store.faults import ASK_CHECK

__all__ = ["beside_check", "check"]

_ANEW = "write the report anew with 'sentinel report'"
_OF_REPORTS = ("manifest.json", "index.html", "effects.csv")  # one of them, and it is or was a report


def check(store: Store, settings: Settings, outs: Sequence[Path], console: Console) -> None:
    """Say what is wrong with the store and with the reports in `outs`, by default those of the settings.

    Raises
    ------
    SentinelError
        If anything is.
    UsageError
        If one of `outs` holds no report.
    """
    for out in outs:
        if not (out / "manifest.json").is_file():
            raise UsageError(f"{out}: no report, it has no manifest.json")
    n = 0
    try:
        for problem in store.problems():
            console.warn(f"store {store.url}: {problem}")
            n += 1
    except StoreError as error:
        console.warn(beside_check(error))
        n += 1
    if not n:
        found = store.totals()
        console.say(
            f"store {store.url}: {counted(found['posts'], 'post')} of "
            f"{counted(found['inputs'], 'input')}; every row is accounted for"
        )
    for out in outs or _outputs(settings):
        wrong = list(output_problems(out))
        for problem in wrong:
            console.warn(problem)
        if not wrong:
            console.say(f"{out}: as its manifest says")
        n += len(wrong)
    if n:
        raise SentinelError(f"{n:,} {'problem was' if n == 1 else 'problems were'} found")


def beside_check(error: StoreError) -> str:
    """What is said of a fault to somebody who asked this command already."""
    return str(error).replace(ASK_CHECK, "")


def _outputs(settings: Settings) -> Iterator[Path]:
    places = [entry.out for entry in settings.report] or ["report"]
    for out in dict.fromkeys(map(Path, places)):
        if any((out / name).is_file() for name in _OF_REPORTS):
            yield out


def output_problems(out: Path) -> Iterator[str]:
    """What is wrong with a report, a line each, with what to do about it."""
    for part in sorted(out.glob(".*.part")):
        yield f"{part}: left by a program that was killed; delete it, or {_ANEW}"
    path = out / "manifest.json"
    if not path.exists():
        yield f"{out}: has no manifest.json, which is written last; {_ANEW}"
        return
    try:
        manifest = orjson.loads(path.read_bytes())
        files, counts, used = manifest["files"], manifest["counts"], manifest["settings"]
        stated = {name: (int(file["rows"]), str(file["sha256"])) for name, file in files.items()}
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        yield f"{path}: cannot be read as the manifest of a report of this version ({error!r}); {_ANEW}"
        return
    for name, (n_rows, sha256) in sorted(stated.items()):
        yield from _file_problems(out / name, n_rows, sha256)
    whole = not any(used.get(name) for name in ("since", "until", "topic", "langs"))
    if whole and stated.get("posts.csv", (0,))[0] != counts.get("posts"):
        yield f"{path}: counts {counts.get('posts')} posts, and posts.csv is to have {stated['posts.csv'][0]}; {_ANEW}"
    yield from _sum_problems(path, counts)


def _file_problems(path: Path, n_rows: int, sha256: str) -> Iterator[str]:
    try:
        with path.open("rb") as stream:
            found = file_digest(stream, "sha256").hexdigest()
        if found == sha256:
            return
        with path.open(encoding="utf-8", errors="replace", newline="") as lines:
            n = sum(1 for _ in csv.reader(lines)) - 1
    except OSError as error:
        yield f"{path}: cannot be read ({error.strerror or error}), and the manifest names it; {_ANEW}"
        return
    except csv.Error:
        n = -1
    rows = (
        ""
        if n == n_rows
        else f", it has {counted(n, 'row')} instead of {n_rows:,}"
        if n >= 0
        else ", it is no CSV"
    )
    yield f"{path}: is not the file that the manifest names{rows}: changed by hand, or cut short; {_ANEW}"


def _sum_problems(path: Path, counts: Mapping[str, Any]) -> Iterator[str]:
    parts = [counts.get(name, 0) for name in ("posts", "duplicates", "rejects", "skipped")]
    if sum(parts) != counts.get("rows"):
        yield f"{path}: {counts.get('rows')} rows are not {' + '.join(map(str, parts))}; {_ANEW}"

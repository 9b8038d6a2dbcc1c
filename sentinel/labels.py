"""What ``sentinel label`` does."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from itertools import chain
from pathlib import Path

import click

from sentinel.console import Console, plain
from sentinel.correction_table import read_corrections, write_corrections
from sentinel.corrections import EMPTY, Said
from sentinel.counting import counted
from sentinel.errors import UsageError
from sentinel.label_keys import HELP
from sentinel.label_pool import Candidate, choose
from sentinel.labelling import ask_about
from sentinel.settings import Settings
from sentinel.store import Store
from sentinel.tagging import known_ids

__all__ = ["export_labels", "import_labels", "label_posts"]


def label_posts(store: Store, settings: Settings, n: int, seed: int, console: Console) -> None:
    """Ask about `n` posts of the store."""
    candidates = _candidates(store, settings, n, seed)
    if not candidates:
        raise UsageError(
            f"store {store.url}: no tagged post is left to ask about; collect and tag some first"
        )
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a key that is no text is an unknown key

    def read() -> str:
        click.echo("> ", nl=False)
        return sys.stdin.readline()

    def say(line: str) -> None:  # with -q too: without its questions the command is nothing
        click.echo(plain(line))

    say(HELP)
    n_corrected, n_skipped = ask_about(store, candidates, read, say, known_ids(settings.tag)["topics"])
    console.say(f"\n{n_corrected:,} corrected, {n_skipped:,} skipped; the store holds {_total(store)}")


def export_labels(store: Store, settings: Settings, path: Path, n: int, seed: int, console: Console) -> None:
    """Write the corrections to a CSV, and `n` posts to be judged with empty cells."""
    asked = [
        Said(each.platform, each.post_id, each.tags["lang"] or "", each.text, EMPTY)
        for each in (_candidates(store, settings, n, seed) if n else [])
    ]
    n_rows = write_corrections(path, chain(store.corrections(), asked))
    console.say(
        f"{counted(n_rows - len(asked), 'correction')} and {counted(len(asked), 'post')} to judge: {path}"
    )


def import_labels(store: Store, settings: Settings, path: Path, console: Console) -> None:
    """Read corrections from a CSV; wrong rows are reported by line."""
    taken = read_corrections(path, store, known_ids(settings.tag)["topics"])
    for problem in taken.problems:
        console.warn(problem)
    if taken.problems and not taken.corrected + taken.withdrawn:
        raise UsageError(f"{path}: none of its {counted(len(taken.problems), 'row')} could be taken")
    otherwise = f" ({taken.otherwise:,} of them otherwise before)" if taken.otherwise else ""
    withdrawn = f"{taken.withdrawn:,} withdrawn, " if taken.withdrawn else ""
    console.say(
        f"{taken.corrected:,} corrected{otherwise}, {withdrawn}{taken.empty:,} left empty, "
        f"{len(taken.problems):,} not taken; the store holds {_total(store)}"
    )


def _candidates(store: Store, settings: Settings, n: int, seed: int) -> list[Candidate]:
    store.clean(settings.copy_days, settings.near_copies)
    return choose(store.unjudged(), n, seed)


def _total(store: Store) -> str:
    return f"{counted(store.n_corrections(), 'correction')}, which reports count and 'sentinel train' learns from"

"""What a terminal shows. Progress and notes go to standard error, answers to standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

__all__ = ["Console", "plain"]


def plain(text: str) -> str:
    """Text without anything a terminal would obey: control characters and direction marks are shown as dots."""
    return "".join(
        character
        if character.isprintable() or character == "\n"
        else ("·" if not character.isspace() else " ")
        for character in text
    )


class Console:
    """Says as much as the user asked for."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose

    def say(self, line: str) -> None:
        """An answer; silent with ``-q``."""
        if not self.quiet:
            click.echo(plain(line))

    def warn(self, line: str) -> None:
        """Something that went wrong and cost only itself; shown always."""
        click.echo(f"sentinel: {plain(line)}", err=True)

    def detail(self, line: str) -> None:
        """Shown with ``-v``."""
        if self.verbose and not self.quiet:
            click.echo(plain(line), err=True)

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int], None]]:
        """A callable (step, n) that shows how far a step is; does nothing unless standard error is a terminal."""
        if self.quiet or not (sys.stderr and sys.stderr.isatty()):  # None if it was closed
            yield lambda _step, _n: None
            return
        from rich.console import Console as RichConsole
        from rich.status import Status

        with Status("", console=RichConsole(stderr=True)) as shown:
            yield lambda step, n: shown.update(f"{plain(step)}: {n:,}", spinner_style="dim")

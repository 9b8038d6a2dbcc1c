from __future__ import annotations

import sys

import pytest

from sentinel.console import Console


def test_without_a_standard_error_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who starts a command may have closed it."""
    monkeypatch.setattr(sys, "stderr", None)
    console = Console(verbose=True)
    with console.progress() as progress:
        progress("tag", 3)
    console.warn("nobody reads this")
    console.detail("nor this")

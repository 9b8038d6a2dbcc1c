"""The store that the settings mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sentinel.pseudonyms import Pseudonyms
from sentinel.settings import Settings
from sentinel.store import Store, store_file

if TYPE_CHECKING:
    from sentinel.readable import Readable

__all__ = ["looked_at", "open_store", "pseudonyms_of", "settle"]


def open_store(settings: Settings, *, create: bool = True) -> Store:
    """The store of these settings, which gives authors out as they say.

    Raises
    ------
    StoreError
        As `Store`.
    """
    return Store(settings.store, settings.timezone, create=create, pseudonyms=pseudonyms_of(settings))


def settle(store: Readable, settings: Settings) -> None:
    """Have done what depends on several posts together: near-copies, and spam that shows in patterns."""
    store.clean(settings.copy_days, settings.near_copies)
    store.mark_patterns(settings.spam_patterns)


@contextmanager
def looked_at(settings: Settings) -> Iterator[tuple[Store, bool]]:
    """The store of these settings, to be looked at alone; one that is not there yet is not made.

    Yields
    ------
    tuple of Store and bool
        The store, or an empty one in memory; and whether it is there.
    """
    file = store_file(settings.store)
    there = file is None or file.exists()
    store = open_store(settings if there else settings.model_copy(update={"store": "sqlite://"}))
    try:
        yield store, there
    finally:
        store.close()


def pseudonyms_of(settings: Settings) -> Pseudonyms | None:
    """What gives authors other names, if they are to have some."""
    return Pseudonyms(settings.pseudonym_key) if settings.authors == "pseudonym" else None

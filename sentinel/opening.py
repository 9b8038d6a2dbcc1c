"""The store that the settings mean."""

from __future__ import annotations

from sentinel.pseudonyms import Pseudonyms
from sentinel.settings import Settings
from sentinel.store import Store

__all__ = ["open_store", "pseudonyms_of"]


def open_store(settings: Settings, *, create: bool = True) -> Store:
    """The store of these settings, which gives authors out as they say.

    Raises
    ------
    StoreError
        As `Store`.
    """
    return Store(settings.store, settings.timezone, create=create, pseudonyms=pseudonyms_of(settings))


def pseudonyms_of(settings: Settings) -> Pseudonyms | None:
    """What gives authors other names, if they are to have some."""
    return Pseudonyms(settings.pseudonym_key) if settings.authors == "pseudonym" else None

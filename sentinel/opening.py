"""The store that the settings mean."""

from __future__ import annotations

from sentinel.pseudonyms import Pseudonyms
from sentinel.settings import Settings
from sentinel.store import Store

__all__ = ["open_store"]


def open_store(settings: Settings, *, create: bool = True) -> Store:
    """The store of these settings, which gives authors out as they say.

    Raises
    ------
    StoreError
        As `Store`.
    """
    pseudonyms = Pseudonyms(settings.pseudonym_key) if settings.authors == "pseudonym" else None
    return Store(settings.store, settings.timezone, create=create, pseudonyms=pseudonyms)

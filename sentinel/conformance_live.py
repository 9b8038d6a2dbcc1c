"""What a live source must keep, as far as no network is needed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, Final

from sentinel.conformance_material import NotApplicable, Subject
from sentinel.errors import SettingsError
from sentinel.ports import Collector

__all__ = ["LIVE_CHECKS"]


def is_made_from_its_settings(subject: Subject) -> Iterator[str]:
    """Making it asks nobody, and it can then be read."""
    live = _made(subject)
    if not isinstance(live, Collector):
        yield "it is no collector: name and read are needed"
        return
    for arguments in ((), (None,), ("cursor",)):
        try:
            inspect.signature(live.read).bind(*arguments)
        except TypeError as error:
            yield f"read{arguments} is not possible: {error}; expected read(cursor=None)"
            return


def refuses_settings_of_the_wrong_kind(subject: Subject) -> Iterator[str]:
    """With a ``SettingsError`` when it is made, not with an error of another kind in the night."""
    _made(subject)
    names = [name for name in inspect.signature(subject.factory).parameters if name not in ("args", "kwargs")]
    if not names:
        raise NotApplicable("it has no settings")
    for name in names:
        try:
            subject.factory(**{**subject.settings, name: object()})
        except SettingsError:
            continue
        except Exception as error:  # a stranger's constructor may raise anything
            yield f"a wrong {name} raises {type(error).__name__}: {error}; expected a SettingsError that names it"
        else:
            yield f"a wrong {name} is taken without a word; expected a SettingsError that names it"


def _made(subject: Subject) -> Any:
    try:
        return subject.made
    except SettingsError as error:
        where = f'a [[collect]] with use = "{subject.name}" in the settings file'
        raise NotApplicable(f"without settings it says {str(error)!r}; give them in {where}") from None


LIVE_CHECKS: Final = (is_made_from_its_settings, refuses_settings_of_the_wrong_kind)

"""``${NAME}`` in settings stands for an environment variable, and goes on standing for it wherever it is shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any, Final

from sentinel.errors import SettingsError

__all__ = ["FromEnvironment", "expanded", "hidden"]

_PART: Final = re.compile(r"\$(\$\{)|\$\{([^}]*)\}")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class FromEnvironment(str):
    """A text with something of the environment in it; ``repr`` gives it as it was written."""

    written: str
    secrets: dict[str, str]  #: what was put in -> as it was written

    def __new__(cls, text: str, written: str, secrets: dict[str, str]) -> FromEnvironment:
        """Of the text itself, and of what is shown instead."""
        made = super().__new__(cls, text)
        made.written, made.secrets = written, secrets
        return made

    def __repr__(self) -> str:
        return repr(self.written)


def expanded(value: Any, place: str) -> Any:
    """A value of a settings file with ``${NAME}`` replaced in all its texts; ``$${`` gives a plain ``${``.

    Parameters
    ----------
    place : where the value stands, for messages.

    Raises
    ------
    SettingsError
        If a variable is not set, or its name is none.
    """
    if isinstance(value, dict):
        return {key: expanded(one, f"{place} {key}:") for key, one in value.items()}
    if isinstance(value, list):
        return [expanded(one, place) for one in value]
    return _filled(value, place) if isinstance(value, str) and "${" in value else value


def _filled(text: str, place: str) -> str:
    secrets: dict[str, str] = {}

    def put(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        name = found[2]
        if not _NAME.fullmatch(name):
            raise SettingsError(
                f"{place} {found[0]!r} names no environment variable; for the characters themselves write '$${{'"
            )
        if not os.environ.get(name):
            raise SettingsError(
                f"{place} the environment variable {name} is not set, or empty; set it, or write the value"
            )
        secrets[os.environ[name]] = found[0]
        return os.environ[name]

    filled = _PART.sub(put, text)
    return FromEnvironment(filled, text, secrets) if secrets else filled


def hidden(message: str, values: Any) -> str:
    """`message` with what the environment put into `values` written as ``${NAME}`` again."""
    for secret, written in sorted(_secrets(values), key=lambda pair: -len(pair[0])):
        message = message.replace(secret, written).replace(repr(secret)[1:-1], written)
    return message


def _secrets(values: Any) -> Iterator[tuple[str, str]]:
    if isinstance(values, FromEnvironment):
        yield from values.secrets.items()
    elif isinstance(values, dict | list):
        for one in values.values() if isinstance(values, dict) else values:
            yield from _secrets(one)

"""What the address of a store looks like; told without the database library, which takes its time to load."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["address_problem", "without_password"]

_ADDRESS: Final = re.compile(r"sqlite(\+pysqlite)?://(/.*)?|postgresql(\+\w+)?://.*")
_USUAL: Final = "expected sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"


def address_problem(url: str) -> str:
    """What is wrong with an address, and what was probably meant; "" if it may be one."""
    if _ADDRESS.fullmatch(url):
        return ""
    hint = "" if not url or ":" in url else f"; for an SQLite file of that name write sqlite:///{url}"
    return f"{without_password(url)!r} is no address of a database; {_USUAL}{hint}"


def without_password(url: str) -> str:
    """An address as it may be shown, also where nothing can be made of it."""
    return re.sub(r"(://[^:/@]*:).*@", r"\1***@", url)

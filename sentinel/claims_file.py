"""`claims.toml`: sentences that posts can test, checked. An unknown key is an error that names the near one."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from sentinel.errors import UsageError, did_you_mean

__all__ = ["KINDS", "Choice", "Claim", "read_claims"]

Kind = Literal["effect", "level", "change", "difference", "share", "volume", "phrase", "price"]
#: What each kind tests, and the keys that only some kinds take.
KINDS: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "effect": ("the mood after announcements, against ordinary dates", frozenset({"announcements", "category"})),
    "level": ("the mean of weekly mood, against 0", frozenset()),
    "change": ("the mean of weekly mood, against an earlier period", frozenset({"against_since", "against_until"})),
    "difference": ("weekly mood, against that of other posts", frozenset({"versus"})),
    "share": ("the trend of the share of posts, among all or against other posts", frozenset({"versus"})),
    "volume": ("the trend of the number of posts a week", frozenset()),
    "phrase": ("who uses a phrase, and in what mood", frozenset({"min_phrases"})),
    "price": ("the price after announcements, against ordinary sessions", frozenset({"announcements", "category"})),
}  # fmt: skip
_SPECIAL: Final = frozenset().union(*(keys for _, keys in KINDS.values()))


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Choice(BaseModel):
    """Which posts: those that fit all of it; of a list, any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platform: Names = ()
    lang: Names = ()
    topic: Names = ()
    entity: Names = ()


class Claim(Choice):
    """One sentence, and what would bear it out."""

    id: str = Field(pattern=r"^[\w.-]{1,60}$")
    text: str = Field(min_length=1)
    text_zh: str = ""
    kind: Kind
    direction: Literal["up", "down"] = "up"  #: in which the sentence says it goes, or from 0
    since: date | None = None
    until: date | None = None
    phrases: Names = ()
    min_phrases: int = Field(default=1, ge=1)  #: different ones that a post must hold
    announcements: Names = ()  #: parts of titles
    category: Names = ()
    versus: Choice | None = None
    against_since: date | None = None
    against_until: date | None = None
    margin: float | None = Field(default=None, gt=0, le=1)  #: smallest difference worth the sentence

    @model_validator(mode="after")
    def _makes_sense(self) -> Claim:
        for name in sorted(_SPECIAL & self.model_fields_set):
            if name not in KINDS[self.kind][1]:
                kinds = ", ".join(kind for kind, (_, keys) in KINDS.items() if name in keys)
                raise ValueError(f"key {name!r} is for kind {kinds}, not {self.kind!r}")
        if self.kind in ("effect", "price") and not self.announcements and not self.category:
            raise ValueError(f"kind {self.kind!r} needs the key 'announcements' or 'category'")
        if self.kind == "price" and self.phrases:
            raise ValueError("kind 'price' takes no 'phrases'")
        if self.kind == "phrase" and not self.phrases:
            raise ValueError("kind 'phrase' needs the key 'phrases'")
        if self.min_phrases > max(len(self.phrases), 1):
            raise ValueError(f"min_phrases {self.min_phrases} is more than the {len(self.phrases)} phrases")
        if self.kind == "difference" and self.versus is None:
            raise ValueError("kind 'difference' needs the key 'versus', such as {entity = \"deepseek\"}")
        if self.kind == "change" and self.since is None:
            raise ValueError("kind 'change' needs the key 'since'")
        if any(not phrase.strip() for phrase in self.phrases):
            raise ValueError("a phrase is empty")
        for first, last in ((self.since, self.until), (self.against_since, self.against_until)):
            if first and last and first > last:
                raise ValueError(f"it begins on {first}, after its end on {last}")
        return self

    @property
    def sign(self) -> float:
        """1 where the sentence says up, -1 where it says down."""
        return 1.0 if self.direction == "up" else -1.0


def read_claims(path: Path | None = None) -> list[Claim]:
    """The claims of a file, in its order.

    Parameters
    ----------
    path : TOML with tables ``[[claim]]``. ``None`` is the file that ships with sentinel.

    Raises
    ------
    UsageError
        If the file cannot be read, or a claim is not understood; names the claim and the key.
    """
    name = str(path) if path is not None else "claims.toml"
    try:
        if path is None:
            text = files("sentinel").joinpath("data/claims.toml").read_text(encoding="utf-8")
        else:
            text = path.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: not valid TOML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name}: cannot be read: {error}") from None
    return _checked(table, name)


def _checked(table: dict[str, Any], name: str) -> list[Claim]:
    unknown = sorted(set(table) - {"claim"})
    if unknown:
        raise UsageError(
            f"{name}: has no key {unknown[0]!r}; it takes tables that begin with a line [[claim]]"
        )
    entries = table.get("claim", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{name}: claim: expected tables that begin with a line [[claim]]")
    claims: list[Claim] = []
    for number, entry in enumerate(entries, 1):
        place = f"{name}: claim {number}" + (f" ({entry['id']})" if isinstance(entry.get("id"), str) else "")
        try:
            claims.append(Claim.model_validate(entry))
        except ValidationError as error:
            raise UsageError(f"{place}: {'; '.join(_sentence(one) for one in error.errors())}") from None
        if any(claims[-1].id == other.id for other in claims[:-1]):
            raise UsageError(f"{place}: there is another claim of this id; give each its own")
    return claims


def _sentence(problem: Any) -> str:
    """One line for one of pydantic's problems."""
    where = [str(part) for part in problem["loc"]]
    key = where[-1] if where else ""
    if problem["type"] == "extra_forbidden":
        known = list(Choice.model_fields if "versus" in where[:-1] else Claim.model_fields)
        return f"has no key {key!r}; it takes {', '.join(known)}{did_you_mean(key, known, likeness=0.5)}"
    if problem["type"] == "missing":
        return f"needs the key {key!r}"
    message = problem["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return f"{key}: {message}, not {problem['input']!r}" if key else message

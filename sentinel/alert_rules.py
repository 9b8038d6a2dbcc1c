"""The rules of alerts as people write them: ``mood of topic:market falls by 3 sigma in 24 h and n_authors >= 30``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sentinel.errors import SettingsError
from sentinel.timing import parse_duration

__all__ = ["DEFAULT_RULES", "Failures", "Finding", "Move", "Rejects", "Rule", "Silence", "parse_rule"]

UNDERSTOOD: Final = (
    "mood falls by 3 sigma in 24 h and n_authors >= 30",
    "mood of topic:market rises by 0.2 points in 3 days",
    "volume of entity:qwen rises by 200 % in 12 h",
    "finding",
    "finding of topic:market fell",
    "no posts from weibo for 6 h",
    "rejects above 1 %",
    "3 failures in a row",
)
#: Rules that together raise at most 12 alarms a year where nothing happens (benchmarks/alerts.py).
DEFAULT_RULES: Final = (
    "mood falls by 2.5 sigma in 24 h and n_authors >= 30",
    "mood rises by 2.5 sigma in 24 h and n_authors >= 30",
    "mood falls by 3 sigma in 3 days and n_authors >= 30",
    "mood rises by 3 sigma in 3 days and n_authors >= 30",
)

_NUMBER: Final = r"(?P<{}>\d+(?:\.\d+)?)"
_SCOPE: Final = r"(?:\s+(?:of|in)\s+(?P<scope>\S+))?"
_UNITS: Final = {
    "sigma": "sigma",
    "sigmas": "sigma",
    "σ": "sigma",
    "points": "points",
    "point": "points",
    "%": "%",
}
_MOVE: Final = re.compile(
    rf"(?P<what>mood|volume){_SCOPE}\s+(?P<way>falls|rises|moves)\s+by\s+(?P<bounds>.+?)\s+(?:in|within)\s+"
    r"(?P<span>\d+\s*[a-z]+)(?P<rest>(?:\s+and\s+.+)?)"
)
_BOUND: Final = re.compile(rf"{_NUMBER.format('n')}\s*(?P<unit>sigmas?|σ|points?|%)")
_AUTHORS: Final = re.compile(r"n_authors\s*>=?\s*(\d+)")
_FINDING: Final = re.compile(rf"findings?{_SCOPE}(?:\s+(?P<way>rose|fell))?")
_SILENCE: Final = re.compile(
    r"no\s+posts?(?:\s+from\s+(?P<source>\S+))?\s+(?:for|in)\s+(?P<span>\d+\s*[a-z]+)"
)
_REJECTS: Final = re.compile(rf"rejects\s+(?:above|over|>)\s*{_NUMBER.format('n')}\s*%")
_FAILURES: Final = re.compile(r"(?P<n>\d+)\s+failures?(?:\s+in\s+a\s+row)?(?:\s+of\s+(?P<job>.+))?")
_SCOPES: Final = re.compile(r"all|unfiltered|(?:topic|entity|lang|platform|kind):\S+")
_DAY: Final = timedelta(days=1)
_LONGEST_MOVE: Final = timedelta(days=7)  # of a window, so that a gap lies between it and its baseline
_LONGEST_SILENCE: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Move:
    """Mood or volume of a scope moved against its own baseline."""

    what: str  #: mood or volume
    scope: str
    way: int  #: -1 falls, 1 rises, 0 either
    span: timedelta  #: below a day, or whole days
    sigma: float = 0.0  #: in standard deviations of ordinary days; 0 is no bound
    points: float = 0.0  #: of the mood's scale from -1 to 1; of volume authors
    percent: float = 0.0  #: of the baseline; volume only
    min_authors: int = 0  #: in the window


@dataclass(frozen=True, slots=True)
class Finding:
    """The report gave a verdict, rose or fell, that it had not given before."""

    scope: str = ""  #: "" is any
    way: str = ""  #: rose, fell, "" is either


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody's posts came from a source."""

    source: str  #: platform, or platform/community; "" is any
    span: timedelta


@dataclass(frozen=True, slots=True)
class Rejects:
    """More rows of an input than this share could not be read."""

    share: float


@dataclass(frozen=True, slots=True)
class Failures:
    """A job of the daemon failed so many times in a row."""

    n: int
    job: str = ""  #: "" is any


Rule = Move | Finding | Silence | Rejects | Failures


def parse_rule(text: str) -> Rule:
    """A rule as it is written in ``when``.

    Raises
    ------
    SettingsError
        If it is none; with what is understood.
    """
    line = " ".join(text.lower().split())
    if match := _MOVE.fullmatch(line):
        return _move(text, match)
    if match := _FINDING.fullmatch(line):
        return Finding(_scope(text, match["scope"], ""), match["way"] or "")
    if match := _SILENCE.fullmatch(line):
        return Silence(match["source"] or "", _span(text, match["span"], _LONGEST_SILENCE))
    if match := _REJECTS.fullmatch(line):
        if not 0 < float(match["n"]) < 100:
            raise SettingsError(f"when: {text!r}: expected a share between 0 % and 100 %")
        return Rejects(float(match["n"]) / 100)
    if match := _FAILURES.fullmatch(line):
        if int(match["n"]) < 1:
            raise SettingsError(f"when: {text!r}: expected at least 1 failure")
        return Failures(int(match["n"]), match["job"] or "")
    raise SettingsError(
        f"when: {text!r} is no rule; understood are such as " + "; ".join(map(repr, UNDERSTOOD))
    )


def _move(text: str, match: re.Match[str]) -> Move:
    bounds: dict[str, float] = {}
    for part in match["bounds"].split(" and "):
        found = _BOUND.fullmatch(part.strip())
        if found is None:
            raise SettingsError(
                f"when: {text!r}: {part.strip()!r} is no size of a change; expected such as '3 sigma', "
                "'0.2 points', and of volume '200 %'"
            )
        bounds[_UNITS[found["unit"]]] = float(found["n"])
    if not all(bounds.values()):
        raise SettingsError(f"when: {text!r}: a change by 0 is none")
    if "%" in bounds and match["what"] == "mood":
        raise SettingsError(f"when: {text!r}: mood has no percents, it may be 0; expected sigma or points")
    if match["what"] == "mood" and bounds.get("points", 0) > 2:
        raise SettingsError(f"when: {text!r}: mood runs from -1 to 1; it cannot move by more than 2 points")
    span = _span(text, match["span"], _LONGEST_MOVE)
    if span > _DAY and span % _DAY:
        raise SettingsError(f"when: {text!r}: expected up to 24 h, or whole days such as '3 days'")
    authors = 0
    for part in filter(None, match["rest"].split(" and ")):
        if not (least := _AUTHORS.fullmatch(part.strip())):
            raise SettingsError(
                f"when: {text!r}: {part.strip()!r} is no condition; expected 'n_authors >= 30'"
            )
        authors = int(least[1])
    way = {"falls": -1, "rises": 1, "moves": 0}[match["way"]]
    scope = _scope(text, match["scope"], "all")
    return Move(
        match["what"],
        scope,
        way,
        span,
        bounds.get("sigma", 0.0),
        bounds.get("points", 0.0),
        bounds.get("%", 0.0),
        authors,
    )


def _scope(text: str, scope: str | None, default: str) -> str:
    if scope is None:
        return default
    if not _SCOPES.fullmatch(scope):
        raise SettingsError(
            f"when: {text!r}: {scope!r} is no scope; expected all, unfiltered, topic:NAME, entity:NAME, lang:CODE "
            "or platform:NAME"
        )
    return scope


def _span(text: str, written: str, longest: timedelta) -> timedelta:
    try:
        span = parse_duration(written)
    except SettingsError as error:
        raise SettingsError(f"when: {text!r}: {error}") from None
    if not timedelta(hours=1) <= span <= longest:
        raise SettingsError(f"when: {text!r}: expected a time from 1 h to {longest.days} days")
    return span

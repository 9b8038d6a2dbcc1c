"""Why a change was not tested, or how far its result can be trusted: one sentence each, with its numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

__all__ = [
    "broken",
    "crowded",
    "extrapolated",
    "few_authors",
    "few_before",
    "few_clusters",
    "few_days_before",
    "gap",
    "inseparable",
    "no_change",
    "no_posts",
    "not_begun",
    "outside",
    "preliminary",
    "short_history",
]


NO_PLATFORM: Final = "unknown"  #: that of posts whose table names none


def outside(announced: str, first: str, last: str, baseline: str) -> str:
    """The posts do not reach it, or not its baseline."""
    if announced > last:
        return f"announced on {announced}, after the last post ({last})"
    if announced < first:
        return f"announced on {announced}, before the first post ({first})"
    return f"too little history before it: its baseline begins on {baseline}, the posts on {first}"


def not_begun(days: int) -> str:
    """The window lies ahead."""
    return f"the window begins {_plural(days, 'day')} after the last post"


def no_posts() -> str:
    """There is nothing to test."""
    return "no post has a date"


def gap(platforms: Collection[str], first: str, last: str) -> str:
    """Nothing was collected inside the window."""
    days = f"on {first}" if first == last else f"from {first} to {last}"
    named = [name for name in platforms if name != NO_PLATFORM]
    return f"no data was collected {days}" + (f" ({_listed(named)})" if named else "")


def broken(platforms: Collection[str]) -> str:
    """A declared break lies between baseline and window."""
    return f"a break in what was collected from {_listed(platforms)} lies between baseline and window"


def few_authors(named: int, nameless: int, needed: int, nameless_each: int) -> str:
    """Too few voices in the window; where authors are not named it speaks of posts."""
    if not nameless:
        return f"too few posts ({_plural(named, 'author')}; {needed} needed)"
    posts = f"{_plural(nameless, 'post')} without author"
    if not named:
        return f"too few posts ({posts}; {needed * nameless_each} needed)"
    return (
        f"too few posts ({_plural(named, 'author')} and {posts}; {needed} authors needed, "
        f"{nameless_each} such posts count as one)"
    )


def few_before(authors: int, needed: int, nameless: bool) -> str:
    """Too few voices in the baseline."""
    voices = _plural(authors, "post") + " without author" if nameless else _plural(authors, "author")
    return f"too few posts in the baseline ({voices}; {needed} needed)"


def few_days_before(days: int, needed: int) -> str:
    """Too many silent days in the baseline."""
    return f"too few posts in the baseline (on {_plural(days, 'day')} of 28; {needed} needed)"


def crowded(few: str) -> str:
    """The baseline has posts, but most of its days are those of other announcements."""
    return f"{few}, other announcements take the rest"


def few_clusters(clusters: int, needed: int) -> str:
    """Too few announcements of a category to pool."""
    return f"too few announcements could be tested ({clusters}; {needed} needed)"


def short_history(placebos: int, more: int) -> str:
    """Too few ordinary dates to compare with."""
    return (
        f"history too short to judge: {_plural(placebos, 'ordinary date')} to compare with "
        f"(needs about {_plural(more, 'more day')})"
    )


def preliminary(days: int, of: int) -> str:
    """The window is not over when the posts end."""
    return f"preliminary, {days} of {of} days"


def extrapolated(placebos: int, p: float) -> str:
    """The change is larger than at any ordinary date."""
    return (
        f"larger than at any of {_plural(placebos, 'ordinary date')}; q rests on an extrapolated p of {p:.2g}"
    )


def no_change(visible: float, tests: int, smallest_q: float, level: float) -> str:
    """What "no visible change" leaves open."""
    unseen = f"a change below {visible:.2f} could not have been seen"
    if smallest_q <= level:
        return unseen
    return (
        f"cannot be established with {_plural(tests, 'test')} and this history "
        f"(without extrapolation q cannot fall below {smallest_q:.2g}); {unseen}"
    )


def inseparable(titles: Sequence[str]) -> str:
    """Other announcements share the days."""
    return f"inseparable from {', '.join(repr(title) for title in titles)}"


def _plural(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))

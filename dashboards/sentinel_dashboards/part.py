"""Which part of the store a report shows, where it was asked for a part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sentinel.results import Results

from .numerals import count, whole
from .words import Words

__all__ = ["chosen_posts", "part"]


def chosen_posts(results: Results) -> int:
    """Posts of the topic and the languages that were asked for, of whatever day; all of the store by default."""
    if results.options.get("topic") or results.options.get("langs"):
        return sum(results.shares.get("kind", {}).values())
    return whole(results.counts, "posts")


def part(results: Results, words: Words) -> str:
    """What is shown and what is not, as sentences; "" where everything is."""
    sentences = [*_choice(results, words), *_days(results, words)]
    return words("sentence.space").join(sentences)


def _choice(results: Results, words: Words) -> Iterator[str]:
    topic, langs = results.options.get("topic"), results.options.get("langs") or []
    kinds = [words("page.part.topic", name=words.scope(f"topic:{topic}"))] if topic else []
    if langs:
        names = words("list.or").join(words.scope(f"lang:{lang}") for lang in langs)
        kinds.append(words("page.part.langs", names=names))
    if kinds:
        yield words(
            "page.part.posts",
            kinds=words("list.and").join(kinds),
            chosen=count(chosen_posts(results)),
            all=count(whole(results.counts, "posts")),
        )


def _days(results: Results, words: Words) -> Iterator[str]:
    since, until = (results.options.get(name) for name in ("since", "until"))
    if not since and not until:
        return
    first, last = (date.fromisoformat(str(day)) if day else None for day in (since, until))
    if first and last:
        shown = words.period(first, last)
    elif first:
        shown = words("page.part.since", day=words.period(first, first))
    else:
        assert last is not None
        shown = words("page.part.until", day=words.period(last, last))
    yield words("page.part.days", shown=shown)

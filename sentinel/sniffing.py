"""What a file is, found by reading it and storing nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from sentinel.counting import accounted, counted
from sentinel.errors import SourceError, UsageError
from sentinel.formats import batches_of, open_format, recognise
from sentinel.ports import Reject
from sentinel.source import Source, find_sources

__all__ = ["sniff"]

_SHOWN: Final = 3  # rejects and languages a file


def sniff(paths: Iterable[Path]) -> Iterator[str]:
    """Lines for people: format, certainty, counts, range of dates, languages, first rejects of each file.

    Raises
    ------
    UsageError
        If there is no file at all.
    """
    named = list(paths)
    found = False
    for source in find_sources(named):
        found = True
        try:
            yield from _sniff_source(source)
        except (SourceError, OSError) as error:
            yield f"{source.name}: refused: {error}"
    if not found:
        raise UsageError(f"no files to read under {', '.join(map(str, named))}")


def _sniff_source(source: Source) -> Iterator[str]:
    recognised = recognise(source)
    ids: set[tuple[str, str]] = set()
    langs: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    warnings: Counter[str] = Counter()
    first, last = "", ""
    rejects: list[Reject] = []
    rows = n_posts = n_rejects = 0
    for batch in batches_of(open_format(recognised, source), source):
        rows += batch.rows
        n_posts += batch.n_posts
        n_rejects += len(batch.rejects)
        rejects += batch.rejects[: _SHOWN - len(rejects)]
        skipped.update(batch.skipped)
        warnings.update(batch.warnings)
        if batch.n_posts:
            missing: list[Any] = [None] * batch.n_posts
            ids.update(zip(batch.posts.get("platform") or missing, batch.posts["post_id"], strict=True))
            langs.update(lang or "?" for lang in batch.posts.get("lang") or missing)
            dates = sorted(filter(None, batch.posts.get("published") or missing))
            if dates:
                first, last = min(first or dates[0], dates[0]), max(last, dates[-1])
    yield f"{source.name}: {recognised.plugin.name} ({recognised.confidence:.0%} sure)"
    yield (
        "  "
        + accounted(
            {
                "rows": rows,
                "posts": len(ids),
                "duplicates": n_posts - len(ids),
                "rejects": n_rejects,
                "skipped": sum(skipped.values()),
            }
        )
    )
    yield f"  published {first} to {last}" if first else "  no post is dated"
    yield "  languages as the platform says: " + ", ".join(
        f"{lang} {n:,}" for lang, n in langs.most_common(_SHOWN)
    )
    for what, n in sorted(skipped.items()):
        yield f"  skipped {n:,}: {what}"
    for what, n in sorted(warnings.items()):
        yield f"  {counted(n, 'post')}: {what}"
    for reject in rejects:
        yield f"  reject at {reject.position}: {reject.reason}: {reject.excerpt[:80]}"

"""The built-in sample: synthetic posts in real export formats, with two planted effects to find.

Nothing of it is real. Dates lie in 2031, accounts are called ``synth_…``, links lead to ``example.invalid``,
titles say "(synthetic)", and every record carries ``synthetic: true``, which keeps it apart from real posts.
"""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from sentinel.sample_posts import Utterance, utterances
from sentinel.sample_tables import write_forums, write_weibo
from sentinel.sample_world import ANNOUNCED, FIRST_DAY, N_DAYS, Announced
from sentinel.sample_x import write_search_pages, write_stream

__all__ = ["PLANTED", "write_sample"]

PLANTED: Final = {one.title: "rose" if one.effect > 0 else "fell" for one in ANNOUNCED if one.effect}
"""Title of each announcement with a planted effect, and the verdict that is true of it."""

SEARCH_SHARE: Final = 0.45  # of the posts on X, the rest comes from the stream
OVERLAP: Final = 0.01  # found by both
MINOR: Final = (
    ("Research paper on small models (synthetic)", "model_release", "positive"),
    ("New region for Alibaba Cloud (synthetic)", "cloud_infrastructure", "positive"),
    ("Update of the Qwen app (synthetic)", "consumer_app", "positive"),
    ("Partnership with a car maker (synthetic)", "partnership", "positive"),
    ("Bond offering (synthetic)", "capex_investment", "unclear"),
    ("Regulator asks for a report (synthetic)", "regulation_geopolitics", "negative"),
    ("T-Head shows a chip at a fair (synthetic)", "chips", "positive"),
    ("Shopping festival begins (synthetic)", "ecommerce_ai", "unclear"),
    ("Analyst day (synthetic)", "market", "unclear"),
    ("Small models under a new license (synthetic)", "open_source", "positive"),
)
COLUMNS: Final = (
    "date", "time_utc", "timezone", "title", "category", "entity", "expected_sign", "importance", "source",
    "confidence", "notes", "circular",
)  # fmt: skip


def write_sample(folder: Path, seed: int = 1, n_posts: int = 20_000) -> Path:
    """Write exports into ``folder/exports/`` and a calendar to ``folder/announcements.csv``.

    Parameters
    ----------
    folder : made if it is missing; files of an earlier sample are overwritten.
    seed : the same seed and size give the same bytes.
    n_posts : about how many posts, over 300 days.

    Returns
    -------
    Path
        `folder`.
    """
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    posts = sorted(utterances(seed, n_posts), key=lambda post: (post.at, post.post_id))
    stream, search = _split(Random(f"split {seed}"), [post for post in posts if post.platform == "x"])
    write_stream(exports / "x-stream.jsonl.gz", stream)
    write_search_pages(exports / "x-search", search)
    write_weibo(exports / "weibo.csv", [post for post in posts if post.platform == "weibo"])
    write_forums(exports / "forums.csv", [post for post in posts if post.platform not in ("x", "weibo")])
    _write_calendar(folder / "announcements.csv", Random(f"calendar {seed}"))
    return folder


def _split(rng: Random, posts: list[Utterance]) -> tuple[list[Utterance], list[Utterance]]:
    """What the stream delivered, and what the search found; a few posts are in both."""
    stream, search = [], []
    for post in posts:
        draw = rng.random()
        if draw < SEARCH_SHARE:
            search.append(post)
        if draw >= SEARCH_SHARE - OVERLAP:
            stream.append(post)
    return stream, search


def _write_calendar(path: Path, rng: Random) -> None:
    """All announcements: the six of importance 3, and lesser ones on days that keep clear of them."""
    far = [day for day in range(20, N_DAYS - 10) if all(abs(day - one.day) > 8 for one in ANNOUNCED)]
    lesser = [
        (Announced(day, 4.0 + rng.randrange(16), title, category, sign), rng.choice((1, 2)))
        for day, (title, category, sign) in zip(sorted(rng.sample(far, len(MINOR))), MINOR, strict=True)
    ]
    rows = sorted([(one, 3) for one in ANNOUNCED] + lesser, key=lambda row: row[0].day)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for one, importance in rows:
            moment = FIRST_DAY + timedelta(days=one.day, hours=one.hour)
            day = (moment + timedelta(hours=8)).date().isoformat()
            time_utc = f"{moment:%Y-%m-%dT%H:%M:%SZ}" if importance > 1 else ""
            event = [
                day,
                time_utc,
                "Asia/Shanghai",
                one.title,
                one.category,
                "synthetic",
                one.sign,
                importance,
            ]
            table.writerow([*event, "synthetic", "synthetic", "", "no"])

"""What patterns mark (`sentinel.patterns`): on real posts to be read, on gold, and on made crowds and robots.

Usage: python benchmarks/patterns.py [--read 50] [--seed 1]

Real posts and gold are those of ``../shared`` where it is. Posts of sets that name no author count as one of its own
each. Made crowds are mixed into the built-in sample: robots and campaigns that should be marked, and people who do
things that look alike and should not be.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from real_posts import ROOT

from sentinel.clean import copy_key
from sentinel.day_numbers import day_numbers
from sentinel.export import unguard
from sentinel.patterns import MARKED, PATTERN_COLUMNS, Raised, raised
from sentinel.pipeline import collect
from sentinel.post import Columns
from sentinel.store import Store
from sentinel.tagging import Tagger, make_tagger

SHARED: Final = ROOT.parent / "shared" / "data"
NEEDED: Final = ("platform", "post_id", "author", "published", "kind", "text")


def tagged(posts: Columns, tagger: Tagger) -> Columns:
    """Posts with what patterns are looked for in; without reposts, headlines and undated ones."""
    posts = {name: list(values) for name, values in posts.items()}
    posts["day"] = day_numbers(posts["published"], "Asia/Shanghai")
    mute = {"repost", "headline"}
    kept = [at for at, kind in enumerate(posts["kind"]) if kind not in mute and posts["day"][at] is not None]
    posts = {name: [values[at] for at in kept] for name, values in posts.items()}
    posts["copy_key"] = [copy_key(text) for text in posts["text"]]
    posts["spam"] = tagger.tag({**posts, "lang": [None] * len(kept)})["spam"]
    return posts


def found_in(posts: Columns) -> list[Raised]:
    """What patterns mark among tagged posts."""
    texts = posts["text"]
    return raised({name: posts[name] for name in PATTERN_COLUMNS}, lambda rows: [texts[row] for row in rows])


# -- real posts ------------------------------------------------------------------------------------------------


def real_exports() -> Iterator[tuple[str, Columns]]:
    """Export files, each a store of its own."""
    paths = [SHARED / "posts" / "stocknet-baba", *sorted((SHARED / "exports").glob("*"))]
    for path in filter(Path.is_dir, paths):
        with TemporaryDirectory() as folder:
            store = Store(f"sqlite:///{folder}/s.db")
            for _ in collect(store, [path]):
                pass
            rows = [row for part in store.rows(NEEDED, plain=True) for row in part]
            store.close()
        if rows:
            yield path.name, dict(zip(NEEDED, map(list, zip(*rows, strict=True)), strict=True))


def real_tables() -> Iterator[tuple[str, Columns]]:
    """Sets of posts without authors."""
    for path in sorted((SHARED / "posts").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if row["created_at"]]
        texts = [unguard(row["text"]) for row in rows]
        n = len(rows)
        fixed: Columns = {"platform": ["unknown"] * n, "author": [None] * n, "kind": ["post"] * n}
        ids, times = [row["id"] for row in rows], [row["created_at"] for row in rows]
        yield path.name.removesuffix(".csv.gz"), fixed | {"post_id": ids, "published": times, "text": texts}


def read_real(tagger: Tagger, n: int, dice: Random) -> None:
    """How many posts of each real set are marked; some of them to be read."""
    newly: list[tuple[str, str, Raised]] = []
    print("real posts: looked at, spam by their text, newly marked")
    for name, posts in (*real_exports(), *real_tables()):
        posts = tagged(posts, tagger)
        found = found_in(posts)
        before = sum(spam >= MARKED for spam in posts["spam"])
        print(f"  {name:<32}{len(posts['spam']):>8,}{before:>8,}{len(found):>8,}")
        newly += [(name, posts["text"][one.row], one) for one in found]
    print(f"\n{min(n, len(newly))} of {len(newly)} newly marked, to be read:")
    for name, text, one in dice.sample(newly, min(n, len(newly))):
        print(f"  {name} {one.spam:.2f} | {one.reasons}\n      {' '.join(text.split())[:200]}")


def read_gold(tagger: Tagger) -> None:
    """F1 of spam on gold, by the text alone and with patterns; authors from the export the tweets come from."""
    raw = SHARED / "posts" / "stocknet-baba" / "baba-tweets-2014-2016.jsonl.gz"
    with (SHARED / "gold" / "baba_2014_2016_dev.csv").open(encoding="utf-8", newline="") as stream:
        truth = {row["id"]: row["spam"] == "y" for row in csv.DictReader(stream)}
    _, every = next(real_exports())
    spam = tagger.tag({**every, "lang": [None] * len(every["text"])})["spam"]
    alone = {post_id: one >= MARKED for post_id, one in zip(every["post_id"], spam, strict=True)}
    posts = tagged(every, tagger)
    marked = {posts["post_id"][one.row] for one in found_in(posts)}
    with_patterns = {post_id: one or post_id in marked for post_id, one in alone.items()}
    print(f"\ngold of {raw.name}: {len(truth.keys() & alone.keys())} posts")
    for name, said in (("text", alone), ("with patterns", with_patterns)):
        print(f"  {name:<16}F1 {_f1([(truth[one], said[one]) for one in truth if one in said]):.3f}")


def _f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    both = sum(true and said for true, said in pairs)
    either = sum(true for true, _ in pairs) + sum(said for _, said in pairs)
    return 2 * both / either if either else 0.0


# -- made crowds -----------------------------------------------------------------------------------------------


class Made(NamedTuple):
    """A post of a crowd."""

    author: str | None
    published: str
    text: str


Crowd = Callable[[Random], Iterator[Made]]
TICKERS: Final = (
    "AAPL", "TSLA", "NFLX", "AMZN", "GOOG", "BIDU", "JD", "PDD", "NVDA", "AMD", "INTC", "META", "MSFT",
)  # fmt: skip
WORDS: Final = (
    *(
        "cloud",
        "growth",
        "margins",
        "chips",
        "stores",
        "earnings",
        "orders",
        "China",
        "model",
        "price",
        "release",
    ),
    *(
        "traffic",
        "users",
        "quarter",
        "agents",
        "benchmark",
        "context",
        "logistics",
        "regulator",
        "shares",
        "buyback",
    ),
)
ADVERT: Final = "Join our VIP room for free alerts before the next 500% gainer, link in bio {} {}"


def _time(minute: int, day: int = 12) -> str:
    return f"2025-03-{day:02d}T{minute // 60:02d}:{minute % 60:02d}:00Z"


def _phrase(dice: Random, n: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(n))


def template_robot(dice: Random) -> Iterator[Made]:
    """The same sentence with other tickers and numbers, all day."""
    for n in range(14):
        ticker = dice.choice(TICKERS)
        text = f"${ticker} moved {dice.uniform(1, 9):.2f}% in the last hour, see the levels we are watching"
        yield Made("levels_bot", _time(30 + n * 60), text)


def advertiser(dice: Random) -> Iterator[Made]:
    """Adverts; now and then a text that a model is unsure of, or one that looks as anybody's."""
    for n in range(24):
        yield Made("gainers", _time(n * 20, 1 + n), ADVERT.format(f"${dice.choice(TICKERS)}", n))
    for n in range(3):
        unsure = f"$BABA $JD $PDD setups for the week, cloud growth chips http://t.co/x{n}"
        yield Made("gainers", _time(600 + n, 3 + n), unsure)
        yield Made("gainers", _time(660 + n, 3 + n), f"Great day for $BABA, {_phrase(dice, 3)}")


def _shared(dice: Random, n_authors: int, minutes: int, text: str) -> Iterator[Made]:
    """One text by many authors, each once, within so many minutes."""
    for n in range(n_authors):
        yield Made(f"account{n}", _time(700 + dice.randrange(minutes)), text)


def campaign(dice: Random) -> Iterator[Made]:
    """Many accounts, one suspicious text, some minutes."""
    return _shared(dice, 40, 40, "Alibaba stock alert: 3 reasons to buy now http://t.co/q")


def clean_campaign(dice: Random) -> Iterator[Made]:
    """The same with a text that nothing is wrong with: it cannot be told from a headline that people share."""
    text = "This small AI stock is the next $BABA, huge news coming, do not miss it http://t.co/q"
    return _shared(dice, 40, 40, text)


def programs(dice: Random) -> Iterator[Made]:
    """The same, by accounts that one program drives."""
    for word in ("next", "March"):
        text, second = f"Three things to know about $BABA before the {word} report", dice.randrange(1, 60)
        for n in range(8):
            yield Made(f"account{n}", f"2025-03-12T11:05:{second:02d}Z", text)


def quoted_headline(dice: Random) -> Iterator[Made]:
    """Many people share one headline within an hour."""
    text = "Alibaba to invest 380 billion yuan in AI and cloud over the next three years https://t.co/n"
    return _shared(dice, 120, 60, text)


def news_desk(dice: Random) -> Iterator[Made]:
    """A news account that posts all day."""
    for n in range(180):
        yield Made("newsdesk", _time(5 + n * 7), f"Alibaba: {_phrase(dice, 7)} https://t.co/d{n}")


def fans(dice: Random) -> Iterator[Made]:
    """Slogans and thanks, again and again."""
    for fan in range(10):
        for n in range(9):
            text = dice.choice(["Qwen Qwen Qwen!!!", "Go Qwen go 🚀", "支持通义千问！", "Thanks so much"])
            yield Made(f"fan{fan}", _time(60 + n * 50 + fan), text)


def enthusiasts(dice: Random) -> Iterator[Made]:
    """People who post much, and each time something else."""
    for person in range(20):
        for n in range(25):
            praise = dice.choice(["I love", "amazing:", "so impressed by", "wow,", "cannot believe"])
            text = f"{praise} Qwen and its {_phrase(dice, 5)}"
            yield Made(f"enthusiast{person}", _time(n * 50 + person), text)


def read_twice(dice: Random) -> Iterator[Made]:
    """One post of a person in eight exports that have no ids."""
    for person in range(20):
        text = f"Qwen surprised me today with its {_phrase(dice, 6)}"
        yield from [Made(f"person{person}", _time(500 + person), text)] * 8


SPAM: Final[tuple[Crowd, ...]] = (template_robot, advertiser, campaign, clean_campaign, programs)
PEOPLE: Final[tuple[Crowd, ...]] = (quoted_headline, news_desk, fans, enthusiasts, read_twice)


def read_made(tagger: Tagger, dice: Random) -> None:
    """How many posts of each crowd are spam by their text, and how many with patterns."""
    print("\nmade crowds: posts, spam by their text, with patterns")
    for wanted, crowds in (("spam", SPAM), ("people", PEOPLE)):
        for crowd in crowds:
            posts = list(crowd(dice))
            authors, times, texts = map(list, zip(*posts, strict=True))
            n = len(posts)
            columns: dict[str, list[Any]] = {"author": authors, "published": times, "text": texts}
            columns |= {"platform": ["x"] * n, "kind": ["post"] * n, "post_id": list(map(str, range(n)))}
            judged = tagged(columns, tagger)
            found = found_in(judged)
            before = sum(spam >= MARKED for spam in judged["spam"])
            print(f"  {wanted:<8}{crowd.__name__:<18}{n:>6}{before:>6}{before + len(found):>6}")
            for reason, number in Counter(one.reasons for one in found).most_common(2):
                print(f"          {number} × {reason}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--read", type=int, default=50, help="how many newly marked real posts are shown")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tagger, dice = make_tagger(), Random(options.seed)
    read_made(tagger, dice)
    if SHARED.is_dir():
        read_gold(tagger)
        read_real(tagger, options.read, dice)
    else:
        print(f"no real posts: there is no {SHARED}")


if __name__ == "__main__":
    main()

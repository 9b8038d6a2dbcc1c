"""Full tagging beside a bare loop of vaderSentiment's `polarity_scores`, over the same texts, none of them twice.

Usage: python benchmarks/tagging.py [--rounds 5] [--only varied,english] [--json FILE] [--write docs/performance.md]

Each kind of texts in a process of its own, on one core, in CPU seconds. The first pass is of a tagger that has read
nothing before ("cold"): all words are new to it. Then some rounds of both in turn, of which the best counts: words are
known, texts are not ("warm"). Texts are real ones of ``../shared`` where it is there, and the built-in mixed sample.
"""

from __future__ import annotations

import argparse
import csv
import gc
import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import orjson
from real_posts import ROOT, statuses, varied
from throughput import keep

from sentinel.pipeline import collect
from sentinel.sample import write_sample
from sentinel.settings import Settings
from sentinel.store import Store
from sentinel.tagging import Tagger, make_tagger

BEGIN, END = "<!-- tagging -->", "<!-- /tagging -->"
POSTS = ROOT.parent / "shared" / "data" / "posts"
ENGLISH = (
    "hackernews_ai",
    "reddit_ai_titles_2025_2026",
    "x_ai_lists_2026",
    "x_deepseek_tweets_2025",
    "stocktwits_2026",
)
CHINESE = (
    "weibo_hot_descriptions_2024_2026",
    "v2ex_2024_2025",
    "zhihu_hot_questions_2022_2025",
    "xueqiu_2026-02",
)
LONG = range(400, 5_000)
AT_ONCE = 4_096
MOST = 10_000


def real(*names: str) -> Iterator[str]:
    """Texts of sets of real posts, as many of each."""
    csv.field_size_limit(1 << 30)
    for name in names:
        path = POSTS / f"{name}.csv.gz"
        if path.exists():
            with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
                rows = csv.DictReader(file)
                yield from (row["text"] for row, _ in zip(rows, range(MOST // len(names)), strict=False))


def sample() -> Iterator[str]:
    """Texts of the mixed sample, as they are stored."""
    with TemporaryDirectory() as folder:
        exports = write_sample(Path(folder), n_posts=MOST) / "exports"
        store = Store(f"sqlite:///{folder}/sample.db", Settings().timezone)
        for _ in collect(store, [exports]):
            pass
        for _, _, posts in store.untagged("none", names=("text",)):
            yield from posts["text"]
        store.close()


def together(*names: str) -> Iterator[str]:
    """As many texts of each of some kinds, from all over them."""
    for name in names:
        texts = list(SECTIONS[name]())
        yield from texts[:: max(1, len(texts) // (MOST // len(names)))]


SECTIONS: dict[str, Callable[[], Iterator[str]]] = {
    "varied": lambda: (status["text"] for status, _ in zip(varied(), range(2 * MOST), strict=False)),
    "baba": lambda: (orjson.loads(line)["text"] for line in statuses()),
    "sample": sample,
    "english": lambda: real(*ENGLISH),
    "chinese": lambda: real(*CHINESE),
    "all": lambda: together("baba", "english", "chinese"),
    "long": lambda: (text for text in real(*ENGLISH, "reddit_localllama_2024") if len(text) in LONG),
}
TITLES = {
    "varied": "$BABA tweets of 2014-16, each with the end of another",
    "baba": "$BABA tweets of 2014-16",
    "sample": "mixed sample, English and Chinese",
    "english": "English posts of 2022-26",
    "chinese": "Chinese posts of 2022-26",
    "all": "$BABA tweets, English and Chinese posts of 2022-26, as many of each",
    "long": "English posts of 400 to 5 000 characters",
}


def tagged(tagger: Tagger, texts: Sequence[str]) -> float:
    """CPU seconds of full tagging."""
    start = process_time()
    for at in range(0, len(texts), AT_ONCE):
        part = list(texts[at : at + AT_ONCE])
        n = len(part)
        tagger.tag({"text": part, "lang": [None] * n, "platform": ["x"] * n, "kind": ["post"] * n})
    return process_time() - start


def scored(analyzer: Any, texts: Sequence[str]) -> float:
    """CPU seconds of the bare loop."""
    start = process_time()
    for text in texts:
        analyzer.polarity_scores(text)
    return process_time() - start


def measured(texts: list[str], rounds: int) -> dict[str, float]:
    """Seconds until the models are there, and microseconds a post, in this process, which has tagged nothing yet."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    first_loop = scored(analyzer, texts)
    start = process_time()
    models = make_tagger().models
    made = process_time() - start
    cold = tagged(Tagger(models), texts)
    loops, tags = [first_loop], []
    for number in range(1, rounds + 1):  # other batches, so that none is remembered as a whole
        turned = texts[number * 7 :] + texts[: number * 7]
        tags.append(tagged(Tagger(models), turned))
        loops.append(scored(analyzer, turned))
    loop, warm = min(loops), min(tags, default=cold)
    each = 1e6 / len(texts)
    return {
        "posts": len(texts),
        "made s": made,
        "vader us": loop * each,
        "cold us": cold * each,
        "warm us": warm * each,
        "cold ratio": loop / cold,
        "warm ratio": loop / warm,
    }


def table(results: dict[str, dict[str, float]]) -> Iterator[str]:
    """The figures as Markdown."""
    yield "| texts, none twice | posts | VADER µs | cold µs | warm µs | cold: tags ÷ VADER | warm: tags ÷ VADER |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, found in results.items():
        yield (
            f"| {TITLES[name]} | {found['posts']:,} | {found['vader us']:.0f} | {found['cold us']:.0f} "
            f"| {found['warm us']:.0f} | {found['cold ratio']:.2f} | {found['warm ratio']:.2f} |"
        )


def apart(name: str, rounds: int) -> dict[str, float] | None:
    """`measured` of a kind of texts in a process of its own; ``None`` where there are no such texts."""
    command = [sys.executable, __file__, "--only", name, "--rounds", str(rounds), "--here"]
    shown = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] | None = json.loads(shown)
    return found


def main() -> None:
    """All kinds of texts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(SECTIONS), help="kinds of texts, joined by commas")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", type=Path, help="file whose table between the two marks is replaced")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        gc.set_threshold(500_000, 50, 100)  # as `sentinel run` does
        texts = list(dict.fromkeys(SECTIONS[options.only]()))
        print(json.dumps(measured(texts, options.rounds) if texts else None))
        return
    each = {name: apart(name, options.rounds) for name in options.only.split(",")}
    results = {name: found for name, found in each.items() if found}
    lines = list(table(results))
    print("\n".join(lines))
    keep(results, lines, options, BEGIN, END)


if __name__ == "__main__":
    main()

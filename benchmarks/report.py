"""Time, memory and size of the report: a store of so many made-up posts over a thousand days, tagged at random.

The store is filled through the same door as any other, but without reading files or running models. Each report is
made in a process of its own, whose peak memory the system tells; once whole, once without the rows of posts.csv, which
are half of the time: what is left is the page, mood.csv and effects.csv.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from sentinel.ports import Batch
from sentinel.post import Columns
from sentinel.settings import Settings
from sentinel.store import Store, sqlite_url
from sentinel.tagging import make_tagger

N_DAYS = 1_000
FIRST = np.datetime64("2023-06-01T00:00:00")
BATCH = 20_000
PLATFORMS = np.array(["x", "x", "x", "weibo", "reddit", "zhihu"], dtype=object)
TOPICS = np.array(
    [
        *("model_release", "open_source", "cloud_infrastructure", "earnings", "market", "chips", "other"),
        *("model_release;open_source", "cloud_infrastructure;capex_investment", "market;earnings"),
    ],
    dtype=object,
)
ENTITIES = np.array(
    ["alibaba", "qwen", "qwen;deepseek", "alibaba_cloud", "deepseek", "openai", "tencent"], dtype=object
)
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "or", "ing")]
Texts = npt.NDArray[np.object_]
#: The command, but for the rows of posts.csv.
WITHOUT_POSTS = """
import os
os.environ["SENTINEL_PROCESSES"] = "1"  # no second process, which would write them
import sentinel.pipeline
from sentinel.cli import main
from sentinel.export import POSTS_CSV, write_csv
sentinel.pipeline.write_posts = lambda store, path, filters: write_csv(path, POSTS_CSV, ())
main()
"""


def posts(rng: np.random.Generator, first: int, n: int) -> Columns:
    """So many posts, ids from `first`; bursts on a tenth of the days."""
    burst = rng.integers(0, N_DAYS // 10, n) * 10
    day = np.where(rng.random(n) < 0.25, burst, rng.integers(0, N_DAYS, n))
    stamps = FIRST + (day * 86_400 + rng.integers(0, 86_400, n)).astype("timedelta64[s]")
    vocabulary = np.array([a + b for a in SYLLABLES for b in SYLLABLES[::3]], dtype=object)
    drawn = np.minimum(rng.zipf(1.25, (n, 14)) - 1, len(vocabulary) - 1)
    platform = rng.choice(PLATFORMS, n)
    published = [text + "Z" for text in np.datetime_as_string(stamps, unit="s").tolist()]
    ids = range(first, first + n)
    return {
        "platform": platform.tolist(),
        "post_id": [str(10**18 + number) for number in ids],
        "published": published,
        "precision": ["second"] * n,
        "author": [f"synth_{number}" for number in rng.zipf(1.3, n) % 200_000],
        "kind": rng.choice(np.array(["post", "post", "reply", "repost"], dtype=object), n).tolist(),
        "text": [" ".join(words) for words in vocabulary[drawn].tolist()],
        "url": [f"https://example.org/{number}" for number in ids],
        "likes": (rng.zipf(1.6, n) % 5_000).tolist(),
        "synthetic": [True] * n,
    }


def tags(rng: np.random.Generator, n: int) -> Columns:
    """Tags as the models give them, at random."""
    score = np.clip(rng.normal(0.1, 0.4, n), -1, 1).round(4)
    unscored = rng.random(n) < 0.1
    label = np.where(score > 0.2, "positive", np.where(score < -0.2, "negative", "neutral"))
    lang = rng.choice(np.array(["en", "en", "zh"], dtype=object), n)
    empty = [None] * n
    return {
        "lang": lang.tolist(),
        "about": np.where(rng.random(n) < 0.7, 0.95, 0.1).tolist(),
        "spam": np.where(rng.random(n) < 0.05, 0.9, 0.02).tolist(),
        "label": np.where(unscored, "unscored", label).tolist(),
        "score": [None if none else value for value, none in zip(score.tolist(), unscored, strict=True)],
        "p_negative": empty,
        "p_neutral": empty,
        "p_positive": empty,
        "confidence": empty,
        "topics": rng.choice(TOPICS, n).tolist(),
        "entities": rng.choice(ENTITIES, n).tolist(),
        "model": np.where(lang == "zh", "zh 1", "linear 1").tolist(),
    }


def fill(store: Store, n_posts: int, tagger: str) -> None:
    """Made-up posts with made-up tags, which look as if `tagger` had made them."""
    rng = np.random.default_rng(1)
    number = store.begin_input("0" * 64, "made-up", "made-up", 0)
    assert number is not None
    for first in range(0, n_posts, BATCH):
        store.add(number, Batch(posts(rng, first, min(BATCH, n_posts - first))))
    store.end_input(number)
    for numbers, ranks, _ in store.untagged(tagger, BATCH):
        store.add_tags(tagger, numbers, ranks, tags(rng, len(numbers)))


def measure(database: Path, out: Path, *program: str) -> str:
    """What one ``report`` takes: seconds, of these those of the processor, and peak memory."""
    command = [sys.executable, *program, "report", "-o", str(out), "--store", sqlite_url(database), "--quiet"]
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=out.parent)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    busy = used.ru_utime + used.ru_stime
    return f"{seconds:6.1f} s ({busy:.1f} of the processor)  {used.ru_maxrss / 2**20:5.2f} GB"


def main() -> None:
    """Print what each store size costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, nargs="*", default=[20_000, 1_000_000], help="ascending")
    parser.add_argument("--keep", type=Path, help="folder that keeps the stores for the next time")
    given = parser.parse_args()
    tagger = make_tagger(Settings().tag).key
    with TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for n_posts in given.posts:
            database = folder / f"{n_posts}.db"
            start = time.perf_counter()
            if not database.exists():
                store = Store(sqlite_url(database))
                fill(store, n_posts, tagger)
                store.clean()
                store.close()
            filled = time.perf_counter() - start
            whole = measure(database, folder / f"report-{n_posts}", "-m", "sentinel")
            page = measure(database, folder / f"page-{n_posts}", "-c", WITHOUT_POSTS)
            size = (folder / f"report-{n_posts}" / "index.html").stat().st_size / 1e6
            print(f"{n_posts:9,} posts  report          {whole}  index.html {size:5.1f} MB")
            print(f"{'':9}        no posts.csv    {page}  (store filled in {filled:.0f} s)", flush=True)


if __name__ == "__main__":
    main()

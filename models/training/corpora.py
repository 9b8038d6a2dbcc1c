"""The labelled sets: which are learned from, which only measure, and how much each counts.

Texts are read from a folder beside the project and never enter it.
"""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = [
    "LABELS",
    "MEASURE_ONLY",
    "POLAR",
    "THREE",
    "Example",
    "held_in",
    "key",
    "measuring",
    "read_set",
    "training",
]

LABELS: Final = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text."""

    text: str
    label: int  #: index in LABELS
    weight: float
    source: str


#: Sets with three human-labelled classes, by language: name -> weight of a row.
THREE: Final = {
    "en": {
        "semeval2017_4a_train": 1.0,
        "twitter_financial_news_train": 1.0,
        "stocktwits_manual_cs129": 2.0,
        "sp500_tweets_2020": 2.0,
        "vader_tweets": 1.0,
        "vader_nyt": 0.3,
        "vader_amazon": 0.3,
        "sanders_tech_tweets": 0.5,
        "crowdflower_apple": 0.5,
        "crowdflower_sxsw_brands": 0.5,
        "semeval2017_task5_microblogs_train": 0.6,
        "semeval2017_task5_headlines_train": 0.6,
        "fiqa2018_task1": 0.6,
    },
    "zh": {
        "finfe_train": 1.0,
        "smp2020_ewect_train": 0.8,
        "weibo_covid_manual3000": 0.6,
    },
}

#: Sets without a neutral class: they teach positive against negative alone. Output -> name -> weight of a row.
POLAR: Final = {
    "en": {
        "tone": {
            "sentiment140_100k": 1.0,
            "vader_movie": 0.5,
            "vader_amazon": 0.5,
            "deepseek_app_reviews": 1.0,
        },
        "stance": {
            "stocktwits_ml2017": 1.0,
            "stocktwits_user_declared": 1.0,
            "semeval2017_task5_microblogs_train": 1.0,
            "semeval2017_task5_headlines_train": 1.0,
            "fiqa2018_task1": 1.0,
        },
    },
    "zh": {
        "tone": {"weibo2018_train": 1.0, "weibo_senti_100k_part": 0.7, "chnsenticorp_train": 0.5},
        "stance": {"guba_algosenses": 1.0, "zh_financial_news_seed": 1.0},
    },
}

#: Never learned from: terms that forbid commercial use, official validation sets, the gold annotations.
MEASURE_ONLY: Final = (
    "financial_phrasebank",
    "stockemotions_train",
    "stockemotions_val",
    "semeval2017_4a_val",
    "smp2020_ewect_eval",
    "chnsenticorp_validation",
)
GOLD: Final = ("ai_2022_2026_dev", "baba_2014_2016_dev")

_URL: Final = re.compile(r"https?\S*|www\.\S+")
_HANDLE: Final = re.compile(r"@\w+")
_EMOTICON: Final = re.compile(r"\[[^\[\]]{1,8}\]")


def key(text: str) -> str:
    """What two copies of a text share: letters and digits, no addresses, handles or mark of a repost."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = _HANDLE.sub(" ", _URL.sub(" ", text))
    text = re.sub(r"^\W*(rt\b\W*)+", "", text)
    return re.sub(r"\W+", "", text)


def held_in(text: str) -> bool:
    """Whether a text belongs to the tenth that tunes and calibrates; texts that begin alike stay together."""
    return zlib.crc32(key(text)[:30].encode()) % 10 == 0


def read_set(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Rows of a set of ``data/sentiment``."""
    with gzip.open(folder / "sentiment" / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_gold(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a gold set."""
    with (folder / "gold" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measuring(folder: Path) -> set[str]:
    """Keys of all texts that only measure."""
    keys = {key(row["text"]) for name in GOLD for row in read_gold(folder, name)}
    for name in MEASURE_ONLY:
        keys |= {key(row["text"]) for row in read_set(folder, name)}
    return keys - {""}


def training(folder: Path, weights: dict[str, float], forbidden: set[str]) -> Iterator[Example]:
    """Examples of some sets, each text once, none of `forbidden`."""
    seen: set[str] = set()
    for name, weight in weights.items():
        for row in read_set(folder, name):
            if row["lang"] == "other" or row["label"] not in LABELS:
                continue
            mark = key(row["text"])
            if not mark or mark in forbidden or mark in seen:
                continue
            seen.add(mark)
            text = _EMOTICON.sub(" ", row["text"]) if row["lang"] == "zh" else row["text"]
            yield Example(text, LABELS.index(row["label"]), weight, name)

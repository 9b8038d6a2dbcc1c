"""The labelled sets: which are learned from, which only measure, and how much each counts.

Texts are read from a folder beside the project and never enter it.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

__all__ = [
    "EXPERTS",
    "GOLD",
    "LABELS",
    "MEASURE_ONLY",
    "OWN",
    "OWN_SENTENCES",
    "OWN_SHARE_SENTENCES",
    "POLAR",
    "Example",
    "annotated",
    "beginning",
    "examples",
    "held_in",
    "key",
    "measuring",
    "read_gold",
    "read_posts",
    "read_set",
    "small_talk",
]

LABELS: Final = ("negative", "neutral", "positive")

#: Our own annotations of posts on AI (``labels/ai_posts.csv``), as if they were a set.
OWN: Final = "ai_posts"
#: Those of talk about shares, likewise.
OWN_BOARDS: Final = "board_posts"
#: Our own annotations of what tweets that hold $BABA say of Alibaba (``labels/baba_posts.csv``), likewise.
OWN_SHARES: Final = "baba_posts"
#: Sentences that we wrote for the purpose (``labels/sentences.tsv``), likewise; English ones on shares by themselves.
OWN_SENTENCES: Final = "sentences"
OWN_SHARE_SENTENCES: Final = "share_sentences"

#: Sets with three classes, by language and kind of post: each kind has its expert. Name -> weight of a row.
EXPERTS: Final[dict[str, dict[str, dict[str, float]]]] = {
    "en": {
        "tweets": {
            "semeval2017_4a_train": 1.0,
            "vader_tweets": 1.0,
            "vader_nyt": 0.3,
            "vader_amazon": 0.3,
            "sanders_tech_tweets": 0.5,
            "crowdflower_apple": 0.5,
            "crowdflower_sxsw_brands": 0.5,
        },
        "headlines": {"twitter_financial_news_train": 1.0, "semeval2017_task5_headlines_train": 0.6},
        "stocks": {
            "stocktwits_manual_cs129": 1.5,
            "sp500_tweets_2020": 2.0,
            "semeval2017_task5_microblogs_train": 0.6,
            "fiqa2018_task1": 0.6,
            OWN_SHARES: 3.0,
            OWN_BOARDS: 1.0,
            OWN_SHARE_SENTENCES: 1.0,
        },
        "ai": {OWN: 1.0, OWN_SENTENCES: 1.0},
    },
    "zh": {
        "stocks": {"finfe_train": 1.0, OWN_BOARDS: 0.5},
        "weibo": {"smp2020_ewect_train": 1.0},
        "news": {"weibo_covid_manual3000": 0.5},
        "ai": {OWN: 1.5, OWN_SENTENCES: 1.0},
    },
}

#: Sets without a neutral class: they teach positive against negative alone. Output -> name -> weight of a row.
POLAR: Final[dict[str, dict[str, dict[str, float]]]] = {
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

#: Never learned from: terms that forbid commercial use, official validation sets.
MEASURE_ONLY: Final = (
    "financial_phrasebank",
    "stockemotions_train",
    "stockemotions_val",
    "semeval2017_4a_val",
    "smp2020_ewect_eval",
    "chnsenticorp_validation",
)
#: Chinese posts that nobody has labelled, hardly any of them an advert: talk of forums on shares and on computers.
TALK: Final = ("guba_2015_2018", "v2ex_2024_2025")
#: The gold annotations, never learned from either.
GOLD: Final = ("ai_2022_2026_dev", "baba_2014_2016_dev")

#: How the names of sets of Chinese posts begin.
CHINESE: Final = ("weibo", "zhihu", "v2ex", "xueqiu", "guba", "zh_")
#: Sets of talk about shares.
BOARDS: Final = ("xueqiu_2026-02", "guba_2015_2018", "stocktwits_2026")

_SIGNS: Final = {"-": "negative", "0": "neutral", "+": "positive"}
_LABELS: Final = Path(__file__).with_name("labels")
_URL: Final = re.compile(r"https?\S*|www\.\S+")
_HANDLE: Final = re.compile(r"@\w+")
_EMOTICON: Final = re.compile(r"\[[^\[\]]{1,8}\]")
_HAN: Final = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text."""

    text: str
    label: int  #: index in LABELS
    weight: float
    source: str


@lru_cache(maxsize=1 << 18)
def key(text: str) -> str:
    """What two copies of a text share: letters and digits, no addresses, handles, [emoticons] or mark of a repost."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = _EMOTICON.sub(" ", _HANDLE.sub(" ", _URL.sub(" ", text)))
    text = re.sub(r"^\W*(rt\b\W*)+", "", text)
    return re.sub(r"\W+", "", text)


def beginning(mark: str) -> str:
    """The part of a key by which near-copies are known: 60 letters, 25 Chinese characters."""
    return mark[:25] if len(_HAN.findall(mark)) > 5 else mark[:60]


def held_in(folder: Path, text: str) -> bool:
    """Whether a text belongs to the tenth that tunes and calibrates; texts that begin alike stay together.

    Of the dated annotations (`annotated`) it is the latest tenth, else a tenth by the text itself.
    """
    mark = beginning(key(text))
    early, late = _dated(folder)
    return mark in late or (mark not in early and zlib.crc32(mark[:30].encode()) % 10 == 0)


@cache
def _dated(folder: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Beginnings of the dated texts: those that are learned from, and the latest tenth of each origin.

    Copies are as late as the latest of them.
    """
    origins: dict[str, dict[str, str]] = {}
    for row in annotated(folder):
        latest = origins.setdefault(row["set"], {})
        mark = beginning(key(row["text"]))
        latest[mark] = max(row["when"], latest.get(mark, ""))
    every: set[str] = set()
    late: set[str] = set()
    for latest in origins.values():
        ordered = sorted(latest, key=lambda mark: (latest[mark], mark))
        every.update(ordered)
        late.update(ordered[len(ordered) - len(ordered) // 10 :])
    return frozenset(every - late), frozenset(late)


def read_set(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Rows of a set of ``data/sentiment``, or of our own annotations with a label, those that are not spam."""
    if name in (OWN, OWN_BOARDS):
        for row in annotated(folder):
            if row["label"] and row["spam"] == "n" and (row["set"] in BOARDS) == (name == OWN_BOARDS):
                yield row
        return
    if name == OWN_SHARES:
        texts = read_posts(folder / "posts", "stocknet-baba")
        with (_LABELS / "baba_posts.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                _, text = texts[row["id"]]
                yield {"text": text, "label": row["sentiment"], "lang": "en"}
        return
    if name in (OWN_SENTENCES, OWN_SHARE_SENTENCES):
        for line in (_LABELS / "sentences.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            sign, kind, text = line.split("\t")
            if (kind == "finance") == (name == OWN_SHARE_SENTENCES):
                yield {"text": text, "label": _SIGNS[sign], "lang": "zh" if kind == "chinese" else "en"}
        return
    with gzip.open(folder / "sentiment" / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_gold(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of a gold set."""
    with (folder / "gold" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def annotated(folder: Path) -> list[dict[str, str]]:
    """Our own annotations with their texts: lang, text, when, about, spam, label, topics."""
    texts: dict[str, dict[str, tuple[str, str]]] = {}
    rows = []
    with (_LABELS / "ai_posts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["set"]
            if name not in texts:
                texts[name] = read_posts(folder / "posts", name)
            lang = "zh" if name.startswith(CHINESE) else "en"
            when, text = texts[name][row["id"]]
            rows.append({**row, "text": text, "when": when, "label": row["sentiment"], "lang": lang})
    return rows


def read_posts(folder: Path, name: str) -> dict[str, tuple[str, str]]:
    """Id -> time (in the order of its letters) and text of a set of posts."""
    if name == "stocknet-baba":
        with gzip.open(folder / name / "baba-tweets-2014-2016.jsonl.gz", "rt", encoding="utf-8") as file:
            tweets = [json.loads(line) for line in file]
        return {str(tweet["id"]): (str(tweet["id"]).zfill(20), tweet["text"]) for tweet in tweets}
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return {post["id"]: (post["created_at"], post["text"]) for post in csv.DictReader(file)}


def measuring(folder: Path) -> set[str]:
    """Beginnings of the keys of all texts that only measure."""
    texts: list[str] = [row["text"] for name in GOLD for row in read_gold(folder, name)]
    for name in MEASURE_ONLY:
        texts += [row["text"] for row in read_set(folder, name)]
    return {beginning(key(text)) for text in texts} - {""}


def examples(
    folder: Path, lang: str, weights: dict[str, float], forbidden: Iterable[str]
) -> Iterator[Example]:
    """Examples of some sets, each text once, none that begins like one of `forbidden`."""
    seen = set(forbidden)
    for name, weight in weights.items():
        for row in read_set(folder, name):
            if (
                row["label"] not in LABELS
                or row["lang"] == "other"
                or (name in (OWN, OWN_BOARDS, OWN_SENTENCES) and row["lang"] != lang)
            ):
                continue
            mark = beginning(key(row["text"]))
            if mark and mark not in seen:
                seen.add(mark)
                text = _EMOTICON.sub(" ", row["text"]) if lang == "zh" else row["text"]
                yield Example(text, LABELS.index(row["label"]), weight, name)


def small_talk(folder: Path, forbidden: Iterable[str], tenths: Iterable[int] = (1, 2)) -> Iterator[str]:
    """Posts of `TALK`, each once, none that begins like one of `forbidden`: the given tenths, by the text itself."""
    seen, chosen = set(forbidden), set(tenths)
    for name in TALK:
        for _, text in read_posts(folder / "posts", name).values():
            mark = beginning(key(text))
            if len(mark) > 3 and mark not in seen and zlib.crc32(mark.encode()) % 10 in chosen:
                seen.add(mark)
                yield text

"""The taught yes-or-no judgements: topics, spam, whether a post is about Alibaba. Called by ``train.py``."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sentinel_models import chinese
from sentinel_models.about import about_facts
from sentinel_models.cashtags import cashtag_facts, has_ticker
from sentinel_models.mentions import mentions
from sentinel_models.ngrams import BITS
from sentinel_models.posts import Posts
from sentinel_models.spam import FACTS_ZH
from sentinel_models.spam_reasons import reasons_of
from sentinel_models.sums import RUNS, character_ngrams
from sentinel_models.taxonomy import load_taxonomy
from sentinel_models.tokens import Batch
from sentinel_models.topic_words import TopicWords
from sentinel_models.topics import topic_facts
from sentinel_models.words import read
from sklearn.linear_model import LogisticRegression
from training.corpora import OWN_SENTENCES, annotated, beginning, examples, key, small_talk

__all__ = ["train_about", "train_cashtags", "train_spam", "train_topics"]

Floats = npt.NDArray[np.float64]
Row = dict[str, str]
Save = Callable[..., None]

HEAD_BITS = 15  # buckets of a judgement: fewer than a sentiment's, it is taught on less
ADVERT_BITS = 17  # those of Chinese adverts, taught on more
STRENGTH = 1.0  # inverse of the penalty's
ADVERT_STRENGTH = 2.0  # that of Chinese adverts, by cross-validation
FACT_SCALE = 3.0  # facts are told louder than words, so that the penalty falls on the words
FOLDS = 5
FEW = 8  # of fewer posts nothing is learned: the words of the taxonomy decide
TALK = 0.03  # weight of a post of small talk: it stands for many, and nobody has read it
WRITTEN = 2.0  # weight of a sentence that we wrote, as people praise and blame: no advert


def train_topics(data: Path, forbidden: set[str], save: Save) -> None:
    """A judgement a topic and language, told the words of the taxonomy; thresholds by cross-validation."""
    words = TopicWords(load_taxonomy())
    names = words.names
    arrays: dict[str, npt.NDArray[np.generic]] = {"names": np.array(names)}
    guessed, truths = [], []
    for lang in ("en", "zh"):
        rows = [row for row in _rows(data, lang, forbidden) if row["about"] == "y" and row["topics"]]
        n_posts = len(rows)
        rows += _announcements(data) if lang == "en" else []
        found = [words.find(read(row["text"])) for row in rows]
        facts = topic_facts(
            [read(row["text"]) for row in rows], found, {name: at for at, name in enumerate(names)}
        )
        truth = np.array([[name in row["topics"].split(";") for name in names] for row in rows])
        # An announcement has one category; another topic whose words its title holds is neither right nor wrong.
        unsure = (facts[:, : len(names)] > 0) & ~truth & (np.arange(len(rows)) >= n_posts)[:, None]
        trained = [_judge(rows, facts, truth[:, at], lang, at, ~unsure[:, at]) for at in range(len(names))]
        guessed.append(np.column_stack([out_of_fold for _, _, _, out_of_fold in trained])[:n_posts])
        truths.append(truth[:n_posts])
        arrays |= _arrays(lang, trained)
    thresholds = [
        _threshold(np.concatenate(truths)[:, at], np.concatenate(guessed)[:, at]) for at in range(len(names))
    ]
    save("topics", thresholds=np.array(thresholds), **arrays)
    truth, chosen = np.concatenate(truths), np.concatenate(guessed) > np.array(thresholds)
    micro = 2 * (chosen & truth).sum() / (chosen.sum() + truth.sum())
    print(f"  topics: {len(truth)} posts, micro-F1 by cross-validation {micro:.3f}")


def train_spam(data: Path, forbidden: set[str], save: Save) -> None:
    """Adverts in Chinese, told the reasons of the rules.

    Small talk of forums is none, as good as always, and neither is an opinion in a sentence of ours.
    """
    rows = _rows(data, "zh", forbidden)
    n_posts = len(rows)
    rows += [{"text": text, "spam": "n"} for text in small_talk(data, forbidden)]
    n_talk = len(rows) - n_posts
    rows += [
        {"text": row.text, "spam": "n"} for row in examples(data, "zh", {OWN_SENTENCES: WRITTEN}, forbidden)
    ]
    facts = reasons_of(Posts.of([row["text"] for row in rows])).among(FACTS_ZH)
    truth = np.array([row["spam"] == "y" for row in rows])
    weights = np.repeat([1.0, TALK, WRITTEN], [n_posts, n_talk, len(rows) - n_posts - n_talk])
    trained = _judge(
        rows, facts, truth, "zh", slice(None), weights=weights, bits=ADVERT_BITS, strength=ADVERT_STRENGTH
    )
    features, slopes, bias, out_of_fold = trained
    best = _threshold(truth[:n_posts], out_of_fold[:n_posts])  # moved to a half: `spam` is cut there
    moved = (features, slopes, bias - float(np.log(best / (1 - best))), out_of_fold)
    save("spam", names=np.array(["spam"]), thresholds=np.array([0.5]), **_arrays("zh", [moved]))
    _print_f1("spam = y in Chinese", truth[:n_posts], out_of_fold[:n_posts] > best)
    for what, part in (
        ("small talk", slice(n_posts, n_posts + n_talk)),
        ("sentences", slice(n_posts + n_talk, None)),
    ):
        marked = out_of_fold[part] > best
        print(f"  {what}: {len(marked)} texts, {marked.mean():.1%} marked by cross-validation")


def train_about(data: Path, forbidden: set[str], save: Save) -> None:
    """Whether a post that names Alibaba, otherwise than by a ticker, is about it."""
    finder = mentions()
    facts, truth, texts = [], [], []
    for lang in ("en", "zh"):
        for row in _rows(data, lang, forbidden):
            named = finder.find(row["text"])
            if finder.side(named, "alibaba") and not has_ticker(read(row["text"])):
                facts.append(about_facts(row["text"], named, finder))
                truth.append(row["about"] == "y")
                texts.append(row["text"])
    told, yes = np.array(facts), np.array(truth)
    learned = LogisticRegression(C=1.0, max_iter=500).fit(told, yes)
    fold = _folds(texts)
    other = np.zeros(len(yes))
    for held in range(FOLDS):
        part = LogisticRegression(C=1.0, max_iter=500).fit(told[fold != held], yes[fold != held])
        other[fold == held] = part.predict_proba(told[fold == held])[:, 0]
    best = _threshold(~yes, other)  # moved to a half, as for spam
    save("about", slopes=learned.coef_[0], bias=learned.intercept_[0] + float(np.log(best / (1 - best))))
    _print_f1("about = n", ~yes, other > best)


def train_cashtags(data: Path, forbidden: set[str], save: Save) -> None:
    """Whether a post with a ticker of Alibaba's is spam, and whether it is about Alibaba."""
    rows = [row for row in _rows(data, "en", forbidden) if has_ticker(read(row["text"]))]
    facts = np.array([cashtag_facts(row["text"]) for row in rows])
    trained = []
    for column in ("spam", "about"):
        truth = np.array([row[column] == "y" for row in rows])
        trained.append(_judge(rows, facts, truth, "en", slice(None), even=False, scale=2.0))
        out_of_fold = trained[-1][3]
        if column == "spam":
            _print_f1("spam = y of tickers", truth, out_of_fold > 0.5)
        else:
            _print_f1("about = n of tickers", ~truth, out_of_fold < 0.5)
    save(
        "cashtags",
        names=np.array(["spam", "about"]),
        thresholds=np.array([0.5, 0.5]),
        **_arrays("en", trained),
    )


def _print_f1(what: str, truth: npt.NDArray[np.bool_], guess: npt.NDArray[np.bool_]) -> None:
    figure = 2 * (guess & truth).sum() / max(guess.sum() + truth.sum(), 1)
    print(f"  {what}: {len(truth)} posts, {truth.sum()} so, F1 by cross-validation {figure:.3f}")


def _rows(data: Path, lang: str, forbidden: set[str]) -> list[Row]:
    return [
        row for row in annotated(data) if row["lang"] == lang and beginning(key(row["text"])) not in forbidden
    ]


def _announcements(data: Path) -> list[Row]:
    """Titles of announcements, each with its category as its topic."""
    with (data / "announcements.csv").open(encoding="utf-8", newline="") as file:
        return [{"text": row["title"], "topics": row["category"]} for row in csv.DictReader(file)]


def _folds(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    """The part of each text in cross-validation; texts that begin alike are in the same."""
    return np.array([zlib.crc32(beginning(key(text)).encode()) % FOLDS for text in texts])


def _hashed(rows: Sequence[Row], lang: str, bits: int) -> sp.csr_matrix:
    """Words and pairs of English posts, runs of characters of Chinese ones, scaled as the runtime does."""
    readings = [read(row["text"]) for row in rows]
    if lang == "en":
        batch = Batch.of(readings)
        post, buckets, counts = (
            np.concatenate([batch.post] * 2),
            np.concatenate([batch.words, batch.pairs]),
            batch.counts,
        )
    else:
        post, buckets = character_ngrams([chinese.body(reading) for reading in readings], RUNS)
        counts = np.maximum(np.bincount(post, minlength=len(rows)), 1)
    matrix = sp.coo_matrix(
        (np.ones(len(post)), (post, buckets >> (BITS - bits))), shape=(len(rows), 1 << bits)
    ).tocsr()
    return (sp.diags(1.0 / np.sqrt(counts)) @ matrix).tocsr()


def _judge(
    rows: Sequence[Row],
    facts: Floats,
    truth: npt.NDArray[np.bool_],
    lang: str,
    own: int | slice,
    used: npt.NDArray[np.bool_] | None = None,
    even: bool = True,
    scale: float = FACT_SCALE,
    weights: Floats | None = None,
    bits: int = HEAD_BITS,
    strength: float = STRENGTH,
) -> tuple[Floats, Floats, float, Floats]:
    """Weights of features and facts, bias, and the probability of each row by a model that did not see it."""
    hashed = _hashed(rows, lang, bits)
    n_texts = np.bincount(hashed.indices, minlength=hashed.shape[1])
    rarity = np.log((1 + len(rows)) / (1 + n_texts)) * (n_texts >= 2) / 2
    matrix = sp.hstack([hashed @ sp.diags(rarity), sp.csr_matrix(scale * facts)]).tocsr()
    fold = _folds([row["text"] for row in rows])
    weighed = np.ones(len(rows)) if weights is None else weights
    told = np.ones(len(rows), bool) if used is None else used
    out_of_fold = np.array([facts[at, own].mean() for at in range(len(rows))])
    if truth.sum() < FEW:
        slopes = np.zeros(facts.shape[1])
        slopes[own] = 4.0
        return np.zeros(1 << bits), slopes, -2.0, out_of_fold
    for held in range(FOLDS):
        rest = told & (fold != held)
        learned = _fit(matrix[rest], truth[rest], weighed[rest], even, strength)
        out_of_fold[fold == held] = learned.predict_proba(matrix[fold == held])[:, 1]
    learned = _fit(matrix[told], truth[told], weighed[told], even, strength)
    slopes = learned.coef_[0]
    n_features = 1 << bits
    return (
        slopes[:n_features] * rarity,
        slopes[n_features:] * scale,
        float(learned.intercept_[0]),
        out_of_fold,
    )


def _fit(
    matrix: sp.csr_matrix, truth: npt.NDArray[np.bool_], weights: Floats, even: bool, strength: float
) -> LogisticRegression:
    """A judgement; `even` gives the rarer answer more weight."""
    if even:
        weights = weights * np.where(truth, np.sqrt(weights[~truth].sum() / weights[truth].sum()), 1.0)
    return LogisticRegression(C=strength, max_iter=300, tol=1e-3).fit(matrix, truth, sample_weight=weights)


def _threshold(truth: npt.NDArray[np.bool_], guess: Floats) -> float:
    """The threshold of best F1, drawn towards a half where there is little to go by."""
    grid = np.linspace(0.25, 0.7, 19)
    scores = [2 * ((guess > at) & truth).sum() / max((guess > at).sum() + truth.sum(), 1) for at in grid]
    trust = truth.sum() / (truth.sum() + 20)
    return float(trust * grid[int(np.argmax(scores))] + (1 - trust) * 0.5)


def _arrays(
    lang: str, trained: Sequence[tuple[Floats, Floats, float, Floats]]
) -> dict[str, npt.NDArray[np.generic]]:
    """Weights as whole numbers, a unit an output."""
    features = np.column_stack([weights for weights, _, _, _ in trained])
    units = np.maximum(np.abs(features).max(axis=0), 1e-9) / 127
    return {
        f"{lang}_features": np.rint(features / units).astype(np.int8),
        f"{lang}_units": units,
        f"{lang}_slopes": np.column_stack([slopes for _, slopes, _, _ in trained]),
        f"{lang}_bias": np.array([bias for _, _, bias, _ in trained]),
    }

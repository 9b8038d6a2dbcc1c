"""Measure the taggers on the gold annotations and on texts that were not learned from.

    python models/training/evaluate.py ../shared/data

Writes the tables between the marks in ``models/README.md``, and ``artifacts/quality.json``, which the models show. The
shipped weights have learned the held-in texts, too. So these are judged by the weights that ``train.py`` put aside
before that, in a copy of the taggers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

sys.path.insert(0, str(Path(__file__).parents[1]))
from sentinel_models.entities import Entities
from sentinel_models.language import Language
from sentinel_models.linear import Linear
from sentinel_models.spam import Spam
from sentinel_models.topics import Topics
from sentinel_models.vader import Vader
from sentinel_models.zh import Zh
from training.corpora import EXPERTS, GOLD, LABELS, held_in, read_gold, read_set
from training.saving import ASIDE

from sentinel.quality import (
    class_f1,
    interval,
    macro_f1,
    macro_recall,
    mood_error,
    topic_counts,
)
from sentinel.reliability import reliability

ROOT = Path(__file__).parents[1]
MARKS = ("<!-- figures: begin -->", "<!-- figures: end -->")
Row = dict[str, str]
Labels = npt.NDArray[np.int64]
#: Fewer posts than this make no figure.
LEAST = 80
#: Shares of negative, neutral and positive of the test of SemEval-2017 4A, as its makers published them, and how many
#: posts of the validation set are drawn to have them.
SHARES_OF_TEST = (0.323, 0.483, 0.193)
DRAWN = 3000
#: Topic ids of the older gold set in today's terms.
OLD_TOPICS = {
    "stock": "market",
    "ipo": "market",
    "capex": "capex_investment",
    "cloud_ai": "cloud_infrastructure",
    "ecommerce": "ecommerce_ai",
    "regulation": "regulation_geopolitics",
    "leadership": "leadership_org",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds sentiment/, posts/ and gold/")
    parser.add_argument("--dry", action="store_true", help="print the figures, write nothing")
    parser.add_argument(
        "--held-in", action="store_true", help="held-in texts alone, as JSON, by these weights"
    )
    options = parser.parse_args()
    if options.held_in:
        print(json.dumps(list(measure_sentiment(held_in_sets(options.data)))))
        return
    sentiment = [*measure_sentiment(sets(options.data)), *measure_held_in(options.data)]
    tags = list(measure_tags(options.data))
    text = tables(sentiment, tags)
    print(text)
    if options.dry:
        return
    put_between(MARKS, text)
    path = ROOT / "sentinel_models" / "artifacts" / "quality.json"
    path.write_text(json.dumps(quality(sentiment, tags), indent=1) + "\n", encoding="utf-8")


def put_between(marks: tuple[str, str], text: str) -> None:
    """Write figures between two marks in ``models/README.md``."""
    readme = ROOT / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(marks[0])
    after = rest.split(marks[1])[1]
    readme.write_text(f"{before}{marks[0]}\n{text}{marks[1]}{after}", encoding="utf-8")


def sets(data: Path) -> Iterator[tuple[str, str, list[Row]]]:
    """Language, name and rows of the sets that measure sentiment, none of which is learned from."""
    gold = {name: read_gold(data, name) for name in GOLD}
    for rows in gold.values():
        rows[:] = [row for row in rows if row["about"] == "y" and row["spam"] == "n" and row["sentiment"]]
        for row in rows:
            row["label"] = row["sentiment"]
    recent = gold["ai_2022_2026_dev"]
    yield "en", "gold $BABA 2014-16", gold["baba_2014_2016_dev"]
    yield "en", "gold 2022-26 English", [row for row in recent if row["lang"] == "en"]
    yield "zh", "gold 2022-26 Chinese", [row for row in recent if row["lang"] == "zh"]
    validation = list(read_set(data, "semeval2017_4a_val"))
    yield "en", "semeval2017_4a_val", validation
    yield "en", "semeval2017_4a_val, drawn anew with the shares of its test", redrawn(validation)
    yield "en", "financial_phrasebank", list(read_set(data, "financial_phrasebank"))
    yield "zh", "smp2020_ewect_eval", list(read_set(data, "smp2020_ewect_eval"))


def held_in_sets(data: Path) -> Iterator[tuple[str, str, list[Row]]]:
    """The same of the tenths that set the calibration."""
    for lang, kinds in EXPERTS.items():
        for name in (name for group in kinds.values() for name in group):
            rows = [
                row for row in read_set(data, name) if held_in(data, row["text"]) and row["label"] in LABELS
            ]
            rows = [row for row in rows if row["lang"] in (lang, "")]
            if len(rows) >= LEAST or name == "ai_posts":
                yield lang, f"{name} (held in)", rows


def redrawn(rows: Sequence[Row]) -> list[Row]:
    """Rows drawn with replacement, so that the labels have `SHARES_OF_TEST`."""
    generator = np.random.default_rng(1)
    made: list[Row] = []
    for label, share in zip(LABELS, SHARES_OF_TEST, strict=True):
        of_label = [row for row in rows if row["label"] == label]
        made += [of_label[at] for at in generator.integers(0, len(of_label), round(share * DRAWN))]
    return made


def measure_held_in(data: Path) -> list[dict[str, Any]]:
    """Figures of the held-in texts, by the weights put aside, in a copy of the taggers."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "models"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("__pycache__"))
        artifacts = copy / "sentinel_models" / "artifacts"
        digests = json.loads((artifacts / "digests.json").read_text(encoding="utf-8"))
        for path in map(_aside, ("linear", "zh")):
            shutil.copy(path, artifacts)
            digests[path.name] = _digest(path)
        (artifacts / "digests.json").write_text(json.dumps(digests), encoding="utf-8")
        command = [sys.executable, str(copy / "training" / "evaluate.py"), str(data.resolve()), "--held-in"]
        found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows: list[dict[str, Any]] = json.loads(found)
    return rows


def _aside(model: str) -> Path:
    """The weights put aside when the shipped ones of a model were made."""
    path = ASIDE / f"{model}.npz"
    shipped = _digest(ROOT / "sentinel_models" / "artifacts" / path.name)
    if path.exists():
        with np.load(path, allow_pickle=False) as arrays:
            if str(arrays["shipped"]) == shipped:
                return path
    raise SystemExit(f"{path} does not belong to the shipped weights; run models/training/train.py first")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def measure_sentiment(of: Iterable[tuple[str, str, list[Row]]]) -> Iterator[dict[str, Any]]:
    """Figures of every scorer on every set of its language, and of VADER as it comes."""
    raw = SentimentIntensityAnalyzer()
    scorers = {"en": (Vader(), Linear()), "zh": (Zh(),)}
    for lang, name, rows in of:
        texts = [row["text"] for row in rows]
        truth = np.array([LABELS.index(row["label"]) for row in rows])
        compounds = np.array([raw.polarity_scores(text)["compound"] for text in texts])
        guess = np.where(compounds >= 0.05, 2, np.where(compounds <= -0.05, 0, 1))
        yield _figures(truth, guess, compounds) | {
            "set": name,
            "lang": lang,
            "model": "raw VADER",
            "ece": None,
        }
        batch: dict[str, list[Any]] = {"text": texts, "lang": [None] * len(texts)}
        batch |= Language().tag(batch)
        batch |= Entities().tag(batch)
        for model in scorers[lang]:
            tagged = model.tag(batch)
            guess = np.array([LABELS.index(label) if label in LABELS else -1 for label in tagged["label"]])
            scores = np.array([np.nan if score is None else score for score in tagged["score"]], float)
            three = [[p or 0.0 for p in tagged[name]] for name in ("p_negative", "p_neutral", "p_positive")]
            known = guess >= 0
            held = reliability(truth[known], np.array(three).T[known])
            yield _figures(truth, guess, scores) | {
                "set": name,
                "lang": lang,
                "model": model.name,
                "ece": [round(value, 3) for value in held],
            }


def _figures(truth: Labels, guess: Labels, scores: npt.NDArray[np.float64]) -> dict[str, Any]:
    low, high = interval(lambda at: macro_f1(truth[at], guess[at]), len(truth))
    return {
        "n": len(truth),
        "macro_f1": round(macro_f1(truth, guess), 3),
        "low": round(low, 3),
        "high": round(high, 3),
        "macro_recall": round(macro_recall(truth, guess), 3),
        "mood_error": round(mood_error(truth, scores), 3),
        "scored": round(float((guess >= 0).mean()), 3),
        "by_truth": {name: _of_class(guess[truth == k], scores[truth == k]) for k, name in enumerate(LABELS)},
    }


def _of_class(guess: Labels, scores: npt.NDArray[np.float64]) -> dict[str, Any]:
    """What a scorer says of the posts of one true label."""
    known = scores[~np.isnan(scores)]
    counts = {name: int((guess == k).sum()) for k, name in enumerate(LABELS)}
    return counts | {"unscored": int((guess < 0).sum()), "scores": known.tolist()}


def measure_tags(data: Path) -> Iterator[dict[str, Any]]:
    """Figures of about, spam and topics on the gold sets."""
    for name in GOLD:
        every = read_gold(data, name)
        for lang in sorted({row.get("lang", "en") for row in every}):
            rows = [row for row in every if row.get("lang", "en") == lang]
            batch: dict[str, list[Any]] = {"text": [row["text"] for row in rows], "lang": [None] * len(rows)}
            batch |= Language().tag(batch)
            batch |= Entities().tag(batch)
            batch |= Spam().tag(batch) | Topics().tag(batch)
            period = "2022-26" if name.startswith("ai") else "$BABA 2014-16"
            of = {"set": f"gold {period} {lang}", "lang": lang}
            yield of | _binary(rows, "about", "n", [value < 0.5 for value in batch["about"]])
            yield of | _binary(rows, "spam", "y", [value >= 0.5 for value in batch["spam"]])
            yield of | _topics(rows, batch["topics"])


def _binary(rows: Sequence[Row], column: str, wanted: str, guess: Sequence[bool]) -> dict[str, Any]:
    known = [at for at, row in enumerate(rows) if row[column]]
    truth = np.array([int(rows[at][column] == wanted) for at in known])
    made = np.array([int(guess[at]) for at in known])
    low, high = interval(lambda at: class_f1(truth[at], made[at], 1), len(truth))
    return {
        "model": "entities" if column == "about" else "spam",
        "n": len(truth),
        "wanted": int(truth.sum()),
        "measure": f"{column} = {wanted}, F1",
        "figure": round(class_f1(truth, made, 1), 3),
        "low": round(low, 3),
        "high": round(high, 3),
    }


def _topics(rows: Sequence[Row], guess: Sequence[str]) -> dict[str, Any]:
    """Micro-F1 over posts about Alibaba; what only one annotator gave is neither right nor wrong."""

    def ids(cell: str) -> set[str]:
        return {OLD_TOPICS.get(topic, topic) for topic in cell.split(";") if topic}

    known = [at for at, row in enumerate(rows) if row["about"] == "y"]
    truth = [ids(rows[at]["topics"]) for at in known]
    either = [ids(rows[at].get("topics_any", rows[at]["topics"])) for at in known]
    counts = topic_counts(truth, either, [ids(guess[at]) for at in known])

    def micro(at: Labels) -> float:
        right, wrong, missed = counts[at].sum(axis=0)
        return float(2 * right / max(2 * right + wrong + missed, 1))

    low, high = interval(micro, len(counts))
    return {
        "model": "topics",
        "n": len(counts),
        "wanted": int(counts[:, [0, 2]].sum()),
        "measure": "topics, micro-F1",
        "figure": round(micro(np.arange(len(counts))), 3),
        "low": round(low, 3),
        "high": round(high, 3),
    }


def tables(sentiment: Sequence[dict[str, Any]], tags: Sequence[dict[str, Any]]) -> str:
    """The figures as two Markdown tables."""
    lines = [
        "| set | posts | model | macro-F1 (90 % interval) | macro-recall "
        "| calibration error, by chance, without it | mood error | scored |",
        "|---|--:|---|---|--:|---|--:|--:|",
    ]
    for row in sentiment:
        cells = (
            row["set"],
            row["n"],
            row["model"],
            f"{row['macro_f1']:.3f} ({row['low']:.2f}-{row['high']:.2f})",
            f"{row['macro_recall']:.3f}",
            _calibration(row["ece"]),
            f"{row['mood_error']:.3f}",
            f"{row['scored']:.0%}",
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    lines += [
        "",
        "| set | posts | wanted | model | measure | figure (90 % interval) |",
        "|---|--:|--:|---|---|---|",
    ]
    for row in tags:
        figure = f"{row['figure']:.3f} ({row['low']:.2f}-{row['high']:.2f})"
        told = (row["set"], row["n"], row["wanted"], row["model"], row["measure"], figure)
        lines.append("| " + " | ".join(map(str, told)) + " |")
    return "\n".join(lines) + "\n"


def _calibration(ece: Sequence[float] | None) -> str:
    """Error as it is, what chance alone makes, and what is left with its interval."""
    if ece is None:
        return ""
    error, left, low, high, chance = ece
    return f"{error:.3f}, {chance:.3f}, {left:.3f} ({low:.2f}-{high:.2f})"


def quality(sentiment: Sequence[dict[str, Any]], tags: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Model -> language -> measure -> figure with its interval, of the gold sets alone."""
    found: dict[str, Any] = {}
    for row in (*sentiment, *tags):
        if not row["set"].startswith("gold") or row["model"] == "raw VADER":
            continue
        figure = row.get("figure", row.get("macro_f1"))
        told = f"{figure:.2f} ({row['low']:.2f}-{row['high']:.2f}, n {row['n']})"
        measure = f"{row.get('measure', 'macro-F1')}, {row['set']}"
        found.setdefault(row["model"], {}).setdefault(row["lang"], {})[measure] = told
    for model, langs in found.items():
        for lang, measures in langs.items():
            gold = [row for row in sentiment if row["set"].startswith("gold")]
            own = [row["by_truth"] for row in gold if (row["model"], row["lang"]) == (model, lang)]
            if own:
                measures["confusion"] = {name: _together([part[name] for part in own]) for name in LABELS}
    return found


def _together(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Guesses on all posts of one true label, and mean and spread of their scores."""
    scores = np.array([score for part in parts for score in part["scores"]])
    counts = {name: sum(part[name] for part in parts) for name in (*LABELS, "unscored")}
    return counts | {"mean": round(float(scores.mean()), 4), "sd": round(float(scores.std(ddof=1)), 4)}


if __name__ == "__main__":
    main()

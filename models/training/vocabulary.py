"""Frequent tokens of the English texts that are learned from, and what the taggers know of each (``tokens.npz``).

    python models/training/vocabulary.py ../shared/data    # the last step of train.py
    python models/training/vocabulary.py                   # the same tokens, after a change of word lists or weights

Tokens are words, numbers, tickers and hashtags that stand in several texts; handles and addresses are left out.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from sentinel_models.columns import Values
from sentinel_models.entities import Entities
from sentinel_models.language import Language
from sentinel_models.linear import Linear
from sentinel_models.posts import FIRST
from sentinel_models.spam import Spam
from sentinel_models.tokens import Tokens, use
from sentinel_models.topics import Topics
from sentinel_models.vocabulary import basis, shipped_tokens
from sentinel_models.words import read
from training.corpora import EXPERTS, POLAR, examples, measuring
from training.saving import save, write_digests
from training.transfer import judged

LEAST: Final = 5  # texts in which a token must occur


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "data", type=Path, nargs="?", help="the folder of the texts; without it, the tokens stay"
    )
    options = parser.parse_args()
    tokens = frequent(options.data) if options.data else shipped_tokens()
    columns = worked_out(tokens)
    save(
        "tokens",
        tokens=np.frombuffer("\n".join(tokens).encode(), np.uint8),
        basis=np.array(basis()),
        **columns,
    )
    write_digests()
    print(f"  {len(tokens)} frequent tokens, {len(columns)} columns")


def frequent(data: Path) -> list[str]:
    """The tokens that most texts hold, the commonest first."""
    forbidden = measuring(data)
    sets = {name: 1.0 for group in (*EXPERTS["en"].values(), *POLAR["en"].values()) for name in group}
    texts = dict.fromkeys(example.text for example in examples(data, "en", sets, forbidden))
    for found in judged(data, forbidden).values():
        whole = found.weights == 1.0  # not words by themselves
        texts |= dict.fromkeys(text for text, kept in zip(found.texts, whole, strict=True) if kept)
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(read(text).tokens))
    kept = [
        (token, n) for token, n in counts.items() if n >= LEAST and token[0] != "@" and "://" not in token
    ]
    kept.sort(key=lambda pair: (-pair[1], pair[0]))
    return [token for token, _ in kept]


def worked_out(tokens: Sequence[str]) -> dict[str, Values]:
    """What is known of marks and of tokens, by the name of the column, from lists and weights as they are now."""
    known = Tokens()
    known.numbers(tokens)
    n_first = len(known.words)
    use(known)
    taggers = [make() for make in (Language, Entities, Topics, Spam, Linear)]
    for tagger in taggers:
        tagger.tag(FIRST)  # so that it asks for its columns
    found = {column.name: column.of(known)[:n_first] for column in list(known.kept) if column.name}
    return dict(sorted(found.items()))


if __name__ == "__main__":
    main()

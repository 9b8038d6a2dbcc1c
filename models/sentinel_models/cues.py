"""Which posts of a batch may hold one of some texts: a sieve before what is slow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from .columns import Column
from .joined import END, joined_words
from .posts import Posts
from .substrings import ANYWHERE, TOKENS, Substrings

__all__ = ["Cues"]

_WITHIN_TOKENS: Final = re.compile("[a-z0-9]+")
_WORD: Final = re.compile("[a-z_$#@][a-z0-9_]*")  # a token behind which no digit can follow


class Cues:
    """A sieve for texts that stand anywhere in the lower-case text of a post.

    Letters and digits stand within tokens, and are looked for once a token; other texts, in the text of the batch.
    """

    def __init__(self, cues: Iterable[str], name: str = "") -> None:
        cues = list(cues)
        within = [cue for cue in cues if _WITHIN_TOKENS.fullmatch(cue)]
        self._others = Substrings((cue for cue in cues if cue not in within), ANYWHERE)
        # A number and its unit are parted from digits behind them: of "q2" in "5q2", "q" ends a token.
        endings = [
            cue[:at] + END
            for cue in within
            for at in range(1, len(cue))
            if cue[at].isdigit() and not cue[at - 1].isdigit()
        ]
        self._parts = Substrings((*within, *endings), TOKENS)
        self._ends = np.array([part[-1] == END for part in self._parts.entries], bool)
        self._tokens = Column(self._may_hold, name=name)

    def _may_hold(self, tokens: Sequence[str]) -> npt.NDArray[np.bool_]:
        held = np.zeros(len(tokens), bool)
        owners, _, parts = self._parts.found(joined_words(tokens))
        ends = self._ends[parts]
        held[owners[~ends]] = True
        held[[at for at in owners[ends].tolist() if not _WORD.fullmatch(tokens[at])]] = True
        return held

    def sift(self, posts: Posts) -> npt.NDArray[np.bool_]:
        """True for every post that holds one of the texts, and for few others."""
        found: npt.NDArray[np.bool_] = posts.flags(posts.of_tokens(self._tokens))
        return found | self._others.holding(posts.lower)

"""What a short Chinese post says outright: its phrases, and what denials and questions make of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import product
from typing import Final

import numpy as np

from .chinese import body
from .constructions_zh import constructed, construction_cues
from .groups import ways
from .joined import Joined
from .ngrams import Indices
from .phrases import Statement, mocks_zh, phrases_zh, signs_zh
from .turns_zh import outcome
from .words import Reading

__all__ = ["said_in", "stated_zh", "stated_zh_alone"]

#: A clause that asks, not for effect alone ("难道不好用吗?").
_ASKING_ZH: Final = re.compile(
    r"(?:(?!不是|难道|还不|岂不|不就|也配|不香|不比)[^,。;!?\n]){0,30}[吗么](?:[?]|\s*$)"
)
#: With these, praise and blame of one post are of two things, or the praise is for the end of what is blamed.
_SET_AGAINST: Final = re.compile(
    "[但却救]|不过|虽然|就是|可惜|只是|除了|除外|然而|尽管|别家|别人|其他|友商|对手|人家"
    "|修好|改好|恢复|解决|找回|追回|搞定|全改|全标|找到|找出|挑出|避开|不用|终于|清理|拦截|拦下"
)
_ASKING_ENDS: Final = ("吗", "么")
#: What denies a phrase right behind it, or a few characters before it.
_DENIES: Final = ways(
    "不/没/别/没有/并不/并非/绝不/毫不/从不/从没/不算/不太/不够/不会/不能说/谈不上/"
    "称不上/算不上/说不上/不再/不会再/再也不/别再/没再/告别/摆脱/杜绝"
)
_DENIES_FROM_AFAR: Final = (
    *ways("谁说/谁讲/谁敢说/谁还敢说/怎么可能/难道/岂会/哪里/哪儿/何曾/难说/未必/不见得"),
    *map(
        "".join, product(("不", "没", "没有", "未"), ("觉得", "认为", "感觉", "发现", "感到", "能说", "敢说"))
    ),
)
_NEGATED_ZH: Final = re.compile(
    rf"(?:(?<!是)不是|{'|'.join(_DENIES)})(?:很|太|那么|特别|多么|什么|怎么)?$"
    rf"|(?:{'|'.join(_DENIES_FROM_AFAR)})[^,。]{{0,6}}$"
)
_NEGATING: Final = frozenset(word[0] for word in (*_DENIES, *_DENIES_FROM_AFAR))  # 不是 begins as 不 does


def stated_zh_alone(reading: Reading) -> list[Statement]:
    """The statements of one Chinese post, in their order."""
    return said_in(body(reading))


def said_in(text: str) -> list[Statement]:
    """The statements of a text that is folded, simplified and in lower case."""
    return _every(text, phrases_zh().longest_in(text))


def stated_zh(joined: Joined, some: Indices) -> list[list[Statement]]:
    """The statements of some bodies of Chinese posts, in their order."""
    among = np.zeros(len(joined), bool)
    among[some] = True
    phrases, listed = phrases_zh(), construction_cues()
    found: dict[int, list[tuple[int, str]]] = {at: [] for at in some.tolist()}
    owners, places, which = phrases.longest(joined, among)
    within = places - joined.first[owners] - 1
    for at, place, number in zip(owners.tolist(), within.tolist(), which.tolist(), strict=True):
        found[at].append((place, phrases.entries[number]))
    cues: dict[int, set[str]] = {at: set() for at in found}
    owners, _, which = listed.found(joined)
    wanted = among[owners]
    for at, number in zip(owners[wanted].tolist(), which[wanted].tolist(), strict=True):
        cues[at].add(listed.entries[number])
    texts = [joined.whole[first:last] for first, last in zip(*joined.edges(some), strict=True)]
    return [_every(text, found[at], cues[at]) for text, at in zip(texts, some.tolist(), strict=True)]


def _every(
    text: str, phrases: Iterable[tuple[int, str]], cues: Collection[str] | None = None
) -> list[Statement]:
    """What a text says by its constructions, and by its phrases that are no part of these; not what it takes back."""
    built = constructed(text, cues)
    said = [
        (place, place + len(phrase), _said(text, place, phrase))
        for place, phrase in phrases
        if not built or not any(first <= place < last for first, last, _ in built)
    ]
    said += [(first, last, Statement(text[first:last], sign, turned=True)) for first, last, sign in built]
    return outcome(text, said)


def _said(text: str, place: int, phrase: str) -> Statement:
    """A phrase of a Chinese text, turned where it is negated; it says nothing where it is asked about."""
    sign = signs_zh()[phrase]
    if sign and any(first <= place < last for first, last in _asked_zh(text)):
        sign = 0
    asking = phrase[0] == "不" and text[max(0, place - 1) : place] == phrase[1:2]
    if asking or "有没" in text[max(0, place - 2) : place + 1]:  # "好不好用", "有没有信心"
        sign = 0
    before = text[max(0, place - 10) : place]
    turned = sign != 0 and not _NEGATING.isdisjoint(before) and _NEGATED_ZH.search(before) is not None
    mock = phrase in mocks_zh() and not turned and _SET_AGAINST.search(text) is None
    return Statement(phrase, -sign if turned else sign, mock, turned)


def _asked_zh(text: str) -> list[tuple[int, int]]:
    """The clauses that ask."""
    asks = "?" in text or text.rstrip().endswith(_ASKING_ENDS)
    return [match.span() for match in _ASKING_ZH.finditer(text)] if asks else []

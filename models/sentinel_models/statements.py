"""What a short post says outright: praise and blame that no bag of words can be trusted with.

"Qwen couldn't be better", "Alibaba is cooked", "ban on Alibaba Cloud lifted": the words of such a post, one by one, say
the opposite of the whole, or nothing. A list of phrases decides there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .phrases import Statement, listed, negators
from .statements_en import stated_en
from .statements_zh import stated_zh_alone
from .words import Reading

__all__ = ["LENGTHS", "LENGTHS_ZH", "stated", "statements", "total_of", "weight_of"]

#: Words, Chinese characters: up to the first number a statement counts in full, from the second on not at all. A longer
#: post says more than one thing, and the taught judgement knows better.
LENGTHS: Final = (8, 16)
LENGTHS_ZH: Final = (16, 28)
#: Beside these praise is meant otherwise.
_JEERS: Final = frozenset("🤡🤦🙄")
#: With these, praise and blame of one post are of two things.
_SET_AGAINST: Final = frozenset(["but", "though", "although", "however", "yet", "still", "despite", "except"])
_ASKED_ZH: Final = re.compile("[吗呢]|怎么|如何|什么|哪|多少|几个|是否|是不是|谁|有没有|能不能|可以")


def stated(reading: Reading) -> list[Statement]:
    """The statements of a short post, in their order; none in a long one."""
    if reading.han > 1:
        return stated_zh_alone(reading) if len(reading.lower) < LENGTHS_ZH[1] else []
    return stated_en(reading.tokens, reading.lower) if len(reading.tokens) < LENGTHS[1] else []


def weight_of(reading: Reading) -> float:
    """How much the statements of a post count, in [0, 1], by its length."""
    full, none = LENGTHS_ZH if reading.han > 1 else LENGTHS
    size = len(reading.lower) if reading.han > 1 else len(reading.tokens)
    return 1.0 if size <= full else 0.0 if size >= none else (none - size) / (none - full)


def statements(reading: Reading) -> int | None:
    """1 for praise, -1 for blame, 0 for a plain fact or a question; ``None`` if nothing is stated or both are."""
    total = total_of(reading)
    return None if total is None else (total > 0) - (total < 0)


def total_of(
    reading: Reading,
    others: Callable[[Reading], Mapping[str, int]] = lambda _: {},
    found: Sequence[Statement] | None = None,
) -> int | None:
    """The same as a number: how many more statements are praise than blame.

    Parameters
    ----------
    others : what the post says of somebody else -> its sign for us; asked if there is anything.
    found : its statements, if they are known.
    """
    asked = _is_question(reading)
    found = stated(reading) if found is None else found
    if found and (signs := others(reading)):
        found = [each._replace(sign=signs.get(each.phrase, each.sign)) for each in found]
        found = [each for each in found if each.sign or each.phrase not in signs]
    if not found:
        return 0 if asked else None
    told = [each.sign for each in found]
    total = _beside_blame(found, reading.tokens) if -1 in told else sum(map(_weighed, found))
    if asked or not any(told):
        return 0 if asked or not total else None
    return total or None


def _weighed(statement: Statement, louder: bool = False) -> int:
    return statement.sign * (1 + (statement.turned or louder))


def _beside_blame(found: Sequence[Statement], tokens: Sequence[str]) -> int:
    """How many more statements, of which some are blame, are praise; mock thanks make the blame louder."""
    cheers = any(each.mock for each in found)
    thanked = cheers and _in_earnest(tokens)
    mocked = cheers and not thanked and _SET_AGAINST.isdisjoint(tokens)
    jeers = any(each.phrase[0] in _JEERS for each in found)
    return sum(
        _weighed(each, louder=mocked and each.sign < 0)
        for each in found
        if not ((each.mock and not thanked) or (jeers and each.sign > 0))
    )


def _in_earnest(tokens: Sequence[str]) -> bool:
    """Whether somebody is thanked for the end of an ill."""
    return not listed("mends").isdisjoint(tokens) and negators().isdisjoint(tokens) and "still" not in tokens


def _is_question(reading: Reading) -> bool:
    tokens = reading.tokens
    if reading.han > 1:
        return reading.lower.rstrip().endswith("?") and _ASKED_ZH.search(reading.lower) is not None
    return (
        bool(tokens)
        and tokens[-1][0] in "?!"
        and "?" in tokens[-1]
        and not listed("questions").isdisjoint(tokens[:2])
        and not (tokens[0] == "who" and tokens[1] in listed("who_asks_nobody"))
    )

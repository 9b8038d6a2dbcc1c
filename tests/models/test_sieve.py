"""What is asked of all posts of a batch at once lets every post through of which the rules would say something."""

from __future__ import annotations

from itertools import chain
from random import Random

import numpy as np
from sentinel_models.comparison_words import ANYBODY_CUES, TABLES
from sentinel_models.comparisons_zh import CUES_ALONE_ZH
from sentinel_models.constructions_zh import _cues_in, construction_cues
from sentinel_models.folding import fold
from sentinel_models.joined import END, OPEN, Joined
from sentinel_models.mentions import mentions
from sentinel_models.posts import Posts
from sentinel_models.sides import Sides
from sentinel_models.spelling import unsettled
from sentinel_models.statements_zh import _NEGATED_ZH, _NEGATING
from sentinel_models.unmade import DENIES_NOTHING_ZH

ZH = TABLES["zh"]
NAMES = ("千问", "阿里云", "qwen", "通义", "豆包", "DeepSeek")
AROUND = (
    *("。", "?", "!", ",", " ", "了", "被", "比", "不", "的", "超", "越", "领", "先", "用"),
    *(
        "&amp;lt;",
        "&amp;#x200b;",
        "<b>",
        "ẞ",
        "İ",
        "e\u0301",
        "Σ",
        "\u200d",
        "$BABA",
        "competitors",
        "others",
    ),
)
#: Somebody who competes, and a word that is whole when the sentence is folded by itself.
RARE = ("千问比 competitors 好", "换了。千问超&amp;#x200b越大家")


def sentences(n_texts: int) -> list[str]:
    """Short Chinese texts in which a name stands beside words of comparisons, as they come."""
    draw = Random(5)
    lists = ("better", "better_named", "worse", "worse_named", "passive", "preferring", "leaving", "arriving")
    words = [*chain.from_iterable(ZH[name] for name in lists), *DENIES_NOTHING_ZH, *ANYBODY_CUES]
    return [
        "".join(
            [
                draw.choice(NAMES[: draw.choice((4, 6))]),
                *draw.choices([*words, *AROUND * 6, *NAMES], k=5),
                "吧",
            ]
        )
        for _ in range(n_texts)
    ]


def test_posts_that_compare_are_let_through() -> None:
    sides, finder = Sides(), mentions()
    posts = Posts.of([*sentences(4_000), *(f"千问{word}" for word in sorted(CUES_ALONE_ZH)), *RARE])
    named = [";".join(finder.find(text)) for text in posts.plain]
    judged = sides.judged(posts, named, np.arange(len(posts)))
    pushes = dict(zip(judged.moved.tolist(), judged.pushes.tolist(), strict=True))
    assert len(pushes) > 500
    assert set(pushes) >= {len(posts) - 2, len(posts) - 1}
    for at, text in enumerate(posts.plain):
        focus, push = sides.judge(posts.reading(at), named[at])
        assert (text, pushes.get(at)) == (text, None if push is None else push.tolist())
        assert judged.focused.get(at) == focus


def test_what_denies_a_phrase_holds_a_character_that_denies() -> None:
    draw = Random(7)
    pieces = ["不是", "是", "很", "什么", "说", "再", "觉得", "难", "还", "敢", "，", "好", "\n", *_NEGATING]
    texts = ["".join(draw.choices(pieces, k=draw.randrange(1, 6))) for _ in range(20_000)]
    denied = [text for text in texts if _NEGATED_ZH.search(text)]
    assert len(denied) > 1_000
    assert not any(map(_NEGATING.isdisjoint, denied))
    assert not _NEGATING.isdisjoint("难说")
    assert _NEGATED_ZH.search("很难说有")


def test_cues_of_constructions_are_found_in_one_text_as_in_many() -> None:
    texts = [*sentences(500), *(f"千问{cue}" for cue in construction_cues().entries), ""]
    joined = Joined.of(texts)
    held: list[set[str]] = [set() for _ in texts]
    owners, _, which = construction_cues().found(joined)
    for at, number in zip(owners.tolist(), which.tolist(), strict=True):
        held[at].add(construction_cues().entries[number])
    assert [set(_cues_in(text)) for text in texts] == held


def test_a_text_of_settled_characters_stays_as_it_is_when_it_is_folded_again() -> None:
    draw, settled = Random(6), np.setdiff1d(np.flatnonzero(~unsettled()), [ord(OPEN), ord(END)]).tolist()
    assert len(settled) > 20_000
    for _ in range(2_000):
        text = "".join(map(chr, draw.choices(settled, k=20)))
        assert fold(text) == text
    assert all(unsettled()[ord(sign)] for sign in "&<”＂Ωж\u0301\u200b\ud800")


def test_words_of_comparisons_stand_in_one_piece_in_a_marked_text() -> None:
    assert not any(sign.isspace() for word in CUES_ALONE_ZH for sign in word)

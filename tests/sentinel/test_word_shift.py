from __future__ import annotations

from random import Random

from sentinel.word_shift import MOST, words_of, words_that_moved


def chatter(n: int, *more: str, seed: int = 1) -> list[tuple[str, str]]:
    """Posts of different authors about the same everyday things, some with more words."""
    dice = Random(seed)
    common = ("cloud", "model", "price", "team", "phone", "market", "云服务", "手机", "价格")
    return [
        (f"author{seed}-{at}", " ".join([*dice.choices(common, k=4), *(more if at % 2 else ())]))
        for at in range(n)
    ]


def test_words() -> None:
    found = words_of("I'm impressed: Qwen3-Coder beats GPT-4o! https://t.co/x @someone #OpenSource isn’t")
    assert found == {"impressed", "qwen3-coder", "beats", "gpt-4o", "opensource"}


def test_pieces_of_chinese_keep_to_one_side_of_function_words() -> None:
    found = words_of("通义千问的价格")
    assert {"通义", "千问", "通义千问", "价格"} <= found
    assert not [piece for piece in found if "的" in piece]


def test_what_came_and_what_went() -> None:
    found = words_that_moved(chatter(60, "release", "开源模型"), chatter(200, "downtime", seed=2))
    rose = [one.word for one in found if one.z > 0]
    assert rose[:2] in (["release", "开源模型"], ["开源模型", "release"])
    assert [one.word for one in found if one.z < 0] == ["downtime"]
    release = next(one for one in found if one.word == "release")
    assert (release.after, release.before) == (30, 0)


def test_the_same_words_do_not_move() -> None:
    assert words_that_moved(chatter(80), chatter(300, seed=2)) == []


def test_one_author_counts_once_for_a_word() -> None:
    loud = [("one", "buy buy giveaway")] * 500
    assert "giveaway" not in {one.word for one in words_that_moved(chatter(60) + loud, chatter(200, seed=2))}


def test_order_does_not_matter_and_lists_are_short() -> None:
    after = [(f"a{at}", " ".join(f"new{word}" for word in range(40))) for at in range(30)]
    before = chatter(200)
    assert words_that_moved(after, before) == words_that_moved(after[::-1], before[::-1])
    assert sum(one.z > 0 for one in words_that_moved(after, before)) == MOST


def test_nothing_to_compare() -> None:
    assert words_that_moved([], chatter(9)) == []
    assert words_that_moved(chatter(9), []) == []
    assert words_that_moved([("a", "")], [("b", "\x00 ＝ 🚀")]) == []


def test_hostile_texts_end_soon() -> None:
    assert words_that_moved([("a", "阿" * 900_000), ("b", "W" * 900_000)], [("c", "'" * 900_000)]) == []

from __future__ import annotations

from sentinel_collectors.ids import are_row_numbers, has_exponent, is_rounded, made_up, written
from sentinel_collectors.weibo import bid_of, own_words


def test_written() -> None:
    assert written(" 41761823.0 ") == "41761823"
    assert written(41761823.0) == "41761823"
    assert written(1916966000000000001) == "1916966000000000001"
    assert written('="1916966000000000001"') == written("'1916966000000000001") == "1916966000000000001"
    assert [written("x1916966000000000001"), written("x19")] == ["1916966000000000001", "x19"]
    assert has_exponent(written(1.91696612345678e18))


def test_damage_of_spreadsheets() -> None:
    assert has_exponent("6.49E+17")
    assert has_exponent("1,91697e+18")
    assert not has_exponent("1916966000000000001")
    assert is_rounded("1916966123456780000")
    assert not is_rounded("1916966123456781234")
    assert not is_rounded("10000")


def test_row_numbers() -> None:
    assert are_row_numbers(["0", "1", "2", "3"])
    assert are_row_numbers(["1"])
    assert are_row_numbers(["4", "3", "2", "1"])
    assert are_row_numbers(["2", "4", "1", "3"])
    assert not are_row_numbers(["41761823", "41761824"])
    assert not are_row_numbers(["a1", "a2"])
    assert not are_row_numbers([])
    assert not are_row_numbers(["5", "900", "17"])


def test_made_up_ids_are_stable_and_tell_parts_apart() -> None:
    assert made_up("x", "a", None) == made_up("x", "a", None)
    assert made_up("x", "ab", "c") != made_up("x", "a", "bc")


def test_short_ids_of_weibo() -> None:
    assert bid_of("4823173339808025") == "M9IQlF9vX"
    assert bid_of("x") is None


def test_own_words_of_a_repost() -> None:
    assert own_words("转发理由: 我也觉得 原始用户: 甲 转发内容: 乙") == ("我也觉得", True)
    assert own_words("好的") == ("好的", False)

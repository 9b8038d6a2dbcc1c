"""What a post's company says of it, and what it must not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from sentinel.clean import copy_key
from sentinel.patterns import PATTERN_COLUMNS, Raised, month_of, months, raised

LONG = "three things to know about the report of the quarter"
DAY = 20_000  # 2024-10-04


def post(author: str | None, text: str = LONG, spam: float = 0.1, **given: Any) -> dict[str, Any]:
    usual = {"platform": "x", "day": DAY, "published": "2024-10-04T10:00:00Z"}
    return usual | {"author": author, "text": text, "copy_key": copy_key(text), "spam": spam} | given


def clock(minute: int, second: int = 7) -> str:
    return f"2024-10-04T{minute // 60:02d}:{minute % 60:02d}:{second:02d}Z"


def found(posts: Sequence[dict[str, Any]], strength: float = 1.0) -> list[Raised]:
    columns = {name: [one[name] for one in posts] for name in PATTERN_COLUMNS}
    return raised(columns, lambda rows: [posts[row]["text"] for row in rows], strength)


def adverts(author: str, n: int, **given: Any) -> list[dict[str, Any]]:
    return [
        post(author, f"advert {'abcdefghijklmnop'[at]}", 0.9, published=clock(at), **given) for at in range(n)
    ]


# -- the author ------------------------------------------------------------------------------------------------


def test_a_doubtful_post_of_somebody_who_else_posts_spam_is_marked() -> None:
    (one,) = found([*adverts("spammer", 8), post("spammer", "buy the dip", 0.1), post("other", "hm", 0.1)])
    odds = 0.1 / 0.9 * 20  # 8.5 to 0.5, over 1 to 4: more than is ever believed
    assert one == Raised(
        8,
        round(odds / (1 + odds), 6),
        "text 0.10; 8 of 8 other posts of the author in 2024-10 look like spam (+3.00)",
    )


@pytest.mark.parametrize(
    "posts",
    [
        [*adverts("spammer", 8), post("spammer", "good quarter", 0.02)],  # the model is sure
        [*adverts("spammer", 4), post("spammer", "buy the dip", 0.3)],  # few
        [*adverts("spammer", 8), post("spammer", "buy the dip", 0.3, day=DAY + 40)],  # in another month
        [*adverts("spammer", 8), post("spammer", "buy the dip", 0.3, platform="weibo")],  # somebody else
        [*adverts("", 8), post("", "buy the dip", 0.3)],  # nobody knows who
        [post(None, at["text"], at["spam"]) for at in adverts("", 8)] + [post(None, "buy the dip", 0.3)],
        [
            *adverts("busy", 8),  # most of what they post is none
            *(post("busy", f"thought {'abcdefghi'[at]}", 0.01, published=clock(90 + at)) for at in range(9)),
            post("busy", "buy the dip", 0.3),
        ],
        [*(one | {"published": clock(1)} for one in adverts("once", 8)), post("once", "buy the dip", 0.3)],
    ],
)
def test_other_authors_are_left_alone(posts: list[dict[str, Any]]) -> None:
    assert found(posts) == []


# -- one text --------------------------------------------------------------------------------------------------


def test_a_template_with_other_tickers_and_numbers_is_one_text() -> None:
    texts = [f"${ticker} up {at}.5 %: see the levels that we watch" for at, ticker in enumerate("ABCDEF")]
    posts = [post("robot", text, 0.05, published=clock(at)) for at, text in enumerate(texts)]
    marked = found(posts)
    assert [one.row for one in marked] == list(range(6))
    assert {one.reasons for one in marked} == {
        "text 0.05; the author posted this text 6 times that day (+3.58)"
    }
    assert found(posts[:4]) == []


def test_what_was_collected_twice_or_says_little_is_no_robot() -> None:
    same = [post("person", published=clock(1)) for _ in range(30)]  # of thirty exports without ids
    bare = [post("person", published="2024-10-04") for _ in range(30)]
    thanks = [post("fan", "thank you so much", published=clock(at)) for at in range(30)]
    slogans = [post("fan", "支持千问！", published=clock(at)) for at in range(30)]
    empty = [post("fan", "http://t.co/1 @somebody", published=clock(at)) for at in range(30)]
    days = [post("weekly", day=DAY + at, published=clock(at)) for at in range(20)]
    assert found([*same, *bare, *thanks, *slogans, *empty, *days]) == []


def test_a_post_is_spam_if_most_others_of_its_text_are() -> None:
    others = [post(f"one{at}", spam=0.7, published=clock(at)) for at in range(4)]
    (one,) = found([*others, post("two", spam=0.2, published=clock(9))])
    assert one.row == 4
    assert one.reasons == (
        "text 0.20; 4 of 4 others who posted this text that day looked like spam by then (+3.00)"
    )
    fewer = [*others, *(post(f"three{at}", spam=0.1, published=clock(20 + at)) for at in range(6))]
    assert found(fewer) == []
    nameless = [*(one | {"author": None} for one in others), post(None, spam=0.2)]
    assert [one.row for one in found(nameless)] == [4]
    assert found([others[0]] * 8 + [post("two", spam=0.2, published=clock(9))]) == []  # one, collected often


def test_a_text_that_others_copy_with_spam_added_is_left_alone() -> None:
    advert = LONG + " $AA $BB $CC http://t.co/1"
    own = post("victim", spam=0.2, published=clock(5))
    later = [post(f"enemy{at}", advert, 0.9, published=clock(6 + at)) for at in range(9)]
    assert found([own, *later]) == []
    often = [post("enemy", advert, 0.9, published=clock(at)) for at in range(4)]  # one author says it once
    assert found([own, *often]) == []
    before = [one | {"published": clock(at % 5)} for at, one in enumerate(later)]
    assert [one.row for one in found([own, *before])] == [0]


@pytest.mark.parametrize("time", ["", "T10:00:00Z"])
def test_days_alone_do_not_make_an_enthusiast_a_spammer(time: str) -> None:
    posts = [
        post(
            "fan",
            f"thought {'abcdefgh'[at]} {'abcdefgh'[day]}",
            0.3 if at else 0.6,  # each day one post that looks like spam
            day=DAY + day,
            published=f"2024-10-{4 + day:02d}{time}",
        )
        for day in range(8)
        for at in range(8)
    ]
    assert found(posts) == []
    mostly = [one | {"spam": 0.9} for one in posts[1:]]
    assert [one.row for one in found([posts[0] | {"spam": 0.3}, *mostly])] == [0]


def test_programs_post_in_the_same_second() -> None:
    second = [post(f"account{at}", spam=0.02, published=clock(5, 13)) for at in range(5)]
    assert [one.reasons for one in found(second)] == [
        "text 0.02; 5 authors posted this text in the same second (+4.83)"
    ] * 5
    minute = [one | {"published": clock(5, 0)} for one in second]  # the export may not tell seconds
    assert found(minute) == []
    assert found([second[0]] * 5) == []


def test_many_authors_within_an_hour_carry_a_suspicious_text_over_the_line() -> None:
    hour = [post(f"account{at}", spam=0.3, published=clock(6 * at)) for at in range(10)]
    late = post("late", spam=0.3, published=clock(200))
    marked = found([*hour, late])
    assert [one.row for one in marked] == list(range(10))
    assert {one.reasons for one in marked} == {
        "text 0.30; 10 authors posted this text within an hour (+1.39)"
    }
    twice = [*hour, *(post(f"later{at}", spam=0.3, published=clock(300 + at)) for at in range(12))]
    assert {one.reasons.split()[2] for one in found(twice)} == {"10", "12"}
    assert found([one | {"published": clock(7 * at)} for at, one in enumerate(hour)]) == []
    assert found([one | {"author": f"account{at % 9}"} for at, one in enumerate(hour)]) == []


@pytest.mark.parametrize("n", [400, 8000])
def test_people_may_quote_a_headline(n: int) -> None:
    dice = Random(n)
    times = [clock(dice.randrange(60), dice.randrange(60)) for _ in range(n)]
    assert n == 400 or max(map(times.count, times[:500])) >= 5
    assert found([post(f"reader{at}", spam=0.05, published=time) for at, time in enumerate(times)]) == []


# -- all together ----------------------------------------------------------------------------------------------


def crowd(dice: Random) -> list[dict[str, Any]]:
    """Everything at once, with names, texts and times that meet often."""
    texts = [
        LONG,
        "see the levels that we watch all day $X",
        "thanks",
        "",
        "buy the dip of the day with me now",
    ]
    return [
        post(
            dice.choice(["one", "two", "three", "four", "five", "six", None]),
            dice.choice(texts),
            dice.choice([0.01, 0.1, 0.3, 0.6, 0.9]),
            platform=dice.choice(["x", "weibo"]),
            day=DAY + day,
            published=dice.choice(["2024-10-04", clock(dice.randrange(90), dice.choice([0, 7]))]).replace(
                "2024-10-04", str(date(2024, 10, 4) + timedelta(days=day))
            ),
        )
        for day in dice.choices([0, 1, 31], [3, 1, 1], k=400)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_posts_does_not_matter(seed: int) -> None:
    dice = Random(seed)
    posts = crowd(dice)
    expected = [(one.row, one.spam, one.reasons) for one in found(posts)]
    assert {
        reason
        for _, _, told in expected
        for reason in ("author in", "times that", "of this text")
        if reason in told
    }
    order = list(range(len(posts)))
    dice.shuffle(order)
    shuffled = found([posts[at] for at in order])
    assert sorted((order[one.row], one.spam, one.reasons) for one in shuffled) == expected


@pytest.mark.parametrize("seed", range(3))
def test_a_month_does_not_depend_on_others(seed: int) -> None:
    posts = crowd(Random(seed))
    apart = [
        (at, one.spam, one.reasons)
        for month in ("2024-10", "2024-11")
        for rows in [[at for at, one in enumerate(posts) if month_of(one["day"]) == month]]
        for one in found([posts[row] for row in rows])
        for at in [rows[one.row]]
    ]
    assert sorted(apart) == [(one.row, one.spam, one.reasons) for one in found(posts)]


def test_strength_is_that_of_all_weights() -> None:
    posts = [*adverts("spammer", 8), post("spammer", "buy the dip", 0.1)]
    assert found(posts, 0.0) == []
    assert found(posts, 0.5) == []
    (one,) = found(posts, 2.0)
    assert one.spam == pytest.approx(1 / (1 + 9 / 400))
    assert one.reasons.endswith("(+5.99)")


def test_nothing_and_sure_things() -> None:
    assert found([]) == []
    assert found([post(f"one{at}", spam=spam) for at in range(9) for spam in (0.0, 1.0)]) == []


def test_months() -> None:
    assert month_of(DAY) == "2024-10"
    assert months([DAY + 30, DAY, DAY + 1]) == [(19_997, 20_027), (20_028, 20_057)]
    assert months([]) == []
    for far in (-719_162, 2_932_896):  # the first and the last day of a calendar
        assert months([far])
        assert month_of(far)

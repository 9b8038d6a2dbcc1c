from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from sentinel_collectors.live_places import IN_CIRCLES, Place, PlaceLost, earlier, newest_first, read_cursor

from sentinel.errors import SourceError
from sentinel.ports import Batch

#: Page -> its newest post, and the page behind it.
PAGES = {None: ("9", "b"), "b": ("6", "c"), "c": ("3", None)}


def step(
    pages: Mapping[str | None, tuple[str | None, str | None]],
) -> Callable[[Place, bool], tuple[Batch, Place]]:
    def read(place: Place, resumed: bool) -> tuple[Batch, Place]:
        newest, following = pages[place.next]
        return Batch({"post_id": [newest]} if newest else {}), place.after(newest, following)

    return read


def test_a_place_survives_as_text() -> None:
    place = Place(since="17", newest="99", next={"page": 2})
    assert Place.of(place.cursor) == place
    assert Place.of(None) == Place()
    assert Place(since="17").cursor == '{"since":"17"}'


@pytest.mark.parametrize(
    "cursor", ["", "17", "[]", "null", '{"since":', '{"rows": 3}', '{"since": 5}', '{"newest": ["5"]}']
)
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(SourceError, match="no cursor of this collector"):
        Place.of(cursor)


def test_what_is_newest_counts_when_the_pass_is_over() -> None:
    cursors = [batch.cursor for batch in newest_first(Place(since="1"), step(PAGES))]
    assert cursors == [
        '{"newest":"9","next":"b","since":"1"}',
        '{"newest":"9","next":"c","since":"1"}',
        '{"since":"9"}',
    ]


def test_a_broken_pass_is_ended_before_another_begins() -> None:
    batches = list(newest_first(Place("1", "7", "c"), step(PAGES)))
    assert [batch.posts["post_id"] for batch in batches] == [["3"], ["9"], ["6"], ["3"]]
    assert batches[0].cursor == '{"since":"7"}'
    assert batches[-1].cursor == '{"since":"9"}'


def test_pages_without_posts_do_not_end_a_pass() -> None:
    pages: dict[str | None, tuple[str | None, str | None]] = {
        None: (None, "b"),
        "b": ("6", "c"),
        "c": (None, None),
    }
    batches = list(newest_first(Place("1"), step(pages)))
    assert batches[-1].cursor == '{"since":"6"}'


def test_nothing_new_leaves_the_place_as_it_was() -> None:
    (batch,) = newest_first(Place("1"), step({None: (None, None)}))
    assert (batch.cursor, batch.warnings) == ('{"since":"1"}', {})


@pytest.mark.parametrize("back_to", ["b", "c"])
def test_pages_that_go_in_circles_end_with_a_warning(back_to: str) -> None:
    batches = list(newest_first(Place("1"), step({**PAGES, "c": ("3", back_to)})))
    assert len(batches) == 3
    assert batches[-1].warnings == {IN_CIRCLES: 1}
    assert batches[-1].cursor == '{"since":"9"}'


def test_a_lost_place_is_searched_from_the_top() -> None:
    def forgetful(place: Place, resumed: bool) -> tuple[Batch, Place]:
        if resumed:
            raise PlaceLost
        return step(PAGES)(place, resumed)

    batches = list(newest_first(Place("1", "7", "gone"), forgetful))
    assert [batch.posts["post_id"] for batch in batches] == [["9"], ["6"], ["3"]] * 2
    assert not any(batch.warnings for batch in batches)
    assert batches[0].cursor == '{"newest":"9","next":"b","since":"1"}'


def test_a_lost_place_that_comes_again_is_no_circle() -> None:
    lost = iter([True])

    def forgetful(place: Place, resumed: bool) -> tuple[Batch, Place]:
        if next(lost, False):
            raise PlaceLost
        return step(PAGES)(place, resumed)

    batches = list(newest_first(Place("1", "9", "b"), forgetful))
    assert not any(batch.warnings for batch in batches)


def test_earlier() -> None:
    assert earlier("2026-03-01T00:05:00Z") == "2026-02-28T23:55:00Z"


def test_names_of_a_cursor() -> None:
    assert read_cursor('{"min_id":"5"}', {"min_id"}) == {"min_id": "5"}
    assert read_cursor(None, {"min_id"}) == {}

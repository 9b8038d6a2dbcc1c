from __future__ import annotations

from sentinel.counting import accounted, counted, times


def test_one_is_not_many() -> None:
    assert [counted(n, "post") for n in (0, 1, 2, 2985)] == ["0 posts", "1 post", "2 posts", "2,985 posts"]
    assert [counted(n, "post is", "posts are") for n in (1, 3)] == ["1 post is", "3 posts are"]
    assert [times(n) for n in (1, 2)] == ["once", "2 times in a row"]


def test_what_became_of_rows_is_said_of_one_and_of_many() -> None:
    one = {"rows": 1, "posts": 1, "duplicates": 0, "rejects": 0, "skipped": 0}
    assert accounted(one) == "1 row = 1 post + 0 duplicates + 0 rejects + 0 skipped"
    many = {"rows": 1204, "posts": 1200, "duplicates": 1, "rejects": 1, "skipped": 2}
    assert accounted(many) == "1,204 rows = 1,200 posts + 1 duplicate + 1 reject + 2 skipped"

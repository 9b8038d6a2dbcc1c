from __future__ import annotations

from pathlib import Path
from typing import Any

from sentinel.analysis import mood_cells
from sentinel.pipeline import Filters
from sentinel.ports import Batch
from sentinel.post import TAG_COLUMNS, columns_of
from sentinel.reach import reach
from sentinel.store import Store, sqlite_url


def filled(path: Path) -> Store:
    """Four posts of one day, of which one is spam, and one of the next day."""
    store = Store(sqlite_url(path), "UTC")
    number = store.begin_input("0" * 64, "a", "test", 1)
    assert number is not None
    likes = (9, None, 90, 3, 0)
    posts = [
        {
            "platform": "x",
            "post_id": str(at),
            "published": f"2031-03-0{1 + at // 4}T0{at}:00:00Z",
            "precision": "second",
            "author": "synth",
            "kind": "post",
            "text": f"text {'abcde'[at]}",
            "likes": likes[at],
            "reposts": 2 if at == 3 else None,
        }
        for at in range(5)
    ]
    store.add(number, Batch(columns_of(posts)))
    store.end_input(number)
    for numbers, ranks, columns in store.untagged("test"):
        n = len(numbers)
        tags: dict[str, list[Any]] = {name: [None] * n for name in TAG_COLUMNS}
        at = [int(post_id) for post_id in columns["post_id"]]
        tags |= {"about": [1.0] * n, "score": [(0.5, -0.5, 1.0, 0.0, 0.25)[i] for i in at]}
        tags |= {"spam": [0.9 if i == 2 else 0.0 for i in at], "lang": ["zh" if i == 4 else "en" for i in at]}
        store.add_tags("test", numbers, ranks, tags | {"label": ["neutral"] * n})
    store.clean()
    return store


def test_posts_count_as_often_as_they_were_liked_and_shared(tmp_path: Path) -> None:
    table = reach(mood_cells(filled(tmp_path / "s.db")))
    # weights 10, 1 and 6; spam counts nowhere
    assert table.to_dict("list") == {
        "day": ["2031-03-01", "2031-03-02"],
        "total": [4.5, 0.25],
        "weight": [17, 1],
        "largest": [10, 1],
    }


def test_filters_hold(tmp_path: Path) -> None:
    table = reach(mood_cells(filled(tmp_path / "s.db"), Filters(langs=("zh",))))
    assert table["day"].tolist() == ["2031-03-02"]

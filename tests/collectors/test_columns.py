from __future__ import annotations

import pytest
from sentinel_collectors.columns import infer

from sentinel.errors import SettingsError, SourceError


def columns(header: str, *rows: str) -> dict[str, str]:
    names = header.split("|")
    return infer(names, [dict(zip(names, row.split("|"), strict=True)) for row in rows])


def test_names_decide_whatever_their_spelling() -> None:
    found = columns(
        "Tweet ID|Full Text|Created At|Screen-Name|Favorite_Count", "12345|some words|2025-04-28|ada|3"
    )
    assert found == {
        "post_id": "Tweet ID",
        "text": "Full Text",
        "published": "Created At",
        "author": "Screen-Name",
        "likes": "Favorite_Count",
    }


def test_values_overrule_names() -> None:
    found = columns("id|comments|comment|date", "a|3|what I think|never", "b|5|what you think|ever")
    assert found == {"post_id": "id", "text": "comment", "replies": "comments"}


def test_better_names_win() -> None:
    assert columns("content|full_text", "cut…|the whole of it")["text"] == "full_text"
    assert columns("date|created_at|scraped_at", "2025-04-28|2025-04-27|2025-04-29") == {
        "published": "created_at",
        "collected": "scraped_at",
    }


def test_wrappers_are_looked_through_and_others_are_not() -> None:
    found = columns("data.text|user.name|user.username|place.id|metrics.likes", "words here|Ada|ada|77|3")
    assert found == {
        "text": "data.text",
        "name": "user.name",
        "author": "user.username",
        "likes": "metrics.likes",
    }


def test_text_by_its_look_where_no_name_tells() -> None:
    found = columns(
        "k1|k2|k3",
        "7|https://e.example|a longer sentence of words",
        "8|https://f.example|and one more of them",
    )
    assert found == {"url": "k2", "text": "k3"}


def test_no_text_at_all() -> None:
    assert "text" not in columns("date|open|close", "2025-04-28|1.5|2.5")


def test_choice_of_the_user() -> None:
    names, samples = ["a", "b"], [{"a": "words", "b": "other words"}]
    assert infer(names, samples, {"text": "a"})["text"] == "a"
    with pytest.raises(SettingsError, match=r"no field 'txt'.*Did you mean 'text'"):
        infer(names, samples, {"txt": "a"})
    with pytest.raises(SourceError, match=r"a\.csv has no column 'c' for text; its columns are 'a', 'b'"):
        infer(names, samples, {"text": "c"}, "a.csv")


def test_addresses_of_something_else_are_not_those_of_posts() -> None:
    rows = [
        {"text": "a b", "authorChannelUrl": f"http://c/{n}", "Seen at": f"https://p/{n}"} for n in range(9)
    ]
    assert infer([*rows[0]], rows)["url"] == "Seen at"
    assert "url" not in infer(["text", "authorChannelUrl"], rows)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Datum|Uhrzeit|Nachricht|Benutzer", "05.01.2031|21:30|Qwen gut|ada"),
        ("Fecha|Hora|Texto|Usuario", "05-01-2031|21:30|Qwen bueno|ada"),
        ("日期|时间|内容|作者", "2031/1/5|21:30|千问好用|甲"),
    ],
)
def test_names_in_other_languages(header: str, row: str) -> None:
    date, clock, text, author = header.split("|")
    assert columns(header, row, row) == {"published": date, "clock": clock, "text": text, "author": author}


def test_a_note_in_brackets_is_no_part_of_a_name() -> None:
    found = columns("Date (GMT)|Post Message|Likes (7 days)", "2025-04-28 21:03|some words|3")
    assert found == {"published": "Date (GMT)", "text": "Post Message", "likes": "Likes (7 days)"}


def test_columns_of_talkwalker_are_known() -> None:
    names = "published|title_snippet|content_snippet|extra_author_attributes.short_name"
    found = columns(names, "1745874191000|A title|words|ada")
    assert list(found) == ["text", "title", "published", "author"]
    assert found["text"] == "content_snippet"


def test_times_of_x_are_known_without_a_header() -> None:
    found = columns("column 1|column 2", "Mon Apr 06 22:19:45 PDT 2009|words of a post, a few more")
    assert found == {"published": "column 1", "text": "column 2"}

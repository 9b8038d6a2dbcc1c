"""An answer without results is read as what it is, not refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentinel.errors import SourceError
from sentinel.formats import open_format, recognise
from sentinel.source import Source, find_sources


def rows(source: Source) -> int:
    return sum(batch.rows for batch in open_format(recognise(source), source).read())


def written(tmp_path: Path, text: str, name: str = "answer.json") -> Source:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (source,) = find_sources([tmp_path])
    return source


@pytest.mark.parametrize(
    "text",
    [
        " [\n] ",
        '{"statuses": [], "search_metadata": {"count": 0}}',
        '{"accounts": [], "statuses": [], "hashtags": []}',
        '{"feed": [], "cursor": ""}',
        '{"hits": [], "nbHits": 0, "page": 0}',
        '{"response": {"status": 200}, "messages": []}',
        '{"kind": "youtube#commentThreadListResponse", "items": []}',
        '{"user": {"id": "1"}, "weibo": []}',
        '{"data": []}\n{"data": []}\n',
    ],
)
def test_an_answer_without_results_holds_no_rows(tmp_path: Path, text: str) -> None:
    assert rows(written(tmp_path, text)) == 0


def test_the_archive_of_an_account_without_posts_is_one(tmp_path: Path) -> None:
    text = '{"id": "outbox.json", "type": "OrderedCollection", "totalItems": 0, "orderedItems": []}'
    source = written(tmp_path, text, "archive/outbox.json")
    assert recognise(source).plugin.name == "mastodon_outbox"
    assert rows(source) == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"items": [], "errors": [{"message": "rate limited"}]}', "rate limited"),
        ('{"errors": [{"title": "Bad"}], "title": "Invalid Request", "status": 400}', "Bad"),
        ('{"message": "Forbidden", "error": 403}', "Forbidden"),
        ('{"title": "Unauthorized", "detail": "No token", "type": "about:blank", "status": 401}', "No token"),
        ('{"error": {"code": 403, "message": "The quota is used up"}}', "The quota is used up"),
    ],
)
def test_an_error_message_is_called_one(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SourceError, match=f"is an error message of an API \\('{told}'\\), not an export"):
        recognise(written(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    [
        '{"error": [[], {}]}',
        '{"message": "hello", "number": 5}',
        '{"packages": []}',
        '{"items": {}}',
        '{"items": [], "padding": "' + "x" * 2**20 + '"}',  # who knows what the rest of it holds
        "[]]",
    ],
)
def test_what_may_hold_something_else_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match="is of no known format"):
        recognise(written(tmp_path, text))

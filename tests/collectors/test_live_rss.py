from __future__ import annotations

from typing import Any

import pytest
from sentinel_collectors.live_rss import LiveRss

from sentinel.errors import SourceError
from sentinel.ports import Batch

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><guid>a-1</guid><title>Alibaba opens Qwen</title><link>https://news.example.org/1</link>
<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate></item>
<item><guid>a-2</guid><title>No date here</title></item></channel></rss>"""
STAMP = {
    "ETag": 'W/"17-x"',
    "Last-Modified": "Fri, 20 Nov 2026 08:00:01 GMT",
    "Content-Type": "application/rss+xml",
}


def read(service: Any, cursor: str | None = None) -> list[Batch]:
    return list(LiveRss(url=f"{service.url}/feed?key=mine").read(cursor))


def test_items_and_when_they_were_read(service: Any) -> None:
    service.replies = [(200, STAMP, FEED)]
    (batch,) = read(service)
    assert batch.posts["post_id"] == ["a-1", "a-2"]
    assert batch.posts["published"] == ["2026-11-20T08:00:00Z", None]
    assert batch.posts["kind"] == ["headline", "headline"]
    assert batch.posts["collected"] == ["2026-11-23T12:00:00Z"] * 2


def test_stamps_are_sent_back_exactly_and_nothing_new_is_nothing(service: Any) -> None:
    service.replies = [(200, STAMP, FEED), (304, {"ETag": STAMP["ETag"]}, b"")]
    (batch,) = read(service)
    assert read(service, batch.cursor) == []
    first, second = service.requests
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == STAMP["ETag"]
    assert second.headers["if-modified-since"] == STAMP["Last-Modified"]


def test_a_feed_without_stamps_is_read_anew(service: Any) -> None:
    service.replies = [FEED]
    (batch,) = read(service)
    assert batch.cursor == "{}"
    assert read(service, batch.cursor)[0].n_posts == 2


def test_a_stamp_that_cannot_be_sent_back_is_not_kept(service: Any) -> None:
    service.replies = [(200, {"ETag": '"\xe9"', "Last-Modified": STAMP["Last-Modified"]}, FEED)]
    (batch,) = read(service)
    assert batch.cursor == f'{{"modified":"{STAMP["Last-Modified"]}"}}'


def test_a_feed_that_has_moved_for_good_is_asked_there(service: Any) -> None:
    service.replies = [(301, {"Location": "/new"}, b""), (200, STAMP, FEED), FEED, FEED]
    (batch,) = read(service)
    (again,) = read(service, batch.cursor)
    read(service, again.cursor)
    assert [request.path for request in service.requests] == ["/feed", "/new", "/new", "/new"]


def test_a_feed_that_is_elsewhere_for_now_is_asked_here(service: Any) -> None:
    service.replies = [(302, {"Location": "/now"}, b""), FEED, FEED]
    (batch,) = read(service)
    read(service, batch.cursor)
    assert [request.path for request in service.requests] == ["/feed", "/now", "/feed"]


def test_a_feed_that_is_gone_is_never_asked_again(service: Any) -> None:
    service.replies = [(410, {}, b"")]
    reader = LiveRss(url=f"{service.url}/feed").read()
    last = next(reader)
    with pytest.raises(
        SourceError, match=r"127\.0\.0\.1/feed is gone for good .HTTP 410.; take it out of the settings"
    ):
        next(reader)
    with pytest.raises(SourceError, match="gone for good"):
        read(service, last.cursor)
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "body", [b"<!doctype html><html><body>Log in</body></html>", b"", b'{"items": []}', b"\x00\x01"]
)
def test_what_is_no_feed_is_refused(service: Any, body: bytes) -> None:
    service.replies = [body]
    with pytest.raises(SourceError, match="is no feed: expected RSS or Atom"):
        read(service)


def test_a_feed_that_breaks_off_gives_what_it_has(service: Any) -> None:
    service.replies = [FEED[:-60]]
    (batch,) = read(service)
    assert batch.posts["post_id"] == ["a-1"]
    assert "not XML" in batch.rejects[0].reason


def test_the_key_of_a_feed_is_in_no_message(service: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    service.replies = [(403, {}, b"no")]
    with pytest.raises(SourceError) as error:
        read(service)
    assert "key=mine" not in str(error.value) + caplog.text

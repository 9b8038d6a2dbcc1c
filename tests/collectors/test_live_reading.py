"""What holds for every live source: settings, secrets, and the way from an answer to a batch."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest
from sentinel_collectors.live_answers import Answer
from sentinel_collectors.live_reading import ENOUGH, batch_of, first_moment, list_in, newest_in
from sentinel_collectors.mastodon_api import MastodonApi

from sentinel.errors import SettingsError, SourceError
from sentinel.plugins import make
from sentinel.ports import Batch, Collector

TOKEN = "AAAAsecret-token%2Fof-a-user-0123456789"
NEEDED = {
    "live_bluesky": {"query": "qwen", "handle": "me.example"},
    "live_hackernews": {"query": "qwen"},
    "live_mastodon": {"tag": "qwen"},
    "live_reddit": {"query": "qwen"},
    "live_rss": {"url": "https://example.org/feed"},
    "live_x": {"query": "qwen"},
}
TOKEN_ENV = {"live_mastodon": {"token_env": "MASTODON_TOKEN"}}
SESSION = {"accessJwt": "session-token-0123456789", "access_token": "app-token-0123456789"}
VARIABLES = (
    "X_BEARER_TOKEN",
    "BLUESKY_APP_PASSWORD",
    "REDDIT_CLIENT_ID",
    "REDDIT_CLIENT_SECRET",
    "MASTODON_TOKEN",
)


def collector(name: str, url: str = "", **settings: Any) -> Collector:
    """A collector that asks a service on this machine."""
    given: dict[str, Any] = {**NEEDED[name]}
    if url:
        given |= {"url": f"{url}/feed"} if name == "live_rss" else {"base_url": url}
        given |= {"auth_url": url} if name == "live_reddit" else {}
        given |= TOKEN_ENV.get(name, {})
    made: Collector = make("collectors", name, **{**given, **settings})
    return made


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, TOKEN)


@pytest.mark.parametrize("name", NEEDED)
class TestEvery:
    def test_is_no_file_format(self, name: str) -> None:
        assert not hasattr(collector(name), "sniff")

    def test_names_the_setting_it_needs(self, name: str) -> None:
        needed = "a query, a subreddit" if name == "live_reddit" else repr(next(iter(NEEDED[name])))
        with pytest.raises(SettingsError, match=f"{name} needs .*{needed}"):
            make("collectors", name)

    @pytest.mark.parametrize(
        ("setting", "value", "expected"),
        [
            ("max_pages", 0, "a whole number from 1 on"),
            ("max_pages", "3", "a whole number from 1 on"),
            ("max_pages", True, "a whole number from 1 on"),
            ("timeout_seconds", -1, "a number above 0"),
            ("max_wait_seconds", float("inf"), "a number above 0"),
            ("contact", "me\r\nX-Evil: 1", "plain ASCII"),
            ("contact", 7, "a text"),
        ],
    )
    def test_checks_its_settings(self, name: str, setting: str, value: Any, expected: str) -> None:
        with pytest.raises(SettingsError, match=f"{name}: {setting} must be .*{expected}"):
            collector(name, **{setting: value})

    def test_addresses_are_checked_and_hold_no_password(self, name: str) -> None:
        setting = "url" if name == "live_rss" else "base_url"
        for address in ("ftp://example.org", "example.org", "https://", "https://[::1", "https://a:b/"):
            with pytest.raises(SettingsError, match=setting):
                collector(name, **{setting: address})
        with pytest.raises(SettingsError) as error:
            collector(name, **{setting: f"https://me:{TOKEN}@example.org"})
        assert TOKEN not in str(error.value)

    def test_names_itself_when_the_service_is_down(self, name: str, service: Any, secrets: None) -> None:
        service.replies = [(500, {}, b"")]
        with pytest.raises(SourceError, match=rf"^{name}: 127\.0\.0\.1/.*: HTTP 500; tried 5 times$"):
            list(collector(name, service.url).read())

    def test_ends_in_peace_when_it_is_asked_to_wait_too_long(
        self, name: str, service: Any, secrets: None
    ) -> None:
        service.replies = [(429, {"Retry-After": "7200"}, {})]
        (batch,) = collector(name, service.url).read()
        assert (batch.n_posts, batch.warnings, batch.cursor) == (0, {ENOUGH: 1}, None)

    @pytest.mark.parametrize(
        "reply", [{"surprise": 1}, {"data": 7, "hits": {}, "posts": None}, "text", 17, None, b"<html>"]
    )
    def test_refuses_what_is_no_answer_of_the_service(
        self, name: str, reply: Any, service: Any, secrets: None
    ) -> None:
        log_in = [SESSION] if name in ("live_bluesky", "live_reddit") else []
        service.replies = [*log_in, reply]
        with pytest.raises(SourceError, match=f"^{name}: .*(expected|is no feed)"):
            list(collector(name, service.url).read())

    def test_a_foreign_cursor_is_refused(self, name: str, service: Any, secrets: None) -> None:
        with pytest.raises(SourceError, match="no cursor of this collector"):
            list(collector(name, service.url).read("4096"))

    def test_says_who_asks(self, name: str, service: Any, secrets: None) -> None:
        service.replies = [(404, {}, {})]
        with pytest.raises(SourceError, match="HTTP 404"):
            list(collector(name, service.url, contact="me@example.org").read())
        (request,) = service.requests
        assert "mood-sentinel" in request.headers["user-agent"]
        assert "me@example.org" in request.headers["user-agent"]


def echoes() -> list[Any]:
    """Answers of all services, with the token wherever a text can be."""
    every = " ".join((TOKEN, *SESSION.values()))
    hit = {"objectID": "1", "created_at_i": 1790000000, "comment_text": every, "author": TOKEN}
    record = {"text": every, "createdAt": "2026-11-20T00:00:00Z"}
    view = {
        "uri": "at://did:plc:a/app.bsky.feed.post/1",
        "author": {"did": "did:plc:a", "handle": TOKEN},
        "record": record,
    }
    thing = {"name": "t3_1", "id": "1", "title": every, "subreddit": "a", "created_utc": 1790000000}
    feed = f"<rss><channel><item><title>{TOKEN}</title><guid>{TOKEN}</guid></item></channel></rss>"
    pages = [
        {"hits": [hit], "nbPages": 1},
        SESSION | {"posts": [view], "cursor": TOKEN},
        SESSION | {"kind": "Listing", "data": {"after": TOKEN, "children": [{"kind": "t3", "data": thing}]}},
        {
            "data": [{"id": "5", "text": every}],
            "meta": {"next_token": TOKEN, "newest_id": TOKEN, "result_count": 1},
        },
        [{"id": "5", "content": every, "created_at": "2026-11-20T00:00:00Z", "account": {"acct": TOKEN}}],
        feed.encode(),
    ]
    refusals: list[Any] = [
        (401, {}, {"title": "Unauthorized", "detail": f"not {TOKEN}"}),
        (400, {}, TOKEN.encode()),
    ]
    return [*((200, {"ETag": TOKEN}, page) for page in pages), *refusals]


@pytest.mark.parametrize("name", ["live_bluesky", "live_mastodon", "live_reddit", "live_x"])
class TestSecrets:
    def test_secrets_show_nowhere(
        self, name: str, service: Any, secrets: None, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Whatever a service does with a token that it was sent: echo it in posts, headers, cursors and errors."""
        caplog.set_level(logging.DEBUG)
        shown, reader = [], collector(name, service.url)
        shown.append(repr(reader))
        for reply in echoes():
            service.replies = [reply]
            try:
                shown += [repr(batch) for batch in reader.read()]
            except SourceError as error:
                shown.append(f"{error!r} {error.__cause__!r} {error.__context__!r}")
        assert len(shown) > 3
        session = {"live_bluesky": "accessJwt", "live_reddit": "access_token"}.get(name)
        secret = (TOKEN, SESSION[session]) if session else (TOKEN,)
        assert not [text for text in [*shown, caplog.text] for token in secret if token in text]

    def test_a_missing_variable_is_named(
        self, name: str, service: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for variable in VARIABLES:
            monkeypatch.delenv(variable, raising=False)
        with pytest.raises(
            SourceError, match=rf"{name}: the environment variable [A-Z_]+ is not set; docs/live\.md"
        ):
            list(collector(name, service.url).read())
        assert not service.requests

    @pytest.mark.parametrize("value", ["with space in it", "with\nline-break", "ünïcödé-tokens"])
    def test_what_cannot_be_a_token_is_not_sent(
        self, name: str, value: str, service: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for variable in VARIABLES:
            monkeypatch.setenv(variable, value)
        with pytest.raises(
            SourceError, match=r"[A-Z_]+: expected a token or password of plain characters"
        ) as error:
            list(collector(name, service.url).read())
        assert value not in str(error.value)
        assert not service.requests

    def test_a_short_token_spoils_no_answer(
        self, name: str, service: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for variable in VARIABLES:
            monkeypatch.setenv(variable, "t")
        service.replies = [(400, {}, {"detail": "not that"})]
        with pytest.raises(SourceError, match="not that"):
            list(collector(name, service.url).read())

    def test_a_refused_token_points_at_its_variable(self, name: str, service: Any, secrets: None) -> None:
        service.replies = [(401, {}, {"title": "Unauthorized"})]
        with pytest.raises(
            SourceError, match=r"HTTP 401: Unauthorized; check what [A-Z_]+( and [A-Z_]+)? hold"
        ):
            list(collector(name, service.url).read())

    def test_secrets_travel_encrypted(self, name: str) -> None:
        with pytest.raises(
            SettingsError, match="base_url must begin with https://, since a secret is sent there"
        ):
            collector(name, base_url="http://example.org", **TOKEN_ENV.get(name, {}))

    def test_a_token_in_the_settings_is_refused_unseen(self, name: str) -> None:
        setting = {"live_bluesky": "password_env", "live_reddit": "client_secret_env"}.get(name, "token_env")
        tokens: list[Any] = [TOKEN, "abcd-efgh-ijkl-mnop", [TOKEN], {"token": TOKEN}, 17]
        for token in tokens:
            with pytest.raises(SettingsError, match=f"{setting} must name an environment variable") as error:
                collector(name, **{setting: token})
            assert str(token) not in str(error.value)


def test_a_page_becomes_a_batch() -> None:
    statuses = b"""[{"id": "5", "content": "<p>Qwen</p>", "created_at": "2026-11-20T08:00:00.000Z", "reblogs_count": 1},
        {"id": "6", "created_at": "2026-11-20T08:00:00.000Z"}]"""
    answer = Answer("example.org/api", 200, {"date": "Mon, 23 Nov 2026 12:00:00 GMT"}, statuses)
    batch = batch_of(answer, MastodonApi)
    assert batch.posts["text"] == ["Qwen"]
    assert batch.posts["collected"] == ["2026-11-23T12:00:00Z"]
    (reject,) = batch.rejects
    assert reject.position == "page of 2026-11-23T12:00:00Z, item 2"
    assert "needs id and content" in reject.reason
    assert newest_in(batch, answer) == "2026-11-20T08:00:00Z"


def test_an_authors_clock_that_is_ahead_does_not_hide_what_follows() -> None:
    answer = Answer("example.org", 200, {"date": "Mon, 23 Nov 2026 12:00:00 GMT"}, b"")
    batch = Batch({"published": ["2031-01-01T00:00:00Z", None, "2026-11-20T08:00:00Z", "2026-11-19"]})
    assert newest_in(batch, answer) == "2026-11-23T12:00:00Z"
    assert newest_in(Batch({"published": [None]}), answer) is None


@pytest.mark.parametrize(
    ("since", "moment"),
    [
        (None, None),
        ("2026-11-20", "2026-11-20T00:00:00Z"),
        (date(2026, 11, 20), "2026-11-20T00:00:00Z"),
        ("2026-11-20T08:00:00+08:00", "2026-11-20T00:00:00Z"),
    ],
)
def test_first_moment(since: Any, moment: str | None) -> None:
    assert first_moment(since) == moment


def test_since_must_be_a_date() -> None:
    with pytest.raises(SettingsError, match="since must be a date such as \"2025-01-31\", not 'last week'"):
        make("collectors", "live_hackernews", query="qwen", since="last week")


def test_list_in() -> None:
    assert list_in({"data": {"children": [1]}}, "data", "children") == [1]
    with pytest.raises(SourceError, match=r"expected a list as data\.children, found NoneType"):
        list_in({"data": []}, "data", "children")

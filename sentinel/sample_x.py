"""The built-in sample as exports of the X API, versions 1.1 and 2, a few broken records among them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, Final

from sentinel.sample_posts import Utterance

__all__ = ["write_search_pages", "write_stream"]

PAGE_SIZE: Final = 500
STREAM_CUT: Final = 140  # longer texts come cut in a stream, the whole of it under extended_tweet
RELATIONS: Final = {"reply": "replied_to", "quote": "quoted", "repost": "retweeted"}
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LIMIT_LINE: Final = '{"limit": {"track": 12, "timestamp_ms": "1925000000000"}, "synthetic": true}'
DELETE_LINE: Final = '{"delete": {"status": {"id_str": "2690000000000000001"}}, "synthetic": true}'
WITHOUT_TEXT: Final = {"id": "2690000000000000002", "author_id": "7000000001", "synthetic": True}
PARTIAL_ERROR: Final = {"resource_type": "tweet", "title": "Not Found Error", "value": "2690000000000000003"}


def write_stream(path: Path, posts: Sequence[Utterance]) -> None:
    """JSON lines of v1.1 as a stream writes them: control lines, a line cut short, and the last one cut."""
    lines = [json.dumps(_status(post)) for post in posts]
    lines.insert(len(lines) // 7, LIMIT_LINE)
    lines.insert(len(lines) // 5, DELETE_LINE)
    lines.insert(len(lines) // 3, lines[len(lines) // 3][:180])
    content = "\n".join(lines) + "\n" + lines[-1][:120]
    with path.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        packed.write(content.encode("ascii"))


def write_search_pages(folder: Path, posts: Sequence[Utterance]) -> None:
    """Search results of v2, a page a file: an object without text, partial errors, and an empty last page."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("page-*.json"):  # of another sample, which may have had more pages
        old.unlink()
    newest_first = posts[::-1]
    starts = range(0, len(newest_first), PAGE_SIZE)
    for number, start in enumerate(starts, 1):
        page = _page(newest_first[start : start + PAGE_SIZE])
        page["meta"]["next_token"] = f"synthetic{number + 1:03d}"
        if start == 0:
            page["data"].insert(1, WITHOUT_TEXT)
            page["errors"] = [PARTIAL_ERROR]
        _write_page(folder, number, page)
    _write_page(folder, len(starts) + 1, {"meta": {"result_count": 0}, "synthetic": True})


def _write_page(folder: Path, number: int, page: dict[str, Any]) -> None:
    (folder / f"page-{number:03d}.json").write_text(json.dumps(page), encoding="ascii")


def _status(post: Utterance) -> dict[str, Any]:
    """A status object of v1.1."""
    text = escape(post.text, quote=False)
    user = {"id_str": post.author_id, "screen_name": post.author, "name": "synthetic"}
    status: dict[str, Any] = {
        "created_at": _x_time(post.at),
        "id": int(post.post_id),
        "id_str": post.post_id,
        "text": text,
        "truncated": False,
        "user": {"id": int(post.author_id), **user},
        "in_reply_to_status_id_str": None,
        "is_quote_status": post.kind == "quote",
        "favorite_count": post.likes,
        "retweet_count": post.likes // 4,
        "reply_count": post.likes // 6,
        "lang": post.lang,
        "synthetic": True,
    }
    if len(text) > STREAM_CUT:
        status["truncated"] = True
        status["text"] = text[: STREAM_CUT - 1] + "… https://t.co/synthetic"
        status["extended_tweet"] = {"full_text": text, "display_text_range": [0, len(text)]}
    if post.parent is not None:
        status |= _relation(post, post.parent, text)
    return status


def _relation(post: Utterance, parent: Utterance, text: str) -> dict[str, Any]:
    """What ties a status of v1.1 to another one."""
    if post.kind == "reply":
        return {"in_reply_to_status_id_str": parent.post_id, "in_reply_to_screen_name": parent.author}
    if post.kind == "quote":
        return {"quoted_status_id_str": parent.post_id}
    return {"text": f"RT @{parent.author}: {text}"[:STREAM_CUT], "retweeted_status": _status(parent)}


def _page(posts: Sequence[Utterance]) -> dict[str, Any]:
    """A page of search results of v2."""
    parents = {post.parent.post_id: post.parent for post in posts if post.parent is not None}
    people = {one.author_id: one.author for one in (*posts, *parents.values())}
    return {
        "data": [_tweet(post) for post in posts],
        "includes": {
            "users": [{"id": key, "username": name, "name": "synthetic"} for key, name in people.items()],
            "tweets": [_tweet(parent) for parent in parents.values()],
        },
        "meta": {"result_count": len(posts), "newest_id": posts[0].post_id, "oldest_id": posts[-1].post_id},
        "synthetic": True,
    }


def _tweet(post: Utterance) -> dict[str, Any]:
    """A tweet object of v2."""
    tweet: dict[str, Any] = {
        "id": post.post_id,
        "text": escape(post.text, quote=False),
        "edit_history_tweet_ids": [post.post_id],
        "author_id": post.author_id,
        "created_at": f"{datetime.fromtimestamp(int(post.at), UTC):%Y-%m-%dT%H:%M:%S}.000Z",
        "lang": post.lang,
        "public_metrics": {
            "like_count": post.likes,
            "retweet_count": post.likes // 4,
            "reply_count": post.likes // 6,
            "quote_count": 0,
        },
        "synthetic": True,
    }
    if post.parent is not None:
        tweet["referenced_tweets"] = [{"type": RELATIONS[post.kind], "id": post.parent.post_id}]
        if post.kind == "repost":
            tweet["text"] = f"RT @{post.parent.author}: {tweet['text']}"[:STREAM_CUT]
    return tweet


def _x_time(at: float) -> str:
    """As X writes it; English names whatever the locale."""
    moment = datetime.fromtimestamp(int(at), UTC)
    return f"{WEEKDAYS[moment.weekday()]} {MONTHS[moment.month - 1]} {moment:%d %H:%M:%S +0000 %Y}"

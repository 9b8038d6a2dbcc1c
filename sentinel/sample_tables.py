"""The built-in sample as CSV files of other platforms, a few broken rows among them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sentinel.sample_posts import Utterance

__all__ = ["write_forums", "write_weibo"]

FORUM_COLUMNS: Final = "id,author,text,lang,source,created_at,score,num_comments,url,synthetic"
WEIBO_COLUMNS: Final = "id,user_id,用户昵称,微博正文,转发数,评论数,点赞数,发布时间,source,synthetic"
BAD_DATE: Final = "synthetic1,synth_re1,Alibaba on no day,en,reddit/stocks,31/02/2031,0,0,,true"
NO_TEXT: Final = "synthetic2,synth_re1,,en,reddit/stocks,2031-05-05T10:00:00Z,0,0,,true"
CUT_ROW: Final = "synthetic3,synth_re1,Alibaba in a row that ends too"


def write_forums(path: Path, posts: Sequence[Utterance]) -> None:
    """A CSV collected from several forums, one with bare dates; a wrong date, no text, a row too short."""
    rows = [_forum_row(post) for post in posts]
    rows.insert(len(rows) // 3, BAD_DATE.split(","))
    rows.insert(len(rows) // 2, NO_TEXT.split(","))
    rows.append(CUT_ROW.split(","))
    _write(path, "utf-8", FORUM_COLUMNS, rows)


def write_weibo(path: Path, posts: Sequence[Utterance]) -> None:
    """A CSV with Chinese column names and Beijing minutes, as search tools for Weibo write it."""
    _write(path, "utf-8-sig", WEIBO_COLUMNS, [_weibo_row(post) for post in posts])


def _forum_row(post: Utterance) -> list[str]:
    source = f"{post.platform}/{post.community}"
    moment = _beijing(post.at)[:10] if post.platform == "zhihu" else _utc(post.at)
    url = f"https://example.invalid/{source}/{post.post_id}"
    likes, replies = str(post.likes), str(post.likes // 6)
    return [post.post_id, post.author, post.text, post.lang, source, moment, likes, replies, url, "true"]


def _weibo_row(post: Utterance) -> list[str]:
    counts = [str(post.likes // 4), str(post.likes // 6), str(post.likes)]
    moment = _beijing(post.at)[:16]
    return [post.post_id, post.author_id, post.author, post.text, *counts, moment, "weibo", "true"]


def _write(path: Path, encoding: str, columns: str, rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file)
        table.writerow(columns.split(","))
        table.writerows(rows)


def _utc(at: float) -> str:
    return f"{datetime.fromtimestamp(int(at), UTC):%Y-%m-%dT%H:%M:%SZ}"


def _beijing(at: float) -> str:
    return f"{datetime.fromtimestamp(int(at), UTC) + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"

"""Names of networks as exports write them, and what a cell such as ``reddit/LocalLLaMA/post`` tells."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

__all__ = ["CHINESE", "HTML_BODIES", "Place", "network", "network_of_url", "place"]

# Network -> other names of it, and the hosts of its addresses.
NETWORKS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "x": (("twitter", "tweets", "tweet"), ("twitter.com", "x.com")),
    "reddit": (("subreddit",), ("reddit.com", "redd.it")),
    "hackernews": (("hn", "ycombinator"), ("news.ycombinator.com",)),
    "weibo": (("微博", "sinaweibo", "sina weibo", "新浪微博"), ("weibo.com", "weibo.cn")),
    "zhihu": (("知乎",), ("zhihu.com",)),
    "xueqiu": (("雪球", "snowball"), ("xueqiu.com",)),
    "xiaohongshu": (("小红书", "rednote", "xhs"), ("xiaohongshu.com", "xhslink.com")),
    "douyin": (("抖音",), ("douyin.com",)),
    "tiktok": ((), ("tiktok.com",)),
    "bilibili": (("哔哩哔哩", "b站"), ("bilibili.com",)),
    "bluesky": (("bsky",), ("bsky.app", "bsky.social")),
    "mastodon": (("fediverse",), ("mastodon.social",)),
    "threads": ((), ("threads.net", "threads.com")),
    "facebook": (("fb",), ("facebook.com", "fb.com")),
    "instagram": (("insta",), ("instagram.com",)),
    "youtube": (("yt",), ("youtube.com", "youtu.be")),
    "telegram": ((), ("t.me", "telegram.me")),
    "discord": ((), ("discord.com", "discordapp.com")),
    "linkedin": ((), ("linkedin.com",)),
    "stocktwits": ((), ("stocktwits.com",)),
    "guba": (("股吧", "东方财富股吧", "eastmoney"), ("guba.eastmoney.com", "eastmoney.com")),
    "v2ex": ((), ("v2ex.com",)),
    "linuxdo": (("linux.do",), ("linux.do",)),
    "tieba": (("贴吧", "百度贴吧"), ("tieba.baidu.com",)),
    "wechat": (("微信", "weixin"), ("mp.weixin.qq.com",)),
    "toutiao": (("头条", "今日头条"), ("toutiao.com",)),
    "kuaishou": (("快手",), ("kuaishou.com",)),
    "douban": (("豆瓣",), ("douban.com",)),
    "hupu": (("虎扑",), ("hupu.com",)),
    "juejin": (("掘金",), ("juejin.cn",)),
    "quora": ((), ("quora.com",)),
    "producthunt": (("product hunt",), ("producthunt.com",)),
    "lobsters": ((), ("lobste.rs",)),
    "lemmy": ((), ("lemmy.world",)),
    "tumblr": ((), ("tumblr.com",)),
    "vk": (("vkontakte",), ("vk.com",)),
    "truthsocial": (("truth social",), ("truthsocial.com",)),
    "trustpilot": ((), ("trustpilot.com",)),
}
ALIASES: Final = {alias: name for name, (aliases, _) in NETWORKS.items() for alias in (name, *aliases)}
HOSTS: Final = {host: name for name, (_, hosts) in NETWORKS.items() for host in hosts}
# Their tools write Beijing time without saying so.
CHINESE: Final = frozenset(
    {
        "bilibili",
        "douban",
        "douyin",
        "guba",
        "hupu",
        "juejin",
        "kuaishou",
        "linuxdo",
        "tieba",
        "toutiao",
        "v2ex",
        "wechat",
        "weibo",
        "xiaohongshu",
        "xueqiu",
        "zhihu",
    }
)
HTML_BODIES: Final = frozenset({"hackernews", "mastodon"})

# A word of a source or type column -> kind of post.
KINDS: Final = {
    **dict.fromkeys(("comment", "comments", "t1", "评论"), "comment"),
    **dict.fromkeys(("reply", "replies", "replied_to", "回复"), "reply"),
    **dict.fromkeys(("title", "titles", "story", "stories", "ask_hn", "show_hn", "job", "poll"), "title"),
    **dict.fromkeys(
        (
            "post",
            "posts",
            "tweet",
            "status",
            "content",
            "original",
            "submission",
            "submissions",
            "t3",
            "原创",
        ),
        "post",
    ),
    **dict.fromkeys(("quote", "quoted"), "quote"),
    **dict.fromkeys(("retweet", "retweeted", "repost", "reblog", "share", "转发"), "repost"),
    **dict.fromkeys(("headline", "headlines", "news"), "headline"),
}
# Editorial lists: their titles and lead texts are no user's opinion.
EDITORIAL: Final = frozenset(
    {"hot", "hotlist", "hotsearch", "trending", "trends", "toplist", "headline", "热搜", "热榜"}
)
WORDS: Final = re.compile(r"[_\-\s.:]+")
DATE_OR_NUMBER: Final = re.compile(r"[\d\-_.:]+")
NOTHING: Final = frozenset({"", "none", "null", "nan", "na", "n/a", "unknown"})


class Place(NamedTuple):
    """Where a post stands."""

    platform: str | None  #: None if the cell names no known network
    community: str | None
    kind: str | None


def network(name: str) -> str | None:
    """The network that a cell names and nothing else, such as ``Twitter``."""
    return ALIASES.get(name.strip().lower())


def network_of_url(url: str) -> str | None:
    """The network that an address belongs to."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return None
    while host:
        if host in HOSTS:
            return HOSTS[host]
        host = host.partition(".")[2]
    return None


@lru_cache(maxsize=65_536)
def place(value: str) -> Place:
    """Platform, community and kind that a cell of a column ``source`` or ``platform`` tells.

    >>> place("reddit/LocalLLaMA/comment")
    Place(platform='reddit', community='localllama', kind='comment')
    >>> place("social_daily/x/ai-news"), place("weibo_hot_search")
    (Place(platform='x', community='ai-news', kind=None), Place(platform='weibo', community=None, kind='headline'))
    """
    segments = [segment.strip().lower() for segment in value.split("/")]
    segments = [segment for segment in segments if segment not in NOTHING]
    platform, kind, rest = None, None, segments
    for n, segment in enumerate(segments):
        platform = _in_segment(segment)
        if platform:
            rest = segments[n + 1 :]
            if EDITORIAL & set(WORDS.split(segment)):
                kind = "headline"
            break
    community = []
    for segment in rest:
        if segment in KINDS:
            kind = kind or KINDS[segment]
        elif kind == "headline" and segment in ("description", "summary"):
            continue
        elif not DATE_OR_NUMBER.fullmatch(segment):
            community.append(segment.removeprefix("r_") if platform == "reddit" else segment)
    if platform == "reddit" and community[:1] == ["r"]:
        community = community[1:]
    return Place(platform, "/".join(community) or None, kind)


def _in_segment(segment: str) -> str | None:
    """A segment that is a network's name, begins with it, or holds a longer one as a word."""
    if segment in ALIASES:
        return ALIASES[segment]
    words = WORDS.split(segment)
    if words[0] in ALIASES:
        return ALIASES[words[0]]
    for word in words[1:]:
        if len(word) >= 4 and word in ALIASES:
            return ALIASES[word]
    return None

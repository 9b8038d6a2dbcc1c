"""Who posts what in the built-in sample, day by day; everything follows from the seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from sentinel.sample_noise import AWKWARD, campaign, copied, foreign, spam, unrelated
from sentinel.sample_texts import opinion
from sentinel.sample_world import (
    ANNOUNCED,
    FIRST_DAY,
    N_DAYS,
    SOURCES,
    TOPICS,
    Announced,
    Origin,
    latent_moods,
    volumes,
)

__all__ = ["Utterance", "utterances"]

SCORE_OF_POSITIVE: Final = 0.6  # what a model gives an openly positive post, on average
NEUTRAL_SHARE: Final = 0.34
NOISE: Final = (("spam", 0.05), ("unrelated", 0.05), ("foreign", 0.03))  # the rest says something
RELATED: Final = (("reply", 0.15), ("repost", 0.08), ("quote", 0.05))  # shares of the posts on X


@dataclass(frozen=True, slots=True)
class _Author:
    name: str
    number: int
    chinese: bool
    mood: float  # how much sunnier than others
    emoji: float  # how often there is one


@dataclass(slots=True)
class Utterance:
    """One post, before any export format."""

    platform: str
    community: str | None
    post_id: str
    author: str
    author_id: str
    at: float  #: seconds since 1970
    lang: str
    text: str = ""
    kind: str = "post"  #: post, reply, quote or repost
    parent: Utterance | None = None
    likes: int = 0


class _Crowd:
    """The authors of a source; a few write much, most write seldom."""

    def __init__(self, rng: Random, origin: Origin, n_authors: int) -> None:
        self.authors = [
            _Author(
                name=f"synth_{origin.platform[:2]}{number}",
                number=number,
                chinese=rng.random() < origin.chinese,
                mood=rng.gauss(0, 0.12),
                emoji=rng.choice((0.0, 0.1, 0.6)),
            )
            for number in range(n_authors)
        ]
        self.weights = list(accumulate(1 / (rank + 12) for rank in range(n_authors)))

    def one(self, rng: Random) -> _Author:
        """An author, by how much they write."""
        return rng.choices(self.authors, cum_weights=self.weights)[0]


def utterances(seed: int, n_posts: int) -> Iterator[Utterance]:
    """About `n_posts` posts over `N_DAYS` days, day by day."""
    rng = Random(f"posts {seed}")
    moods = latent_moods(rng)
    expected = volumes(rng, n_posts)
    crowds = {origin: _Crowd(rng, origin, max(30, int(n_posts * origin.share / 12))) for origin in SOURCES}
    campaigns = {rng.randrange(5, N_DAYS - 5): campaign(rng) for _ in range(12)}
    awkward = {5 + 12 * number: text for number, text in enumerate(AWKWARD)}
    recent: list[Utterance] = []
    for day in range(N_DAYS):
        today: list[Utterance] = []
        for origin, crowd in crowds.items():
            if origin.first <= day <= origin.last:
                n_today = int(expected[day] * origin.share + rng.random())
                today += [_post(rng, origin, crowd.one(rng), day, moods[day], recent) for _ in range(n_today)]
        x, crowd = SOURCES[0], crowds[SOURCES[0]]
        if day in campaigns:
            for _ in range(rng.randrange(8, 20)):
                today.append(_at(rng, x, crowd.one(rng), day, copied(rng, campaigns[day])))
        if day in awkward:
            today.append(_at(rng, x, crowd.one(rng), day, awkward[day]))
        yield from today
        recent = [post for post in today if post.platform == "x" and post.kind == "post"] or recent


def _post(
    rng: Random, origin: Origin, author: _Author, day: int, mood: float, recent: Sequence[Utterance]
) -> Utterance:
    """One post of an ordinary day."""
    post = _at(rng, origin, author, day)
    draw = rng.random()
    for role, share in NOISE:
        draw -= share
        if draw < 0:
            _make_noise(rng, post, author, role)
            return post
    if origin.platform == "x" and recent:
        _relate(rng, post, recent)
    if post.kind != "repost":
        post.text = _text(rng, post, author, mood + origin.mood + author.mood)
    return post


def _text(rng: Random, post: Utterance, author: _Author, mood: float) -> str:
    """What the author writes, given the mood of the day, the place and the author."""
    moment = (post.at - FIRST_DAY.timestamp()) / 86400
    news = _in_the_news(moment)
    topic = _topic(rng, news)
    label = _label(rng, mood + sum(one.shift(moment, topic) for one in ANNOUNCED))
    category = news.category if news is not None and topic != "rivals" else None
    text = opinion(rng, "zh" if author.chinese else "en", topic, label, category, author.emoji)
    if post.kind == "reply" and post.parent is not None:
        return f"@{post.parent.author} {text}"
    return text


def _at(rng: Random, origin: Origin, author: _Author, day: int, text: str = "") -> Utterance:
    """A post with its who, where and when."""
    hour = (rng.gauss(14.0, 4.0) if author.chinese else rng.gauss(21.0, 5.0)) % 24
    at = FIRST_DAY.timestamp() + day * 86400 + min(86399, int(hour * 3600)) + rng.randrange(1000) / 1000
    return Utterance(
        platform=origin.platform,
        community=origin.community,
        post_id=_post_id(rng, origin.platform, at),
        author=author.name,
        author_id=str(7_000_000_000 + author.number),
        at=at,
        lang="zh" if author.chinese else "en",
        text=text,
        likes=min(50_000, int(rng.paretovariate(1.1)) - 1),
    )


def _post_id(rng: Random, platform: str, at: float) -> str:
    """An id as the platform makes them: X and Weibo write the time into 19 and 16 digits."""
    if platform == "x":
        return str((int(at * 1000) - 1288834974657) << 22 | rng.randrange(1 << 22))
    if platform == "weibo":
        return str((int(at) - 515483463) << 22 | rng.randrange(1 << 22))
    return f"{platform[:2]}{rng.randrange(10**12):012d}"


def _make_noise(rng: Random, post: Utterance, author: _Author, role: str) -> None:
    """Spam (from a few accounts), another subject, or another language."""
    if role == "spam":
        account = author.number % 25
        post.author, post.author_id = f"synth_promo{account}", str(7_900_000_000 + account)
        post.text = spam(rng, post.lang)
    elif role == "unrelated":
        post.text = unrelated(rng, post.lang)
    else:
        post.lang, post.text = foreign(rng)


def _relate(rng: Random, post: Utterance, recent: Sequence[Utterance]) -> None:
    """Make some posts replies to, quotes of, or reposts of a post of the day before."""
    draw = rng.random()
    for kind, share in RELATED:
        draw -= share
        if draw < 0:
            post.kind, post.parent = kind, rng.choice(recent)
            if kind == "repost":
                post.text, post.lang = post.parent.text, post.parent.lang
            return


def _in_the_news(moment: float) -> Announced | None:
    """The announcement people still talk about."""
    return next((one for one in ANNOUNCED if one.moment <= moment < one.day + 5), None)


def _topic(rng: Random, news: Announced | None) -> str:
    """What a post is about; an announcement draws talk to its topic."""
    if news is not None and rng.random() < 0.3:
        return news.category
    return rng.choices(list(TOPICS), list(TOPICS.values()))[0]


def _label(rng: Random, mean: float) -> str:
    """A mood whose expected score is `mean`, as far as shares of at least 2 % allow."""
    half = (1 - NEUTRAL_SHARE) / 2
    lean = mean / SCORE_OF_POSITIVE / 2
    positive = min(0.96, max(0.02, half + lean))
    negative = min(0.98 - positive, max(0.02, half - lean))
    draw = rng.random()
    if draw < positive:
        return "positive"
    return "negative" if draw < positive + negative else "neutral"

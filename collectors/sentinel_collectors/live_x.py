"""X: recent search of the API v2, the last seven days. Every post that is read costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar, Final

from sentinel.errors import SourceError
from sentinel.ports import Batch

from .answers import mapping
from .live_answers import Answer, Refused
from .live_http import Client
from .live_places import Place, earlier, newest_first
from .live_reading import LiveSource, batch_of, list_in
from .x_api_v2 import XApiV2
from .xposts import text_id

__all__ = ["LiveX"]

# A little less than the seven days that the search reaches back: the request takes its time too.
REACH: Final = timedelta(days=7) - timedelta(minutes=1)
OUT_OF_REACH: Final = (
    "the last read is more than seven days ago; what was posted between is beyond the search"
)
FIELDS: Final = {
    "tweet.fields": "created_at,lang,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,public_metrics,"
    "entities,note_tweet",
    "expansions": "author_id,referenced_tweets.id",
    "user.fields": "username",
    "sort_order": "recency",
}


@dataclass(frozen=True, kw_only=True)
class LiveX(LiveSource):
    """Posts that match a query, each read once.

    Attributes
    ----------
    query : as the search of X has it; ``-is:retweet`` saves money.
    token_env : the environment variable that holds the bearer token of a developer's app.
    page_size : posts a page, from 10 to 100.
    """

    name: ClassVar[str] = "live_x"

    query: str = ""
    token_env: str = "X_BEARER_TOKEN"
    max_pages: int = 10
    page_size: int = 100
    base_url: str = "https://api.x.com"

    def _batches(self, client: Client, cursor: str | None) -> Iterator[Batch]:
        place = Place.of(cursor)
        client.authorize(self._secret(client, self.token_env))
        return newest_first(place, lambda place, _: self._page(client, place))

    def _page(self, client: Client, place: Place) -> tuple[Batch, Place]:
        warnings: dict[str, int] = {}
        try:
            answer = self._asked(client, place)
        except Refused as refused:
            within = _within_reach(place, refused.answer)
            if within is None:
                raise
            if within.since != place.since:
                warnings[OUT_OF_REACH] = 1
            place, answer = within, self._asked(client, within)
        page = mapping(answer.json())
        meta = mapping(page.get("meta"))
        none = "data" not in page and meta.get("result_count") == 0  # then there is no list, not an empty one
        posts = [] if none else list_in(page, "data")
        batch = batch_of(answer, XApiV2)
        return replace(batch, warnings={**batch.warnings, **warnings}), _behind(place, meta, posts)

    def _asked(self, client: Client, place: Place) -> Answer:
        params: dict[str, Any] = {"query": self.query, "max_results": self.page_size, **FIELDS}
        token, before = _following(place, "token"), _following(place, "before")
        if token is not None:
            params["next_token"] = token
        elif before is not None:
            params["until_id"] = before
        if place.since is not None and "T" not in place.since:
            params["since_id"] = place.since
        elif place.since is not None and "until_id" not in params:  # ids and times are refused together
            params["start_time"] = place.since
        return client.get(self._at("/2/tweets/search/recent"), params)


def _behind(place: Place, meta: Mapping[str, Any], posts: list[Any]) -> Place:
    ids = [post_id for post in posts if (post_id := text_id(mapping(post).get("id"))) is not None]
    newest = text_id(meta.get("newest_id")) or max(ids, key=_in_order, default=None)
    oldest = text_id(meta.get("oldest_id")) or min(ids, key=_in_order, default=_following(place, "before"))
    token = meta.get("next_token")
    more = isinstance(token, str) and bool(token)
    return place.after(newest, {"token": token, "before": oldest} if more else None)


def _in_order(post_id: str) -> tuple[int, str]:
    """Order of ids: as numbers, whatever their length."""
    return len(post_id), post_id


def _following(place: Place, name: str) -> str | None:
    """How to ask for the page at a place: by its ``token`` or, should that be lost, as what lies ``before`` an id."""
    return mapping(place.next).get(name)


def _within_reach(place: Place, answer: Answer) -> Place | None:
    """Another way to the same posts, if the service refused what has become too old.

    Returns
    -------
    Place or None
        ``None`` if it refused something else.
    """
    refused = _refused_parameters(answer)
    before = _following(place, "before")
    following = {"before": before} if before else None
    if place.since is not None and refused & {"since_id", "start_time"}:
        start = earlier(answer.collected, REACH) if answer.collected else None
        return Place(start, place.newest, following)
    if _following(place, "token") and refused & {"next_token", "pagination_token"}:
        return Place(place.since, place.newest, following)
    return None


def _refused_parameters(answer: Answer) -> set[str]:
    if answer.status != 400:
        return set()
    try:
        problems = mapping(answer.json()).get("errors")
    except SourceError:
        return set()
    return {
        name
        for error in (problems if isinstance(problems, list) else [])
        for name in mapping(mapping(error).get("parameters"))
    }

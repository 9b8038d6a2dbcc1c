"""Reddit: search, or the newest posts of a subreddit, through the API for registered apps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from sentinel import __version__
from sentinel.errors import SettingsError, SourceError
from sentinel.ports import Batch

from .answers import mapping
from .live_http import Client
from .live_places import Place, PlaceLost, earlier, newest_first
from .live_reading import LiveSource, batch_of, list_in, newest_in, times_in
from .reddit_listing import RedditListing

__all__ = ["LiveReddit"]

TOO_DEEP: Final = (
    "a listing of Reddit ends after about 1000 posts; what is older and new since the last read is missing"
)


@dataclass(frozen=True, kw_only=True)
class LiveReddit(LiveSource):
    """Submissions that match a query, in a subreddit, or both.

    Attributes
    ----------
    query : as Reddit's search has it; ``None`` is everything in the subreddit.
    subreddit : without ``r/``; several are joined by ``+``; ``None`` is all of Reddit.
    client_id_env, client_secret_env : the environment variables that hold what Reddit gave the app.
    page_size : posts a page, at most 100.
    auth_url : where an app gets its token.
    """

    name: ClassVar[str] = "live_reddit"

    query: str | None = None
    subreddit: str | None = None
    client_id_env: str = "REDDIT_CLIENT_ID"
    client_secret_env: str = "REDDIT_CLIENT_SECRET"
    page_size: int = 100
    base_url: str = "https://oauth.reddit.com"
    auth_url: str = "https://www.reddit.com"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.query is None and self.subreddit is None:
            raise SettingsError(f"{self.name} needs a query, a subreddit, or both")

    @property
    def _user_agent(self) -> str:
        """In the form that Reddit asks for; others are slowed down."""
        by = f" (by {self.contact})" if self.contact else ""
        return f"python:mood-sentinel:{__version__}{by}"

    def _batches(self, client: Client, cursor: str | None) -> Iterator[Batch]:
        place = Place.of(cursor)
        self._log_in(client)
        return newest_first(place, lambda place, resumed: self._page(client, place, resumed))

    def _log_in(self, client: Client) -> None:
        app = self._secret(client, self.client_id_env), self._secret(client, self.client_secret_env)
        url = f"{self.auth_url.rstrip('/')}/api/v1/access_token"
        answer = client.post(url, form={"grant_type": "client_credentials"}, auth=app)
        token = mapping(answer.json()).get("access_token")
        if not isinstance(token, str) or not token:
            raise SourceError(f"{answer.place}: expected an access_token; check the app's id and secret")
        client.authorize(token)

    def _page(self, client: Client, place: Place, resumed: bool) -> tuple[Batch, Place]:
        answer = client.get(self._at(self._listing), self._params(place))
        page = answer.json()
        if not list_in(page, "data", "children") and resumed:  # where the post to go on from was removed
            raise PlaceLost
        batch = batch_of(answer, RedditListing)
        after = page["data"].get("after")
        following = after if isinstance(after, str) and after else None
        times = times_in(batch)
        if place.since is not None and times:
            if times[-1] < earlier(place.since):
                following = None
            elif following is None:
                batch = replace(batch, warnings={**batch.warnings, TOO_DEEP: 1})
        return batch, place.after(newest_in(batch, answer), following)

    @property
    def _listing(self) -> str:
        community = f"/r/{self.subreddit.removeprefix('r/')}" if self.subreddit else ""
        return f"{community}/search" if self.query else f"{community}/new"

    def _params(self, place: Place) -> dict[str, str | int | None]:
        return {
            "q": self.query,
            "sort": "new" if self.query else None,
            "restrict_sr": 1 if self.query and self.subreddit else None,
            "t": "all" if self.query else None,
            "type": "link" if self.query else None,
            "limit": self.page_size,
            "raw_json": 1,
            "after": place.next,
        }

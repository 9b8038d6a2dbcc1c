"""Where the post in a row of a table stands: which network, which board of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sentinel.batcher import Batcher

from .columns import simple
from .networks import NETWORKS, Place, network, network_of_url, place

__all__ = ["RowPlaces"]

# Columns that only a table of tweets has.
TWEET_COLUMNS: Final = re.compile(
    r"tweet|retweet|favou?rite_count|in_reply_to_(screen_name|status_id)", re.IGNORECASE
)
OWN_COLUMNS: Final = {"subreddit": "reddit", "authorchannelid": "youtube", "awemeid": "douyin"}


class RowPlaces:
    """Judges platform and community of rows.

    What the user says comes first; then a column for it, columns that only one network's tables have, a column
    ``source`` that names networks, the post's address, the form of its id, and the file's name.
    """

    def __init__(
        self,
        file: str,
        names: Sequence[str],
        sources: Sequence[str],
        platform: str | None,
        community: str | None,
    ) -> None:
        self._platform = (network(platform) or platform.lower()) if platform else None
        self._community = community.lower() if community else None
        self._header = _told_by_header(names)
        known = [place(value).platform for value in sources if len(value) <= 80 and "<" not in value]
        tells = sum(name is not None for name in known) >= 0.5 * len(sources)
        self._source_tells = tells and bool(known) and self._header is None
        self._file = _in_file_name(file)

    def place(self, cells: Mapping[str, Any], url: str | None, batcher: Batcher) -> Place:
        """Where the post in a row stands, given its cells by field."""
        found = Place(None, None, None)
        if cells.get("platform"):
            found = _of_platform_cell(str(cells["platform"]))
        elif self._source_tells and cells.get("source"):
            found = place(str(cells["source"]))
        platform = self._platform or found.platform or self._header
        platform = platform or (network_of_url(url) if url else None) or _of_id(cells.get("post_id"))
        if platform is None and self._file:
            batcher.warn("platform taken from the file's name")
            platform = self._file
        community = cells.get("community")
        if community is not None:
            community = str(community).lower().removeprefix("/").removeprefix("r/")
        return Place(platform, self._community or community or found.community, found.kind)


def _of_platform_cell(name: str) -> Place:
    """A network by its name or host; another host is a publisher's, another name a network that we do not know."""
    found = place(name)
    if found.platform is None and "." in name:
        return Place(network_of_url(f"//{name}"), None if network_of_url(f"//{name}") else name.lower(), None)
    return found if found.platform else Place(name.lower(), None, None)


def _told_by_header(names: Sequence[str]) -> str | None:
    """The network that alone has columns of these names."""
    header = set(map(simple, names))
    if sum(TWEET_COLUMNS.search(name) is not None for name in names) >= 2 or header & {"tweet", "tweetid"}:
        return "x"
    for own, platform in OWN_COLUMNS.items():
        if own in header:
            return platform
    return "weibo" if any(name.startswith(("微博", "weibo")) for name in header) else None


def _in_file_name(name: str) -> str | None:
    """A network that is the name of a folder, or, of four letters or more, a word of the file's name."""
    for folder in name.lower().split("/")[:-1]:
        if found := network(folder):
            return found
    for word in re.split(r"[\W_]+", name.lower()):
        if len(word) >= 4 and (found := network(word)) and found in NETWORKS:
            return found
    return None


def _of_id(post_id: Any) -> str | None:
    if isinstance(post_id, str):
        if post_id.startswith("at://"):
            return "bluesky"
        if re.fullmatch(r"t[13]_[0-9a-z]{4,8}", post_id):
            return "reddit"
    return None

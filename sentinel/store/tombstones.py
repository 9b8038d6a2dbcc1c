"""What was erased, and must not come back when it is read again: keyed hashes instead of names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from itertools import compress
from typing import Any, Final

from sentinel.ports import Batch, Reject
from sentinel.post import Columns

__all__ = ["ERASED", "EXPIRED", "Tombstones", "without"]

#: Reasons why rows are skipped, as the ledger and the report state them.
ERASED: Final = "erased on request"
EXPIRED: Final = "older than what is kept"

_REFERENCES: Final = ("reply_to", "conversation", "quoted")
_REPOST: Final = re.compile(r"RT @([\w.]+)", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\s\"'<>(){}\[\],;:/=&?@]+")


def plain_name(name: str) -> str:
    """A handle or id as it is compared: without its sign, in lower case."""
    return name.strip().removeprefix("@").casefold()


class Tombstones:
    """Tells whether a post is by an erased author, is an erased post, or is a repost of one.

    Parameters
    ----------
    key : the store's own, so that the hashes of two stores cannot be compared.
    digests : what was erased.
    """

    def __init__(self, key: str, digests: Collection[str] = ()) -> None:
        self._keyed = blake2b(key=bytes.fromhex(key), digest_size=16)
        self._digests = frozenset(digests)

    def author(self, name: str, platform: str | None = None) -> set[str]:
        """Digests of an author: by handle or id, on one platform or on any."""
        return {self._author(name, platform), self._named(plain_name(name))}

    def post(self, post_id: str, platform: str | None = None) -> set[str]:
        """Digests of a post."""
        return {self._post(post_id, platform), self._named(plain_name(post_id))}

    def _author(self, name: str, platform: str | None) -> str:
        return self._digest("author", platform or "", plain_name(name))

    def _post(self, post_id: str, platform: str | None) -> str:
        return self._digest("post", platform or "", post_id)

    def _named(self, name: str) -> str:
        """Of a name where it is not known what of: in a row that could not be read."""
        return self._digest("named", "", name)

    def _digest(self, *parts: str) -> str:
        made = self._keyed.copy()
        made.update("\n".join(parts).encode("utf-8", "surrogatepass"))
        return made.hexdigest()

    def has_author(self, platform: str, *names: str | None) -> bool:
        """Whether one of the names is an erased author's."""
        return any(
            self._author(name, where) in self._digests for name in names if name for where in (platform, None)
        )

    def has_post(self, platform: str, post_id: str | None) -> bool:
        """Whether the post was erased."""
        return bool(post_id) and any(
            self._post(str(post_id), where) in self._digests for where in (platform, None)
        )

    def hides(self, row: Mapping[str, Any]) -> bool:
        """Whether a post must not be stored."""
        platform = row.get("platform") or "unknown"
        if self.has_author(platform, row.get("author"), row.get("author_id")):
            return True
        if self.has_post(platform, row.get("post_id")):
            return True
        if row.get("kind") != "repost":
            return False
        said = _REPOST.match(row.get("text") or "")
        return self.has_post(platform, row.get("repost_of")) or (
            said is not None and self.has_author(platform, said[1])
        )

    def names_one(self, text: str) -> bool:
        """Whether a text holds the name of an erased author or the id of an erased post."""
        return any(self._named(plain_name(word)) in self._digests for word in _WORD.findall(text))

    def applied(self, batch: Batch) -> Batch:
        """A batch without what was erased; its rows count as skipped."""
        rejects = [self._blotted(reject) for reject in batch.rejects]
        if not batch.n_posts:
            return replace(batch, rejects=rejects)
        names = list(batch.posts)
        rows = (dict(zip(names, values, strict=True)) for values in zip(*batch.posts.values(), strict=True))
        kept = [not self.hides(row) for row in rows]
        left = without(batch, kept, ERASED)
        return replace(left, posts=self._unreferred(left.posts), rejects=rejects)

    def _unreferred(self, columns: Columns) -> Columns:
        """Posts that no longer name erased ones they answer."""
        platforms = columns.get("platform") or []
        found = {
            name: [
                None if self.has_post(platform or "unknown", value) else value
                for platform, value in zip(platforms, columns[name], strict=True)
            ]
            for name in _REFERENCES
            if columns.get(name) and platforms
        }
        return columns | found

    def _blotted(self, reject: Reject) -> Reject:
        if not self.names_one(" ".join(reject)):
            return reject
        return Reject(reject.position, reject.reason if not self.names_one(reject.reason) else ERASED, ERASED)


def without(batch: Batch, kept: Iterable[bool], reason: str) -> Batch:
    """A batch with some of its posts; the others count as skipped for this reason."""
    chosen = list(kept)
    n = len(chosen) - sum(chosen)
    if not n:
        return batch
    posts = {name: list(compress(values, chosen)) for name, values in batch.posts.items()}
    return replace(batch, posts=posts, skipped={**batch.skipped, reason: batch.skipped.get(reason, 0) + n})

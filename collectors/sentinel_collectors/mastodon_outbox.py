"""The archive that Mastodon gives an account's owner (ActivityPub ``outbox.json``), packed, as folder or alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from sentinel.batcher import Batcher, Skip, batches
from sentinel.dates import when
from sentinel.peek import peek
from sentinel.ports import Batch
from sentinel.records import json_values
from sentinel.source import Source, Unit

from .answers import answer_rows, first_values, is_empty_answer, mapping, share
from .markup import plain

__all__ = ["MastodonOutbox"]

PUBLIC: Final = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
NUMBER: Final = re.compile(r"/(\d+)(?:/activity)?/?$")
HANDLE: Final = re.compile(r"/(?:users/|@)([^/]+)/?$")
# What an archive also holds: likes and bookmarks are addresses, the rest is media.
COMPANIONS: Final = re.compile(r"(likes|bookmarks)\.json|(avatar|header)\.\w+|media_attachments/.*")


class MastodonOutbox:
    """Notes, questions and boosts of one account.

    Parameters
    ----------
    include_private : whether to read posts for followers only and direct messages too.
    """

    name: ClassVar[str] = "mastodon_outbox"

    def __init__(self, source: Source, include_private: bool = False) -> None:
        self._source = source
        self._include_private = include_private
        self._handle: str | None = None

    @classmethod
    def unit(cls, names: Sequence[str]) -> Unit | None:
        """An archive among the names of a folder: its outbox and its actor; media are left alone."""
        present = set(names)
        for name in names:
            folder = name.removesuffix("outbox.json")
            if folder != name and (not folder or folder.endswith("/")):
                read = {name, f"{folder}actor.json"} & present
                beside = {
                    other
                    for other in names
                    if other.startswith(folder) and COMPANIONS.fullmatch(other.removeprefix(folder))
                }
                return Unit(folder, frozenset(read), frozenset(beside if len(read) > 1 else ()))
        return None

    @classmethod
    def sniff(cls, source: Source) -> float:
        members = source.members()
        if members and "outbox.json" not in members:
            return 0.0
        outbox = members.get("outbox.json", source)
        if members and is_empty_answer(outbox):
            return 0.96
        return 0.96 * share(first_values(outbox, _unpack), _is_activity)

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        members = self._source.members()
        actor = members.get("actor.json")
        if actor is not None:
            for _, value in json_values(actor, peek(actor).shape):
                self._handle = mapping(value).get("preferredUsername")
        return batches(answer_rows(members.get("outbox.json", self._source), _unpack), self._post, cursor)

    def _post(self, activity: Mapping[str, Any], batcher: Batcher) -> Mapping[str, Any] | Skip:
        kind, item = activity["type"], activity.get("object")
        if kind not in ("Create", "Announce"):
            return Skip(f"not a post: {kind} activity")
        if not _is_open(activity) and not self._include_private:
            return Skip("private or direct; --include-private reads it")
        actor = activity.get("actor")
        if kind == "Announce":
            return self._boost(activity, item, actor)
        note = mapping(item)
        uri = note["id"]
        if not isinstance(uri, str) or not isinstance(note.get("content"), str):
            raise ValueError("a note needs id and content")
        number = NUMBER.search(uri)
        found = when(note.get("published") or activity.get("published"))
        langs = list(mapping(note.get("contentMap")))
        reply_to = note.get("inReplyTo")
        return {
            "platform": "mastodon",
            "post_id": number[1] if number else uri,
            "published": found[0],
            "precision": found[1],
            "author": self._author(note.get("attributedTo") or actor),
            "author_id": note.get("attributedTo") or actor,
            "kind": "reply" if reply_to else "post",
            "lang": langs[0].lower() if langs else None,
            "text": plain(note["content"]),
            "url": note.get("url") or uri,
            "reply_to": reply_to,
            "conversation": note.get("conversation"),
        }

    def _boost(self, activity: Mapping[str, Any], item: Any, actor: Any) -> dict[str, Any]:
        """A boost is only the address of another's post; its text is not in the archive."""
        found = when(activity.get("published"))
        return {
            "platform": "mastodon",
            "post_id": activity["id"],
            "published": found[0],
            "precision": found[1],
            "author": self._author(actor),
            "author_id": actor,
            "kind": "repost",
            "text": "",
            "repost_of": mapping(item).get("id") or item,
        }

    def _author(self, actor: Any) -> str | None:
        found = HANDLE.search(actor) if isinstance(actor, str) else None
        return self._handle or (found[1] if found else None)


def _unpack(value: Any) -> list[Any] | None:
    items = mapping(value).get("orderedItems")
    return items if isinstance(items, list) else None


def _is_activity(value: Any) -> bool:
    activity = mapping(value)
    return (
        activity.get("type") in ("Create", "Announce") and {"actor", "object", "published"} <= activity.keys()
    )


def _is_open(activity: Mapping[str, Any]) -> bool:
    """Whether everybody may see it: addressed to the public, or unlisted."""
    audience: set[str] = set()
    for place in (activity, mapping(activity.get("object"))):
        for name in ("to", "cc"):
            named = place.get(name)
            audience.update([named] if isinstance(named, str) else named or [])
    return bool(audience & PUBLIC)

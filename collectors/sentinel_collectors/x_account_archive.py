"""The archive that X gives an account's owner: a zip or folder, or its ``tweets.js`` alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple

from sentinel.batcher import Batcher, Row, Skip, batches
from sentinel.counting import counted
from sentinel.dates import when
from sentinel.errors import SourceError
from sentinel.lines import Broken
from sentinel.peek import peek
from sentinel.ports import Batch
from sentinel.records import json_values
from sentinel.source import Source, Unit

from .answers import mapping
from .counts import count
from .markup import decode
from .xposts import kind_of, lang, post_url, published, status_id, text_id

__all__ = ["XAccountArchive"]

POSTS: Final = re.compile(r"(?:.*/)?(?:tweets?|community-tweets?)(?:-part\d+)?\.js")
NOTES: Final = re.compile(r"(?:.*/)?note-tweets?(?:-part\d+)?\.js")
DELETED: Final = re.compile(r"(?:.*/)?deleted-tweets?(?:-part\d+)?\.js")
ABOUT: Final = re.compile(r"(?:.*/)?(?:manifest|account)\.js")
OTHER_PART: Final = re.compile(r"(?:.*/)?(?:[\w-]+\.js|[\w-]+_media/.*)")
PREFIX: Final = re.compile(r"window\.(?:YTD\.(\w+?)\.part\d+|__THAR_CONFIG)\s*=")
# A long post is kept cut, with a link to itself, and whole in another file.
CUT: Final = re.compile(r"(?:…\s*)?(?:https://t\.co/\w+\s*)*$")
MENTIONS: Final = re.compile(r"^(?:@\w{1,15}\s+)+")


class _Account(NamedTuple):
    author_id: str | None
    handle: str | None
    collected: str | None


class XAccountArchive:
    """Posts of one account."""

    name: ClassVar[str] = "x_account_archive"

    def __init__(self, source: Source) -> None:
        self._source = source
        self._notes: dict[str, list[str]] = {}
        self._account = _Account(None, None, None)

    @classmethod
    def unit(cls, names: Sequence[str]) -> Unit | None:
        """An archive among the names of a folder or zip: its posts, notes and account; the rest is left alone."""
        posts = [name for name in names if POSTS.fullmatch(name)]
        if not posts:
            return None
        folder = posts[0].rpartition("/")[0]
        folder = f"{folder}/" if folder else ""
        wanted = (POSTS, NOTES, DELETED, ABOUT)
        here = [name for name in names if name.startswith(folder)]
        read = {name for name in here if any(form.fullmatch(name) for form in wanted)}
        outside = folder.removesuffix("data/")
        page = {f"{outside}Your archive.html"} & set(names)
        assets = {name for name in names if page and name.startswith(f"{outside}assets/")}
        # Without a folder of their own, as before 2019, the archive's other parts are known by what they are called.
        data = {name for name in here if folder.endswith("data/") or OTHER_PART.fullmatch(name)}
        return Unit(folder, frozenset(read), frozenset(data - read | page | assets))

    @classmethod
    def sniff(cls, source: Source) -> float:
        if source.members():
            return 0.97 if any(map(POSTS.fullmatch, source.members())) else 0.0
        prefix = PREFIX.match(peek(source).prefix)
        return 0.97 if prefix and prefix[1] else 0.0

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        manifest = _first(self._parts(ABOUT, "manifest.js"))
        self._account = _account(manifest, _first(self._parts(ABOUT, "account.js")))
        self._notes = _notes(self._parts(NOTES))
        return batches(self._rows(_expected_counts(manifest)), self._post, cursor)

    def _parts(self, form: re.Pattern[str], ending: str = "") -> list[Source]:
        members = self._source.members()
        return [members[name] for name in sorted(members) if form.fullmatch(name) and name.endswith(ending)]

    def _rows(self, expected: Mapping[str, int]) -> Iterator[Row]:
        parts = self._parts(POSTS)
        if not parts:
            parts = [self._only_part()]
        for part in parts:
            short = part.name.rpartition("/")[2]
            n_records = 0
            for position, value in json_values(part, "array"):
                n_records += 1
                yield f"{short} {position}", value
            if n_records < expected.get(short, 0):
                reason = (
                    f"{short} has {counted(n_records, 'record')}, the manifest promises {expected[short]}"
                )
                yield f"{short} end", Broken(reason, "")
        for part in self._parts(DELETED):
            for position, _ in json_values(part, "array"):
                yield f"{part.name.rpartition('/')[2]} {position}", None

    def _only_part(self) -> Source:
        prefix = PREFIX.match(peek(self._source).prefix)
        kind = prefix[1] if prefix else None
        if kind not in ("tweet", "tweets", "community_tweet", "community_tweets"):
            raise SourceError(
                f"{self._source.name} is the part {kind or 'manifest'!r} of an X archive, which holds no posts; "
                "give the whole archive, or its tweets.js"
            )
        return self._source

    def _post(self, value: Any, batcher: Batcher) -> Mapping[str, Any] | Skip:
        if value is None:
            return Skip("deleted by its author")
        tweet = value.get("tweet", value)
        post_id = text_id(tweet.get("id_str") or tweet.get("id"))
        text = tweet.get("full_text", tweet.get("text"))
        if post_id is None or not isinstance(text, str):
            raise ValueError("a tweet needs id_str and full_text")
        text = decode(text)
        day, precision = published(tweet.get("created_at"), post_id)
        reply_to = text_id(tweet.get("in_reply_to_status_id_str"))
        quoted = _quoted(tweet, post_id)
        text = self._whole(text, day)
        author_id, handle, collected = self._account
        if _is_older_edit(tweet, post_id):
            batcher.warn("an earlier version of an edited post")
        return {
            "platform": "x",
            "post_id": post_id,
            "published": day,
            "precision": precision,
            "collected": collected,
            "author": handle or author_id,
            "author_id": author_id,
            "kind": kind_of(text, False, reply_to, quoted),
            "lang": lang(tweet.get("lang")),
            "text": text,
            "url": post_url(handle, post_id),
            "likes": count(tweet.get("favorite_count")),
            "reposts": count(tweet.get("retweet_count")),
            "reply_to": reply_to,
            "quoted": quoted,
            "synthetic": True if tweet.get("synthetic") is True else None,
        }

    def _whole(self, text: str, day: str | None) -> str:
        """The note that a cut text belongs to: made in the same second, with the same beginning."""
        notes = self._notes.get(day or "")
        if not notes:
            return text
        start = CUT.sub("", MENTIONS.sub("", text)).strip()
        for note in notes:
            if MENTIONS.sub("", note).strip().startswith(start):
                return note
        return text


def _objects(part: Source) -> Iterator[Mapping[str, Any]]:
    """The objects of a part; of an array its elements."""
    for _, value in json_values(part, peek(part).shape or "array"):
        if isinstance(value, dict):
            yield value


def _first(parts: Iterable[Source]) -> Mapping[str, Any]:
    for part in parts:
        for value in _objects(part):
            return value
    return {}


def _account(manifest: Mapping[str, Any], account: Mapping[str, Any]) -> _Account:
    user, other = mapping(manifest.get("userInfo")), mapping(account.get("account"))
    generated = mapping(manifest.get("archiveInfo")).get("generationDate")
    return _Account(
        text_id(user.get("accountId") or other.get("accountId")),
        text_id(user.get("userName") or other.get("username")),
        when(generated)[0],
    )


def _expected_counts(manifest: Mapping[str, Any]) -> dict[str, int]:
    """Records that each part should have, by the manifest."""
    expected = {}
    for kind in mapping(manifest.get("dataTypes")).values():
        files = mapping(kind).get("files")
        for file in files if isinstance(files, list) else []:
            short = str(mapping(file).get("fileName", "")).rpartition("/")[2]
            number = count(mapping(file).get("count"))
            if number is not None:
                expected[short] = number
    return expected


def _notes(parts: Iterable[Source]) -> dict[str, list[str]]:
    """Long texts by the second in which they were made."""
    notes: dict[str, list[str]] = {}
    for part in parts:
        for value in _objects(part):
            note = mapping(value.get("noteTweet"))
            text = mapping(note.get("core")).get("text")
            made = when(note.get("createdAt"))[0]
            if isinstance(text, str) and made:
                notes.setdefault(made, []).append(text)
    return notes


def _quoted(tweet: Mapping[str, Any], post_id: str) -> str | None:
    """A quoted post is only told by its address among the links."""
    for link in mapping(tweet.get("entities")).get("urls") or []:
        quoted = status_id(mapping(link).get("expanded_url"))
        if quoted and quoted != post_id:
            return quoted
    return None


def _is_older_edit(tweet: Mapping[str, Any], post_id: str) -> bool:
    edits = mapping(tweet.get("edit_info"))
    initial = mapping(edits.get("initial")) or mapping(mapping(edits.get("edit")).get("editControlInitial"))
    chain = initial.get("editTweetIds")
    return isinstance(chain, list) and len(chain) > 1 and str(chain[-1]) != post_id

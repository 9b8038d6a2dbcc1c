"""What Telegram Desktop exports as JSON: one chat, or a whole account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple

from sentinel.batcher import Batcher, Row, Skip, batches
from sentinel.dates import UNDATED, epoch, when, zone_named
from sentinel.lines import Broken
from sentinel.peek import peek
from sentinel.ports import Batch
from sentinel.records import json_values
from sentinel.source import Source, Unit

from .answers import mapping
from .counts import count
from .xposts import text_id

__all__ = ["TelegramDesktop"]

PRIVATE: Final = frozenset({"personal_chat", "bot_chat", "saved_messages", "verify_codes", "replies"})
MEDIA: Final = ("photos/", "files/", "video_files/", "voice_messages/", "round_video_messages/", "stickers/")


class _Message(NamedTuple):
    message: Any
    chat_id: str | None
    chat: str | None
    private: bool


class TelegramDesktop:
    """Messages with text.

    Parameters
    ----------
    include_private : whether to read chats between persons and with bots too.
    timezone : of old exports, which state local times only; default UTC.
    """

    name: ClassVar[str] = "telegram_desktop"

    def __init__(self, source: Source, include_private: bool = False, timezone: str = "UTC") -> None:
        self._source = source
        self._include_private = include_private
        self._zone = zone_named(timezone)

    @classmethod
    def unit(cls, names: Sequence[str]) -> Unit | None:
        """An export among the names of a folder: its ``result.json``; media are left alone."""
        for name in names:
            folder = name.removesuffix("result.json")
            if folder == name or (folder and not folder.endswith("/")):
                continue
            media = frozenset(
                other for other in names if other.startswith(tuple(f"{folder}{kind}" for kind in MEDIA))
            )
            if media:
                return Unit(folder, frozenset({name}), media)
        return None

    @classmethod
    def sniff(cls, source: Source) -> float:
        values = peek(_json(source)).dicts
        if len(values) != 1:
            return 0.0
        chats = _chats(values[0])
        return (
            0.96 if chats and all(isinstance(mapping(chat).get("messages"), list) for chat in chats) else 0.0
        )

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return batches(self._rows(), self._post, cursor)

    def _rows(self) -> Iterator[Row]:
        source = _json(self._source)
        for position, value in json_values(source, peek(source).shape):
            if isinstance(value, Broken):
                yield position, value
                continue
            for chat in _chats(mapping(value)):
                about = mapping(chat)
                messages = about.get("messages")
                chat_id, name = text_id(about.get("id")), about.get("name")
                for n, message in enumerate(messages if isinstance(messages, list) else [], 1):
                    if isinstance(message, Broken):
                        yield f"chat {chat_id} message {n}", message
                    else:
                        private = str(about.get("type")) in PRIVATE
                        yield f"chat {chat_id} message {n}", _Message(message, chat_id, name, private)

    def _post(self, row: _Message, batcher: Batcher) -> Mapping[str, Any] | Skip:
        message = row.message
        if row.private and not self._include_private:
            return Skip("private chat; --include-private reads it")
        if message["type"] != "message":
            return Skip(f"not a post: {message['type']} message")
        text = _text(message.get("text"))
        if not text:
            return Skip("message without text")
        found = epoch(message.get("date_unixtime"))
        if found == UNDATED:
            found = when(message.get("date"), self._zone)
            batcher.warn(f"local time of the exporter, taken as {self._zone}")
        author_id = message.get("from_id") or message.get("actor_id")
        return {
            "platform": "telegram",
            "community": row.chat.lower() if isinstance(row.chat, str) else None,
            "post_id": _key(row.chat_id, message["id"]),
            "published": found[0],
            "precision": found[1],
            "author": message.get("from") or author_id,
            "author_id": str(author_id) if author_id else None,
            "kind": "reply" if message.get("reply_to_message_id") else "post",
            "text": text,
            "likes": _reactions(message.get("reactions")),
            "reply_to": _key(row.chat_id, message.get("reply_to_message_id")),
            "synthetic": True if message.get("synthetic") is True else None,
        }


def _json(source: Source) -> Source:
    return source.members().get("result.json", source)


def _chats(value: Mapping[str, Any]) -> list[Any]:
    whole = mapping(value.get("chats")).get("list")
    if isinstance(whole, list):
        return whole
    is_chat = "messages" in value and {"type", "name", "id"} & value.keys() and "symbol" not in value
    return [value] if is_chat and "response" not in value else []


def _text(text: Any) -> str:
    """A text is a string, or a list of strings and of objects with one."""
    if isinstance(text, str):
        return text
    return "".join(
        part if isinstance(part, str) else str(mapping(part).get("text", "")) for part in text or []
    )


def _key(chat_id: str | None, number: Any) -> str | None:
    """Numbers of messages are unique only within their chat."""
    found = text_id(number)
    return f"{chat_id}/{found}" if chat_id and found else found


def _reactions(reactions: Any) -> int | None:
    if not isinstance(reactions, list):
        return None
    return sum(count(mapping(reaction).get("count")) or 0 for reaction in reactions)

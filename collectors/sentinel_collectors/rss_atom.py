"""Feeds: RSS 2.0, RSS 1.0 and Atom, told apart by their root, whatever the file is called."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from html.entities import html5
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from sentinel.batcher import Batcher, Row, Skip, batches
from sentinel.dates import UNDATED, When, when
from sentinel.encoding import open_utf8
from sentinel.errors import SourceError
from sentinel.lines import Broken
from sentinel.peek import peek
from sentinel.ports import Batch
from sentinel.source import Source

from .markup import plain
from .networks import network_of_url
from .xposts import status_id

__all__ = ["RssAtom"]

ROOTS: Final = frozenset({"rss", "feed", "RDF"})
MAX_FEED: Final = 64 * 2**20
DECLARED: Final = re.compile(r"<\?xml[^>]*encoding=[\"']([\w.-]+)[\"']")
# Feeds are full of HTML's entities and of bare ampersands, neither of which is XML.
ENTITY: Final = re.compile(r"&(?!#\d+;|#x[\da-fA-F]+;|(?:amp|lt|gt|quot|apos);)(\w+;)?")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SUBREDDIT: Final = re.compile(r"/r/(\w+)/")
SUMMARY_END: Final = re.compile(r"(?:\[…\]|\[\.\.\.\]|read more)\W*$", re.IGNORECASE)
BODIES: Final = ("encoded", "content", "description", "summary")
DATES: Final = ("pubDate", "published", "date", "updated", "issued", "modified")


class RssAtom:
    """Items of a feed. What comes from no known network is a publisher's headline."""

    name: ClassVar[str] = "rss_atom"

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def sniff(cls, source: Source) -> float:
        seen = peek(source)
        return 0.95 if seen.kind == "xml" and seen.root.rpartition(":")[2] in ROOTS else 0.0

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        text = self._text()
        if "<!ENTITY" in text[: text.find(">", text.find("<!DOCTYPE")) + 10_000]:
            raise SourceError(
                f"{self._source.name} declares entities of its own, which no feed needs; refused"
            )
        return batches(_rows(text), _post, cursor)

    def _text(self) -> str:
        declared = DECLARED.search(peek(self._source).text[:200])
        encoding = None
        if declared and declared[1].lower() not in ("utf-8", "utf8", "utf-16"):
            try:
                encoding = codecs.lookup(declared[1]).name
            except LookupError:
                encoding = None
        with open_utf8(self._source, encoding) as stream:
            raw = stream.read(MAX_FEED + 1)
        if len(raw) > MAX_FEED:
            raise SourceError(f"{self._source.name} is a feed of more than {MAX_FEED // 2**20} MiB; split it")
        text = CONTROL.sub("", raw.decode("utf-8", "replace"))
        return ENTITY.sub(_as_xml, text)


def _as_xml(entity: re.Match[str]) -> str:
    name = entity[1] or ""
    return html5[name] if name in html5 and html5[name] not in "<&" else f"&amp;{name}"


def _rows(text: str) -> Iterator[Row]:
    """Items as they close; where the XML ends to be XML, what came before stays."""
    parser: XMLPullParser[Any] = XMLPullParser(("end",))
    number, generator, problem = 0, "", None
    try:
        parser.feed(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
        parser.close()
    except ParseError as error:
        problem = f"not XML: {error}"
    nodes = (event[1] for event in _events(parser))
    for node in nodes:
        tag = _local(node)
        if tag == "generator":
            generator = node.text or ""
        elif tag in ("item", "entry"):
            number += 1
            yield f"item {number}", (node, generator)
    if problem:
        yield f"after item {number}", Broken(problem, "")


def _events(parser: XMLPullParser[Any]) -> Iterator[Any]:
    """What was parsed; the parser repeats its error at the end, which is known by then."""
    try:
        yield from parser.read_events()
    except ParseError:
        return


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _children(node: Element) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for child in node:
        found.setdefault(_local(child), []).append(child)
    return found


def _inner(parts: Mapping[str, list[Element]], *names: str) -> str:
    """The first text under any of the names."""
    for name in names:
        for node in parts.get(name, []):
            text = "".join(node.itertext()).strip()
            if text:
                return text
    return ""


def _link(parts: Mapping[str, list[Element]]) -> str | None:
    best = None
    for node in parts.get("link", []):
        address = node.get("href") or (node.text or "").strip()
        if address.startswith(("http://", "https://")):
            if node.get("rel", "alternate") == "alternate":
                return address
            best = best or address
    return best


def _author(parts: Mapping[str, list[Element]]) -> str | None:
    for node in parts.get("author", []):
        inner = _children(node)
        name, email = _inner(inner, "name"), _inner(inner, "email")
        if name or email:
            return f"{name} ({email})" if name and email else name or email
    return _inner(parts, "author", "creator") or None


def _published(parts: Mapping[str, list[Element]]) -> When:
    for name in DATES:
        found = when(_inner(parts, name))
        if found != UNDATED:
            return found
    return UNDATED


def _platform(url: str | None, generator: str) -> str | None:
    if generator.lower().startswith("mastodon"):
        return "mastodon"
    if not url:
        return None
    host = urlsplit(url).hostname or ""
    return "x" if host.startswith("nitter.") else network_of_url(url)


def _post(item: tuple[Element, str], batcher: Batcher) -> Mapping[str, Any] | Skip:
    node, generator = item
    parts = _children(node)
    url = _link(parts)
    title, body = plain(_inner(parts, "title")), plain(_inner(parts, *BODIES))
    post_id = _inner(parts, "guid", "id") or url
    if not title and not body and not post_id:
        raise ValueError("an item needs a title, a text or an id")
    platform = _platform(url, generator)
    if platform == "x":
        post_id = status_id(url) or post_id
    if SUMMARY_END.search(body):
        batcher.warn("text cut by the feed")
    subreddit = SUBREDDIT.search(url or "") if platform == "reddit" else None
    text = body if body.startswith(title) else f"{title}\n\n{body}".strip()
    found = _published(parts)
    kind = "repost" if title.startswith("RT by @") else "post" if platform else "headline"
    return {
        "platform": platform or "rss",
        "community": subreddit[1].lower() if subreddit else None if platform else _host(url),
        "post_id": post_id or f"{found[0]} {title}",
        "published": found[0],
        "precision": found[1],
        "author": _author(parts),
        "kind": kind,
        "text": text,
        "url": url,
    }


def _host(url: str | None) -> str | None:
    return (urlsplit(url).hostname or "").removeprefix("www.") or None if url else None

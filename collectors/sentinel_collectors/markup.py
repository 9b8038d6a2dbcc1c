"""Text out of HTML bodies and entities."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

__all__ = ["decode", "plain"]

BREAKS: Final = {"br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "div", "pre", "blockquote"}
UNREAD: Final = {"script", "style", "head", "title"}
BLANK_LINES: Final = re.compile(r"\n{3,}")


def decode(text: str) -> str:
    """`text` with its HTML entities decoded, once."""
    return unescape(text) if "&" in text else text


def plain(html: str) -> str:
    """The text of an HTML body: paragraphs by blank lines, ``<br>`` as line break, whole link addresses.

    A link whose shown text hides parts of it (Mastodon, Hacker News) is given by its address.
    """
    if "<" not in html:
        return decode(html).strip()
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except (AssertionError, ValueError):  # the parser gives up on some broken declarations
        return decode(re.sub(r"<[^>]*>", "", html)).strip()
    return BLANK_LINES.sub("\n\n", "".join(reader.parts)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unread = 0
        self._link: str | None = None
        self._link_start = 0
        self._hides = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD:
            self._unread += 1
        elif tag == "p":
            self._paragraph()
        elif tag in BREAKS:
            self._line()
        elif tag == "a":
            self._link = dict(attrs).get("href")
            self._link_start = len(self.parts)
            self._hides = False
        elif tag == "span" and self._link and "invisible" in (dict(attrs).get("class") or ""):
            self._hides = True

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNREAD and self._unread:
            self._unread -= 1
        elif tag == "p":
            self._paragraph()
        elif tag in BREAKS and tag != "br":
            self._line()
        elif tag == "a":
            shown = "".join(self.parts[self._link_start :])
            if self._link and (self._hides or (shown.endswith("...") and self._link.startswith("http"))):
                self.parts[self._link_start :] = [self._link]
            self._link = None

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.parts.append(data)

    def _paragraph(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n\n"):
            self.parts.append("\n" if self.parts[-1].endswith("\n") else "\n\n")

    def _line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")

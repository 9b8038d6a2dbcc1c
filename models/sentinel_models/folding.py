"""One spelling for what means the same: quotes, widths, emoji variants, traditional characters, look-alike letters.

Folding serves matching and scoring alone; a stored text is never changed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from typing import Final

from .resources import lines

__all__ = ["MAX_CHARS", "REPLACED", "fold", "simplified", "simplify"]

#: Characters of a post that are read. The longest essays of the networks we know are shorter; a megabyte is not a post.
MAX_CHARS: Final = 20_000

_QUOTES: Final = dict.fromkeys("’‘‛＇`´ʼ", "'") | dict.fromkeys("“”„‟«»「」『』", '"')
_DASHES: Final = dict.fromkeys("‐‑‒–—−", "-")
# Variation selectors, joiners, skin tones, bidirectional marks, soft hyphen: they change the look, not the word.
_SILENT: Final = (
    *(0x00AD, 0xFEFF),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),
    *range(0x1F3FB, 0x1F400),
)
#: What an odd character is written as, or "" for one that only changes the look.
REPLACED: Final = {**_QUOTES, **_DASHES, **dict.fromkeys(map(chr, _SILENT), "")}
_ODD: Final = re.compile("[" + "".join(map(re.escape, REPLACED)) + "]")
# What is no character, and those of nobody that stand for a name in `comparison_words`.
_NO_CHARACTERS: Final = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ue000\ue001]")


# Tags of a page, and with what ends that which a page does not show.
_TAG: Final = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_OPENING: Final = re.compile(
    rf"<(?:(?P<script>script)|(?P<style>style))\b[^<>]*>|(?P<comment><!--)|{_TAG.pattern}", re.IGNORECASE
)
_CLOSING: Final = {
    name: re.compile(end, re.IGNORECASE)
    for name, end in (("script", r"</script\s*>"), ("style", r"</style\s*>"), ("comment", "-->"))
}
# Letters of other scripts that look like Latin ones; in a word of Latin letters they are meant to fool a filter.
_ALIKE: Final = str.maketrans(
    "аеорсухіѕјԁһӏАВЕКМНОРСТХІЅЈοανρικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxisjdhlABEKMHOPCTXISJoavpikABEZHIKMNOPTYX"
)
_MIXED: Final = re.compile(r"(?<!\w)(?=\w*[A-Za-z])(?=\w*[\u0370-\u0527])[A-Za-z\u0370-\u0527]+(?!\w)")
_OTHER_SCRIPT: Final = re.compile("[\u0370-\u0527]")


# Characters that stay as they are: of ASCII all but the backtick, Han ones, and what stands between them.
_SETTLED: Final = re.compile(r"[\0-_a-\x7f、。《》【】\u4e00-\u9fff]*")


def fold(text: str) -> str:
    """Text with entities decoded, no tags, NFKC, straight quotes, bare emoji; case and line breaks are kept.

    Only the first `MAX_CHARS` characters are read.
    """
    text = _unescaped(text)
    if text.isascii() or _SETTLED.fullmatch(text):
        return text
    text = unicodedata.normalize("NFKC", text)[:MAX_CHARS]
    if _OTHER_SCRIPT.search(text):
        text = _MIXED.sub(_latin, text)
    return _NO_CHARACTERS.sub("\ufffd", _ODD.sub(lambda match: REPLACED[match.group()], text))


def _unescaped(text: str) -> str:
    """The first `MAX_CHARS` characters of a text, entities decoded, tags left out."""
    text = text[:MAX_CHARS]
    if "<" in text:
        text = _shown(text)
    return html.unescape(text) if "&" in text else text


def _shown(text: str) -> str:
    """What a page shows of a text, with a space for each tag, script, style and comment.

    One pattern for the whole would look for the end of each of ten thousand comments that nothing ends.
    """
    parts, last, at, endless = [], 0, 0, set[str]()
    while opening := _OPENING.search(text, at):
        found: re.Match[str] | None = opening
        if name := opening.lastgroup:
            closing = None if name in endless else _CLOSING[name].search(text, opening.end())
            if closing is None:
                endless.add(name)
            found = closing or _TAG.match(text, opening.start())
        at = opening.start() + 1
        if found:
            parts.append(text[last : opening.start()])
            last = at = found.end()
    return " ".join([*parts, text[last:]])


def _latin(word: re.Match[str]) -> str:
    """A word of Latin letters and others, if all of the others look like Latin ones, with these."""
    made = word.group().translate(_ALIKE)
    return word.group() if _OTHER_SCRIPT.search(made) else made


def simplify(text: str) -> str:
    """Chinese text with its commonest traditional characters made simplified, one for one."""
    pairs = simplified()
    return _traditional().sub(lambda match: pairs[match.group()], text)


@cache
def simplified() -> dict[str, str]:
    """Traditional character -> simplified one."""
    characters = "".join(lines("traditional_zh.txt"))
    return dict(zip(characters[::2], characters[1::2], strict=True))


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(simplified())}]")

"""The language of a post: by script where the script decides, else by its commonest small words."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, ClassVar, Final, NamedTuple

from sentinel.post import Columns

from .lexicon import common_words, english_valences
from .resources import lines
from .taxonomy import load_taxonomy
from .words import Reading, read

__all__ = ["Language", "language_of"]

# Scripts that decide; where several languages share one, letters that only one of them has.
_SCRIPTS: Final = (
    ("ko", re.compile("[\uac00-\ud7a3\u1100-\u11ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_WITHIN: Final = {
    "ar": (("ur", re.compile("[ٹڈڑںےھ]")), ("fa", re.compile("[پچژگ]"))),
    "ru": (("uk", re.compile("[іїєґ]")), ("sr", re.compile("[ђјљњћџ]"))),
}
_CODE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")


class Language:
    """Tags `lang`. The platform's own language is a hint where the text alone does not decide."""

    name: ClassVar[str] = "language"
    columns: ClassVar[tuple[str, ...]] = ("lang",)
    reads: ClassVar[tuple[str, ...]] = ("text", "lang")
    version = "1"

    def tag(self, batch: Columns) -> Columns:
        """ISO 639-1 codes, "und" where there is no evidence."""
        hints = batch.get("lang") or [None] * len(batch["text"])
        return {"lang": [language_of(text, hint) for text, hint in zip(batch["text"], hints, strict=True)]}

    def explain(self, text: str) -> dict[str, Any]:
        """The words that speak for each language."""
        votes: dict[str, list[str]] = {}
        for token in dict.fromkeys(read(text).tokens):
            for lang in _profiles().get(token, ()):
                votes.setdefault(lang, []).append(token)
        return {"lang": language_of(text), "votes": votes}


def language_of(text: str, hint: str | None = None) -> str:
    """ISO 639-1 code of the language a post is written in; "und" without evidence."""
    reading = read(text)
    if not reading.plain.isascii():
        lang = _by_script(reading, hint)
        if lang:
            return lang
    return _by_words(reading, hint)


def _by_script(reading: Reading, hint: str | None) -> str | None:
    """The language if the script decides: more of it than there are Latin words."""
    latin = sum(1 for token in reading.tokens if "a" <= token[0] <= "z")
    kana = reading.kana
    if kana and kana * 5 >= reading.han:
        return "ja" if kana + reading.han > latin else None
    if reading.han:
        foreign = hint if hint in ("ja", "ko") and reading.han < 8 else None
        return (foreign or "zh") if reading.han > latin else None
    for lang, script in _SCRIPTS:
        letters = len(script.findall(reading.lower))
        if letters and letters > 2 * latin:
            return next(
                (other for other, marks in _WITHIN.get(lang, ()) if marks.search(reading.lower)), lang
            )
    return None


def _by_words(reading: Reading, hint: str | None) -> str:
    """The language whose words are there; the platform's word counts where ours is weak."""
    if not reading.tokens:
        return "und"
    lists, tokens = _word_lists(), reading.tokens
    if lists.foreign_alone.isdisjoint(tokens):
        return "und" if lists.small.isdisjoint(tokens) and lists.common.isdisjoint(tokens) else "en"
    votes = {"en": len(lists.small.intersection(tokens)) + 0.4 * len(lists.common.intersection(tokens))}
    for word in lists.foreign.intersection(tokens):
        langs = _profiles()[word]
        if "en" in langs:
            votes["en"] -= 1.0  # counted above; it is no more English than anything else
        for lang in langs:
            votes[lang] = votes.get(lang, 0.0) + 1.0 / len(langs)
    hinted = _primary(hint)
    if hinted in votes:
        votes[hinted] += 0.6
    best = max(sorted(votes), key=votes.__getitem__)
    if best != "en" and hinted != best and (votes[best] < 1.0 or votes[best] < votes["en"] + 0.9):
        return "en" if votes["en"] else "und"
    return best if votes[best] else "und"


def _primary(hint: str | None) -> str | None:
    """The language part of a platform's code; codes that mean "unknown" count as none."""
    if not hint or not _CODE.fullmatch(hint.lower()):
        return None
    code = hint.lower().split("-")[0]
    return None if code in ("und", "zxx", "qme", "qam", "qct", "qht", "qst", "art") else code


@cache
def _profiles() -> dict[str, tuple[str, ...]]:
    """Small word -> the languages it speaks for."""
    profiles: dict[str, tuple[str, ...]] = {}
    for line in lines("function_words.txt"):
        lang, words = line.split(":", 1)
        for word in words.split():
            profiles[word] = (*profiles.get(word, ()), lang)
    return profiles


class _WordLists(NamedTuple):
    small: frozenset[str]  #: small words of English
    common: frozenset[str]  #: its commonest other words
    foreign: frozenset[str]  #: small words of other languages, some of them English too
    foreign_alone: frozenset[str]  #: those of them that are not English


@cache
def _word_lists() -> _WordLists:
    profiles = _profiles()
    small = frozenset(word for word, langs in profiles.items() if "en" in langs)
    foreign = frozenset(word for word, langs in profiles.items() if langs != ("en",))
    names = {
        word
        for entity in load_taxonomy().entities.values()
        for name in entity.names_en
        for word in name.split()
    }
    valued = {word for word in english_valences() if word.isascii() and word.isalpha() and len(word) > 3}
    return _WordLists(small, (common_words() | valued).difference(profiles, names), foreign, foreign - small)

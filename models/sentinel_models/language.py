"""The language of a post: by script where the script decides, else by its commonest small words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sentinel.post import Columns

from .classes import HAN, JAPANESE, KANA, LETTERS, japanese_alone
from .lexicon import common_words, english_valences
from .marks import LATIN, MARKS
from .phrases import stated_words
from .posts import FIRST, Posts, posts_of
from .resources import lines
from .taxonomy import load_taxonomy
from .words import Reading, read

__all__ = ["Language", "language_of", "languages_of", "spoken"]

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
_ANY_SCRIPT: Final = re.compile("|".join(script.pattern for _, script in _SCRIPTS))
_WITHIN: Final = {
    "ar": (("ur", re.compile("[ٹڈڑںےھ]")), ("fa", re.compile("[پچژگ]"))),
    "ru": (("uk", re.compile("[іїєґ]")), ("sr", re.compile("[ђјљњћџ]"))),
}
# Letters that English has in borrowed words alone, and Spanish marks.
_ACCENTED: Final = re.compile(
    "[a-z]*[\u00df-\u00f6\u00f8-\u024f\u01a1\u01b0\u1ea0-\u1ef9][a-z\u00df-\u00f6\u00f8-\u024f\u1ea0-\u1ef9]*|[\u00bf\u00a1]"
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
#: Words of our subject, or slang, that are words of other languages too.
_OURS: Final = frozenset(
    ["oss", "asi", "moe", "lora", "agi", "api", "mla", "rag", "sus", "mid", "ass", "brr", "brrr"]
)
#: Votes of a word that is common in English, of an accent, of a foreign word that English posts hold too or that is
#: very short, and of what the platform says.
_COMMON: Final = 0.4
_ACCENT: Final = 0.5
_SHORT: Final = 0.5
_HINT: Final = 0.6
_SHARING_HAN: Final = ("ja", "ko")  # languages that write with Chinese characters too, a few of them alone
_FEW_HAN: Final = 8
#: Of so many Han characters one that only Japanese has shows the rest to be Japanese, unless a Chinese word is there.
_JAPANESE_IN: Final = 20
_CHINESE_ALONE: Final = re.compile("[你她们們这這哪吗嗎呢吧啊很还還没沒什么麼跟嘅咗唔佢哋冇喺啲嗰咁]")
_HIRAGANA: Final = re.compile("[\u3041-\u306d\u306f-\u3096]")  # but for の
_CODE: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")


class Language:
    """Tags `lang`. The platform's own language is a hint where the text alone does not decide."""

    name: ClassVar[str] = "language"
    columns: ClassVar[tuple[str, ...]] = ("lang",)
    reads: ClassVar[tuple[str, ...]] = ("text", "lang")
    version = "4"

    def __init__(self) -> None:
        self.tag(FIRST)

    def tag(self, batch: Columns) -> Columns:
        """ISO 639-1 codes, "und" where there is no evidence."""
        posts = posts_of(batch["text"])
        return {"lang": languages_of(posts, batch.get("lang") or [None] * len(posts))}

    def explain(self, text: str) -> dict[str, Any]:
        """The words that speak for each language."""
        votes: dict[str, list[str]] = {}
        for token in dict.fromkeys(read(text).tokens):
            for lang in _profiles().get(token, ()):
                votes.setdefault(lang, []).append(token)
        return {"lang": language_of(text), "votes": votes}


def language_of(text: str, hint: str | None = None) -> str:
    """ISO 639-1 code of the language a post is written in; "und" without evidence."""
    return _language(read(text), hint)


def languages_of(posts: Posts, hints: Sequence[str | None]) -> list[str]:
    """`language_of` each post. Where script and small words leave no doubt, all posts are judged at once."""
    marks, flags, kinds = posts.marks, posts.marked, posts.kinds
    plain = ((flags & _FOREIGN) == 0) & (kinds & LETTERS == 0)
    chinese = (kinds & (HAN | KANA) == HAN) & (posts.han > posts.count(marks & LATIN != 0))
    for at in np.flatnonzero(chinese & (posts.han < _FEW_HAN)).tolist():
        chinese[at] = hints[at] not in _SHARING_HAN
    japanese = _japanese_among(posts, hints) if chinese.any() else chinese
    english = np.where(flags & (_SMALL | _COMMON_WORD), "en", "und")
    langs: list[str] = np.where(chinese, np.where(japanese, "ja", "zh"), english).tolist()
    # A single word that English posts hold too outvotes nothing, unless the platform votes with it.
    alone = posts.ascii & (posts.count(marks & _FOREIGN != 0) == 1) & (flags & _DOUBTFUL != 0)
    doubtful = ~(plain | chinese)
    for at in np.flatnonzero(doubtful & alone).tolist():
        hinted = _primary(hints[at])
        doubtful[at] = hinted not in (None, "en")
        if hinted == "en":
            langs[at] = "en"
    rows = np.flatnonzero(doubtful)
    for at, reading in zip(rows.tolist(), posts.readings(rows), strict=True):
        langs[at] = _language(reading, hints[at])
    return langs


def spoken(posts: Posts, langs: Sequence[str | None]) -> list[str]:
    """The languages that are given; where none is, the one the post itself is in."""
    if all(langs):
        return [lang for lang in langs if lang]
    made = languages_of(posts, [None] * len(posts))
    return [lang or own for lang, own in zip(langs, made, strict=True)]


def _language(reading: Reading, hint: str | None) -> str:
    if not reading.plain.isascii():
        lang = _by_script(reading, hint)
        if lang:
            return lang
    lang = _by_words(reading, hint)
    # "Qwen 牛": as many Latin words as Han characters, none of them a word of a language.
    return "zh" if lang == "und" and reading.han and not reading.kana and hint not in _SHARING_HAN else lang


def _by_script(reading: Reading, hint: str | None) -> str | None:
    """The language if the script decides: more of it than there are Latin words."""
    if not reading.han and not reading.kana and not _ANY_SCRIPT.search(reading.lower):
        return None
    latin = sum(1 for token in reading.tokens if "a" <= token[0] <= "z")
    kana = reading.kana - reading.plain.count("の")  # which is in fashion in Chinese
    if kana and (kana * 5 >= reading.han or _is_japanese(reading.plain, reading.han, hint)):
        return "ja" if kana + reading.han > latin else None
    if reading.han:
        if _is_japanese(reading.plain, reading.han, hint):
            return "ja" if reading.han > latin else None
        foreign = hint if hint in _SHARING_HAN and reading.han < _FEW_HAN else None
        return (foreign or "zh") if reading.han > latin else None
    for lang, script in _SCRIPTS:
        letters = len(script.findall(reading.lower))
        if letters and letters > 2 * latin:
            return next(
                (other for other, marks in _WITHIN.get(lang, ()) if marks.search(reading.lower)), lang
            )
    return None


def _japanese_among(posts: Posts, hints: Sequence[str | None]) -> npt.NDArray[np.bool_]:
    """Which posts are Japanese though they hold no syllable characters: headlines often do not."""
    japanese: npt.NDArray[np.bool_] = posts.kinds & JAPANESE != 0
    for at in np.flatnonzero(japanese).tolist():
        japanese[at] = _is_japanese(posts.plain[at], int(posts.han[at]), hints[at])
    return japanese


def _is_japanese(plain: str, han: int, hint: str | None) -> bool:
    """Whether Han characters are Japanese by signs that Chinese has not, and no word that Japanese has not."""
    if _primary(hint) == "zh":
        return False
    alone = sum(map(japanese_alone().__contains__, plain)) + len(_HIRAGANA.findall(plain))
    return 0 < han <= _JAPANESE_IN * alone and not _CHINESE_ALONE.search(plain)


def _by_words(reading: Reading, hint: str | None) -> str:
    """The language whose words are there; the platform's word counts where ours is weak."""
    if not reading.tokens:
        return "und"
    lists, tokens = _word_lists(), reading.tokens
    accents = 0 if reading.plain.isascii() else len(_ACCENTED.findall(reading.lower))
    if not accents and lists.foreign_alone.isdisjoint(tokens):
        return "und" if lists.small.isdisjoint(tokens) and lists.common.isdisjoint(tokens) else "en"
    words = set(_WORD.findall(reading.lower) if accents else tokens)  # tokens part "nação" at its accents
    english = len(lists.small & words) + _COMMON * len(lists.common & words)
    english -= (1 - _COMMON) * len(lists.shared & words)  # they are no more English than anything else
    found = lists.foreign_alone & words
    foreign = _ACCENT * accents + sum(_SHORT if word in lists.doubtful else 1.0 for word in found)
    hinted = _primary(hint)
    if hinted == "en":
        english += _HINT
    elif hinted:
        foreign += _HINT
    if foreign < 1.0 or foreign <= english:
        return "en" if english > 0 else "und"
    votes: dict[str, float] = {hinted: _HINT} if hinted and hinted != "en" else {}
    for word in sorted(found):  # sets have no order of their own, and sums of shares depend on it
        langs = _profiles()[word]
        for lang in langs:
            votes[lang] = votes.get(lang, 0.0) + 1.0 / len(langs)
    return max(sorted(votes), key=votes.__getitem__) if votes else "und"


#: Codes of before 1989, which X writes still: Indonesian, Hebrew, Yiddish.
_OLD: Final = {"in": "id", "iw": "he", "ji": "yi"}


def _primary(hint: str | None) -> str | None:
    """The language part of a platform's code; codes that mean "unknown" count as none."""
    if not hint or not _CODE.fullmatch(hint.lower()):
        return None
    code = hint.lower().split("-")[0]
    return None if code in ("und", "zxx", "qme", "qam", "qct", "qht", "qst", "art") else _OLD.get(code, code)


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
    shared: frozenset[str]  #: small words of English and of another language
    foreign_alone: frozenset[str]  #: words of other languages that are not English
    doubtful: frozenset[str]  #: those of them that English posts hold too, or very short


@cache
def _word_lists() -> _WordLists:
    profiles = _profiles()
    small = frozenset(word for word, langs in profiles.items() if "en" in langs)
    entities = load_taxonomy().entities.values()
    names = {word for entity in entities for name in entity.names_en for word in name.split()}
    names |= {prefix for entity in entities for prefix in entity.prefixes}
    valued = {word for word in english_valences() if word.isascii() and word.isalpha() and len(word) > 3}
    valued |= {word for word in stated_words() if len(word) > 3}
    alone = frozenset(word for word, langs in profiles.items() if "en" not in langs) - names - valued - _OURS
    return _WordLists(
        small,
        (common_words() | valued | stated_words()).difference(alone, small, names),
        frozenset(word for word in small if len(profiles[word]) > 1),
        alone,
        frozenset(word for word in alone if word in common_words() or len(word) < 3),
    )


_SMALL: Final = MARKS.listed("small", lambda: _word_lists().small)
_COMMON_WORD: Final = MARKS.listed("common", lambda: _word_lists().common)
_FOREIGN: Final = MARKS.listed("foreign", lambda: _word_lists().foreign_alone)
_DOUBTFUL: Final = MARKS.listed("doubtful", lambda: _word_lists().doubtful)

"""The report's language: every string a reader sees comes from one catalogue, English or Chinese."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from . import numerals

__all__ = ["CATALOGUES", "Words", "catalogue"]

CATALOGUES: Final = ("en", "zh")
_PLATFORMS: Final = re.compile(r"(no data was collected (?:on \S+|from \S+ to \S+) )\(([^()]*)\)")
FOLDER: Final = Path(__file__).parent / "catalogue"


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """All strings of a language, by key."""
    files = [FOLDER / f"{lang}.toml", *sorted(FOLDER.glob(f"*.{lang}.toml"))]
    words: dict[str, str] = {}
    for file in files:
        words |= tomllib.loads(file.read_text(encoding="utf-8"))
    return words


class _Count(int):
    """A number in a string: ``{n}`` is "1,204", ``{n:post|posts}`` is "1 post" or "1,204 posts"."""

    def __format__(self, nouns: str) -> str:
        one, _, others = nouns.partition("|")
        noun = one if self == 1 else others
        return f"{int(self):,} {noun}" if noun else f"{int(self):,}"


class Words:
    """Strings of one language, and what depends on them.

    Parameters
    ----------
    lang : "en" or "zh"; "zh-cn" and the like are read as "zh", anything else as "en".
    voices : what is counted as one vote: "authors", "posts" (no export names an author) or "voices" (some do not).
    """

    def __init__(self, lang: str, voices: str = "authors") -> None:
        self.lang = "zh" if lang.lower().startswith("zh") else "en"
        self.html_lang = "zh-Hans" if self.lang == "zh" else "en"
        self._words = catalogue(self.lang)
        self.counted = voices
        self.voices = self._words[f"voices.{voices}"]
        self._reasons = [
            (re.compile(key.removeprefix("reason:")), text)
            for key, text in self._words.items()
            if key.startswith("reason:")
        ]

    def __call__(self, key: str, **values: Any) -> str:
        """The string `key` with its values; with `n` of 1 its singular where there is one.

        Raises
        ------
        KeyError
            If the catalogue has no such string: a defect of the page, never of its input.
        """
        if values.get("n") == 1 and f"{key}.one" in self._words:
            key = f"{key}.one"
        shown = {name: _Count(value) if isinstance(value, int) else value for name, value in values.items()}
        return self._words[key].format(**shown, voices=self.voices)

    def template(self, key: str) -> str:
        """A string with places of its own ("%{x}"), which a figure fills."""
        return self._words[key].replace("{voices}", self.voices)

    def has(self, key: str) -> bool:
        """Whether the catalogue has the string."""
        return key in self._words

    def named(self, family: str, name: str) -> str:
        """A name that data bring along, in the reader's language where the catalogue has it, else as it is."""
        return self._words.get(f"{family}.{name}", numerals.plain(name))

    def starting(self, prefix: str) -> dict[str, str]:
        """All strings whose key begins with `prefix`, without it: for the page's script."""
        return {key.removeprefix(prefix): self.template(key) for key in self._words if key.startswith(prefix)}

    def period(self, first: date, last: date) -> str:
        """Days in words."""
        return numerals.period(first, last, self.lang)

    def zone(self, timezone: str) -> str:
        """When days end."""
        return self("page.zone.nyse") if timezone.upper() == "NYSE" else self("page.zone", zone=timezone)

    def sentence(self, text: str) -> str:
        """A text as a sentence of its own."""
        return self("sentence", text=text[:1].upper() + text[1:])

    def scope(self, scope: str) -> str:
        """A scope's name: "topic:open_source" is "open source"."""
        family, _, name = scope.partition(":")
        if not name:
            return self.named("scope", scope)
        return self._words.get(f"{family}.{name}") or numerals.plain(name).replace("_", " ")

    def family(self, scope: str) -> str:
        """The family a scope belongs to, as a heading."""
        family, _, name = scope.partition(":")
        return self.named("family", family) if name else self._words["family.overall"]

    def reason(self, reason: Any) -> str:
        """Why an effect was not tested, or what to keep in mind; translated where it is a known reason."""
        text = self.told(reason)
        return text[:1].upper() + text[1:]

    def told(self, remark: Any) -> str:
        """What the numbers come with, such as a reason; in the reader's language where it is known, else as it is."""
        text = _PLATFORMS.sub(self._named_platforms, numerals.plain(remark))
        for pattern, told in self._reasons:
            text = pattern.sub(told, text)
        return text

    def _named_platforms(self, match: re.Match[str]) -> str:
        names = [self.named("platform", name) for name in match[2].split(", ")]
        return f"{match[1]}({self('list.comma').join(names)})"

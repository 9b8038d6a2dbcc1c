"""The report's language: every string a reader sees comes from one catalogue, English or Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from . import numerals
from .words_en import REASONS_EN, WORDS_EN
from .words_zh import REASONS_ZH, WORDS_ZH

__all__ = ["Words"]

CATALOGUES: Final[Mapping[str, Mapping[str, str]]] = {"en": WORDS_EN, "zh": WORDS_ZH}


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
        self._words = CATALOGUES[self.lang]
        self.voices = self._words[f"voices.{voices}"]

    def __call__(self, key: str, **values: Any) -> str:
        """The string `key` with its values; with `n` of 1 its singular where there is one.

        Raises
        ------
        KeyError
            If the catalogue has no such string: a defect of the page, never of its input.
        """
        if values.get("n") == 1 and f"{key}.one" in self._words:
            key = f"{key}.one"
        shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        return self._words[key].format(**shown, voices=self.voices)

    def template(self, key: str) -> str:
        """A string with places of its own ("%{x}"), which a figure fills."""
        return self._words[key].replace("{voices}", self.voices)

    def has(self, key: str) -> bool:
        """Whether the catalogue has the string."""
        return key in self._words

    def starting(self, prefix: str) -> dict[str, str]:
        """All strings whose key begins with `prefix`, without it: for the page's script."""
        return {
            key.removeprefix(prefix): text.replace("{voices}", self.voices)
            for key, text in self._words.items()
            if key.startswith(prefix)
        }

    def period(self, first: date, last: date) -> str:
        """Days in words."""
        return numerals.period(first, last, self.lang)

    def joined(self, parts: list[str]) -> str:
        """Parts as a list within a sentence."""
        return self._words["list.comma"].join(parts)

    def scope(self, scope: str) -> str:
        """A scope's name: "topic:open_source" is "open source"."""
        family, _, name = scope.partition(":")
        if not name:
            return self._words.get(f"scope.{scope}", scope)
        if family == "lang":
            return self._words.get(f"lang.{name}", name)
        if family == "platform":
            return self._words.get(f"platform.{name}", name)
        return self._words.get(f"{family}.{name}", name.replace("_", " "))

    def family(self, scope: str) -> str:
        """The family a scope belongs to, as a heading."""
        family, _, name = scope.partition(":")
        return self._words.get(f"family.{family}", family) if name else self._words["family.overall"]

    def reason(self, reason: Any) -> str:
        """Why an effect was not tested, translated where the reason is a known one, else as it was given."""
        text = numerals.plain(reason)
        for pattern, translation in REASONS_ZH if self.lang == "zh" else REASONS_EN:
            text = pattern.sub(translation, text)
        return text[:1].upper() + text[1:]

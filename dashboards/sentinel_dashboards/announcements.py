"""The report: did an announcement move the mood, on which topic, and is that more than chance?"""

from __future__ import annotations

from typing import Any, ClassVar

from sentinel.errors import SettingsError
from sentinel.results import Results

from .answer import answer
from .categories import categories
from .changes import changes
from .claims import claims
from .effects import effects
from .events import Story, read_story
from .method import method
from .page import LIBRARY, get_ready, library, write_page
from .palette import SHAPES
from .part import chosen_posts, part
from .posts import posts
from .price import price
from .quality import quality, voices
from .series import all_series
from .since import since
from .timeline import timeline
from .topics import topics
from .unjudged import unjudged
from .voice import voice
from .words import CATALOGUES, Words

__all__ = ["Announcements"]

MODES = ("file", "folder")


class Announcements:
    """A page that answers the question in sentences, figures and tables.

    Parameters
    ----------
    mode : "file": one page that holds everything. "folder": the drawing library lies beside it, so that many reports in
        one folder share it; for a page that is served or kept, not mailed.
    lang : "en" or "zh"; by default what the report was asked for.

    Raises
    ------
    SettingsError
        If either is something else.
    """

    name: ClassVar[str] = "announcements"

    def __init__(self, mode: str = "file", lang: str | None = None) -> None:
        for key, value, known in (("mode", mode, MODES), ("lang", lang, (None, *CATALOGUES))):
            if value not in known:
                raise SettingsError(
                    f"[[report]] use = 'announcements': {key} {value!r} is not one of {', '.join(filter(None, known))}"
                )
        self._apart = mode == "folder"
        self._lang = lang
        get_ready(apart=self._apart)

    def render(self, results: Results) -> dict[str, bytes]:
        """``index.html``, and ``plotly.min.js`` in folder mode; the same results give the same bytes."""
        words = Words(self._lang or results.report_lang, voices(results))
        story = read_story(results)
        series = all_series(results.mood)
        sections: dict[str, Any] = {
            "answer": answer(story, words)
            | {"unjudged": unjudged(chosen_posts(results), story, series, words)},
            "timeline": timeline(results, story, series, words),
            "effects": effects(results, story, words),
            "posts": posts(results, story, series, words),
            "topics": topics(series, words),
            "changes": changes(results, story, words),
            **({"price": beside} if (beside := price(results, story, series, words)) else {}),
            "claims": claims(results, words),
            "quality": quality(results, series, words),
            "method": method(results, words),
        }
        content = {
            "t": words,
            "facts": _facts(results, story, words),
            "part": part(results, words),
            "synthetic": results.synthetic,
            "version": results.version,
            "categories": categories(results, words),
            "since": since(results, story, words),
            "voice": voice(series, words),
            "order": list(sections),
            **sections,
        }
        page = write_page(content, _data(sections, content["voice"], words), apart=self._apart)
        return {"index.html": page} | ({LIBRARY: library()} if self._apart else {})


def _facts(results: Results, story: Story, words: Words) -> list[str]:
    """What the report rests on, under its title."""
    n_posts = chosen_posts(results)
    facts = [words("page.posts", n=n_posts) if n_posts else words("page.no_posts")]
    if story.span is not None:
        facts.append(words.period(*story.span))
    platforms = results.shares.get("platform", {})
    names = [words.scope(f"platform:{p}") for p, _ in sorted(platforms.items(), key=lambda i: (-i[1], i[0]))]
    if names:
        facts.append(words("list.comma").join(names[:6]) + (" …" if len(names) > 6 else ""))
    facts.append(words.zone(str(results.options.get("timezone") or "UTC")))
    return facts


def _data(sections: dict[str, Any], spoken: dict[str, Any] | None, words: Words) -> dict[str, Any]:
    """What the page's script draws from."""
    heat = sections["topics"]
    return {
        "closeups": sections["posts"]["payload"],
        "effects": sections["effects"]["payload"],
        "shapes": SHAPES,
        "timeline": sections["timeline"]["payload"],
        "figures": {
            **({"plot-price": sections["price"]["figure"]} if "price" in sections else {}),
            **({"plot-topics-0": heat["share_figure"], "plot-topics-1": heat["mood_figure"]} if heat else {}),
            **(spoken["figures"] if spoken else {}),
        },
        "words": {**words.starting("js."), **words.starting("tone."), "and": words("event.and")},
    }

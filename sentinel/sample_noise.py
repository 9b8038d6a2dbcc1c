"""What surrounds the posts that matter in the built-in sample: spam, campaigns, other subjects."""

from __future__ import annotations

from random import Random
from typing import Final

from sentinel.sample_texts import phrases

__all__ = ["AWKWARD", "campaign", "copied", "foreign", "spam", "unrelated"]

LINK: Final = "https://example.invalid/"

AWKWARD: Final = (
    "NA",
    "null",
    "=1+1",
    '=HYPERLINK("https://example.invalid/","Qwen")',
    "+1 for Alibaba Cloud",
    "-1, Alibaba",
    "@SUM(1+1) Qwen is great",
    "</script><script>alert(1)</script> Qwen is great",
    "<b>Qwen7</b> &amp; Alibaba Cloud are good",
    "\u202eQwen is great\u202c read from the right",
    "🔥🔥🔥",
    "❤️👍🏽👩‍💻 Qwen",
    "https://example.invalid/only-a-link",
    "@synth_nobody @synth_someone",
    '"quoted", with, commas; Qwen',
    "Qwen\nis\r\ngreat\tin three lines",
    "ＱＷＥＮ７ is great, in full width",
    "z̷a̷l̷g̷o̷ Qwen",
    "Qwen " + "really " * 400 + "works",
    "\ud83d Qwen with half a surrogate pair",
    "nan",
    "None",
    "1e5",
    "007",
)
"""Texts that have broken readers, tables, pages or spreadsheets."""


def spam(rng: Random, lang: str) -> str:
    """A ticker list or a giveaway."""
    tables = phrases("noise")
    link = f"{LINK}{rng.randrange(10**6)}"
    if lang == "en" and rng.random() < 0.5:
        tickers = " ".join(["$BABA", *rng.sample(tables["tickers"], rng.randrange(7, 12))])
        return f"Alert: top movers {rng.randrange(1000)} {tickers} {link}"
    pattern = rng.choice(tables["giveaways"][lang])
    return str(pattern.format(number=rng.randrange(10, 999), count=rng.randrange(2, 50), link=link))


def campaign(rng: Random) -> str:
    """What many accounts will post on one day."""
    return str(rng.choice(phrases("noise")["campaigns"]))


def copied(rng: Random, text: str) -> str:
    """The same message as another account posts it: other link, handle, hashtag."""
    handle = f"@synth_fan{rng.randrange(900)} " if rng.random() < 0.3 else ""
    tag = rng.choice(("", " #AI", " #cloud", " #BABA"))
    return f"{handle}{text}{tag} {LINK}{rng.randrange(10**6)}"


def unrelated(rng: Random, lang: str) -> str:
    """A post about something else; some of it only sounds like Alibaba."""
    tables = phrases("noise")
    return str(
        rng.choice(tables["subjects"][lang]).format(
            place=rng.choice(tables["places"][lang]),
            name=rng.choice(tables["people"][lang]),
            dish=rng.choice(tables["dishes"][lang]),
            tale=rng.choice(tables["tales"]),
            number=rng.randrange(2, 90),
        )
    )


def foreign(rng: Random) -> tuple[str, str]:
    """Language and text of a post that the models cannot judge."""
    tables = phrases("noise")
    lang = rng.choice(list(tables["foreign"]))
    place = rng.choice(tables["places"]["en"])
    return lang, rng.choice(tables["foreign"][lang]).format(number=rng.randrange(2, 90), place=place)

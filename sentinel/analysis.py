"""From the store to the numbers of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from sentinel import __version__
from sentinel.cells import Cells
from sentinel.claim_posts import ClaimPosts, PhraseMarks, phrase_counts
from sentinel.claim_verdicts import Material
from sentinel.claims import judge_claims
from sentinel.claims_file import Claim, read_claims
from sentinel.closeup import closeups
from sentinel.counting import counted
from sentinel.evidence import example_posts, moved_words, posts_after
from sentinel.gaps import find_gaps
from sentinel.hourly import could_be_hourly, hourly_effects
from sentinel.mood import daily_mood
from sentinel.numbers import Numbers, effect_options, effects_of
from sentinel.pipeline import NO_FILTERS, Filters
from sentinel.price import beside_price, read_quotes
from sentinel.reach import reach
from sentinel.readable import Readable
from sentinel.results import Results
from sentinel.scored import EARLIEST, LATEST
from sentinel.scorer_error import less_scorer_error
from sentinel.secondary import Secondary, secondary
from sentinel.settings import Settings
from sentinel.stated import stated
from sentinel.store import ERASED
from sentinel.tagging import Tagger
from sentinel.typed_table import rounded

__all__ = ["analyse", "claims_of", "mood_cells"]

_REJECTS: Final = ("reason", "n", "source", "position", "excerpt")
_TIMED: Final = (
    "platform", "community", "published", "precision", "author", "kind", "lang", "score", "model",
)  # fmt: skip
_SHARED: Final = ("platform", "community", "lang", "kind", "label", "model")


def _columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Rows as columns. A frame made of the store's rows themselves asks each of them what kind of object it is."""
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def mood_cells(store: Readable, filters: Filters = NO_FILTERS, claims: Sequence[Claim] = ()) -> Cells:
    """What mood, effects and claims are computed from, posts that are alike in it together."""
    return Cells.joined(store.cells(PhraseMarks(claims))).filtered(filters.langs, filters.topic)


def claims_of(numbers: Numbers, settings: Settings, claims: Sequence[Claim], seed: int) -> pd.DataFrame:
    """Each claim judged: columns `sentinel.claims.CLAIM_COLUMNS`."""
    chosen = ClaimPosts(numbers.ordered, numbers.days, phrase_counts(numbers.ordered.table, claims))
    quotes = read_quotes(settings.price)
    material = Material(chosen, numbers.announcements, effect_options(settings, seed), quotes)
    return rounded(judge_claims(claims, material))


def analyse(
    store: Readable,
    settings: Settings,
    tagger: Tagger,
    *,
    seed: int = 1,
    lang: str = "en",
    filters: Filters = NO_FILTERS,
) -> Results:
    """Everything a report states about the posts of the store.

    Parameters
    ----------
    filters : topic and languages choose the posts; since and until only what is shown, so that an
        announcement on the first day shown still has its baseline.
    """
    claims = read_claims(settings.claims)
    posts = mood_cells(store, filters, claims)
    numbers = effects_of(posts, settings, seed)
    beside = secondary(numbers.days, numbers.announcements, effect_options(settings, seed))
    mood = daily_mood(numbers.days)
    ledger = store.ledger()
    models = [stated(model) for model in tagger.models]
    return Results(
        mood=_shown(mood, "day", filters),
        effects=_shown(numbers.effects, "date", filters),
        announcements=_shown(numbers.announcements, "date", filters),
        examples=example_posts(store, numbers.effects, filters),
        curves=closeups(numbers.days, numbers.announcements, effect_options(settings, seed)),
        reach=_shown(reach(posts), "day", filters),
        words=moved_words(store, numbers.effects, mood, filters),
        gaps=find_gaps(numbers.days),
        inputs=pd.DataFrame(ledger).assign(skipped=[sum(entry["skipped"].values()) for entry in ledger]),
        rejects=_rejects(store),
        counts=_counts(posts, ledger),
        shares=_shares(posts, ledger),
        models=models,
        options=_options(settings, seed, filters),
        version=__version__,
        synthetic=bool(store.synthetic),
        report_lang=lang,
        notes=_notes(ledger, posts) + _forgotten(ledger, store.kept_since),
        claims=claims_of(numbers, settings, claims, seed),
        **_beside(beside, store, filters),
        **_price(numbers, settings, seed, filters),
        hourly=_shown(_hourly(store, numbers, settings, seed, filters), "cluster", filters),
        scorer=_shown(rounded(less_scorer_error(numbers.days, numbers.effects, models)), "cluster", filters),
    )


def _hourly(
    store: Readable, numbers: Numbers, settings: Settings, seed: int, filters: Filters
) -> pd.DataFrame:
    """The first hours after each announcement; posts are read for it only where they are many enough."""
    options = effect_options(settings, seed)
    posts = _timed_posts(store, filters) if could_be_hourly(numbers.days) else None
    return rounded(hourly_effects(posts, numbers.days, numbers.announcements, options))


def _timed_posts(store: Readable, filters: Filters) -> pd.DataFrame:
    """Posts of the headline mood, with no more than hours ask for."""
    chosen: dict[str, Any] = {"langs": filters.langs, "topic": filters.topic, "headline_mood": True}
    parts = store.rows(_TIMED, **chosen, plain=True, ordered=False, size=65_536)
    frames = [pd.DataFrame(_columns(_TIMED, part), dtype=object) for part in parts]
    empty = pd.DataFrame(columns=list(_TIMED), dtype=object)
    return pd.concat([empty, *frames], ignore_index=True).astype({"score": "float64"})


def _price(numbers: Numbers, settings: Settings, seed: int, filters: Filters) -> dict[str, Any]:
    """The price beside the mood, where the settings have one, of the days shown."""
    quotes = read_quotes(settings.price)
    found = beside_price(quotes, numbers.days, numbers.announcements, effect_options(settings, seed))
    return {
        "price": _shown(rounded(found.prices), "day", filters),
        "price_effects": _shown(rounded(found.effects), "cluster", filters),
        "price_lead": found.lead,
    }


def _beside(beside: Secondary, store: Readable, filters: Filters) -> dict[str, Any]:
    """What is told beside the effects, of the days shown."""
    changes = beside.changes
    points = _shown(changes.points, "day", filters)
    match = {
        "announcements": changes.announcements,
        "matched": changes.matched,
        "expected": changes.expected,
        "p": changes.p,
    }
    return {
        **{
            name: _shown(getattr(beside, name), "cluster", filters)
            for name in ("attention", "composition", "control")
        },
        "pooled": beside.pooled,
        "changes": points,
        "change_match": {name: None if value != value else value for name, value in match.items()},
        "change_posts": posts_after(store, points["day"].tolist(), filters),
    }


def _shown(table: pd.DataFrame, day: str, filters: Filters) -> pd.DataFrame:
    between = (table[day] >= (filters.since or "")) & (table[day] <= (filters.until or "9999"))
    return table[between].reset_index(drop=True)


def _options(settings: Settings, seed: int, filters: Filters) -> dict[str, Any]:
    windows = {name: list(span) for name, span in effect_options(settings, seed).windows.items()}
    return {
        "timezone": settings.timezone,
        "since": filters.since,
        "until": filters.until,
        "topic": filters.topic,
        "langs": list(filters.langs),
        "seed": seed,
        "exclude_importance": settings.exclude_importance,
        "copy_days": settings.copy_days,
        "spam_patterns": settings.spam_patterns,
        **({"near_copies": True} if settings.near_copies else {}),
        "windows": windows,
        "calendar": settings.announcements.name if settings.announcements else "the calendar of sentinel",
        "breaks": [entry.model_dump(mode="json") for entry in settings.breaks],
    }


def _rejects(store: Readable) -> pd.DataFrame:
    """Reasons with their number and one example each, the most frequent first."""
    found: dict[str, list[Any]] = {}
    for source, position, reason, excerpt in store.rejected():
        entry = found.setdefault(reason, [reason, 0, source, position, excerpt])
        entry[1] += 1
    rows = sorted(found.values(), key=lambda entry: (-entry[1], entry[0]))
    return pd.DataFrame(rows, columns=list(_REJECTS))


def _counts(posts: Cells, ledger: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    rows = {name: sum(entry[name] for entry in ledger) for name in ("rows", "posts", "duplicates", "rejects")}
    skipped = {"skipped": sum(sum(entry["skipped"].values()) for entry in ledger)}
    return rows | skipped | posts.counts()


def _shares(posts: Cells, ledger: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    shares = {name: Counter(posts.shares(name)) for name in _SHARED}
    for one, many in (("topic", "topics"), ("entity", "entities")):
        shares[one] = Counter()
        for joined, n in posts.shares(many).items():
            shares[one].update(dict.fromkeys(filter(None, joined.split(";")), n))
    for name in ("warnings", "skipped"):
        shares[name.removesuffix("s") if name == "warnings" else name] = sum(
            (Counter(entry[name]) for entry in ledger), Counter()
        )
    return {
        name: dict(sorted(share.items(), key=lambda item: (-item[1], item[0])))
        for name, share in shares.items()
    }


def _forgotten(ledger: Sequence[Mapping[str, Any]], kept_since: str | None) -> list[str]:
    """What is not there any more."""
    n_erased = sum(entry["skipped"].get(ERASED, 0) for entry in ledger)
    notes = (
        [f"{counted(n_erased, 'post was', 'posts were')} {ERASED}; among the skipped rows"]
        if n_erased
        else []
    )
    if kept_since:
        notes.append(
            f"posts of days before {kept_since} are not kept; every series begins on that day at the earliest"
        )
    return notes


def _notes(ledger: Sequence[Mapping[str, Any]], posts: Cells) -> list[str]:
    """What a reader must know and no table shows."""
    notes = [f"{entry['name']}: {entry['message']}" for entry in ledger if entry["status"] == "refused"]
    notes += [
        f"{entry['name']}: was not read to its end; run again"
        for entry in ledger
        if entry["status"] == "reading"
    ]
    outside, total = posts.n_outside(), posts.n_posts
    if outside:
        notes.append(
            f"{counted(outside, 'post is', 'posts are')} dated before {EARLIEST} or after {LATEST}; in no series"
        )
    nameless = posts.counts()["no_author"]
    if nameless:
        notes.append(
            f"{nameless:,} of {counted(total, 'post names', 'posts name')} no author; "
            "each counts as an author of its own"
        )
    return notes

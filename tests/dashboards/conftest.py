"""Results as the pipeline makes them, seeded and small; and the page they give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
from sentinel_dashboards.announcements import Announcements

from sentinel.examples import EXAMPLE_COLUMNS
from sentinel.mood import MOOD_COLUMNS
from sentinel.results import Results

FIRST: Final = date(2025, 1, 6)
WINDOWS: Final = {"baseline": [-35, -8], "reaction": [0, 2], "anticipation": [-7, -1], "persistence": [3, 9]}

EFFECT_COLUMNS: Final = (
    "date", "title", "category", "cluster", "family", "window", "scope", "n_posts", "n_authors",
    "n_authors_baseline", "strata", "time_known", "effect", "se", "low", "high", "p", "q", "placebos",
    "smallest_visible", "verdict", "reason",
)  # fmt: skip
ANNOUNCEMENT_COLUMNS: Final = ("date", "time_utc", "title", "category", "importance", "source")
INPUT_COLUMNS: Final = (
    "name", "sha256", "format", "rows", "posts", "duplicates", "rejects", "skipped", "status", "message",
)  # fmt: skip
REJECT_COLUMNS: Final = ("reason", "n", "source", "position", "excerpt")
COUNTS: Final = (
    "rows", "posts", "duplicates", "rejects", "skipped", "undated", "day_precision", "no_author", "reposts",
    "copies", "headlines", "spam", "not_about", "unscored", "headline_mood",
)  # fmt: skip

SCOPES: Final = {
    "all": 60,
    "unfiltered": 84,
    "topic:models": 26,
    "topic:open_source": 14,
    "topic:capex": 9,
    "entity:qwen": 22,
    "lang:en": 38,
    "lang:zh": 22,
    "platform:x": 44,
    "platform:weibo": 16,
}

# offset in days, title, category, cluster, verdict, effect, se-factor, p, q, reason
EVENTS: Final = (
    (12, "Qwen2.5-Max preview", "model_release", "2025-01-18",
     "not tested", None, 0.05, None, None, "history too short: 12 days before it, 35 needed"),
    (70, "Alibaba pledges RMB 380 billion for AI and cloud over three years", "capex", "2025-03-17",
     "no visible change", 0.031, 0.045, 0.44, 0.66, ""),
    (112, "Qwen3 open weights released", "model_release", "2025-04-28",
     "rose", 0.171, 0.043, 0.006, 0.018, ""),
    (158, "SAIC white paper <b>& reply</b>", "regulation", "2025-06-13",
     "fell", -0.142, 0.044, 0.012, 0.024, ""),
    (159, "Quarterly earnings beat expectations", "earnings", "2025-06-13",
     "fell", -0.142, 0.044, 0.012, 0.024, ""),
    (214, "Qwen3-Coder", "model_release", "2025-08-08", "no visible change", -0.018, 0.05, 0.71, 0.71, ""),
    (262, "Apsara conference and cloud price cuts", "product", "2025-09-25",
     "no visible change", 0.06, 0.11, 0.31, 0.62, "only very large changes could be seen"),
)  # fmt: skip

HOSTILE: Final = (
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\"> {{ 7*7 }} {% raw %}"
    '<style>body{background:red}</style><svg onload="window.owned=1"><form action=//evil.example>',
    "\u202eevil right-to-left override\u202c مرحبا بالعالم",
    '=HYPERLINK("http://x","y") & <b>bold</b> 🚀🔥 \x00 nul',
    "W" * 900,
)


def mood_table(
    rng: np.random.Generator, n_days: int = 300, scopes: dict[str, int] | None = None
) -> pd.DataFrame:
    """Daily mood with an autocorrelated swing, two planted moves and a gap of nine days."""
    tables = []
    for scope, volume in (SCOPES if scopes is None else scopes).items():
        swing = np.zeros(n_days)
        for day in range(1, n_days):
            swing[day] = 0.6 * swing[day - 1] + rng.normal(0, 0.035)
        swing += 0.12
        swing[112:124] += 0.17 if n_days > 124 else 0
        swing[158:163] -= 0.14 if n_days > 163 else 0
        posts = rng.poisson(volume * (0.8 + 0.4 * rng.random(n_days)))
        for offset, *_ in EVENTS:
            if offset + 3 < n_days:
                posts[offset : offset + 3] = posts[offset : offset + 3] * np.array([4, 2.4, 1.5])
        authors = np.maximum((posts * 0.83).astype(int), posts > 0)
        se = 0.29 / np.sqrt(np.maximum(authors, 1))
        mood = np.clip(swing + rng.normal(0, 1, n_days) * se, -1, 1)
        table = pd.DataFrame(
            {
                "day": [(FIRST + timedelta(days=i)).isoformat() for i in range(n_days)],
                "scope": scope,
                "n_posts": posts,
                "n_authors": authors,
                "coverage": np.round(0.8 + 0.15 * rng.random(n_days), 3),
                "mood": mood,
                "se": se,
                "low": swing - 1.2 * se,
                "high": swing + 1.2 * se,
                "smoothed": swing + rng.normal(0, 0.004, n_days),
            }
        )
        gap = np.arange(n_days)
        tables.append(table[(posts > 0) & ~((gap >= 180) & (gap < 189))])
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(MOOD_COLUMNS))


def effects_table(
    scopes: tuple[str, ...] = ("all", "topic:models", "entity:qwen", "lang:zh"),
) -> pd.DataFrame:
    """One row an event, window and scope; two events of one cluster share their numbers."""
    rows: list[dict[str, Any]] = []
    for offset, title, category, cluster, verdict, effect, se, p, q, reason in EVENTS:
        for window in ("reaction", "anticipation", "persistence"):
            for scope in scopes:
                first = scope == "all" and window == "reaction"
                opened = window == "reaction" and verdict in ("rose", "fell")
                shrink = 1.0 if first else 0.7
                rows.append(
                    {
                        "date": (FIRST + timedelta(days=offset)).isoformat(),
                        "title": title,
                        "category": category,
                        "cluster": cluster,
                        "family": "primary" if first else "opened" if opened else "exploratory",
                        "window": window,
                        "scope": scope,
                        "n_posts": 410,
                        "n_authors": 322,
                        "n_authors_baseline": 1_204,
                        "strata": 4,
                        "time_known": title != "Qwen3-Coder",
                        "effect": None if effect is None else effect * shrink,
                        "se": None if effect is None else se,
                        "low": None if effect is None else effect * shrink - 2 * se,
                        "high": None if effect is None else effect * shrink + 2 * se,
                        "p": p,
                        "q": q if first or opened else None,
                        "placebos": 240 if effect is not None else 9,
                        "smallest_visible": None if effect is None else 2.9 * se,
                        "verdict": verdict,
                        "reason": reason,
                    }
                )
    return pd.DataFrame(rows, columns=list(EFFECT_COLUMNS))


def announcements_table() -> pd.DataFrame:
    """The events of importance 3, two lesser ones in the period and one far outside it."""
    rows: list[tuple[Any, ...]] = [
        (
            (FIRST + timedelta(days=o)).isoformat(),
            f"{FIRST + timedelta(days=o)}T03:00:00Z",
            title,
            category,
            3,
            "https://example.org/news",
        )
        for o, title, category, *_ in EVENTS
    ]
    rows += [
        ((FIRST + timedelta(days=114)).isoformat(), "", "Minor update of the model hub", "product", 1, None),
        (
            (FIRST + timedelta(days=90)).isoformat(),
            None,
            "Partnership with a car maker",
            "partnership",
            2,
            None,
        ),
        ("2019-09-10", None, "Long before any of these posts", "leadership", 3, None),
    ]
    return pd.DataFrame(rows, columns=list(ANNOUNCEMENT_COLUMNS))


def examples_table() -> pd.DataFrame:
    """Posts behind two effects, hostile ones among them."""
    texts = (
        "Qwen3 open weights are out and the small ones run on my laptop. Very impressed.",
        "千问3开源了,小模型在我的笔记本上就能跑,太棒了!",
        *HOSTILE,
        "Benchmarks are one thing. I will wait for people I trust to try it.",
    )
    roles = ("most engaged", "most typical", "dissenting")
    rows = []
    for cluster in ("2025-04-28", "2025-06-13"):
        for i, text in enumerate(texts):
            score = (0.81, 0.64, -0.55, 0.02, 0.1, None, 0.3, -0.31)[i]
            label = (
                "unscored"
                if score is None
                else "positive"
                if score > 0.2
                else "negative"
                if score < -0.2
                else "neutral"
            )
            url = ("https://x.com/i/status/%s", "javascript:alert(%s)", "http://example.org/%s", None)[i % 4]
            rows.append(
                {
                    "cluster": cluster,
                    "window": "reaction",
                    "role": roles[i % 3],
                    "platform": ("x", "weibo")[i % 2],
                    "community": None,
                    "post_id": str(1916984019371634999 + i),
                    "published": "2025-04-28T21:03:11Z",
                    "author": None if i == 3 else f"author_{i}",
                    "text": text,
                    "url": url % i if url and "%s" in url else url,
                    "label": label,
                    "score": score,
                    "likes": None if i == 2 else 1200 // (i + 1),
                }
            )
    return pd.DataFrame(rows, columns=list(EXAMPLE_COLUMNS))


def curves_table() -> pd.DataFrame:
    """Curves of three clusters; one of them has no ordinary dates to compare with."""
    rng = np.random.default_rng(5)
    offset = np.arange(-14, 15)
    tables = []
    for cluster, effect in (("2025-03-17", 0.03), ("2025-04-28", 0.17), ("2025-06-13", -0.14)):
        curve = rng.normal(0, 0.02, len(offset)) + effect * ((offset >= 0) & (offset < 6))
        table = pd.DataFrame({"cluster": cluster, "offset": offset, "n_authors": 60, "mood": curve})
        fan = dict(zip(("q05", "q25", "q50", "q75", "q95"), (-0.1, -0.04, 0.0, 0.04, 0.1), strict=True))
        table = table.assign(curve=curve.round(4), **fan, placebos=240)
        table.loc[5, ["mood", "curve"]] = None
        tables.append(table)
    tables[0][["q05", "q25", "q50", "q75", "q95"]] = None
    return pd.concat(tables, ignore_index=True)


def words_table() -> pd.DataFrame:
    """Words of one cluster, a hostile one among them."""
    columns = ["cluster", "word", "z", "after", "before", "authors_after", "authors_before"]
    rows = [
        ("2025-04-28", "open", 6.1, 90, 40, 322, 1204),
        ("2025-04-28", "<b>千问</b>", 4.2, 60, 0, 322, 1204),
        ("2025-04-28", "\u202eslow", -2.4, 4, 80, 322, 1204),
    ]
    return pd.DataFrame(rows, columns=columns)


def full_results() -> Results:
    """Results of 300 days, ten scopes and seven announcements."""
    posts = 22_410
    inputs = pd.DataFrame(
        [
            ("x/2025-h1.jsonl.gz", "ab" * 32, "x_v2", 15_120, 14_630, 310, 12, 168, "ok", None),
            (
                "weibo <export>.csv",
                "cd" * 32,
                "csv",
                8_400,
                7_780,
                590,
                30,
                0,
                "ok",
                "times without a zone read as Asia/Shanghai",
            ),
            (
                "broken.zip",
                "ef" * 32,
                None,
                0,
                0,
                0,
                0,
                0,
                "failed",
                "the archive is cut off after 4,096 bytes",
            ),
        ],
        columns=list(INPUT_COLUMNS),
    )
    rejects = pd.DataFrame(
        [
            (
                "published '31/02/2025' is not a date",
                30,
                "weibo <export>.csv",
                "row 1182",
                "<i>31/02/2025</i>,...",
            ),
            ("not JSON", 12, "x/2025-h1.jsonl.gz", "line 17", '{"id": "19'),
        ],
        columns=list(REJECT_COLUMNS),
    )
    numbers = (23_520, posts, 900, 42, 168, 120, 7_780, 0, 2_210, 840, 0, 1_130, 2_650, 1_980, 16_400)
    return Results(
        mood=mood_table(np.random.default_rng(7)),
        effects=effects_table(),
        announcements=announcements_table(),
        examples=examples_table(),
        curves=curves_table(),
        words=words_table(),
        reach=pd.DataFrame(
            {"day": [(FIRST + timedelta(days=n)).isoformat() for n in range(0, 300, 3)], "total": 12.5}
        ).assign(weight=50, largest=30),
        gaps=pd.DataFrame([("x", "2025-07-05", "2025-07-13")], columns=["platform", "first", "last"]),
        inputs=inputs,
        rejects=rejects,
        counts=dict(zip(COUNTS, numbers, strict=True)),
        shares={
            "platform": {"x": 14_630, "weibo": 7_780},
            "community": {},
            "lang": {"en": 12_900, "zh": 8_600, "ja": 710, "und": 200},
            "kind": {"post": 17_000, "reply": 3_200, "repost": 2_210},
            "label": {"positive": 8_730, "neutral": 7_900, "negative": 3_800, "unscored": 1_980},
            "model": {"linear 1.0": 12_700, "zh 1.0": 7_730},
            "topic": {"models": 7_800, "open_source": 4_100, "capex": 2_600, "other": 3_000},
            "entity": {"qwen": 6_600, "alibaba": 9_000},
            "warning": {"time zone assumed": 7_780},
            "skipped": {"deleted post": 168},
        },
        models=[
            {"name": "linear", "version": "1.0", "quality": {"en": {"macro_f1": 0.71, "n": 1_000}}},
            {"name": "zh", "version": "1.0", "quality": {"zh": {"macro_f1": 0.66, "n": 600}}},
            {"name": "topics", "version": "1.0", "quality": "not measured"},
        ],
        options={
            "timezone": "Asia/Shanghai",
            "since": None,
            "until": None,
            "seed": 1,
            "exclude_importance": 3,
            "windows": WINDOWS,
            "filters": {},
            "calendar": "announcements.csv",
        },
        version="0.1.0",
        notes=["7,780 posts state no time zone; Asia/Shanghai was assumed"],
    )


def empty_results() -> Results:
    """Results of a store without a single post."""
    return Results(
        mood=pd.DataFrame(columns=list(MOOD_COLUMNS)),
        effects=pd.DataFrame(columns=list(EFFECT_COLUMNS)),
        announcements=pd.DataFrame(columns=list(ANNOUNCEMENT_COLUMNS)),
        examples=pd.DataFrame(columns=list(EXAMPLE_COLUMNS)),
        gaps=pd.DataFrame(columns=["platform", "first", "last"]),
        inputs=pd.DataFrame(columns=list(INPUT_COLUMNS)),
        rejects=pd.DataFrame(columns=list(REJECT_COLUMNS)),
        counts=dict.fromkeys(COUNTS, 0),
        shares={},
        models=[],
        options={"timezone": "Asia/Shanghai", "windows": WINDOWS},
        version="0.1.0",
    )


@pytest.fixture(scope="session")
def results() -> Results:
    """A store of 300 days."""
    return full_results()


@pytest.fixture(scope="session")
def spoken(results: Results) -> Results:
    """The same store, whose posts name six rivals too."""
    rivals = ("deepseek", "openai", "tencent", "baidu", "moonshot", "jd")
    named = {f"entity:{name}": n for name, n in zip(rivals, range(40, 4, -6), strict=True)}
    return replace(results, mood=mood_table(np.random.default_rng(3), scopes=SCOPES | named))


@pytest.fixture
def changed(results: Results) -> Callable[..., Results]:
    """The results with some of their parts replaced."""
    return lambda **parts: replace(results, **parts)


@pytest.fixture
def nothing() -> Results:
    """A store without posts."""
    return empty_results()


def page_of(results: Results) -> str:
    """The report as text."""
    return Announcements().render(results)["index.html"].decode("utf-8")


@pytest.fixture(scope="session")
def render() -> Callable[[Results], str]:
    """From results to the report's text."""
    return page_of


@pytest.fixture(scope="session")
def page(results: Results) -> str:
    """The report of the 300 days."""
    return page_of(results)

"""Real tweets about $BABA, 2014-16, raw VADER: the figures of the study behind the method."""

from __future__ import annotations

import gzip
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from sentinel.announcements import ANNOUNCEMENT_COLUMNS
from sentinel.days import mood_days
from sentinel.effects import estimate_effects
from sentinel.gaps import find_gaps
from sentinel.mood import author_days

EVENTS = {
    "IPO": "2014-09-19",
    "earnings Nov 14": "2014-11-04",
    "Singles' Day 14": "2014-11-11",
    "SAIC paper": "2015-01-28",
    "earnings Jan 15": "2015-01-29",
    "earnings May 15": "2015-05-07",
    "Aliyun $1B": "2015-07-29",
    "earnings Aug 15": "2015-08-12",
    "Black Monday": "2015-08-24",
    "earnings Oct 15": "2015-10-27",
    "Singles' Day 15": "2015-11-11",
    "earnings Jan 16": "2016-01-28",
}
# Effects without reposts and without the copies of a day; p there was had without minimum for placebos.
STUDY = {
    "earnings Nov 14": (0.066, 0.40),
    "SAIC paper": (-0.105, 0.09),
    "earnings May 15": (-0.056, 0.46),
    "Aliyun $1B": (0.033, 0.73),
    "earnings Aug 15": (-0.064, 0.41),
    "Black Monday": (0.078, 0.37),
    "earnings Oct 15": (0.056, 0.44),
    "Singles' Day 15": (-0.029, 0.72),
}


def plain(text: str) -> str:
    """A text as copies share it."""
    text = re.sub(r"https?\S+|[@#$]\w+", " ", text.lower())
    return " ".join(re.sub(r"[\W\d_]", " ", text).split())


def read_posts(path: Path) -> pd.DataFrame:
    vader = SentimentIntensityAnalyzer()
    rows: dict[str, dict[str, Any]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for status in map(json.loads, lines):
            at = datetime.strptime(status["created_at"], "%a %b %d %H:%M:%S %z %Y")
            text = status["text"]
            rows[status["id_str"]] = {
                "published": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "author": status["user"]["screen_name"],
                "platform": "x",
                "kind": "repost" if "retweeted_status" in status or text.startswith("RT @") else "post",
                "score": vader.polarity_scores(text)["compound"],
                "plain": plain(text),
            }
    posts = pd.DataFrame(rows.values()).sort_values("published", kind="stable").reset_index(drop=True)
    own = posts[(posts["kind"] == "post") & (posts["plain"] != "")]
    day = mood_days(own["published"].tolist(), "NYSE")
    copies = own.assign(day=day).duplicated(["day", "plain"])
    posts["copy_of"] = ""
    posts.loc[copies[copies].index, "copy_of"] = "an earlier post"
    return posts


@pytest.fixture(scope="module")
def effects(shared: Path) -> pd.DataFrame:
    posts = read_posts(shared / "data/posts/stocknet-baba/baba-tweets-2014-2016.jsonl.gz")
    announcements = pd.DataFrame("", index=range(len(EVENTS)), columns=list(ANNOUNCEMENT_COLUMNS)).assign(
        date=list(EVENTS.values()),
        time_utc=[f"{date}T14:30:00Z" for date in EVENTS.values()],
        title=list(EVENTS),
        importance=3,
        circular=False,
    )
    days = author_days(posts, "NYSE")
    gaps = find_gaps(days)
    assert ["x", "2014-11-11", "2014-11-23"] in gaps.to_numpy().tolist()
    table = estimate_effects(days, announcements)
    return table[table["scope"] == "all"]


def test_reactions_are_those_of_the_study(effects: pd.DataFrame) -> None:
    found = effects[effects["window"] == "reaction"].set_index("title")
    for title, (effect, p) in STUDY.items():
        assert found.loc[title, "effect"] == pytest.approx(effect, abs=0.002)
        assert found.loc[title, "p"] == pytest.approx(p, abs=0.08)
    assert not (found["q"] <= 0.05).any()
    assert set(found["verdict"]) == {"no visible change", "not tested"}


def test_the_paper_and_the_earnings_of_january_2015_are_one_fall(effects: pd.DataFrame) -> None:
    found = effects[effects["window"] == "reaction"].set_index("title")
    paper, earnings = found.loc["SAIC paper"], found.loc["earnings Jan 15"]
    assert paper["cluster"] == earnings["cluster"] == "2015-01-28"
    assert (paper["first_day"], paper["last_day"]) == ("2015-01-28", "2015-01-31")
    assert paper["effect"] == earnings["effect"] < 0
    assert paper["low"] < 0 < paper["high"]
    assert paper["n_posts"] >= 45  # one author one vote: 45 author-days of 42 authors
    assert paper["n_authors"] == 42


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("IPO", "too few posts in the baseline (33 authors; 50 needed)"),
        ("Singles' Day 14", "no data was collected from 2014-11-11 to 2014-11-13 (x)"),
        ("earnings Jan 16", "too few posts (9 authors; 10 needed)"),
    ],
)
def test_three_of_eleven_cannot_be_tested(effects: pd.DataFrame, title: str, reason: str) -> None:
    row = effects[(effects["window"] == "reaction") & (effects["title"] == title)].iloc[0]
    assert (row["verdict"], row["reason"]) == ("not tested", reason)

"""What is new since an earlier report, told from the files that it left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sentinel.cli import main
from sentinel.since import earlier_state, news


def finding(day: str, verdict: str = "not tested", complete: bool = True) -> dict[str, Any]:
    return {
        "date": day,
        "title": "event",
        "cluster": day,
        "verdict": verdict,
        "complete": complete,
        "effect": None,
        "q": None,
    }


def state(posts: int, last: str, *findings: dict[str, Any]) -> dict[str, Any]:
    named = {f"{one['date']} {one['title']}": one for one in findings}
    return {"digest": f"{posts}", "posts": posts, "last_day": last, "findings": named}


def test_completed_changed_and_added() -> None:
    before = state(10, "2031-03-02", finding("2031-02-01", "rose"), finding("2031-03-01", complete=False))
    now = state(
        25,
        "2031-03-09",
        finding("2031-02-01", "no visible change"),
        finding("2031-03-01", "fell"),
        finding("2031-03-05"),
    )
    told = news(now, before)
    assert (told["posts"], told["earlier_last_day"], told["last_day"]) == (15, "2031-03-02", "2031-03-09")
    assert [one["date"] for one in told["completed"]] == ["2031-03-01"]
    assert [(one["date"], one["before"]) for one in told["changed"]] == [
        ("2031-02-01", "rose"),
        ("2031-03-01", "not tested"),
    ]
    assert [one["date"] for one in told["added"]] == ["2031-03-05"]


def test_the_same_report_is_no_earlier_one(tmp_path: Path) -> None:
    assert earlier_state(tmp_path, "now") is None
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"state": state(10, "2031-03-02")}))
    assert earlier_state(tmp_path, "now") == state(10, "2031-03-02")
    assert earlier_state(tmp_path, "10") is None
    manifest.write_text(json.dumps({"state": state(10, "2031-03-02"), "since": state(4, "2031-03-01")}))
    assert earlier_state(tmp_path, "10") == state(4, "2031-03-01")


@pytest.mark.parametrize("content", ["", "[]", '{"version": "0.0.1"}', '{"state": 7}', "\x00\xff"])
def test_other_files_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="latin-1")
    with pytest.raises(Exception, match="not the manifest of a report"):
        earlier_state(tmp_path, "now")


def sentinel(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def posts(first: int, last: int) -> str:
    """A CSV of posts, one an hour."""
    lines = ["published,author,text"]
    lines += [
        f"2031-03-{at // 24 + 1:02d}T{at % 24:02d}:00:00Z,synth_{at % 40},Alibaba Qwen is great {at * 'x'}"
        for at in range(first, last)
    ]
    return "\n".join(lines)


def test_a_calendar_that_the_settings_do_not_name_is_told(tmp_path: Path) -> None:
    sentinel("init", tmp_path)
    (tmp_path / "posts.csv").write_text("published,author,score\n2031-03-01,a,0.5\n")
    settings, calendar = tmp_path / "sentinel.toml", tmp_path / "announcements.csv"
    use = ("effects", "-c", settings, "--posts", tmp_path / "posts.csv", "--out", tmp_path / "e.csv")
    assert "is not read" not in sentinel(*use).output  # it is empty
    with calendar.open("a") as file:
        file.write("2031-03-03,,,Our model\n")
    told = " ".join(sentinel(*use).output.split())
    assert f"{calendar} is not read" in told
    assert "the calendar that ships with sentinel is used" in told
    settings.write_text(settings.read_text().replace("# announcements =", "announcements ="))
    assert "is not read" not in sentinel(*use).output


def test_a_report_on_the_same_posts_stays_the_same_file(tmp_path: Path) -> None:
    store, out = f"sqlite:///{tmp_path}/s.db", tmp_path / "out"
    (tmp_path / "calendar.csv").write_text("date,title\n2031-03-03,Our model\n")
    (tmp_path / "sentinel.toml").write_text('announcements = "calendar.csv"\n')
    use = ("-c", tmp_path / "sentinel.toml", "--store", store, "-o", out, "--since-report", out)
    (tmp_path / "a.csv").write_text(posts(0, 80))
    sentinel("run", tmp_path / "a.csv", *use)
    page = out / "index.html"
    first = page.read_bytes()
    assert "holds no report" in sentinel("report", *use[:-1], tmp_path / "elsewhere").output
    assert b'id="since-title"' not in first  # nothing came before it
    sentinel("report", *use)
    assert page.read_bytes() == first

    (tmp_path / "b.csv").write_text(posts(80, 150))
    sentinel("run", tmp_path / "b.csv", *use)
    second, manifest = page.read_bytes(), (out / "manifest.json").read_bytes()
    assert b"70 new posts came since the report on posts until 4 March 2031" in second
    assert b"Their days are over by now" in second
    sentinel("report", *use)
    assert (page.read_bytes(), (out / "manifest.json").read_bytes()) == (second, manifest)

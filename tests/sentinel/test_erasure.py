from __future__ import annotations

import csv
import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sentinel.cli import main
from sentinel.schedule_jobs import jobs_of
from sentinel.settings import load_settings


def statuses() -> list[dict[str, Any]]:
    return [
        {
            "id_str": str(1_916_966_000_000_000_000 + number),
            "created_at": f"Mon Apr {1 + number:02d} 21:03:11 +0000 2025",
            "full_text": f"Qwen3 is a great model, number {number}{' says @Synth_1' if number == 5 else ''}",
            "user": {"id_str": str(900 + number % 3), "screen_name": f"Synth_{number % 3}"},
        }
        for number in range(12)
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store and a report."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        (folder / "posts.json").write_text(json.dumps(statuses()))
        succeed("run", "posts.json")
    return folder


@pytest.fixture
def here(made: Path, here: Path) -> Path:
    """A copy of that folder, to work in."""
    shutil.copytree(made, here, dirs_exist_ok=True)
    return here


def sentinel(*arguments: str) -> Any:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def succeed(*arguments: str) -> Any:
    result = sentinel(*arguments)
    assert result.exit_code == 0, result.output
    return result


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_an_author_goes_from_the_store_the_report_and_the_exports(here: Path) -> None:
    succeed("export")
    succeed("export", "--raw", "-o", "raw")
    pseudonym = next(row["author"] for row in rows(here / "raw" / "posts.csv") if row["author"] == "Synth_1")
    assert pseudonym == "Synth_1"
    hidden = rows(here / "report" / "posts.csv")[1]["author"]
    result = succeed("erase", "--author", "@synth_1", "-o", "report", "-o", "raw")
    assert "4 posts erased" in result.output
    assert "1 post of others holds the name" in result.output
    assert "posts.json: was read, and still holds it" in result.output
    assert "export: still holds it; run the same command again with -o export" in result.output
    assert "report: still" not in result.output
    for folder in ("report", "raw"):
        assert len(rows(here / folder / "posts.csv")) == 8
        for path in (here / folder).iterdir():
            assert hidden not in path.read_text("utf-8", errors="replace"), path
    assert {row["author"] for row in rows(here / "raw" / "posts.csv")} == {"Synth_0", "Synth_2"}
    manifest = json.loads((here / "report" / "manifest.json").read_text())
    assert any("4 posts were erased on request" in note for note in manifest["notes"])
    assert manifest["counts"]["rows"] == 12
    assert manifest["counts"]["posts"] == 8
    result = succeed("erase", "--author", "Synth_1", "-o", "export")
    assert len(rows(here / "export" / "posts.csv")) == 8
    assert "still holds it" not in result.output
    (here / "posts.json").write_text(json.dumps(statuses() + statuses()))
    succeed("run", "posts.json")
    assert len(rows(here / "report" / "posts.csv")) == 8


def test_the_report_is_as_if_the_author_had_never_been_there(here: Path) -> None:
    succeed("erase", "--author", "Synth_1", "-o", "report")
    other = [status for status in statuses() if status["user"]["screen_name"] != "Synth_1"]
    (here / "other.json").write_text(json.dumps(other))
    succeed("run", "other.json", "--fresh", "-o", "other")
    for name in ("mood.csv", "effects.csv"):
        assert (here / "report" / name).read_bytes() == (here / "other" / name).read_bytes()


def test_a_post_goes(here: Path) -> None:
    gone = rows(here / "report" / "posts.csv")[3]["post_id"]
    result = succeed("erase", "--post", gone)
    assert "1 post erased" in result.output
    assert "report: still holds it; run the same command again with -o report" in result.output
    succeed("erase", "--post", gone, "-o", "report")
    assert gone not in {row["post_id"] for row in rows(here / "report" / "posts.csv")}


def test_an_id_that_numbers_rows_is_asked_back_for(here: Path) -> None:
    for name in ("a", "b"):
        lines = "".join(f"{row},2031-03-0{row}T00:00:00Z,Qwen of {name} {row}\n" for row in range(1, 5))
        (here / f"{name}.csv").write_text("id,created_at,text\n" + lines)
    succeed("collect", "a.csv", "b.csv")
    result = sentinel("erase", "--post", "4")
    assert result.exit_code == 1
    found = re.findall(r"4@\w+", " ".join(result.output.split()))
    assert len(found) == 2
    assert "nothing was erased" in " ".join(result.output.split())
    assert "1 post erased" in succeed("erase", "--post", found[0]).output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "erase needs one of"),
        (["--author", " @ "], "erase needs one of"),
        (["--author", "a", "--post", "1"], "erase needs one of"),
        (["--before", "2025-01-01", "--platform", "x"], "not with --before"),
        (["--before", "soon"], "is not a day"),
        (["--before", "2925-04-08"], "is still to come, and would take every post"),
        (["--author", "Synth_1", "-o", "none"], "no report and no export.*nothing was erased"),
    ],
)
def test_what_cannot_be_meant_is_refused(here: Path, arguments: list[str], said: str) -> None:
    result = sentinel("erase", *arguments)
    assert result.exit_code == 2
    assert result.output

    assert re.search(said, result.output)
    assert json.loads(succeed("status", "--json").output)["posts"] == 12


def test_old_posts_go_and_the_report_says_from_when_on_there_are_some(here: Path) -> None:
    result = succeed("erase", "--before", "2025-04-08", "-o", "report")
    assert "6 posts of days before 2025-04-08 erased" in result.output
    manifest = json.loads((here / "report" / "manifest.json").read_text())
    assert any("before 2025-04-08 are not kept" in note for note in manifest["notes"])
    days = [row["day"] for row in rows(here / "report" / "mood.csv")]
    assert min(days) == "2025-04-08"


def test_the_daemon_erases_what_is_older_than_the_settings_keep(here: Path) -> None:
    (here / "sentinel.toml").write_text('keep = "400 days"\n[[report]]\n')
    assert [job.name for job in jobs_of(load_settings())] == ["report 1 announcements", "keep"]
    succeed("job", "keep", "1", "--now", datetime(2026, 5, 13, 3, 30, tzinfo=UTC).isoformat())
    assert json.loads(succeed("status", "--json").output)["posts"] == 6


def test_too_short_a_keep_is_a_slip(here: Path) -> None:
    (here / "sentinel.toml").write_text('keep = "400 min"\n')
    result = sentinel("status")
    assert result.exit_code == 2
    assert "keep: expected at least 7 days" in result.output

"""The main job as its user meets it: files in, files out."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sentinel.cli import main
from sentinel.sample import write_sample

WRITTEN = ("index.html", "posts.csv", "mood.csv", "effects.csv", "rejects.csv", "manifest.json", "data-dictionary.md")


def sentinel(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def succeed(*arguments: object) -> str:
    result = sentinel(*arguments)
    assert result.exit_code == 0, result.output
    return str(result.output)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def digests(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in WRITTEN}


def statuses(n: int, start: int = 0) -> list[str]:
    """X API v1.1 lines, two a day, of which some say something about Alibaba."""
    lines = []
    for i in range(start, start + n):
        day, words = i // 2, ("great", "awful", "fine", "slow")[i % 4]
        month, of_month = divmod(day, 28)
        name = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[month % 12]
        status = {
            "created_at": f"Mon {name} {of_month + 1:02d} 12:{i % 60:02d}:00 +0000 {2031 + month // 12}",
            "id_str": str(1_900_000_000_000_000_000 + i),
            "id": 1_900_000_000_000_000_000 + i,
            "full_text": f"Alibaba Qwen is {words} and number {'abcdefghij'[i % 10]} of {i} models",
            "user": {"id_str": str(i % 37), "screen_name": f"synth_{i % 37}"},
            "lang": "en",
            "synthetic": True,
        }
        lines.append(json.dumps(status))
    return lines


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample"), seed=7, n_posts=3000)


def test_a_run_writes_every_file_of_the_contract_and_accounts_for_every_row(here: Path, sample: Path) -> None:
    said = succeed("run", sample / "exports", "-o", "out")
    assert "rows =" in said
    for name in WRITTEN:
        assert (here / "out" / name).stat().st_size > 0
    manifest = json.loads((here / "out" / "manifest.json").read_text())
    n = manifest["counts"]
    assert n["rows"] == n["posts"] + n["duplicates"] + n["rejects"] + n["skipped"]
    assert n["posts"] == len(rows(here / "out" / "posts.csv"))
    assert n["rejects"] == len(rows(here / "out" / "rejects.csv")) > 0
    assert manifest["synthetic"] is True
    assert b"SYNTHETIC" in (here / "out" / "index.html").read_bytes()


def test_a_second_run_adds_nothing_and_writes_the_same_bytes(here: Path, sample: Path) -> None:
    succeed("run", sample / "exports", "-o", "one")
    succeed("run", sample / "exports", "-o", "two")
    assert digests(here / "one") == digests(here / "two")


def test_the_order_of_reading_does_not_matter(here: Path, sample: Path) -> None:
    files = sorted(path for path in (sample / "exports").rglob("*") if path.is_file())
    for path in files:
        succeed("collect", path, "--store", "sqlite:///forward.db")
    for path in reversed(files):
        succeed("collect", path, "--store", "sqlite:///backward.db")
    for name in ("forward", "backward"):
        succeed("tag", "--store", f"sqlite:///{name}.db")
        succeed("report", "--store", f"sqlite:///{name}.db", "-o", name)
    assert digests(here / "forward") == digests(here / "backward")


def test_half_and_then_the_whole_is_the_whole(here: Path) -> None:
    lines = statuses(240)
    (here / "half.jsonl").write_text("\n".join(lines[:120]) + "\n")
    (here / "whole.jsonl").write_text("\n".join(lines) + "\n")
    succeed("run", "half.jsonl", "-o", "half", "--store", "sqlite:///a.db")
    succeed("run", "whole.jsonl", "-o", "both", "--store", "sqlite:///a.db")
    succeed("run", "whole.jsonl", "-o", "whole", "--store", "sqlite:///b.db")
    for name in ("mood.csv", "effects.csv"):
        assert (here / "both" / name).read_bytes() == (here / "whole" / name).read_bytes()

    def without_source(folder: str) -> list[dict[str, str]]:
        return [{**row, "source": ""} for row in rows(here / folder / "posts.csv")]

    assert without_source("both") == without_source("whole")


def test_effects_from_the_written_posts_are_the_effects_of_the_run(here: Path, sample: Path) -> None:
    calendar = sample / "announcements.csv"
    (here / "sentinel.toml").write_text(f"announcements = '{calendar}'\n")
    succeed("run", sample / "exports", "-o", "out")
    succeed("effects", "--posts", "out/posts.csv", "--announcements", calendar, "--out", "again.csv")
    assert (here / "again.csv").read_bytes() == (here / "out" / "effects.csv").read_bytes()


AWKWARD = [
    "NA",
    "null",
    "",
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "\U0001f600 fine",
    "</script><script>alert(1)</script>",
    "\u202eright to left\u202c",
    "{{ 7 * 7 }}",
    "line\nbreak",
    "-5",
]


def test_awkward_texts_survive_from_export_to_csv(here: Path) -> None:
    lines = statuses(len(AWKWARD))
    changed = [
        json.dumps(json.loads(line) | {"full_text": text}) for line, text in zip(lines, AWKWARD, strict=True)
    ]
    surrogate = json.dumps(json.loads(statuses(1, 500)[0])).replace("Alibaba", "Alibaba \\ud83d")
    (here / "a.jsonl").write_text("\n".join([*changed, surrogate]) + "\n")
    succeed("run", "a.jsonl", "-o", "out")
    by_id = {row["post_id"]: row["text"] for row in rows(here / "out" / "posts.csv")}
    guarded = {"=1+1": "'=1+1", '=HYPERLINK("http://x","y")': '\'=HYPERLINK("http://x","y")', "-5": "'-5"}
    for i, text in enumerate(AWKWARD):
        assert by_id[str(1_900_000_000_000_000_000 + i)] == guarded.get(text, text)
    assert "\ufffd" in by_id[str(1_900_000_000_000_000_500)]
    succeed("export", "--raw", "-o", "raw")
    raw = {row["post_id"]: row["text"] for row in rows(here / "raw" / "posts.csv")}
    assert raw[str(1_900_000_000_000_000_003)] == "=1+1"


BROKEN: dict[str, bytes] = {
    "empty.jsonl": b"",
    "binary.jsonl": bytes(range(256)) * 64,
    "gigantic.jsonl": b'{"id_str": "1", "full_text": "' + b"a" * 80_000_000 + b'"}\n',
    "cut.jsonl.gz": gzip.compress("\n".join(statuses(500)).encode())[:-200],
    "page.json": b"<!doctype html><html><body>429 Too Many Requests</body></html>",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_costs_only_itself_and_is_named(here: Path, name: str) -> None:
    (here / "in").mkdir()
    (here / "in" / name).write_bytes(BROKEN[name])
    (here / "in" / "good.jsonl").write_text("\n".join(statuses(40)) + "\n")
    result = sentinel("run", "in", "-o", "out")
    assert result.exit_code == 0
    assert name in result.stderr
    good = [row for row in rows(here / "out" / "posts.csv") if row["source"] == "good.jsonl"]
    assert len(good) == 40 or name == "cut.jsonl.gz"
    manifest: Any = json.loads((here / "out" / "manifest.json").read_text())
    assert {entry["name"] for entry in manifest["inputs"]} == {name, "good.jsonl"}


def test_wrong_usage_ends_with_2_and_one_line(here: Path) -> None:
    for arguments in (["run", "nowhere"], ["sniff"], ["collect"], ["report", "--since", "May"], ["tag", "--in", "a"]):
        result = sentinel(*arguments)
        assert result.exit_code == 2
        assert "Traceback" not in result.output


def test_an_unknown_model_names_those_that_are_there(here: Path) -> None:
    result = sentinel("tag", "--use", "vadr")
    assert result.exit_code == 1
    assert "Did you mean 'vader'" in result.stderr


def test_sample_and_real_posts_never_mix(here: Path, sample: Path) -> None:
    succeed("collect", sample / "exports")
    real = [json.dumps({k: v for k, v in json.loads(line).items() if k != "synthetic"}) for line in statuses(3)]
    (here / "real.jsonl").write_text("\n".join(real) + "\n")
    result = sentinel("collect", "real.jsonl")
    assert "never share a store" in result.stderr


def test_tag_reads_and_writes_a_table(here: Path) -> None:
    (here / "a.csv").write_text('text,mine\n"Qwen is great, I love it",1\n"",2\n"Qwen ist toll",3\n')
    succeed("tag", "--in", "a.csv", "--out", "b.csv")
    tagged = rows(here / "b.csv")
    assert [row["mine"] for row in tagged] == ["1", "2", "3"]
    assert tagged[0]["label"] == "positive"
    assert tagged[1]["label"] == "unscored"
    for row in tagged:
        assert row["about"]
        assert row["spam"]
        if row["label"] != "unscored":
            assert float(row["score"]) == pytest.approx(float(row["p_positive"]) - float(row["p_negative"]))
        else:
            assert row["score"] == row["p_neutral"] == ""

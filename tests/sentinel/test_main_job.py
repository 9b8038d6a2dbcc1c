"""The main job as its user meets it: files in, files out."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sentinel.cli import main
from sentinel.pipeline import dashboards_of
from sentinel.sample import write_sample
from sentinel.settings import ReportSettings, Settings

WRITTEN = (
    "index.html", "posts.csv", "mood.csv", "effects.csv", "rejects.csv", "manifest.json",
    "data-dictionary.md", "clusters.csv", "pooled.csv", "changepoints.csv", "claims.csv", "price.csv",
)  # fmt: skip


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
        name = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[
            month % 12
        ]
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


def test_which_of_several_names_is_read_first_does_not_matter(here: Path) -> None:
    """What is told of refused and of damaged bytes is the same under each of their names."""
    cut = gzip.compress("".join(statuses(50)).encode())[:-40]
    for name, content in (("b.json", b"\x89PNG..."), ("a.json", b"\x89PNG..."), ("d.gz", cut), ("c.gz", cut)):
        (here / name).write_bytes(content)
    names = ["a.json", "b.json", "c.gz", "d.gz"]
    for n, order in enumerate((names, names[::-1])):
        for name in order:
            sentinel("collect", name, "--store", f"sqlite:///{n}.db")
        succeed("report", "-o", f"out{n}", "--store", f"sqlite:///{n}.db")
    assert digests(here / "out0") == digests(here / "out1")
    assert rows(here / "out0" / "rejects.csv")[0]["reason"].startswith("the compressed data is cut short")


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
    "NA", "null", "", "=1+1", '=HYPERLINK("http://x","y")', "\U0001f600 fine",
    "</script><script>alert(1)</script>", "\u202eright to left\u202c", "{{ 7 * 7 }}", "line\nbreak", "-5",
]  # fmt: skip


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
    (here / "empty").mkdir()
    for arguments in (
        ["run", "nowhere"],
        ["sniff"],
        ["sniff", "empty"],
        ["check-plugin", "liner"],
        ["collect"],
        ["report", "--since", "May"],
        ["tag", "--in", "a"],
    ):
        result = sentinel(*arguments)
        assert result.exit_code == 2
        assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("report", "told"),
    [
        ("mdoe = 'file'", "no setting 'mdoe'; it takes mode, lang. Did you mean 'mode'"),
        ("mode = 'fil'", "'fil' is not"),
    ],
)
def test_a_wrong_setting_of_the_report_is_told_before_anything_is_read(
    here: Path, report: str, told: str
) -> None:
    (here / "posts.jsonl").write_text("\n".join(statuses(3)) + "\n")
    (here / "sentinel.toml").write_text(f"[[report]]\n{report}\n")
    result = sentinel("run", "posts.jsonl")
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (here / "sentinel.db").exists()


def test_the_first_report_of_a_name_is_the_one_that_run_writes() -> None:
    reports = [ReportSettings.model_validate({"use": "a", "mode": mode}) for mode in ("folder", "file")]
    assert dashboards_of(Settings(report=tuple(reports))) == {"a": {"mode": "folder"}}
    assert dashboards_of(Settings()) == {"announcements": {}}


def test_an_unknown_model_names_those_that_are_there(here: Path) -> None:
    result = sentinel("tag", "--use", "vadr")
    assert result.exit_code == 2
    assert "Did you mean 'vader'" in result.stderr


def test_collecting_says_what_became_of_the_rows(here: Path) -> None:
    (here / "in").mkdir()
    (here / "a.jsonl").write_text("\n".join([*statuses(3), "{broken"]) + "\n")
    (here / "in" / "b.jsonl").write_text("\n".join(statuses(2)) + "\n")
    (here / "in" / "junk.bin").write_bytes(bytes(range(256)) * 9)
    told = "1 input: 4 rows = 3 posts (new or known) + 1 reject + 0 skipped"
    assert sentinel("collect", "a.jsonl").stdout == f"{told}\n"
    result = sentinel("collect", "a.jsonl", "in")
    assert result.exit_code == 0
    assert result.stdout == (
        "1 input: 2 rows = 2 posts (new or known) + 0 rejects + 0 skipped; 1 was read before; "
        "1 was not read to the end\n"
    )
    assert sentinel("collect", "a.jsonl", "-q").stdout == ""
    assert sentinel("collect", "in/junk.bin").exit_code == 1


def test_sample_and_real_posts_never_mix(here: Path, sample: Path) -> None:
    succeed("collect", sample / "exports")
    real = [
        json.dumps({k: v for k, v in json.loads(line).items() if k != "synthetic"}) for line in statuses(3)
    ]
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


def test_a_folder_that_holds_store_calendar_and_report_is_read_without_them(here: Path) -> None:
    (here / "posts.jsonl").write_text("\n".join(statuses(60)) + "\n")
    (here / "calendar.csv").write_text("date,title\n2031-01-10,Qwen9\n")
    (here / "sentinel.toml").write_text("announcements = 'calendar.csv'\n")
    assert sentinel("run", ".", "-o", "one").stderr == ""
    assert sentinel("export", "-o", "exported").stderr == ""
    assert sentinel("run", ".", "-o", "one").stderr == ""
    assert sentinel("run", ".", "-o", "two").stderr == ""
    assert digests(here / "one") == digests(here / "two")
    assert len(rows(here / "two" / "posts.csv")) == 60
    assert "60 rows" in succeed("run", "one/posts.csv", "--fresh", "-o", "three")  # named, it is an input


def test_a_settings_file_without_inputs_is_no_reason_for_the_sample(here: Path) -> None:
    (here / "sentinel.toml").write_text("timezone = 'NYSE'\n")
    result = sentinel("run", "-o", "out")
    assert result.exit_code == 2
    assert "nothing to collect" in result.stderr
    assert not (here / "out").exists()


def test_what_the_settings_name_is_looked_for_before_anything_is_read(here: Path) -> None:
    (here / "posts.jsonl").write_text("\n".join(statuses(3)) + "\n")
    for text, message in (
        ("announcements = 'none.csv'", "none.csv: cannot be read"),
        ("[[tag]]\nuse = 'linaer'", "Did you mean 'linear'"),
        ("[[report]]\nuse = 'annoucements'", "Did you mean 'announcements'"),
    ):
        (here / "sentinel.toml").write_text(text)
        result = sentinel("run", "posts.jsonl")
        assert result.exit_code == 2
        assert message in result.stderr
        assert not (here / "sentinel.db").exists()


def test_a_setting_that_a_report_does_not_take_is_refused(here: Path) -> None:
    (here / "posts.jsonl").write_text("\n".join(statuses(3)) + "\n")
    (here / "sentinel.toml").write_text("[[report]]\nout = 'r'\noutt = 'x'\n")
    result = sentinel("run", "posts.jsonl")
    assert result.exit_code == 2
    assert "has no setting 'outt'" in result.stderr


def test_filters_that_nothing_matches_are_told(here: Path) -> None:
    (here / "posts.jsonl").write_text("\n".join(statuses(8)) + "\n")
    succeed("run", "posts.jsonl")
    result = sentinel("report", "--topic", "nonsuch", "--post-lang", "zh-CN", "-o", "out")
    assert "no post has the topic 'nonsuch'; there are" in result.stderr
    assert "no post is in the language 'zh'; there are en" in result.stderr
    assert len(rows(here / "out" / "posts.csv")) == 0
    succeed("export", "--since", "20310102", "--post-lang", "EN", "-o", "late")
    assert {row["published"][:10] for row in rows(here / "late" / "posts.csv")} == {
        "2031-01-02",
        "2031-01-03",
        "2031-01-04",
    }
    assert sentinel("export", "--since", "2031-02-01", "--until", "2031-01-01").exit_code == 2


@pytest.mark.parametrize("command", ["report", "export", "effects", "tag"])
def test_a_store_that_is_not_there_is_not_made_to_be_read_from(here: Path, command: str) -> None:
    result = sentinel(command, "--store", "sqlite:///tpyo.db")
    assert result.exit_code == 1
    assert "sqlite:///tpyo.db: no such file" in result.stderr
    assert list(here.iterdir()) == []


def test_two_runs_at_once_count_every_row_once(here: Path) -> None:
    (here / "posts.jsonl").write_text("\n".join(statuses(9000)) + "\n")
    command = [sys.executable, "-m", "sentinel", "collect", "posts.jsonl"]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    assert json.loads(succeed("status", "--json"))["rows"] == 9000


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_ended_leaves_no_half_of_a_file(
    here: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def ended(*_: object) -> Iterator[list[object]]:
        yield ["half"]
        signal.raise_signal(number)
        yield ["whole"]

    monkeypatch.setattr("sentinel.tables._tagged", ended)
    (here / "a.csv").write_text("text\nhello\n")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        result = sentinel("tag", "--in", "a.csv", "--out", "b.csv")
    finally:
        signal.signal(signal.SIGINT, before)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert [path.name for path in here.iterdir()] == ["a.csv"]


class Failing:
    name = "failing"
    version = "1"
    columns = ("score", "label")

    def __init__(self, *_: object) -> None:
        pass

    @staticmethod
    def sniff(_source: object) -> float:
        return 1.0

    def fail(self, *_: object) -> Any:
        raise ValueError("its own bug")

    tag = read = render = explain = fail


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    def entry_points(group: str) -> list[EntryPoint]:
        ours = list(metadata.entry_points(group=group))
        return [*ours, EntryPoint("failing", f"{__name__}:Failing", group)]

    monkeypatch.setitem(sys.modules, __name__, SimpleNamespace(Failing=Failing))
    monkeypatch.setattr("sentinel.plugins.entry_points", entry_points)


@pytest.mark.usefixtures("failing")
def test_a_plug_in_that_fails_is_named_in_one_line(here: Path) -> None:
    (here / "posts.jsonl").write_text("\n".join(statuses(3)) + "\n")
    result = sentinel("collect", "posts.jsonl", "--use", "failing")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 2)
    assert (
        "posts.jsonl could not be read to its end: failing failed with ValueError: its own bug"
        in result.stderr
    )
    assert "none of the inputs could be read" in result.stderr
    for arguments in (["tag", "--use", "failing"], ["explain", "Qwen", "--use", "failing"]):
        succeed("collect", "posts.jsonl")
        result = sentinel(*arguments)
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert "model 'failing' failed with ValueError: its own bug" in result.stderr
    (here / "sentinel.toml").write_text("[[report]]\nuse = 'failing'\n")
    result = sentinel("run", "posts.jsonl")
    assert result.exit_code == 1
    assert "dashboards plug-in 'failing' failed with ValueError" in result.stderr


def test_a_full_disk_and_a_poor_terminal_cost_no_traceback(here: Path) -> None:
    command = [sys.executable, "-m", "sentinel"]
    with Path("/dev/full").open("w") as full:
        result = subprocess.run([*command, "plugins"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert (result.returncode, result.stderr) == (1, "sentinel: output: No space left on device\n")
    poor = os.environ | {"PYTHONIOENCODING": "latin-1"}
    said = subprocess.run([*command, "init", "阿里"], env=poor, capture_output=True, check=True).stdout
    assert rb"\u963f\u91cc/sentinel.toml: written" in said


def test_private_posts_are_left_out_and_counted_unless_asked_for(here: Path) -> None:
    status = {
        "id": "112345678901234567",
        "created_at": "2031-01-01T00:00:00.000Z",
        "uri": "https://example.invalid/users/synth/statuses/112345678901234567",
        "content": "<p>Qwen is great</p>",
        "account": {"id": "7", "acct": "synth", "url": "https://example.invalid/@synth"},
        "reblogs_count": 0,
        "favourites_count": 0,
        "replies_count": 0,
        "visibility": "public",
    }
    private = status | {"id": "112345678901234568", "uri": f"{status['uri']}8", "visibility": "private"}
    (here / "toots.json").write_text(json.dumps([status, private]))
    succeed("collect", "toots.json", "--store", "sqlite:///open.db")
    succeed("collect", "toots.json", "--include-private", "--store", "sqlite:///all.db")
    counts = [
        json.loads(succeed("status", "--json", "--store", f"sqlite:///{name}.db")) for name in ("open", "all")
    ]
    assert [(found["posts"], found["skipped"]) for found in counts] == [(1, 1), (2, 0)]


def test_a_folders_settings_go_to_the_formats_that_take_them(here: Path) -> None:
    (here / "in").mkdir()
    (here / "in" / "a.jsonl").write_text("\n".join(statuses(3)) + "\n")
    entry = "[[collect]]\nuse = 'folder'\npath = 'in'\n"
    (here / "sentinel.toml").write_text(entry + "platform = 'weibo'\n")
    succeed("collect")
    (here / "sentinel.toml").write_text(entry + "platfrom = 'weibo'\n")
    result = sentinel("collect")
    assert result.exit_code == 2
    assert "Did you mean 'platform'" in result.stderr


def test_one_post_of_the_year_1_costs_the_others_nothing(here: Path) -> None:
    lines = ["published,author,score"]
    lines += [f"2031-01-{day:02d}T12:00:00Z,a{i},0.{i}" for day in range(1, 29) for i in range(5)]
    (here / "a.csv").write_text("\n".join(lines) + "\n")
    (here / "b.csv").write_text("\n".join([*lines, "0001-01-01,x,0.5", "9999-12-31,y,0.5"]) + "\n")
    (here / "dates.csv").write_text("date,title\n2031-01-20,Something\n")
    for name in "ab":
        succeed(
            "effects",
            "--posts",
            f"{name}.csv",
            "--announcements",
            "dates.csv",
            "--out",
            f"{name}-effects.csv",
        )
    assert (here / "a-effects.csv").read_bytes() == (here / "b-effects.csv").read_bytes()


def test_the_inbox_waits_for_writers_knows_copies_and_reads_on_in_what_grew(here: Path) -> None:
    (here / "sentinel.toml").write_text("[[collect]]\nuse = 'folder'\npath = 'inbox'\n")
    inbox = here / "inbox"
    inbox.mkdir()
    lines = statuses(30)
    (inbox / "a.jsonl").write_text("\n".join(lines[:10]) + "\n")
    os.utime(inbox / "a.jsonl", (1000, 1000))

    def after_job(settled: int) -> dict[str, Any]:
        succeed("job", "collect", "1", "--settled", settled)
        found: dict[str, Any] = json.loads(succeed("status", "--json"))
        return {name: found[name] for name in ("inputs", "posts", "duplicates", "waiting", "untagged")}

    waits = {"inputs": 0, "posts": 0, "duplicates": 0, "waiting": ["a.jsonl"], "untagged": 0}
    assert after_job(settled=999) == waits
    read = {"inputs": 1, "posts": 10, "duplicates": 0, "waiting": [], "untagged": 0}
    assert after_job(settled=1000) == read
    (inbox / "a.jsonl").rename(inbox / "b.jsonl")
    assert after_job(settled=1000) == read
    (inbox / "b.jsonl").write_text("\n".join(lines) + "\n")
    os.utime(inbox / "b.jsonl", (2000, 2000))
    (inbox / "broken.jsonl").write_bytes(bytes(range(256)) * 10)
    os.utime(inbox / "broken.jsonl", (2000, 2000))
    grown = {"inputs": 3, "posts": 30, "duplicates": 10, "waiting": [], "untagged": 0}
    assert after_job(settled=2000) == grown
    (refused,) = json.loads(succeed("status", "--json"))["refused"]
    assert refused["name"] == "broken.jsonl"

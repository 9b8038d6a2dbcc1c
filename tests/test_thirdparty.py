"""A stranger's plug-ins: found, listed and used like ours, and harmless when they are broken."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sentinel.cli import main
from sentinel.pseudonyms import Pseudonyms

ROOT = Path(__file__).parents[1]
TABBED = ROOT / "docs" / "tabbed"

STRANGER = '''
class Lines:
    """A post a line, after a first line that reads STRANGER."""

    name = "lines"

    def __init__(self, source, shout=False):
        self.source, self.shout = source, shout

    @classmethod
    def sniff(cls, source):
        return 1.0 if source.head.startswith(b"STRANGER") else 0.0

    def read(self, cursor=None):
        from sentinel.ports import Batch

        with self.source.open() as stream:
            texts = [line.decode().strip() for line in stream][1:]
        yield Batch(posts={
            "platform": ["strangers"] * len(texts),
            "post_id": [str(number) for number in range(len(texts))],
            "published": ["2031-02-03T04:05:06Z"] * len(texts),
            "precision": ["second"] * len(texts),
            "author": ["somebody"] * len(texts),
            "kind": ["post"] * len(texts),
            "text": texts,
        })


class Sunny:
    """Everything is fine."""

    name = "sunny"
    version = "7"
    columns = ("label", "score", "p_negative", "p_neutral", "p_positive", "confidence")

    def tag(self, batch):
        n = len(batch["text"])
        return {"label": ["positive"] * n, "score": [1.0] * n, "p_negative": [0.0] * n, "p_neutral": [0.0] * n,
                "p_positive": [1.0] * n, "confidence": [1.0] * n}


class Plain:
    """A page with one number."""

    name = "plain"

    def render(self, results):
        return {"plain.txt": str(results.counts["posts"]).encode()}
'''
ENTRY_POINTS = """
[sentinel.collectors]
lines = stranger:Lines

[sentinel.models]
sunny = stranger:Sunny
broken = stranger_broken:Nothing

[sentinel.dashboards]
plain = stranger:Plain
"""


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """A folder that looks like an installed distribution of somebody else."""
    folder = tmp_path / "elsewhere"
    info = folder / "sentinel_stranger-3.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sentinel-stranger\nVersion: 3.1\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    (folder / "stranger.py").write_text(STRANGER)
    (folder / "stranger_broken.py").write_text("import a_module_that_nobody_has\n")
    return folder


def sentinel(stranger: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command beside the stranger's folder, with it on the path."""
    path = os.pathsep.join(filter(None, [str(stranger), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "sentinel", *arguments]
    return subprocess.run(
        command, cwd=stranger.parent, env=environment, capture_output=True, text=True, check=False
    )


def test_plugins_lists_them_with_their_origin_and_settings(stranger: Path) -> None:
    listed = sentinel(stranger, "plugins")
    assert listed.returncode == 0, listed.stderr
    lines = {words[0]: line for line in listed.stdout.splitlines() if (words := line.split())}
    assert "sentinel-stranger 3.1" in lines["lines"]
    assert "shout" in lines["lines"]
    assert "sentinel-stranger 3.1" in lines["plain"]
    assert "mood-sentinel" in lines["linear"]


def test_a_broken_one_is_named_and_spoils_nothing(stranger: Path) -> None:
    listed = sentinel(stranger, "plugins")
    broken = next(line for line in listed.stdout.splitlines() if line.strip().startswith("broken "))
    assert "a_module_that_nobody_has" in broken
    asked_for = sentinel(stranger, "explain", "--use", "broken", "Qwen is great")
    assert asked_for.returncode == 1
    assert "'broken'" in asked_for.stderr
    assert "a_module_that_nobody_has" in asked_for.stderr
    assert "Traceback" not in asked_for.stderr


def test_a_strangers_format_is_recognised(stranger: Path) -> None:
    export = stranger.parent / "export.txt"
    export.write_text("STRANGER\nQwen is great\nAlibaba Cloud is slow\n")
    sniffed = sentinel(stranger, "sniff", str(export))
    assert sniffed.returncode == 0, sniffed.stderr
    assert "lines" in sniffed.stdout
    assert "2" in sniffed.stdout


def test_a_strangers_model_tags(stranger: Path) -> None:
    posts = stranger.parent / "posts.csv"
    posts.write_text("text\nQwen is terrible\n")
    tagged = stranger.parent / "tagged.csv"
    done = sentinel(stranger, "tag", "--in", str(posts), "--out", str(tagged), "--use", "sunny")
    assert done.returncode == 0, done.stderr
    with tagged.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["text"], row["label"], float(row["score"])) == ("Qwen is terrible", "positive", 1.0)


def test_the_whole_job_runs_on_a_strangers_parts(stranger: Path) -> None:
    folder = stranger.parent
    (folder / "export.txt").write_text("STRANGER\nQwen is great\nAlibaba Cloud is slow\n")
    (folder / "sentinel.toml").write_text(
        '[[tag]]\nuse = "sunny"\n[[report]]\nuse = "plain"\nout = "made/"\n'
    )
    done = sentinel(stranger, "run", "export.txt")
    assert done.returncode == 0, done.stderr
    assert (folder / "made" / "plain.txt").read_text() == "2"
    with (folder / "made" / "posts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["platform"], row["model"]) for row in rows] == [("strangers", "sunny 7")] * 2


def test_a_name_that_two_distributions_register_is_refused(stranger: Path) -> None:
    info = stranger / "sentinel_rival-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sentinel-rival\nVersion: 0.1\n")
    (info / "entry_points.txt").write_text("[sentinel.models]\nsunny = stranger:Plain\n")
    refused = sentinel(stranger, "explain", "--use", "sunny", "Qwen is great")
    assert refused.returncode == 1
    assert "sentinel-rival 0.1" in refused.stderr
    assert "sentinel-stranger 3.1" in refused.stderr


# -- the collector of docs/plugins.md, installed as its pyproject.toml says -----------------------------------


@pytest.fixture
def tabbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of somebody who has installed docs/tabbed."""
    project = tomllib.loads((TABBED / "pyproject.toml").read_text())["project"]
    site = tmp_path / "site"
    info = site / f"sentinel_tabbed-{project['version']}.dist-info"
    info.mkdir(parents=True)
    stated = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(stated)
    groups = project["entry-points"].items()
    lines = [f"[{group}]\n" + "\n".join(f"{k} = {v}" for k, v in names.items()) for group, names in groups]
    (info / "entry_points.txt").write_text("\n".join(lines))
    shutil.copy(TABBED / "sentinel_tabbed.py", site)
    here = tmp_path / "here"
    here.mkdir()
    shutil.copy(TABBED / "example.tabbed", here)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.chdir(here)
    return here


def called(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_the_documents_show_its_files_as_they_are() -> None:
    shown = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    for name, language in (("sentinel_tabbed.py", "python"), ("pyproject.toml", "toml")):
        assert f"```{language}\n{(TABBED / name).read_text()}```" in shown


def test_a_collector_in_ten_lines_has_ten() -> None:
    lines = (TABBED / "sentinel_tabbed.py").read_text().splitlines()
    assert len([line for line in lines if line.strip()]) == 10


def test_it_is_listed(tabbed: Path) -> None:
    listed = called("plugins")
    assert re.search(r"^  tabbed +sentinel-tabbed 1\.0 +-$", listed.output, flags=re.MULTILINE)


def test_it_is_checked_and_passes_all_that_concerns_it(tabbed: Path) -> None:
    checked = called("check-plugin", "tabbed", "example.tabbed")
    assert checked.exit_code == 0, checked.output
    head, *lines = checked.output.splitlines()
    assert "sentinel-tabbed 1.0" in head
    assert len(lines) >= 12
    others = [line for line in lines if not line.startswith("  passed ")]
    assert [line.split(":")[0] for line in others] == [
        "  not applicable  finds exports of several files",
        "  not applicable  keeps the mark of generated posts",
    ]


def test_it_is_used(tabbed: Path) -> None:
    done = called("run", "example.tabbed")
    assert done.exit_code == 0, done.output
    with (tabbed / "report" / "posts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    ada, bob = (Pseudonyms().of("tabbed", f"synth_{name}") for name in ("ada", "bob"))
    assert [(row["platform"], row["author"], row["precision"]) for row in rows] == [
        ("tabbed", ada, "second"),
        ("tabbed", bob, "second"),
        ("tabbed", ada, "day"),
    ]


@pytest.mark.parametrize(("n_sound", "asked"), [(98, True), (300, False)])
def test_a_change_of_its_shape_is_asked_about_beyond_one_percent(
    tabbed: Path, n_sound: int, asked: bool
) -> None:
    sound = "".join(f"2031-04-19T01:02:{i % 60:02}Z\tsynth_{i}\tQwen is fine\n" for i in range(n_sound))
    (tabbed / "changed.tabbed").write_text(
        f"#tabbed\n{sound}2031-04-19;synth_ada;Qwen\n19.4.2031\tsynth_ada\tQwen\n"
    )
    done = called("collect", "changed.tabbed")
    assert done.exit_code == 0
    assert f"2 of {n_sound + 3:,} rows could not be read" in done.stderr
    assert f"line {n_sound + 2}: not of the expected shape" in done.stderr
    assert ("has its format changed" in done.stderr) == asked


def test_a_plugin_that_breaks_its_contract_fails_with_one_line(tabbed: Path) -> None:
    module = tabbed.parent / "site" / "sentinel_untabbed.py"
    module.write_text((TABBED / "sentinel_tabbed.py").read_text().replace('"#tabbed"', '""'))
    entry_points = next(module.parent.glob("*.dist-info")) / "entry_points.txt"
    entry_points.write_text("[sentinel.collectors]\nuntabbed = sentinel_untabbed:Tabbed\n")
    checked = called("check-plugin", "untabbed", "example.tabbed")
    assert checked.exit_code == 1
    assert "failed          goes by the name it is registered under" in checked.output
    assert "failed          claims nothing without posts" in checked.output
    assert re.fullmatch(r"sentinel: plug-in 'untabbed' fails \d of \d\d checks\n", checked.stderr)


def test_an_unknown_plugin_is_answered_with_those_that_are_there(tabbed: Path) -> None:
    for arguments in (["tabed"], ["tabed", "--kind", "collectors"]):
        unknown = called("check-plugin", *arguments)
        assert unknown.exit_code == 2
        assert "weibo_search_csv" in unknown.stderr
        assert "Did you mean 'tabbed'" in unknown.stderr
    assert called("check-plugin", "tabbed", "--kind", "models").exit_code == 2


def test_exports_are_for_formats(tabbed: Path) -> None:
    refused = called("check-plugin", "vader", "example.tabbed")
    assert refused.exit_code == 2
    assert "reads no files" in refused.stderr


def test_a_live_source_is_made_from_the_settings_file(tabbed: Path) -> None:
    without = called("check-plugin", "live_rss")
    assert "not applicable  is made from its settings" in without.output
    (tabbed / "sentinel.toml").write_text(
        '[[collect]]\nuse = "live_rss"\nevery = "1 h"\nurl = "https://feed.invalid"\n'
    )
    checked = called("check-plugin", "live_rss")
    assert checked.exit_code == 0
    assert "passed          is made from its settings" in checked.output

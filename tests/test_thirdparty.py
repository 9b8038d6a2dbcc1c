"""A stranger's plug-ins: found, listed and used like ours, and harmless when they are broken."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    environment = os.environ | {"PYTHONPATH": str(stranger), "PYTHONUTF8": "1"}
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

"""The whole job, over both kinds of database, gives the same files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from sentinel.cli import main


def sentinel(*arguments: str) -> Any:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def statuses() -> list[dict[str, Any]]:
    texts = (
        "Qwen3 is great",
        "通义千问太棒了",
        "Qwen is a disappointment",
        "$BABA to the moon",
        "qwen3 IS great!",
        "=1+1",
    )
    return [
        {
            "id_str": str(1_916_966_000_000_000_000 + number),
            "created_at": f"Mon Apr {1 + number % 28:02d} {number % 24:02d}:03:11 +0000 2025",
            "full_text": f"{texts[number % 6]} {'abcdefgh'[number % 8]}",
            "user": {"id_str": str(900 + number % 17), "screen_name": f"Synth_{number % 17}"},
            "favorite_count": number % 5,
        }
        for number in range(300)
    ]


def test_both_kinds_give_the_same_files(
    new_sqlite_url: Callable[[], str], new_postgres_url: Callable[[], str], tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(statuses()[:200]))
    (tmp_path / "b.json").write_text(json.dumps(statuses()[150:]))
    said = []
    for name, url in (("sqlite", new_sqlite_url()), ("postgres", new_postgres_url())):
        out = str(tmp_path / name)
        for export in ("a.json", "b.json"):
            sentinel("collect", str(tmp_path / export), "--store", url)
        sentinel("tag", "--store", url)
        sentinel("erase", "--author", "synth_3", "--store", url)
        sentinel("erase", "--before", "2025-04-03", "--store", url)
        sentinel("report", "-o", out, "--store", url)
        sentinel("check", "-o", out, "--store", url)
        status = json.loads(sentinel("status", "--json", "--store", url).output)
        said.append(
            {key: status[key] for key in ("rows", "posts", "duplicates", "rejects", "skipped", "untagged")}
        )
    assert said[0] == said[1]
    assert said[0]["rows"] == 350
    names = sorted(path.name for path in (tmp_path / "sqlite").iterdir())
    assert sorted(path.name for path in (tmp_path / "postgres").iterdir()) == names
    for name in names:
        assert (tmp_path / "sqlite" / name).read_bytes() == (tmp_path / "postgres" / name).read_bytes(), name

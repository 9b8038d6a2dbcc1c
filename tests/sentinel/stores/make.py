"""Write a small store as this version makes it: `python tests/sentinel/stores/make.py`, once for each release.

The SQL goes into schema-N.sqlite.sql and, where a PostgreSQL server is named, schema-N.postgres.sql, and is
never changed afterwards: `test_migrations.py` opens each of them with the newest version.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from sentinel.ports import Batch, Reject
from sentinel.post import TAG_COLUMNS, columns_of
from sentinel.store import Store
from sentinel.store.schema import SCHEMA_VERSION

HERE = Path(__file__).parent
TEXTS = ("Qwen3 is out", "quite a model", "QWEN3 is out!", "", "=1+1 通义千问", "RT @synth_0: Qwen3…")


def posts() -> list[dict[str, object]]:
    """Six posts: a near-copy, an undated one, a cut repost among them."""
    found: list[dict[str, object]] = [
        {
            "platform": "x",
            "post_id": str(1_000_000_000_000_000_000 + number),
            "published": None if number == 3 else f"2031-03-0{number + 1}T17:30:00Z",
            "precision": "none" if number == 3 else "second",
            "author": f"synth_{number}",
            "author_id": str(number),
            "kind": "post",
            "text": text,
            "likes": number,
        }
        for number, text in enumerate(TEXTS)
    ]
    found[2]["published"] = "2031-03-01T18:00:00Z"
    found[5] |= {"kind": "repost", "repost_of": "1000000000000000000"}
    return found


def fill(store: Store) -> None:
    """Two files, one refused file, a live source, tags and a job."""
    rows = posts()
    files = {
        "a.jsonl": Batch(
            columns_of(rows[:4]),
            rejects=[Reject("line 5", "no id", '{"text": "synth_9"}')],
            skipped={"deleted": 2},
            warnings={"id repaired": 1},
        ),
        "b.jsonl": Batch(columns_of(rows[3:])),
    }
    for name, batch in files.items():
        number = store.begin_input(name * 8, name, "test", 10)
        assert number is not None
        store.add(number, batch)
        store.end_input(number)
    refused = store.begin_input("c" * 64, "c.bin", "", 3)
    assert refused is not None
    store.end_input(refused, refused="c.bin is of no known format")
    live, _ = store.live_input("live_test", "live_test", "")
    store.add(live, Batch(columns_of([rows[0] | {"platform": "mastodon"}]), cursor='{"after": 7}'))
    store.end_input(live)
    store.clean()
    for numbers, ranks, columns in store.untagged("test 1"):
        tags: dict[str, list[object]] = {name: [None] * len(numbers) for name in TAG_COLUMNS}
        tags["lang"] = ["en"] * len(numbers)
        tags["about"] = [0.75] * len(numbers)
        tags["spam"] = [0.25] * len(numbers)
        tags["label"] = ["unscored" if not text else "positive" for text in columns["text"]]
        tags["score"] = [None if not text else 0.5 for text in columns["text"]]
        store.add_tags("test 1", numbers, ranks, tags)
    store.remember_job("collect 1 folder", succeeded="2031-03-08T00:00:00Z", failures=0)


def main() -> None:
    """Write both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", metavar="URL", help="an empty database")
    parser.add_argument("--pg-dump", default="pg_dump", help="the program of that server's version")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        store = Store(f"sqlite:///{path}")
        fill(store)
        store.close()
        connection = sqlite3.connect(path)
        lines = "\n".join(connection.iterdump()) + "\n"
        connection.close()
        (HERE / f"schema-{SCHEMA_VERSION}.sqlite.sql").write_text(lines, encoding="utf-8")
    if given.postgres:
        store = Store(given.postgres)
        fill(store)
        store.close()
        address = given.postgres.replace("+psycopg", "")
        command = [given.pg_dump, "--inserts", "--no-owner", "--no-privileges", address]
        dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        # Psql's own commands and the server's settings are no part of the store.
        kept = re.sub(r"^(\\.*|SET .*|SELECT pg_catalog\.set_config.*|--.*|)\n", "", dumped, flags=re.M)
        (HERE / f"schema-{SCHEMA_VERSION}.postgres.sql").write_text(kept, encoding="utf-8")


if __name__ == "__main__":
    main()

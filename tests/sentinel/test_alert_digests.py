"""Whatever happens between two pushes of a digest, each event reaches its destination, and once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sentinel import alerts
from sentinel.console import Console
from sentinel.settings import Settings
from sentinel.store import Store

START = datetime(2031, 6, 1, tzinfo=UTC)
QUIET = Console(quiet=True)
#: What happens in the minutes before a look: jobs that begin to fail, whether the destination is away, a restart.
STEPS = st.lists(
    st.tuples(st.integers(1, 400), st.sets(st.integers(0, 30), max_size=3), st.booleans(), st.booleans()),
    min_size=1,
    max_size=14,
)


def told(path: Path) -> Counter[str]:
    lines = path.read_text().splitlines() if path.is_file() else []
    return Counter(json.loads(line)["text"].split()[1] for line in lines)


@pytest.mark.parametrize("digest", [{"at": "08:00", "zone": "UTC"}, {"every": "6 h"}, {}], ids=str)
@given(steps=STEPS)
@effort(max_examples=12, deadline=None)
def test_each_event_arrives_once(
    digest: dict[str, str], steps: list[tuple[int, set[int], bool, bool]]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        url, path = f"sqlite:///{folder / 'a.db'}", folder / "alerts.jsonl"
        chosen = Settings.model_validate(
            {"alert": [{"when": "1 failures in a row", "to": str(path), **digest}]}
        )
        store, now, failed = Store(url), START, set()
        for minutes, jobs, away, restarted in steps:
            now += timedelta(minutes=minutes)
            for job in jobs:
                store.remember_job(f"job{job}", failures=1, message="no")
            failed |= jobs
            shown = told(path)
            kept = path.read_bytes() if path.is_file() else b""
            if away:
                path.unlink(missing_ok=True)
                path.mkdir()
            alerts.look(store, chosen, now, QUIET)
            if away:
                path.rmdir()
                path.write_bytes(kept)
            assert told(path) >= shown
            assert max(told(path).values(), default=0) <= 1
            if restarted:
                store.close()
                store = Store(url)
        alerts.look(store, chosen, now + timedelta(days=2), QUIET)
        assert told(path) == Counter(f"job{job}" for job in failed)
        assert not store.unsent()
        store.close()

from __future__ import annotations

from typing import Any

import pytest
from sentinel_collectors.counts import count


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (3, 3),
        (0, 0),
        (-3, -3),
        (3.0, 3),
        ("3", 3),
        (" 12.0 ", 12),
        ("1,234", 1234),
        ("1.2K", 1200),
        ("3M", 3_000_000),
        ("1.2万", 12_000),
        ("100万+", 1_000_000),
        ("1.5亿", 150_000_000),
        ("", None),
        ("-", None),
        ("N/A", None),
        ("3 likes", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        ("9" * 400, None),
        ([], None),
        ({}, None),
    ],
)
def test_count(written: Any, expected: int | None) -> None:
    assert count(written) == expected

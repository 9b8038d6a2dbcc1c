from __future__ import annotations

import pytest
from sentinel_collectors.live_limits import answered, retry_after, spent, until_reset

NOON = {"date": "Mon, 23 Nov 2026 12:00:00 GMT"}


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Mon, 23 Nov 2026 12:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),  # over by now
        ("Monday", None),
        ("", None),
        ("-5", None),
        ("nan", None),
        ("1e999", None),
    ],
)
def test_retry_after(stated: str, seconds: float | None) -> None:
    assert retry_after({**NOON, "retry-after": stated}) == seconds


def test_a_time_says_nothing_without_the_clock_of_the_service() -> None:
    assert retry_after({"retry-after": "Mon, 23 Nov 2026 12:02:00 GMT"}) is None
    assert retry_after({"date": "yesterday", "retry-after": "Mon, 23 Nov 2026 12:02:00 GMT"}) is None
    assert until_reset({"x-rate-limit-reset": "1795435230"}) is None
    assert retry_after({"retry-after": "9"}) == 9
    assert retry_after(NOON) is None


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("x-rate-limit-reset", "1795435230"),
        ("x-ratelimit-reset", "30"),
        ("x-ratelimit-reset", "2026-11-23T12:00:30.000000Z"),
        ("ratelimit-reset", "1795435230"),
    ],
)
def test_until_reset(name: str, stated: str) -> None:
    assert until_reset({**NOON, name: stated}) == 30


@pytest.mark.parametrize(
    ("headers", "over"),
    [
        ({}, False),
        ({"x-rate-limit-remaining": "0"}, True),
        ({"x-ratelimit-remaining": "0.0"}, True),
        ({"x-ratelimit-remaining": "59.0"}, False),
        ({"ratelimit-remaining": "1"}, False),
        ({"ratelimit-remaining": "many"}, False),
    ],
)
def test_spent(headers: dict[str, str], over: bool) -> None:
    assert spent(headers) == over


def test_answered() -> None:
    assert answered(NOON) == ("2026-11-23T12:00:00Z", "second")
    assert answered({})[0] is None

"""Exact properties of p, interval and family, with ties and few placebos."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sentinel.families import benjamini_hochberg
from sentinel.placebo import judge, nearby

sizes = st.lists(st.integers(0, 40), min_size=1, max_size=400)  # integers, so that ties are common


@settings(max_examples=300, derandomize=True, deadline=None)
@given(sizes=sizes, event=st.integers(-45, 45), length=st.integers(1, 7), data=st.data())
def test_p_is_at_most_5_percent_exactly_where_the_interval_leaves_out_0(
    sizes: list[int], event: int, length: int, data: st.DataObject
) -> None:
    signs = data.draw(st.lists(st.sampled_from([-1, 1]), min_size=len(sizes), max_size=len(sizes)))
    z = np.array(sizes) * np.array(signs) / 7
    found = judge(z, np.ones((1, len(z)), dtype=bool), np.array([event / 7]), length)
    assert found.independent[0] == len(z) / length
    if found.independent[0] < 19:
        assert np.isnan(found.p[0])
        assert np.isnan(found.critical[0])
        return
    p, critical = found.p[0], found.critical[0]
    assert 1 / (found.independent[0] + 1) <= p <= 1
    low, high = event / 7 - critical, event / 7 + critical
    assert (p <= 0.05) == (low > 0 or high < 0)


def test_p_is_the_share_of_placebos_as_large_with_the_event_counted_as_one() -> None:
    z = np.arange(1, 61) / 10  # 60 placebos of 3 days: 20 independent ones; 6 of them at least 5.5
    found = judge(z, np.ones((1, 60), dtype=bool), np.array([-5.5]), 3)
    assert found.p[0] == pytest.approx((1 + 20 * 6 / 60) / (1 + 20))


def test_too_few_placebos_give_no_p() -> None:
    found = judge(np.ones(56), np.ones((1, 56), dtype=bool), np.array([9.0]), 3)
    assert np.isnan(found.p[0])
    assert found.placebos[0] == 56


def test_each_event_has_its_own_placebos() -> None:
    z = np.linspace(0, 5, 100)
    admissible = np.ones((2, 100), dtype=bool)
    admissible[1, 50:] = False
    found = judge(z, admissible, np.array([3.0, 3.0]), 1)
    assert found.placebos.tolist() == [100, 50]
    assert found.p[0] > found.p[1] == pytest.approx(1 / 51)


def test_placebos_of_the_same_year_are_preferred_if_there_are_sixty() -> None:
    dates = np.arange(0, 1000)
    chosen = nearby(np.ones((1, 1000), dtype=bool), dates, np.array([900]))
    assert dates[chosen[0]].min() == 535
    few = np.zeros((1, 1000), dtype=bool)
    few[0, :500] = few[0, 900:930] = True
    assert nearby(few, dates, np.array([950]))[0].sum() == 530


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=60))
def test_q_values_are_those_of_scipy(p: list[float]) -> None:
    expected = stats.false_discovery_control(p)
    assert benjamini_hochberg(np.array(p)) == pytest.approx(expected)


def test_no_p_values_have_no_q_values() -> None:
    assert len(benjamini_hochberg(np.array([]))) == 0


def test_past_the_largest_placebo_p_is_extrapolated_and_nowhere_else() -> None:
    rng = np.random.default_rng(0)
    z = rng.normal(0, 1, 3000)
    found = judge(z, np.ones((3, 3000), dtype=bool), np.array([1.0, 4.0, 5.0]), 3)
    assert np.isnan(found.beyond[0])
    assert found.beyond[2] < found.beyond[1] < found.p[1] == found.p[2]
    assert found.beyond[2] > 2 * stats.norm.sf(5.0)  # heavier than the tail that made them


def test_extrapolation_is_the_more_careful_the_fewer_placebos_there_are() -> None:
    z = np.tile(np.linspace(0, 3, 60), 10)
    many = judge(z, np.ones((1, 600), dtype=bool), np.array([6.0]), 1)
    few = judge(z[:60], np.ones((1, 60), dtype=bool), np.array([6.0]), 1)
    assert many.beyond[0] < few.beyond[0] <= few.p[0]

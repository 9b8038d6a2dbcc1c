"""Sums of weights, four columns at once: the same as one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from sentinel_models.packed import Packed, added

BITS = 10


@pytest.mark.parametrize("n_columns", [1, 2, 4, 5, 11, 14, 18])
@pytest.mark.parametrize("n_kinds", [1, 2, 4])
@pytest.mark.parametrize("n_rows", [1 << BITS, 1 << (BITS - 3)])
def test_sums_are_those_of_the_weights_one_by_one(n_columns: int, n_kinds: int, n_rows: int) -> None:
    draw = np.random.default_rng(3)
    weights = draw.integers(-128, 128, (n_rows, n_columns)).astype(np.int8)
    weights[:9] = [
        [-128],
        [127],
        [-128],
        [127],
        [0],
        [-128],
        [127],
        [-1],
        [1],
    ]  # the least and the most together
    sizes = np.array([0, 1, 63, 64, 65, 127, 128, 0, 1_000, 20_000, 2, *draw.integers(0, 90, 300)])
    ends = np.append(0, np.cumsum(sizes))
    kinds = draw.integers(0, (1 << BITS) + 1, (n_kinds, ends[-1])).astype(np.int32)
    kinds[:, : ends[6]] = 0  # the least: a row of -128
    kinds[:, ends[6] : ends[9]] = 9 * (1 << BITS) // n_rows - 1
    padded = np.vstack([weights, np.zeros((1, n_columns), np.int8)]).astype(np.int64)
    each = padded[kinds >> (BITS - (n_rows.bit_length() - 1))]
    expected = [each[:, start:end].sum(axis=(0, 1)) for start, end in itertools.pairwise(ends)]
    packed = Packed(weights, BITS)
    assert np.array_equal(packed.sums(list(kinds), ends), expected)
    assert np.array_equal(packed.of(kinds[0]), each[0])
    assert np.array_equal(
        added(kinds[0] >> (BITS - (n_rows.bit_length() - 1)), ends, padded), packed.sums(kinds[:1], ends)
    )


def test_there_is_nothing_to_add_up() -> None:
    packed = Packed(np.ones((4, 5), np.int8), 2)
    assert packed.sums([np.empty(0, np.int64)], np.zeros(1, np.int64)).shape == (0, 5)
    assert packed.sums([np.empty(0, np.int64)], np.zeros(3, np.int64)).tolist() == [[0] * 5] * 2


def test_weights_of_more_than_a_byte_are_refused() -> None:
    with pytest.raises(ValueError, match="expected int8"):
        Packed(np.ones((4, 5), np.int16), 2)

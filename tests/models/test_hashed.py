from __future__ import annotations

import numpy as np
from sentinel_models.hashed import Hashed


def test_hashes_get_numbers_in_their_order() -> None:
    table = Hashed()
    hashes = np.random.default_rng(1).integers(1, 1 << 63, 50_000, dtype=np.uint64)
    hashes = np.unique(hashes)[np.random.default_rng(2).permutation(len(np.unique(hashes)))]
    for first in range(0, len(hashes), 7_000):  # grows several times
        part = hashes[first : first + 7_000]
        assert (table.find(part) == -1).all()
        table.add(part)
    assert len(table) == len(hashes)
    assert table.find(hashes).tolist() == list(range(len(hashes)))


def test_hashes_that_want_the_same_place_are_told_apart() -> None:
    table = Hashed()
    alike = (np.uint64(0xFFFF) << np.uint64(48)) | np.arange(
        1, 2_001, dtype=np.uint64
    )  # the last place, and on
    table.add(alike[:1_000])
    assert table.find(alike[:1_000]).tolist() == list(range(1_000))
    assert set(table.find(alike[1_000:]).tolist()) == {-1}
    table.add(alike[1_000:])
    assert table.find(alike).tolist() == list(range(2_000))


def test_nothing_is_found_of_nothing() -> None:
    table = Hashed()
    none = np.empty(0, np.uint64)
    table.add(none)
    assert len(table) == 0
    assert table.find(none).tolist() == []

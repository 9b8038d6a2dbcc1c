"""What is told beside the effects reaches Results and the CSV files, whole and explained."""

from __future__ import annotations

import pandas as pd
import pytest

from sentinel.attention import ATTENTION_COLUMNS
from sentinel.changepoints import CHANGE_COLUMNS
from sentinel.composition import COMPOSITION_COLUMNS
from sentinel.conformance_material import Material
from sentinel.control import CONTROL_COLUMNS
from sentinel.export import data_dictionary
from sentinel.pooled import POOLED_COLUMNS
from sentinel.results import Results
from sentinel.side_tables import SIDE_FILES, side_tables
from sentinel.typed_table import rounded

TABLES = {
    "attention": ATTENTION_COLUMNS,
    "composition": COMPOSITION_COLUMNS,
    "control": CONTROL_COLUMNS,
    "pooled": POOLED_COLUMNS,
    "changes": CHANGE_COLUMNS,
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Material(tmp_path_factory.mktemp("material")).results


@pytest.mark.parametrize("name", TABLES)
def test_a_report_holds_what_is_told_beside_the_effects(name: str, results: Results) -> None:
    table = getattr(results, name)
    assert tuple(table.columns) == TABLES[name]
    if "cluster" in table.columns:
        known = set(results.effects["cluster"])
        assert set(table["cluster"]) <= known


def test_announcements_in_reach_have_their_attention(results: Results) -> None:
    tested = results.effects[(results.effects["scope"] == "all") & results.effects["effect"].notna()]
    primary = tested[(tested["window"] == "reaction") & (tested["importance"] == 3)]
    assert len(primary)
    assert set(primary["cluster"]) <= set(results.attention["cluster"])
    assert results.attention["ratio"].notna().any()
    assert results.change_match["announcements"]


def test_tables_are_optional_for_who_makes_results(results: Results) -> None:
    older = {
        name: getattr(results, name)
        for name in Results.__dataclass_fields__
        if name not in (*TABLES, "change_match", "change_posts")
    }
    bare = Results(**older)
    for name, columns in TABLES.items():
        assert tuple(getattr(bare, name).columns) == columns
        assert getattr(bare, name).empty
    assert list(side_tables(bare)) == list(SIDE_FILES)
    assert len(side_tables(bare)["clusters.csv"]) == results.effects["cluster"].nunique()


def test_one_row_a_cluster_holds_all_of_it(results: Results) -> None:
    table = side_tables(results)["clusters.csv"]
    assert table["cluster"].is_unique
    found = table.set_index("cluster")["attention_ratio"].dropna()
    expected = results.attention.set_index("cluster")["ratio"].dropna()
    pd.testing.assert_series_equal(found, expected, check_names=False, check_index_type=False)


def test_every_column_of_these_files_is_explained(results: Results) -> None:
    for name, table in side_tables(results).items():
        lines = data_dictionary({name: list(table.columns)}).splitlines()
        assert not [line for line in lines if line.endswith("|  |")], name


def test_rounding_keeps_six_digits_and_gaps() -> None:
    table = rounded(pd.DataFrame({"p": [0.123456789, None], "n": [1, 2], "name": ["a", "b"]}))
    assert table["p"].iloc[0] == 0.123457
    assert pd.isna(table["p"].iloc[1])
    assert table["n"].tolist() == [1, 2]

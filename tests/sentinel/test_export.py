from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.effects import EFFECT_COLUMNS
from sentinel.errors import SentinelError
from sentinel.export import POSTS_CSV, data_dictionary, guard, unguard, write_csv, write_frame, write_rows


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-2", "@cmd", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "'=1", "''-1"]
)
def test_cells_that_a_spreadsheet_would_execute_are_guarded(cell: str) -> None:
    assert guard(cell) == "'" + cell


@given(st.text())
def test_guarding_can_be_undone(cell: str) -> None:
    assert unguard(guard(cell)) == cell


@given(st.text())
def test_a_guarded_cell_never_begins_like_a_formula(cell: str) -> None:
    assert not guard(cell).startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def test_numbers_are_never_guarded_and_missing_is_empty(tmp_path: Path) -> None:
    rows = [(-1, -0.5, None, float("nan"), "NA", "-1")]
    write_csv(tmp_path / "a.csv", list("abcdef"), rows)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "a,b,c,d,e,f\n-1,-0.5,,,NA,'-1\n"


def test_numbers_of_numpy_are_written_as_others(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"x": np.array([np.float64(0.1), np.int64(3), np.float64("nan"), None], dtype=object)}
    )
    write_frame(tmp_path / "a.csv", frame.assign(y=1))
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "x,y\n0.1,1\n3,1\n,1\n,1\n"


def test_line_breaks_and_quotes_survive(tmp_path: Path) -> None:
    texts = ['a\r\nb "c", d\n\U0001f600', "a\rb", "ends in\r", "\n"]
    write_csv(tmp_path / "a.csv", ["text", "n"], [(text, 1) for text in texts], raw=True)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == [["text", "n"], *([text, "1"] for text in texts)]
    assert (tmp_path / "a.csv").read_bytes().startswith(b"text,n\n")


def test_a_file_that_cannot_be_finished_leaves_the_old_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["n"], [(1,)])

    def breaking() -> object:
        yield (2,)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        write_csv(path, ["n"], breaking())  # type: ignore[arg-type]
    assert path.read_text() == "n\n1\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SentinelError, match="cannot be written"):
        write_csv(tmp_path / "file" / "a.csv", ["n"], [])


@pytest.mark.parametrize(("name", "columns"), [("posts.csv", POSTS_CSV), ("effects.csv", EFFECT_COLUMNS)])
def test_the_dictionary_knows_every_column(name: str, columns: tuple[str, ...]) -> None:
    lines = data_dictionary({name: columns}).splitlines()
    described = [line for line in lines if line.startswith("| ") and not line.endswith("|  |")]
    assert len(described) == len(columns) + 1


_CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(alphabet='ab,"\r\n =\u4e00', max_size=6)
)


@given(st.integers(1, 3).flatmap(lambda width: st.lists(st.lists(_CELLS, min_size=width, max_size=width))))
def test_rows_are_written_as_csv_writes_them(rows: list[list[object]]) -> None:
    ours, theirs = io.StringIO(), io.StringIO()
    header = ["x"] * len(rows[0]) if rows else ["x"]
    assert write_rows(ours, header, rows, raw=True) == len(rows)
    writer = csv.writer(theirs, lineterminator="\r\n")
    for row in rows:
        writer.writerow(
            ["" if cell != cell else 0.0 if cell == 0.0 and isinstance(cell, float) else cell for cell in row]
        )
    expected = list(csv.reader(io.StringIO(theirs.getvalue(), newline="")))
    assert list(csv.reader(io.StringIO(ours.getvalue(), newline="")))[1:] == expected


@pytest.mark.parametrize(
    "rows",
    [
        [(None, None, "a", None), (None, None, "", None)],
        [(None, None), (None, None)],
        [(1, None, 2.5), (True, None, -0.0)],
        [("a", None, None, "b", None, None, None)],
        [("=a", None, "b,c"), (None, None, "d"), ("'e", None, None)],
        [(None,), ("a",)],
        [("a", "b"), ("＝", "c"), ("d\te", "\te")],
    ],
)
def test_empty_columns_are_written_as_cells_are(tmp_path: Path, rows: list[tuple[object, ...]]) -> None:
    header = [f"c{at}" for at in range(len(rows[0]))]
    write_csv(tmp_path / "a.csv", header, rows)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream)) == [header, *[[shown(value) for value in row] for row in rows]]


def shown(value: object) -> str:
    if isinstance(value, str):
        return guard(value)
    return "" if value is None else str(abs(value) if value == 0 else value)

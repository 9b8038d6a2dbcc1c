from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sentinel_collectors.tables import find_table, table_rows

from sentinel.lines import Broken
from sentinel.source import Source


def read(tmp_path: Path, text: str | bytes) -> tuple[list[str], list[tuple[str, Any]]]:
    path = tmp_path / "a.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    source = Source.of_file(path)
    table = find_table(source)
    assert table is not None
    return table.header, list(table_rows(source, table))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    rows = [["id", "text", "date"], ["a1", "one, two; three", "2025-04-28"], ["a2", "four", "2025-04-29"]]
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows) + end
    header, found = read(tmp_path, text)
    assert header == rows[0]
    assert found == [("line 2", rows[1]), ("line 3", rows[2])]


def test_line_breaks_in_cells_and_positions(tmp_path: Path) -> None:
    _, found = read(tmp_path, 'id,text\na1,"two\nlines"\n\na2,"a ""quoted"" word"\n')
    assert found == [("line 2", ["a1", "two\nlines"]), ("line 5", ["a2", 'a "quoted" word'])]


def test_backslashes_before_quotes(tmp_path: Path) -> None:
    _, found = read(tmp_path, 'id,text,date\na1,"a \\"quoted\\", word",2025-04-28\n')
    assert found == [("line 2", ["a1", 'a "quoted", word', "2025-04-28"])]


def test_preamble_of_a_vendor(tmp_path: Path) -> None:
    header, found = read(
        tmp_path, "Report:,Mentions\nFrom:,2025-04-01\n\nDate,Author,Full Text\n2025-04-28,ada,x\n"
    )
    assert header == ["Date", "Author", "Full Text"]
    assert found == [("line 5", ["2025-04-28", "ada", "x"])]


def test_header_names_are_unique_and_filled(tmp_path: Path) -> None:
    header, _ = read(tmp_path, ",id,text,text\n0,a1,x,y\n")
    assert header == ["column 1", "id", "text", "text'"]


def test_missing_cells_at_the_end(tmp_path: Path) -> None:
    ragged = "id,text,lang,url\n" + "a1,x\n" * 3 + "a2,y,en,u\n" * 3
    _, found = read(tmp_path, ragged)
    assert found[0] == ("line 2", ["a1", "x", "", ""])
    regular = "id,text,lang,url\n" + "a2,y,en,u\n" * 99 + "a1,x\n"
    _, found = read(tmp_path, regular)
    assert found[-1] == ("line 101", Broken("2 cells where the header has 4", "a1,x\n"))


def test_open_quotes_cost_their_own_line_only(tmp_path: Path) -> None:
    rows = [f"a{n},text number {n},2025-04-28" for n in range(5000)]
    rows[10] = 'a10,"never closed,2025-04-28'
    rows[4990] = 'a4990,"nor this,2025-04-28'
    _, found = read(tmp_path, "id,text,date\n" + "\n".join(rows) + "\n")
    broken = [position for position, cells in found if isinstance(cells, Broken)]
    assert broken == ["line 12", "line 4992"]
    assert len(found) == 5000


def test_a_file_of_nothing_but_open_quotes_ends(tmp_path: Path) -> None:
    _, found = read(
        tmp_path, "id,text,date\n" + "a1,fine and well,2025-04-28\n" * 200 + 'a2,"open,2025\n' * 20_001
    )
    assert len(found) > 200


@pytest.mark.parametrize(
    "text", ["", "just some prose\nwithout any columns\n", '{"id": 1, "text": "x"}\n', "<a>,<b>\n"]
)
def test_what_is_no_table(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text)
    assert find_table(Source.of_file(path)) is None


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_line_that_names_the_separator_is_no_row(tmp_path: Path, first: str) -> None:
    rows = [("line 3", ["a, b, c", "1"]), ("line 4", ["d, e, f", "2"])]
    assert read(tmp_path, f"{first}\r\ntext;foo\r\na, b, c;1\r\nd, e, f;2\r\n") == (["text", "foo"], rows)
    header, found = read(tmp_path, f"{first}\n1;five words, and no header here\n2;d, e, f\n")
    assert header == ["column 1", "column 2"]
    assert [cells for _, cells in found] == [["1", "five words, and no header here"], ["2", "d, e, f"]]


def test_rows_in_quotes_whose_names_have_none(tmp_path: Path) -> None:
    header, found = read(
        tmp_path, '"id_str,full_text,created_at"\n"""1"",""a, """"b"""",x"",2025-01-01"\n"2,c,2025-01-02"\n'
    )
    assert header == ["id_str", "full_text", "created_at"]
    assert [cells for _, cells in found] == [["1", 'a, "b",x', "2025-01-01"], ["2", "c", "2025-01-02"]]


def test_an_open_quote_in_the_first_row_hides_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"a{n},text number {n},2025-04-28\n" for n in range(900))
    path.write_text(f'id,text,date\na,"never closed,2025-04-28\n{rows}')
    table = find_table(Source.of_file(path))
    assert table is not None
    assert table.rows[0] == ["a0", "text number 0", "2025-04-28"]


def test_a_long_cell_at_the_end_of_what_is_looked_at_is_no_open_quote(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text,date\na1,fine,2025-04-28\na2,"' + "one more, line\n" * 2000 + '",2025-04-29\n')
    table = find_table(Source.of_file(path))
    assert table is not None
    assert table.rows == [["a1", "fine", "2025-04-28"]]


def test_spaces_behind_the_separators_of_the_header_are_behind_all(tmp_path: Path) -> None:
    header, found = read(tmp_path, 'id, text, date\na1, "hello, there", 2025-04-28\na2,well,2025-04-29\n')
    assert header == ["id", "text", "date"]
    assert [cells for _, cells in found] == [
        ["a1", "hello, there", "2025-04-28"],
        ["a2", "well", "2025-04-29"],
    ]

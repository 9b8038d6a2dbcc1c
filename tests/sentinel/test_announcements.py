"""Calendars: ours, and what users bring."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sentinel.announcements import ANNOUNCEMENT_COLUMNS, check_announcements, read_announcements
from sentinel.errors import UsageError


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> pd.DataFrame:
    path = tmp_path / "calendar.csv"
    path.write_bytes(text.encode(encoding))
    return read_announcements(path)


def test_our_calendar_states_source_and_confidence_of_every_announcement() -> None:
    table = read_announcements()
    assert list(table.columns) == list(ANNOUNCEMENT_COLUMNS)
    assert (table["source"] != "").all()
    assert set(table["confidence"]) == {"verified-in-source", "from-memory"}
    assert table["importance"].between(1, 3).all()
    assert table["circular"].sum() == 19
    assert table["date"].is_monotonic_increasing
    pledge = table[table["title"].str.startswith("RMB 380B")].iloc[0]
    assert pledge["time_utc"] == "2025-02-24T03:48:00Z"


def test_date_and_title_are_enough(tmp_path: Path) -> None:
    table = read(tmp_path, "date,title\n2025-04-29,Qwen3\n")
    row = table.iloc[0]
    assert (row["title"], row["time_utc"], row["importance"], row["circular"]) == ("Qwen3", "", 3, False)
    assert row["expected_sign"] == "unclear"


@pytest.mark.parametrize("saved", ["2025-04-29 00:00:00", "2025-04-29T00:00", "2025/4/29 0:00:00.000"])
def test_midnight_of_a_column_of_times_is_no_time_of_day(tmp_path: Path, saved: str) -> None:
    assert read(tmp_path, f"date,title\n{saved},a\n")["time_utc"].tolist() == [""]
    stated = read(tmp_path, f"date,title,time_utc\n{saved},a,00:00\n2025-05-01 00:01,b,\n")
    assert stated["time_utc"].tolist() == ["2025-04-29T00:00:00Z", "2025-05-01T00:01:00Z"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ('\ufeffDate;Title\r\n2025-04-29;"Qwen3; the model"\r\n\r\n', "utf-8"),
        ('date\ttitle\n2025-04-29\t"Qwen3; the model"\n', "utf-8"),
        ('title, date\n"Qwen3; the model", 2025/4/29\n', "utf-16"),
        ('date,title,\n20250429,"Qwen3; the model",\n', "utf-8"),
        ('sep=;\r\ntitle, in short;date;title\r\nx;2025-04-29;"Qwen3; the model"\r\n', "utf-16"),
        ('\ufeff"sep=,"\r\na;b,date,title\r\nx,2025-04-29,Qwen3; the model\r\n', "utf-8"),
        ('date|title\n2025-04-29|"Qwen3; the model"\n', "utf-8"),
    ],
)
def test_spreadsheets_save_it_in_many_ways(tmp_path: Path, text: str, encoding: str) -> None:
    table = read(tmp_path, text, encoding)
    assert table[["date", "title"]].to_numpy().tolist() == [["2025-04-29", "Qwen3; the model"]]


def test_whole_numbers_saved_as_decimals_are_read(tmp_path: Path) -> None:
    table = read(tmp_path, "date,title,importance,expected_sign\n2025-04-29,a,3.0,-1.0\n2025-05-02,b,,\n")
    assert table[["importance", "expected_sign"]].to_numpy().tolist() == [[3, "negative"], [3, "unclear"]]


@pytest.mark.parametrize(
    "row",
    [
        "2025-04-29,x,2025-04-28T20:15:00Z,",
        "2025-04-29,x,2025-04-29T04:15:00+08:00,",
        "2025-04-29,x,20:15,Asia/Shanghai",  # the date is one in Shanghai
        "2025-04-29 04:15,x,,Asia/Shanghai",
        "2025-04-28 20:15,x,,",
        "2025-04-28T20:15:00Z,x,,Asia/Shanghai",
    ],
)
def test_one_instant_in_many_ways(tmp_path: Path, row: str) -> None:
    table = read(tmp_path, f"date,title,time_utc,timezone\n{row}\n")
    assert table["time_utc"].iloc[0] == "2025-04-28T20:15:00Z"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("date,name\n2025-04-29,x\n", "no column 'title'.*found date, name"),
        ("date,title,date\n", "'date' stands there twice"),
        ("date,title\n2025-04-29,x\nin April,y\n", "row 3: date 'in April' is not written as YYYY-MM-DD"),
        ("date,title\n03/04/2025,x\n", "row 2: no row tells day from month in dates such as '03/04/2025'"),
        ("date,title\n2025-02-30,x\n", "row 2: date '2025-02-30' is not in the calendar"),
        ("date,title\n2025-04-29,\n", "row 2: title is empty"),
        ("date,title\n2025-04-29,a, b\n", "row 2: 3 cells under 2 columns; put double quotes"),
        (
            'date,title\n2025-04-29,a\n2025-05-02,"b\n2025-05-09,c\n',
            "row 3: a quote is opened and never closed",
        ),
        ("sep=;\ndate;title\n2025-04-29;x\n2025-04-30;\n", "row 4: title is empty"),
        ("date,title,importance\n2025-04-29,x,high\n", "row 2: importance 'high' is not 1, 2 or 3"),
        ("date,title,time_utc\n2025-04-29,x,noon\n", "row 2: time_utc 'noon' is not a time"),
        ("date,title,time_utc\n2025-04-29,x,2025-05-29T01:00Z\n", "more than a day away"),
        ("date,title,timezone\n2025-04-29,x,Beijing\n", "row 2: timezone 'Beijing'"),
        ("date,title,expected_sign\n2025-04-29,x,great\n", "row 2: expected_sign 'great' is not one of"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read(tmp_path, text)


@pytest.mark.parametrize(
    "written",
    [
        "29.04.2025",
        "29/04/2025",
        "04/29/2025",
        "Apr 29, 2025",
        "29 April 2025",
        "2025/4/29",
        "20250429",
        "2025年4月29日",
    ],
)
def test_dates_are_read_as_people_write_them(tmp_path: Path, written: str) -> None:
    (row,) = read(tmp_path, f"date;title\n{written};x\n").to_dict("records")
    assert (row["date"], row["time_utc"]) == ("2025-04-29", "")


def test_one_row_tells_the_order_of_all_and_a_time_of_day_is_of_the_zone(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        "date;timezone;title\n03/04/2025 09:30;Asia/Shanghai;x\n28/04/2025;;y\n05/04/2025 00:00;Asia/Shanghai;z\n",
    )
    assert table["date"].tolist() == ["2025-04-03", "2025-04-05", "2025-04-28"]
    assert table["time_utc"].tolist() == ["2025-04-03T01:30:00Z", "", ""]


def test_other_encodings_are_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"not UTF-8.*save it as 'CSV UTF-8'"):
        read(tmp_path, "date,title\n2025-04-29,阿里巴巴\n", "gb18030")


@pytest.mark.parametrize("reading", [read_announcements, check_announcements])
def test_a_missing_file_is_a_usage_error(tmp_path: Path, reading: Callable[[Path], object]) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        reading(tmp_path / "none.csv")


def test_a_calendar_is_checked_to_its_last_row(tmp_path: Path) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text("date,title\n2025-04-29,x\n2025-02-30,y\n")
    with pytest.raises(UsageError, match="row 3: date '2025-02-30' is not in the calendar"):
        check_announcements(path)
    check_announcements()


def test_repeated_rows_count_once_and_an_empty_calendar_is_one(tmp_path: Path) -> None:
    assert len(read(tmp_path, "date,title\n2025-04-29,x\n2025-04-29,x\n")) == 1
    assert len(read(tmp_path, "date,title\n")) == 0


CALENDAR = """BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
DTSTART;TZID=Asia/Shanghai:20250429T041500\r
SUMMARY:Qwen3\\, hybrid rea\r
 soning\r
CATEGORIES:Model release,news\r
BEGIN:VALARM\r
SUMMARY:alarm\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20250430\r
SUMMARY:whole day\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20250501T120000\r
SUMMARY:floating time\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20250502T120000Z\r
SUMMARY:called off\r
STATUS:CANCELLED\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_icalendar_files_are_read(tmp_path: Path) -> None:
    table = read(tmp_path, CALENDAR)
    assert table[["date", "time_utc", "title", "category"]].to_numpy().tolist() == [
        ["2025-04-29", "2025-04-28T20:15:00Z", "Qwen3, hybrid reasoning", "model_release"],
        ["2025-04-30", "", "whole day", ""],
        ["2025-05-01", "", "floating time", ""],
    ]


def test_an_event_without_date_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="event 1: date '' is not written"):
        read(tmp_path, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n")

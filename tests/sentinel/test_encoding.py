from __future__ import annotations

from pathlib import Path

import pytest

from sentinel.encoding import decoded_head, detect, open_utf8
from sentinel.source import Source

CHINESE = "通义千问发布了新的模型，大家都说效果很好。\n" * 20
FRENCH = "Un café à la crème, s'il vous plaît.\n" * 20


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        ("plain", "ascii", "utf-8"),
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "gb18030", "gb18030"),
        ("lost \ufffd by another program", "utf-8", "utf-8"),
        (CHINESE, "utf-16", "utf-16"),
        (FRENCH, "utf-16-le", "utf-16-le"),
        (FRENCH, "utf-16-be", "utf-16-be"),
        (FRENCH, "cp1252", "cp1252"),
    ],
)
def test_found_and_read(tmp_path: Path, text: str, written: str, found: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(written))
    source = Source.of_file(path)
    assert detect(source.head) == found
    assert decoded_head(source).lstrip("\ufeff") == text
    with open_utf8(source) as stream:
        assert stream.read().decode().lstrip("\ufeff") == text


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    assert detect(CHINESE.encode() + b"\xff\xfe" + CHINESE.encode()) == "utf-8"

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from sentinel.errors import PluginError, SettingsError, SourceError
from sentinel.formats import batches_of, open_format, recognise
from sentinel.source import Source, find_sources


@pytest.fixture
def stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Plug-ins of somebody else: one that works, one whose sniff fails, one that does not import."""
    place = tmp_path / "site"
    (place / "stranger-1.dist-info").mkdir(parents=True)
    (place / "stranger-1.dist-info" / "METADATA").write_text("Name: stranger\nVersion: 1\n")
    (place / "stranger-1.dist-info" / "entry_points.txt").write_text(
        "[sentinel.collectors]\ndiary = stranger_diary:Diary\nrude = stranger_diary:Rude\ngone = no_such_module:Gone\n"
    )
    (place / "stranger_diary.py").write_text(
        dedent("""
        from sentinel.batcher import batches
        from sentinel.lines import bounded_lines


        class Diary:
            name = "diary"

            def __init__(self, source, author="me"):
                self.source, self.author = source, author

            @classmethod
            def sniff(cls, source):
                return 0.9 if source.head.startswith(b"Dear diary") else 0.0

            def read(self, cursor=None):
                with self.source.open() as stream:
                    yield from batches(((f"line {n}", line) for n, line in bounded_lines(stream)), self.post, cursor)

            def post(self, line, batcher):
                return {"platform": "diary", "post_id": line[:4].decode(), "text": line.decode(), "author": self.author}


        class Rude:
            name = "rude"

            @classmethod
            def sniff(cls, source):
                raise SystemError("no")
        """)
    )
    monkeypatch.setattr(sys, "path", [str(place), *sys.path])
    yield place
    sys.modules.pop("stranger_diary", None)


def test_a_strangers_format_is_found_and_read(stranger: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Dear diary\nI like Qwen\n")
    source = Source.of_file(path)
    recognised = recognise(source)
    assert (recognised.plugin.name, recognised.confidence) == ("diary", 0.9)
    (batch,) = open_format(recognised, source, author="ada").read()
    assert batch.posts["author"] == ["ada", "ada"]
    with pytest.raises(SettingsError, match=r"no setting 'autor'.*Did you mean 'author'"):
        open_format(recognised, source, autor="ada")


def test_named_formats_are_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text\n")
    assert recognise(Source.of_file(path), use="x_api_v11").confidence == 1.0
    with pytest.raises(PluginError, match="no collectors plug-in named 'x_api'"):
        recognise(Source.of_file(path), use="x_api")


def test_what_it_looks_like_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"colour": "red", "size": 3}')
    with pytest.raises(SourceError, match=r"a\.json is of no known format: JSON with the keys colour, size"):
        recognise(Source.of_file(path))


def test_every_collector_sniffs_without_raising(tmp_path: Path) -> None:
    from sentinel.plugins import installed

    for name, content in (("a", b"\0\1\2" * 99), ("b", b"{" * 99), ("c", b"a,b\n1,2\n"), ("d", b"<x/>")):
        (tmp_path / name).write_bytes(content)
    for source in find_sources([tmp_path]):
        for plugin in installed("collectors"):
            if hasattr(plugin.load(), "sniff"):
                assert 0.0 <= plugin.load().sniff(source) <= 1.0


def test_hostile_beginnings_end(tmp_path: Path) -> None:
    for name, text, message in (
        ("comments.xml", "<!-- x -->" * 500 + "<strange>", "XML with the root 'strange'"),
        ("deep.json", "[" * 100_000 + "]" * 100_000, "JSON without objects"),
        ("key.json", '{"%s": 1}' % ("k" * 9999), "JSON with the keys k{40};"),
        (
            "old.xls",
            "\xd0\xcf\x11\xe0",
            "is an old Excel or Word file, not an export of posts; save it as CSV or XLSX$",
        ),
    ):
        path = tmp_path / name
        path.write_text(text, encoding="latin-1")
        with pytest.raises(SourceError, match=message):
            recognise(Source.of_file(path))


@pytest.mark.parametrize(
    ("written", "told"), [("gb18030", {"gb18030"}), ("cp1252", {"cp1252"}), ("utf-8", set())]
)
def test_an_encoding_that_was_guessed_is_told(tmp_path: Path, written: str, told: set[str]) -> None:
    text = "阿里云降价了，太好了" if written == "gb18030" else "Café à la crème"
    path = tmp_path / "a.csv"
    path.write_text(f"text,id\n{text},a1\n{text},a2\n", encoding=written)
    source = Source.of_file(path)
    (batch,) = batches_of(open_format(recognise(source), source), source)
    assert batch.warnings == {f"encoding not stated, taken as {name}": 2 for name in told}

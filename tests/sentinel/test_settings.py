from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from sentinel.cli import main
from sentinel.errors import SettingsError, UsageError
from sentinel.settings import Settings, load_settings, without_report_lang
from sentinel.starting import write_starter
from sentinel.store import Store


def _written(folder: Path, text: str) -> Path:
    path = folder / "sentinel.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.store == "sqlite:///sentinel.db"
    assert settings.timezone == "Asia/Shanghai"
    assert settings.announcements is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stroe = 'x'", "no key 'stroe'.*Did you mean 'store'"),
        ("timezone = 'Mars/Olympus'", "timezone.*no time zone"),
        ("timezone = 'Asia/Shangai'", r"Did you mean 'Asia/Shanghai'\?$"),
        ("keep = '2 lightyears'", r"no duration; expected such as '15 min', '2 h', '1 day'$"),
        ("[[collect]]\nuse = 'folder'\npath = 3", r"\[\[collect\]\].*path: expected a text.*3"),
        (
            "[[collect]]\nuse = 'folder'\npth = 'x'",
            r"\[\[collect\]\] use = 'folder' needs the key 'path', not 'pth'",
        ),
        ("[collect]\nuse = 'folder'", r"collect: expected tables that begin with a line \[\[collect\]\]"),
        ("break = [1]", r"break: expected tables that begin with a line \[\[break\]\]"),
        ("[[report]]\nout = 3", r"\[\[report\]\] out.*string"),
        ("[[collect]]\npath = 'x'", r"\[\[collect\]\] needs the key 'use'"),
        (
            "[[break]]\ndate = 2025-01-01\nsource = 'x'\nresaon = 'y'",
            "no key 'resaon'.*Did you mean 'reason'",
        ),
        ("exclude_importance = 9", "exclude_importance"),
        ("store = ", "not valid TOML"),
    ],
)
def test_a_wrong_key_or_value_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = _written(tmp_path, text)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="sentinel init"):
        load_settings(tmp_path / "none.toml")


def test_the_taxonomy_of_a_model_is_looked_for_beside_the_settings(tmp_path: Path) -> None:
    path = _written(tmp_path, "[[tag]]\nuse = 'topics'\ntaxonomy = 'words.toml'")
    assert load_settings(path).tag[0].settings == {"taxonomy": str(tmp_path / "words.toml")}


def test_paths_in_a_file_start_at_its_folder_and_given_ones_do_not(tmp_path: Path) -> None:
    path = _written(
        tmp_path, "announcements = 'a.csv'\n[[collect]]\nuse = 'folder'\npath = 'in'\n[[report]]\nout = 'r'"
    )
    settings = load_settings(path)
    assert settings.announcements == tmp_path / "a.csv"
    assert settings.store == f"sqlite:///{tmp_path / 'sentinel.db'}"
    assert settings.collect[0].settings == {"path": str(tmp_path / "in")}
    assert settings.report[0].out == str(tmp_path / "r")
    assert load_settings(path, store="sqlite:///here.db").store == "sqlite:///here.db"


def test_what_init_writes_is_understood_and_never_overwritten(tmp_path: Path) -> None:
    assert len(list(write_starter(tmp_path))) == 3
    load_settings(tmp_path / "sentinel.toml")
    (tmp_path / "announcements.csv").write_text("mine")
    assert any("left as it is" in line for line in write_starter(tmp_path))
    assert (tmp_path / "announcements.csv").read_text() == "mine"


def test_the_language_asked_for_comes_before_that_of_the_settings() -> None:
    told = {"use": "announcements", "lang": "zh", "mode": "folder", "out": "r/", "at": "07:00"}
    settings = Settings.model_validate({"report": [told]})
    (entry,) = without_report_lang(settings).report
    assert (entry.settings, entry.out, entry.at) == ({"mode": "folder"}, "r/", "07:00")


def test_the_commented_lines_of_init_are_valid_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTINEL_PSEUDONYM_KEY", "key")
    monkeypatch.setenv("SMTP_PASSWORD", "word")
    list(write_starter(tmp_path))
    text = (tmp_path / "sentinel.toml").read_text(encoding="utf-8")
    settings = load_settings(
        _written(tmp_path, re.sub(r"^# (?=\[+[a-z]+\]+$|[a-z_]+ = )", "", text, flags=re.MULTILINE))
    )
    assert [entry.use for entry in settings.tag] == ["linear", "zh", "topics"]
    assert settings.tag[2].settings["taxonomy"] == str(tmp_path / "words.toml")
    assert settings.breaks[0].source == "x"
    assert settings.collect[0].timing is not None
    assert len(settings.alert) == 2
    assert settings.smtp is not None


def test_a_folder_of_any_name_can_hold_settings_and_store(tmp_path: Path) -> None:
    folder = tmp_path / "what? 50%20 #1 阿里"
    folder.mkdir()
    store = Store(load_settings(_written(folder, "store = 'sqlite:///a.db'")).store)
    store.close()
    assert (folder / "a.db").is_file()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "posts.db",
            "'posts.db' is no address .*expected sqlite:///FILE or postgresql.*write sqlite:///posts.db$",
        ),
        ("", "'' is no address"),
        ("sqlite://posts.db", "'sqlite://posts.db' is no address of a database; expected sqlite:///FILE"),
        ("mysql://u:secret@host/db", r"'mysql://u:\*\*\*@host/db' is no address"),
        (
            "postgresql://u:secret@host:many/db",
            r"'postgresql://u:\*\*\*@host:many/db' cannot be used: .*'many'",
        ),
        ("postgresql+nix://u:secret@host/db", "cannot be used: .*postgresql.nix"),
    ],
)
def test_what_is_no_address_of_a_store_is_wrong_usage(tmp_path: Path, url: str, said: str) -> None:
    for arguments in (["--store", url], ["-c", str(_written(tmp_path, f"store = '{url}'"))]):
        done = CliRunner().invoke(main, ["status", *arguments])
        assert done.exit_code == 2
        assert re.search(said, done.output.rstrip())
        assert "secret" not in done.output
        assert done.output.count("\n") == 1
    with pytest.raises(UsageError):
        Store(url)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "postgresql+psycopg://u:p@host/db"])
def test_a_store_that_is_no_relative_file_stays_as_it_is(tmp_path: Path, url: str) -> None:
    assert load_settings(_written(tmp_path, f"store = '{url}'")).store == url

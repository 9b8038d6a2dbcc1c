from __future__ import annotations

import logging
from pathlib import Path

import pytest

from sentinel.environment import expanded, hidden
from sentinel.errors import SettingsError
from sentinel.settings import load_settings


def _written(folder: Path, text: str) -> Path:
    path = folder / "sentinel.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SENTINEL_TEST_SECRET", "s3cr\\et-值")
    return "s3cr\\et-值"


def test_texts_everywhere_in_the_settings_are_filled_in(tmp_path: Path, secret: str) -> None:
    path = _written(
        tmp_path,
        'store = "postgresql+psycopg://me:${SENTINEL_TEST_SECRET}@db/x"\n'
        '[[collect]]\nuse = "live_test"\nkey = "${SENTINEL_TEST_SECRET}"\nmany = ["a${SENTINEL_TEST_SECRET}", 3]\n'
        '[[alert]]\nwhen = "finding"\nto = "https://h.example/${SENTINEL_TEST_SECRET}"\n',
    )
    settings = load_settings(path)
    assert secret in settings.store
    assert settings.collect[0].settings == {"key": secret, "many": [f"a{secret}", 3]}
    assert settings.alert[0].to == f"https://h.example/{secret}"
    for shown in (settings.collect, settings.alert):
        assert secret not in repr(shown)
        assert repr(secret)[1:-1] not in repr(shown)


def test_what_the_environment_gave_is_shown_as_it_was_written(secret: str) -> None:
    value = expanded("a ${SENTINEL_TEST_SECRET}", "here:")
    assert value == f"a {secret}"
    assert repr(value) == "'a ${SENTINEL_TEST_SECRET}'"
    assert f"{[value]}" == "['a ${SENTINEL_TEST_SECRET}']"
    said = f"no host {secret!r}, {secret}"
    assert hidden(said, {"to": [value]}) == "no host '${SENTINEL_TEST_SECRET}', ${SENTINEL_TEST_SECRET}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'timezone = "${SENTINEL_TEST_NONE}"',
            "timezone: the environment variable SENTINEL_TEST_NONE is not set",
        ),
        (
            '[[alert]]\nwhen = "finding"\nto = "${SENTINEL_TEST_NONE}"',
            "alert: to: the environment .*SENTINEL_TEST_NONE",
        ),
        ('timezone = "${a b}"', r"timezone: '\$\{a b\}' names no environment variable"),
        ('timezone = "${}"', "names no environment variable"),
    ],
)
def test_a_variable_that_is_not_set_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = _written(tmp_path, text)
    with pytest.raises(SettingsError, match=said) as caught:
        load_settings(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'timezone = "${SENTINEL_TEST_SECRET}"',
        '[[report]]\nout = "x"\nevery = "${SENTINEL_TEST_SECRET}"',
        '[[alert]]\nwhen = "finding"\nto = "y"\nwho = "${SENTINEL_TEST_SECRET}"',
        'copy_days = "${SENTINEL_TEST_SECRET}"',
        '[[break]]\ndate = "${SENTINEL_TEST_SECRET}"\nsource = "x"\nreason = "y"',
    ],
)
def test_no_message_gives_a_secret_away(
    tmp_path: Path, secret: str, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SettingsError) as caught:
        load_settings(_written(tmp_path, text))
    for said in (str(caught.value), caplog.text):
        assert secret not in said
        assert repr(secret)[1:-1] not in said


def test_other_dollars_stay_and_braces_can_be_written(tmp_path: Path, secret: str) -> None:
    value = expanded({"a": "$BABA $5 {x}", "b": "$${SENTINEL_TEST_SECRET}", "c": 3}, "here:")
    assert value == {"a": "$BABA $5 {x}", "b": "${SENTINEL_TEST_SECRET}", "c": 3}

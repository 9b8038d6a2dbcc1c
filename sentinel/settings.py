"""`sentinel.toml` as checked values. An unknown key is an error that names the near one."""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sentinel.address import address_problem
from sentinel.environment import FromEnvironment, expanded, hidden
from sentinel.errors import SettingsError, did_you_mean
from sentinel.plugins import FOLDER
from sentinel.pseudonyms import DEFAULT_KEY
from sentinel.timing import Timing, parse_duration, parse_timing

__all__ = [
    "DEFAULT_FILE",
    "Alert",
    "Break",
    "PluginSettings",
    "PriceSettings",
    "ReportSettings",
    "Settings",
    "Smtp",
    "load_settings",
    "parse_size",
    "settings_text",
    "without_report_lang",
]

DEFAULT_FILE: Final = Path("sentinel.toml")
_SIZE: Final = re.compile(r"(\d{1,9})\s*([kmgt])i?b", re.IGNORECASE)


def parse_size(text: str) -> int:
    """Bytes of a size such as ``500 MB`` or ``2 GB``.

    Raises
    ------
    SettingsError
        If it is none.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None or int(match[1]) == 0:
        raise SettingsError(f"{text!r} is no size; expected such as '500 MB' or '2 GB'")
    return int(match[1]) << (10 * ("kmgt".index(match[2].lower()) + 1))


def _known_zone(name: str) -> str:
    if name != "NYSE":
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            hint = did_you_mean(name, available_timezones())
            raise ValueError(
                f"{name!r} is no time zone; expected an IANA name such as 'Asia/Shanghai', or 'NYSE'{hint}"
            ) from error
    return name


_SHORTEST_KEEP: Final = timedelta(days=7)  # anything less is a slip that would cost all posts


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @field_validator("*", mode="wrap")
    @classmethod
    def _stays_hidden(cls, value: Any, check: ValidatorFunctionWrapHandler) -> Any:
        checked = check(value)
        return value if isinstance(value, FromEnvironment) and checked == value else checked


class PluginSettings(BaseModel):
    """One ``[[collect]]``, ``[[tag]]`` or ``[[report]]``: which plug-in, when, and its own settings."""

    model_config = ConfigDict(extra="allow", frozen=True)

    use: str
    every: str | None = None
    at: str | None = None
    cron: str | None = None
    between: str | None = None  #: hours in which the daemon may start it
    zone: str | None = None  #: whose clock these times are on; default: that of the settings
    timeout: str | None = None  #: of a job of the daemon
    memory: str | None = None  #: that a job of the daemon may use

    @model_validator(mode="after")
    def _understood(self) -> PluginSettings:
        path = self.settings.get("path", "")
        if not isinstance(path, str):
            raise ValueError(f"path: expected a text, such as 'inbox/', not {path!r}")
        if self.use == FOLDER and "path" not in self.settings:
            near = get_close_matches("path", self.settings, n=1)
            raise ValueError(
                f"use = {FOLDER!r} needs the key 'path'" + (f", not {near[0]!r}" if near else "")
            )
        try:
            parse_timing(self.every, self.at, self.cron, self.between, self.zone)
            if self.timeout is not None:
                parse_duration(self.timeout)
            if self.memory is not None:
                parse_size(self.memory)
        except SettingsError as error:
            raise ValueError(str(error)) from None
        if self.zone is not None:
            _known_zone(self.zone)
        return self

    @property
    def timing(self) -> Timing | None:
        """When the daemon runs it; ``None`` if that is left to the default."""
        return parse_timing(self.every, self.at, self.cron, self.between, self.zone)

    @property
    def settings(self) -> dict[str, Any]:
        """Keyword arguments for the plug-in's constructor."""
        return dict(self.model_extra or {})


class ReportSettings(PluginSettings):
    """One ``[[report]]``."""

    use: str = "announcements"
    out: str = "report/"


class Alert(_Table):
    """One ``[[alert]]``: a rule and where its message goes; `every`, `at` or `cron` collect messages to a digest."""

    when: str
    to: str | tuple[str, ...]
    cool_down: str | None = None  #: default: as long as the rule looks back, and a day at least
    every: str | None = None
    at: str | None = None
    cron: str | None = None
    zone: str | None = None

    @field_validator("to", mode="wrap")
    @classmethod
    def _stay_hidden(cls, value: Any, check: ValidatorFunctionWrapHandler) -> Any:
        checked = check(value)
        return tuple(value) if isinstance(value, list) else checked

    @model_validator(mode="after")
    def _understood(self) -> Alert:
        from sentinel.alert_rules import parse_rule
        from sentinel.alert_send import check_destination

        try:
            parse_rule(self.when)
            for destination in self.destinations:
                check_destination(destination)
            if self.cool_down is not None:
                parse_duration(self.cool_down)
            parse_timing(self.every, self.at, self.cron, zone=self.zone)
        except SettingsError as error:
            raise ValueError(str(error)) from None
        if not self.destinations:
            raise ValueError("to: expected at least one destination")
        if self.zone is not None:
            _known_zone(self.zone)
        return self

    @property
    def destinations(self) -> tuple[str, ...]:
        """Where its messages go."""
        return (self.to,) if isinstance(self.to, str) else self.to

    @property
    def digest(self) -> Timing | None:
        """When collected messages are sent; ``None`` is at once."""
        return parse_timing(self.every, self.at, self.cron, zone=self.zone)


class Smtp(_Table):
    """``[smtp]``: the server that mail of alerts is handed to."""

    host: str
    port: int = Field(default=587, ge=1, le=65535)
    sender: str = Field(alias="from")
    user: str | None = None
    password: str | None = None  #: ${NAME} of an environment variable, never the password itself
    tls: Literal["starttls", "ssl", "none"] = "starttls"

    @field_validator("password", mode="before")
    @classmethod
    def _by_name(cls, value: object) -> object:
        if value is not None and not isinstance(value, FromEnvironment):
            raise PydanticCustomError(
                "secret", "expected the name of an environment variable such as '${SMTP_PASSWORD}'"
            )
        return value


class Break(_Table):
    """A change of query, keyword list, quota or archive; no window of that source crosses it."""

    date: date
    source: str  #: platform, or platform/community
    reason: str


class PriceSettings(_Table):
    """``[price]``: a share's prices, which the report shows beside the mood."""

    path: Path  #: CSV with a date and a close for each session
    market: Path | None = None  #: the same of a market proxy
    date: str | None = None  #: name of the column with the date; default: the usual ones
    close: str | None = None  #: name of the column with the close
    calendar: Literal["NYSE", "HKEX"] | None = None  #: of its sessions; None: every day with a price is one


class Settings(_Table):
    """All settings; every one has a default."""

    store: str = "sqlite:///sentinel.db"
    timezone: str = "Asia/Shanghai"
    announcements: Path | None = None  #: None is the calendar that ships with sentinel
    authors: Literal["pseudonym", "plain"] = "pseudonym"  #: in all that leaves the store
    pseudonym_key: str = Field(default=DEFAULT_KEY, min_length=1)
    claims: Path | None = None  #: None is the file of claims that ships with sentinel
    keep: str | None = None  #: how long posts are kept, such as "400 days"; None is for ever
    exclude_importance: int = Field(default=3, ge=1, le=3)
    copy_days: int = Field(default=1, ge=1, le=365)
    spam_patterns: float = Field(default=1.0, ge=0, le=10)  #: how much other posts say of one; 0 is nothing
    near_copies: bool = False  #: whether long texts that differ in a few words are one text too
    collect: tuple[PluginSettings, ...] = ()
    tag: tuple[PluginSettings, ...] = ()
    report: tuple[ReportSettings, ...] = ()
    alert: tuple[Alert, ...] = ()
    breaks: tuple[Break, ...] = Field(default=(), alias="break")
    price: PriceSettings | None = None
    smtp: Smtp | None = None  #: who sends the mail of alerts
    metrics: Path | None = None  #: a file for Prometheus, written by the daemon

    _folder: Path = PrivateAttr(default=Path())

    @property
    def folder(self) -> Path:
        """Where relative paths start."""
        return self._folder

    @field_validator("keep")
    @classmethod
    def _long_enough(cls, text: str | None) -> str | None:
        try:
            if text is not None and parse_duration(text) < _SHORTEST_KEEP:
                raise ValueError("expected at least 7 days, such as '400 days'")
        except SettingsError as error:
            raise ValueError(str(error)) from None
        return text

    @field_validator("store")
    @classmethod
    def _address(cls, url: str) -> str:
        if problem := address_problem(url):
            # in words of its own: what was given may hold a password
            raise PydanticCustomError("secret", "{problem}", {"problem": problem})
        return url

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        return _known_zone(name)


_TABLES: Final[dict[str, type[BaseModel]]] = {
    "collect": PluginSettings,
    "tag": PluginSettings,
    "report": ReportSettings,
    "alert": Alert,
    "break": Break,
    "price": PriceSettings,
    "smtp": Smtp,
}


def _key_names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _sentence(problem: Any) -> str:
    """One line for one of pydantic's problems."""
    where = problem["loc"]
    table = _TABLES.get(str(where[0])) if len(where) > 1 else None
    brackets = ("[", "]") if where[0] in ("price", "smtp") else ("[[", "]]")
    place = f"{where[0]}".join(brackets) + " " if table is not None else ""
    key = str(where[-1])
    if problem["type"] == "extra_forbidden":
        known = _key_names(table or Settings)
        hint = did_you_mean(key, known, likeness=0.5)
        return f"{place}has no key {key!r}; it takes {', '.join(known)}{hint}".lstrip()
    if problem["type"] == "missing":
        return f"{place}needs the key {key!r}"
    if where[0] in _TABLES and problem["type"].startswith(
        ("tuple_type", "model_type", "model_attributes_type")
    ):
        return f"{where[0]}: expected tables that begin with a line [[{where[0]}]], not {problem['input']!r}"
    message = problem["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    secret = problem["type"] == "secret" or isinstance(problem["input"], dict)  # a table may hold some
    if secret or repr(problem["input"]) in message:  # or it is named already
        return f"{place}{message}" if key.isdigit() else f"{place}{key}: {message}"
    return f"{place}{key}: {message}, not {problem['input']!r}"


def settings_text(path: Path | None) -> str | None:
    """What stands in a settings file (default as of `load_settings`); ``None`` if there is none to be read."""
    try:
        return (path or DEFAULT_FILE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None  # reading the settings says what is wrong


def load_settings(path: Path | None = None, text: str | None = None, **overrides: Any) -> Settings:
    """Settings of a file (default: ``sentinel.toml`` in the working folder, if there is one).

    Parameters
    ----------
    path : a TOML file; paths in it are relative to its folder.
    text : what stood in it when it was read earlier, to be taken instead.
    **overrides : keys given on the command line; ``None`` is "not given".

    Raises
    ------
    SettingsError
        If `path` is missing, is no TOML, or holds a key or a value that is not understood.
    """
    if path is None and (text is not None or DEFAULT_FILE.is_file()):
        path = DEFAULT_FILE
    settings = _checked(_read(path, text), str(path)) if path is not None else Settings()
    if path is not None:
        settings = _anchored(settings, path.parent)
    given = {key: value for key, value in overrides.items() if value is not None}
    checked = _checked(given, "command line")
    return settings.model_copy(update={key: getattr(checked, key) for key in given})


def without_report_lang(settings: Settings) -> Settings:
    """The settings without a language in any ``[[report]]``: the one that is asked for counts."""
    entries = (entry.model_dump(exclude_unset=True) for entry in settings.report)
    kept = ({name: value for name, value in entry.items() if name != "lang"} for entry in entries)
    return settings.model_copy(update={"report": tuple(ReportSettings(**entry) for entry in kept)})


def _checked(values: dict[str, Any], place: str) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        problems = "; ".join(_sentence(problem) for problem in error.errors())
        raise SettingsError(hidden(f"{place}: {problems}", values)) from None


def _read(path: Path, text: str | None) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig") if text is None else text
        return dict(expanded(tomllib.loads(text), f"{path}:"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such settings file; 'sentinel init' writes one") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from None


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Relative paths of a settings file start at its folder, wherever the command was called."""
    from sentinel.store import (
        anchored_url,
    )  # with SQLAlchemy behind it, and commands without a file do without

    changes: dict[str, Any] = {}
    if settings.announcements is not None:
        changes["announcements"] = folder / settings.announcements
    if settings.metrics is not None:
        changes["metrics"] = folder / settings.metrics
    if settings.claims is not None:
        changes["claims"] = folder / settings.claims
    if settings.price is not None:
        paths = {"path": settings.price.path, "market": settings.price.market}
        moved = {name: folder / path for name, path in paths.items() if path is not None}
        changes["price"] = settings.price.model_copy(update=moved)
    changes["store"] = anchored_url(settings.store, folder)
    changes["report"] = tuple(
        report.model_copy(update={"out": str(folder / report.out)}) for report in settings.report
    )
    changes["collect"] = tuple(
        entry.model_copy(update={"path": str(folder / entry.settings["path"])})
        if "path" in entry.settings
        else entry
        for entry in settings.collect
    )
    changes["tag"] = tuple(_anchored_model(entry, folder) for entry in settings.tag)
    anchored = settings.model_copy(update=changes)
    anchored._folder = folder
    return anchored


def _anchored_model(entry: PluginSettings, folder: Path) -> PluginSettings:
    """Weights and a taxonomy are files; a model is a folder, or an id that is left as it is."""
    model = entry.settings.get("model")
    changes = {}
    for name in ("weights", "taxonomy"):
        if isinstance(file := entry.settings.get(name), str):
            changes[name] = str(folder / file)
    if isinstance(model, str) and model and (folder / model).is_dir():
        changes["model"] = str(folder / model)
    return entry.model_copy(update=changes)

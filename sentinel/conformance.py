"""Whether a plug-in keeps its contract: the same checks for ours and for a stranger's.

Each check is a function of a `Subject` that yields a sentence for everything that breaks the contract. Its name,
with spaces, is what is shown. A check that does not concern a plug-in raises `NotApplicable` with the reason.
"""

from __future__ import annotations

import inspect
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sentinel.conformance_dashboards import DASHBOARD_CHECKS
from sentinel.conformance_formats import FORMAT_CHECKS
from sentinel.conformance_live import LIVE_CHECKS
from sentinel.conformance_material import Material, NotApplicable, Subject, offline
from sentinel.conformance_models import MODEL_CHECKS
from sentinel.console import Console
from sentinel.errors import PluginError, UnknownPluginError, UsageError, did_you_mean
from sentinel.plugins import FOLDER, GROUPS, Plugin, find, installed
from sentinel.settings import PluginSettings, ReportSettings, Settings
from sentinel.source import find_sources

__all__ = ["Check", "Verdict", "check_plugin", "checks_of", "examine", "title"]

Check = Callable[[Subject], Iterable[str]]

MAX_PROBLEMS: Final = 3  # shown of one check
SECRET: Final = re.compile(r"(.*_)?(password|passwd|secret|token|api_?key|bearer|credentials?)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found."""

    check: str  #: what was checked, in words
    problems: tuple[str, ...] = ()
    not_applicable: str = ""  #: why it does not concern this plug-in

    @property
    def status(self) -> str:
        """Passed, failed or not applicable."""
        return "failed" if self.problems else "not applicable" if self.not_applicable else "passed"

    def __str__(self) -> str:
        detail = "; ".join(self.problems) or self.not_applicable
        return f"{self.status:<16}{self.check}{': ' if detail else ''}{detail}"


def goes_by_the_name_it_is_registered_under(subject: Subject) -> Iterator[str]:
    """One name in settings, messages and the store."""
    name = getattr(subject.factory, "name", None)
    if name != subject.name:
        yield f"its name is {name!r}, it is registered as {subject.name!r}"
    if subject.kind == "collectors" and subject.name == FOLDER:
        yield f"{FOLDER!r} is how settings say that each file's format is to be found"


def takes_settings_by_name(subject: Subject) -> Iterator[str]:
    """Keyword arguments that a settings file can give, and no secrets, which settings files and reports would show."""
    entry = ReportSettings if subject.kind == "dashboards" else PluginSettings
    taken = {*entry.model_fields, *(["path"] if subject.is_format else [])}
    parameters = list(inspect.signature(subject.factory).parameters.values())
    if subject.is_format:
        if not parameters or parameters[0].kind is inspect.Parameter.KEYWORD_ONLY:
            yield "the constructor takes no source; expected Format(source, **settings)"
        parameters = parameters[1:]
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.kind is parameter.POSITIONAL_ONLY:
            yield f"{parameter.name} cannot be given by name"
        if parameter.name in taken:
            yield f"{parameter.name} is a key of sentinel itself and never reaches a plug-in"
        if SECRET.fullmatch(parameter.name):
            yield f"{parameter.name} looks like a secret; take the name of an environment variable instead"
        if parameter.default is parameter.empty and (subject.is_format or subject.kind == "dashboards"):
            yield f"{parameter.name} has no default, and it is made without settings"


COMMON: Final[tuple[Check, ...]] = (goes_by_the_name_it_is_registered_under, takes_settings_by_name)


def checks_of(subject: Subject) -> tuple[Check, ...]:
    """The checks for its kind, in the order in which they are shown."""
    if subject.kind == "models":
        return COMMON + MODEL_CHECKS
    if subject.kind == "dashboards":
        return COMMON + DASHBOARD_CHECKS
    return COMMON + (FORMAT_CHECKS if subject.is_format else LIVE_CHECKS)


def title(check: Check) -> str:
    """What a check is called."""
    return check.__name__.replace("_", " ")


def examine(check: Check, subject: Subject) -> Verdict:
    """What a check finds; whatever the plug-in raises meanwhile is a problem, and so is reaching for the network."""
    try:
        with offline():
            return Verdict(title(check), tuple(islice(check(subject), MAX_PROBLEMS)))
    except NotApplicable as reason:
        return Verdict(title(check), not_applicable=str(reason))
    except Exception as error:  # a stranger's plug-in may raise anything
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Verdict(
            title(check),
            (f"{type(error).__name__}: {error} ({Path(last.filename).name}, line {last.lineno})",),
        )


def check_plugin(
    name: str, kind: str | None, paths: Sequence[Path], settings: Settings, console: Console
) -> None:
    """Say what each check found about the installed plug-in `name`, of `kind` or of any kind.

    Parameters
    ----------
    paths : exports of its format, to be read too.
    settings : a ``[[collect]]`` or ``[[tag]]`` that uses it gives its settings.

    Raises
    ------
    PluginError
        If there is none of that name (an `UnknownPluginError`), if it does not import, or if a check fails.
    UsageError
        If there are `paths` and it is no format.
    """
    failed = done = 0
    with TemporaryDirectory() as folder:
        material, exports = Material(Path(folder)), list(find_sources(paths))
        subjects = {
            plugin: Subject.of(plugin, material, _settings_of(plugin, settings), exports)
            for plugin in _named(name, kind)
        }
        if exports and not any(subject.is_format for subject in subjects.values()):
            raise UsageError(f"plug-in {name!r} reads no files; leave {paths[0]} out")
        for plugin, subject in subjects.items():
            console.say(f"{plugin.kind} plug-in {name!r} ({plugin.origin}, {plugin.entry.value})")
            for check in checks_of(subject):
                verdict = examine(check, subject)
                console.say(f"  {verdict}")
                failed, done = failed + bool(verdict.problems), done + 1
    if failed:
        raise PluginError(f"plug-in {name!r} fails {failed} of {done} checks")


def _named(name: str, kind: str | None) -> list[Plugin]:
    if kind is not None:
        return [find(kind, name)]
    names = {group: sorted({plugin.name for plugin in installed(group)}) for group in GROUPS}
    kinds = [group for group in GROUPS if name in names[group]]
    if kinds:
        return [find(group, name) for group in kinds]
    available = "; ".join(f"{group}: {', '.join(names[group]) or 'none'}" for group in GROUPS)
    raise UnknownPluginError(
        f"no plug-in named {name!r}; installed: {available}{did_you_mean(name, set().union(*names.values()))}"
    )


def _settings_of(plugin: Plugin, settings: Settings) -> dict[str, Any]:
    of_kind = {"collectors": settings.collect, "models": settings.tag, "dashboards": settings.report}
    for entry in of_kind[plugin.kind]:
        if entry.use == plugin.name:
            return {key: value for key, value in entry.settings.items() if key in plugin.settings}
    return {}

"""Plug-ins, ours and a stranger's alike: found by entry point, imported when asked for, failing by name."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from sentinel.errors import PluginError, SettingsError, UnknownPluginError, did_you_mean

__all__ = ["FOLDER", "GROUPS", "Plugin", "find", "installed", "made", "make"]

#: What stands instead of a collector where each file's format is found by looking at it.
FOLDER: Final = "folder"
GROUPS: Final = {
    "collectors": "sentinel.collectors",
    "models": "sentinel.models",
    "dashboards": "sentinel.dashboards",
}


@dataclass(frozen=True, slots=True)
class Plugin:
    """An installed plug-in; nothing of it is imported until `load`."""

    kind: str  #: collectors, models or dashboards
    name: str
    entry: EntryPoint

    @property
    def origin(self) -> str:
        """Distribution and version it comes from."""
        dist = self.entry.dist
        return f"{dist.name} {dist.version}" if dist is not None else "unknown"

    def load(self) -> Any:
        """The plug-in's class.

        Raises
        ------
        PluginError
            If it does not import; names the plug-in and the cause.
        """
        try:
            return self.entry.load()
        except Exception as error:  # a stranger's module may raise anything at import
            raise PluginError(
                f"{self.kind} plug-in {self.name!r} ({self.entry.value}) does not import: {error}"
            ) from error

    @property
    def settings(self) -> list[str]:
        """Keyword arguments of its constructor, without the source of a file format."""
        names = list(inspect.signature(self.load()).parameters)
        return [name for name in names if name not in ("source", "args", "kwargs")]


def installed(kind: str) -> list[Plugin]:
    """Every installed plug-in of a kind, by name. Two of one name are both listed."""
    found = [Plugin(kind, entry.name, entry) for entry in entry_points(group=GROUPS[kind])]
    return sorted(found, key=lambda plugin: (plugin.name, plugin.entry.value))


def find(kind: str, name: str, among: Sequence[Plugin] | None = None, also: Sequence[str] = ()) -> Plugin:
    """The plug-in of that name.

    Parameters
    ----------
    among : what is `installed`, where that was looked up already.
    also : what may stand in the place of a plug-in's name; told where there is none of that name.

    Raises
    ------
    UnknownPluginError
        If there is none.
    PluginError
        If two distributions register the name.
    """
    plugins = installed(kind) if among is None else among
    matches = [plugin for plugin in plugins if plugin.name == name]
    values = {plugin.entry.value for plugin in matches}
    if len(values) > 1:
        origins = ", ".join(sorted(f"{plugin.origin} ({plugin.entry.value})" for plugin in matches))
        raise PluginError(f"{kind} plug-in {name!r} is registered twice: {origins}; uninstall one of them")
    if matches:
        return matches[0]
    names = [*also, *sorted({plugin.name for plugin in plugins})]
    raise UnknownPluginError(
        f"no {kind} plug-in named {name!r}; installed: {', '.join(names) or 'none'}{did_you_mean(name, names)}"
    )


def make(kind: str, name: str, *args: Any, **settings: Any) -> Any:
    """An instance of a plug-in; unknown settings are refused by name.

    Raises
    ------
    PluginError
        As `find` and `Plugin.load`.
    SettingsError
        If the constructor does not take one of `settings`, or needs another.
    """
    return made(find(kind, name), *args, **settings)


def made(plugin: Plugin, *args: Any, **settings: Any) -> Any:
    """An instance of a plug-in that was found; as `make`."""
    kind, name = plugin.kind, plugin.name
    factory = plugin.load()
    known = plugin.settings
    for key in settings:
        if key not in known:
            takes = ", ".join(known) or "no settings"
            raise SettingsError(
                f"{kind} plug-in {name!r} has no setting {key!r}; it takes {takes}{did_you_mean(key, known)}"
            )
    try:
        inspect.signature(factory).bind(*args, **settings)
    except TypeError as error:
        raise SettingsError(f"{kind} plug-in {name!r}: {error}; it takes {', '.join(known)}") from None
    return factory(*args, **settings)

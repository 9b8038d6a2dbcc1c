"""What plug-ins are tried on: posts of the built-in sample, awkward texts, and files that are no exports."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NoReturn

from sentinel.formats import formats
from sentinel.plugins import Plugin
from sentinel.post import Columns
from sentinel.results import Results
from sentinel.sample import write_sample
from sentinel.sample_noise import AWKWARD
from sentinel.source import Source, find_sources, heal

__all__ = ["HOLDS_NO_POSTS", "TEXTS", "Material", "NotApplicable", "Subject", "offline", "posts_of"]

N_POSTS: Final = 2000
TEXTS: Final = (
    "Qwen7 is excellent, I love it",
    "Alibaba Cloud is terrible and keeps failing",
    "Alibaba opens a data center on Tuesday",
    "通义千问真的很好用，太棒了",
    "阿里云太垃圾了，让人失望",
    "アリババの決算を読む",
    "DeepSeek beats everyone",
    "$BABA $TSLA $NVDA $AMD $AAPL $MSFT $META $AMZN to the moon",
    "",
    *(heal(text) for text in AWKWARD),
)
HOSTILE_FILES: Final = {
    "empty": b"",
    "zeros": bytes(5000),
    "binary": bytes(range(256)) * 40,
    "cut.json": b'{"data": [{"id": "1", "text": "cut in the mid',
    "scalar.json": b"17",
    "nested.json": b"[" * 3000,
    "list.json": b'[1, null, "x", [], {}]',
    "page.html": b"<!doctype html><html><body>please log in</body></html>",
    "prose.txt": b"A letter.\n\nIt has two paragraphs, and no posts.\n",
    "utf16.csv": "a,b\n1,2\n".encode("utf-16"),
    "latin.csv": "pr\xe9nom;\xe2ge\nZo\xeb;7\n".encode("latin-1"),
}
HOLDS_NO_POSTS: Final = frozenset({"empty", "zeros", "binary", "scalar.json", "page.html", "prose.txt"})


class NotApplicable(Exception):
    """A check has nothing to say about a plug-in; the message is the reason."""


class Material:
    """Made when it is first asked for, in a folder that the caller removes.

    Parameters
    ----------
    folder : empty, and there until the last check is done.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def hostile(self) -> list[Source]:
        """Files that hold no posts, or hardly any, by name."""
        folder = self._folder / "hostile"
        folder.mkdir()
        for name, content in HOSTILE_FILES.items():
            (folder / name).write_bytes(content)
        return [Source.of_file(folder / name) for name in HOSTILE_FILES]

    @cached_property
    def _sample(self) -> Path:
        return write_sample(self._folder / "sample", n_posts=N_POSTS)

    @cached_property
    def sample(self) -> list[Source]:
        """The exports of the built-in sample."""
        return list(find_sources([self._sample / "exports"]))

    @cached_property
    def formats(self) -> Mapping[str, Any]:
        """Classes of all installed formats that import, by name."""
        return {plugin.name: factory for plugin, factory in formats()}

    @cached_property
    def results(self) -> Results:
        """Numbers of a report on the sample."""
        from sentinel.analysis import analyse
        from sentinel.opening import open_store
        from sentinel.pipeline import collect, tag
        from sentinel.settings import Settings
        from sentinel.tagging import make_tagger

        url = f"sqlite:///{self._folder / 'small.db'}"
        settings = Settings(store=url, announcements=self._sample / "announcements.csv")
        store = open_store(settings)
        try:
            for _ in collect(store, [self._sample / "exports"]):
                pass
            store.clean(settings.copy_days, settings.near_copies)
            tagger = make_tagger()
            tag(store, tagger)
            return analyse(store, settings, tagger, seed=1)
        finally:
            store.close()

    @cached_property
    def no_results(self) -> Results:
        """The same tables without rows, and no counts."""
        full = self.results
        tables = {field.name: getattr(full, field.name) for field in fields(full)}
        frames = {name: table.iloc[:0] for name, table in tables.items() if hasattr(table, "iloc")}
        shares: dict[str, dict[str, int]] = {name: {} for name in full.shares}
        counts = dict.fromkeys(full.counts, 0)
        return replace(full, **frames, counts=counts, shares=shares, models=[], notes=[], change_match={})


@dataclass(frozen=True)
class Subject:
    """A plug-in on trial, with what it is tried on."""

    kind: str
    name: str  #: it is registered under
    factory: Callable[..., Any]
    material: Material
    settings: Mapping[str, Any]
    exports: Sequence[Source] = ()  #: of its format, where its owner has some

    @classmethod
    def of(
        cls,
        plugin: Plugin,
        material: Material,
        settings: Mapping[str, Any] | None = None,
        exports: Sequence[Source] = (),
    ) -> Subject:
        """An installed plug-in.

        Raises
        ------
        PluginError
            If it does not import.
        """
        return cls(plugin.kind, plugin.name, plugin.load(), material, settings or {}, exports)

    @property
    def is_format(self) -> bool:
        """Whether it reads files."""
        return self.kind == "collectors" and hasattr(self.factory, "sniff")

    @cached_property
    def made(self) -> Any:
        """An instance; not of a format, which needs a source."""
        return self.factory(**self.settings)

    def reader(self, source: Source) -> Any:
        """An instance of a format, for a source."""
        return self.factory(source, **self.settings)

    def claim(self, source: Source) -> float:
        """How sure a format is of a source."""
        return float(self.factory.sniff(source))  # type: ignore[attr-defined]


def posts_of(texts: Sequence[str]) -> Columns:
    """What the port promises a model at least."""
    return {"text": list(texts), "lang": [None] * len(texts)}


@contextmanager
def offline() -> Iterator[None]:
    """Whoever reaches for the network meanwhile fails with a ``ConnectionError``."""
    places: list[tuple[Any, str]] = [
        (socket.socket, name) for name in ("connect", "connect_ex", "sendto", "bind")
    ]
    places += [(socket, name) for name in ("getaddrinfo", "gethostbyname", "create_connection")]
    before = [getattr(owner, name) for owner, name in places]
    for owner, name in places:
        setattr(owner, name, _refuse)
    try:
        yield
    finally:
        for (owner, name), function in zip(places, before, strict=True):
            setattr(owner, name, function)


def _refuse(*_arguments: Any, **_settings: Any) -> NoReturn:
    raise ConnectionError("it reached for the network, which only a configured live source may when it reads")

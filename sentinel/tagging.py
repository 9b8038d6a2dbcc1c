"""The models in their order, as one function from posts to tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import compress
from typing import Any, Final

import numpy as np

from sentinel.counting import counted
from sentinel.errors import PluginError, SentinelError, SettingsError
from sentinel.plugins import Plugin, find, installed, made
from sentinel.post import TAG_COLUMNS, Columns
from sentinel.settings import PluginSettings

__all__ = ["DEFAULT_SCORERS", "Tagger", "known_ids", "make_tagger"]

#: Always run, first: what the scorers and the report need to know of every post.
CONTEXT: Final = ("language", "entities", "topics", "spam")
DEFAULT_SCORERS: Final = ("linear", "zh")

_UNSCORED: Final[Mapping[str, Any]] = {
    "label": "unscored",
    "score": None,
    "p_negative": None,
    "p_neutral": None,
    "p_positive": None,
    "confidence": None,
    "model": "",
}
_PROBABILITIES: Final = ("p_negative", "p_neutral", "p_positive")
_GONE: Final = frozenset({"[deleted]", "[removed]"})  # what Reddit leaves of a post: nothing to judge
_DIGITS: Final = 6  # what the CSV shows is what is computed with
_REMEMBERED: Final = 16_384  # texts, some 15 MB of them


class Tagger:
    """Models run one after the other; what one scorer leaves unscored the next may fill in.

    Attributes
    ----------
    name : str
        Models and versions, for people.
    key : str
        Changes whenever a tag could: stored with the tags, so that they are made anew.
    reads : tuple of str or None
        Columns of posts that the models look at, where each of them says so: posts that are alike there are tagged
        once. ``None``: any.
    """

    def __init__(self, models: Sequence[Any], settings: Iterable[Mapping[str, Any]] = ()) -> None:
        self.models = list(models)
        self.name = ", ".join(f"{model.name} {model.version}" for model in self.models)
        content = repr((self.name, [sorted(entry.items()) for entry in settings]))
        self.key = blake2b(content.encode(), digest_size=8).hexdigest()
        self.reads = _reads(self.models)
        self._known = _Known()

    def tag(self, posts: Columns) -> Columns:
        """Every one of TAG_COLUMNS for these posts, in their order.

        Raises
        ------
        PluginError
            If a model does not give one value a post for each of its columns.
        """
        if self.reads is None:
            return self._tag(posts)
        given = {name: posts[name] for name in self.reads if name in posts}
        keys = list(zip(*given.values(), strict=True))
        return self._known.tags(keys, lambda new: self._tag(dict(zip(given, map(list, new), strict=True))))

    def _tag(self, posts: Columns) -> Columns:
        n = len(posts["text"])
        known = posts | {"text": ["" if text in _GONE else text for text in posts["text"]]}
        tags: Columns = {name: [value] * n for name, value in _UNSCORED.items()}
        tags |= {"about": [1.0] * n, "spam": [0.0] * n, "topics": [""] * n, "entities": [""] * n}
        tags["lang"] = [lang or "und" for lang in posts.get("lang") or [None] * n]
        for model in self.models:
            made = self._run(model, known, n)
            if "score" in model.columns:
                _fill(tags, made, f"{model.name} {model.version}")
                made = {name: values for name, values in made.items() if name not in _UNSCORED}
            for name in ("about", "spam"):
                if name in made:
                    made[name] = np.asarray(made[name], float).round(_DIGITS).tolist()
            tags |= made
            known |= made
        return {name: tags[name] for name in TAG_COLUMNS}

    def _run(self, model: Any, posts: Columns, n: int) -> Columns:
        try:
            made: Columns = model.tag(posts)
        except SentinelError:
            raise
        except Exception as error:  # a stranger's model may fail in any way
            raise PluginError(f"model {model.name!r} failed with {type(error).__name__}: {error}") from error
        for name in model.columns:
            if name not in made or len(made[name]) != n:
                got = len(made[name]) if name in made else "no"
                raise PluginError(
                    f"model {model.name!r}: {got} values of {name!r} for {counted(n, 'post')}; expected one a post"
                )
        return {name: list(made[name]) for name in model.columns}


def _reads(models: Iterable[Any]) -> tuple[str, ...] | None:
    """What all models together look at; ``None`` unless each of them says."""
    named: dict[str, None] = {}
    for model in models:
        if getattr(model, "reads", None) is None:
            return None
        named |= dict.fromkeys(model.reads)
    return tuple(named)


class _Known:
    """The tags of the last texts, by column: reposts, slogans and copies come again and again."""

    def __init__(self) -> None:
        self._rows: dict[Any, int] = {}
        self._columns: Columns = {name: [] for name in TAG_COLUMNS}
        self._older: _Known | None = None

    def tags(self, keys: Sequence[Any], make: Callable[[Iterable[Any]], Columns]) -> Columns:
        """Tags by key; those that are not remembered are made, from the keys' values as columns."""
        if len(self._rows) > _REMEMBERED:
            self._move_on()
        missing = [key for key in dict.fromkeys(keys) if key not in self._rows]
        if missing and self._older is not None:
            held = [key for key in missing if key in self._older._rows]
            self._keep(held, self._older._of(held))
            missing = [key for key in missing if key not in self._rows]
        if missing:
            made = make(zip(*missing, strict=True))
            self._keep(missing, made)
            if len(missing) == len(keys):
                return made
        return self._of(keys)

    def _move_on(self) -> None:
        """Begin anew; what was known is looked up once more before it is forgotten."""
        older = _Known()
        older._rows, older._columns = self._rows, self._columns
        self._rows, self._columns, self._older = {}, {name: [] for name in TAG_COLUMNS}, older

    def _keep(self, keys: Sequence[Any], columns: Columns) -> None:
        first = len(self._rows)
        self._rows.update(zip(keys, range(first, first + len(keys)), strict=True))
        for name, values in self._columns.items():
            values += columns[name]

    def _of(self, keys: Sequence[Any]) -> Columns:
        rows = list(map(self._rows.__getitem__, keys))
        return {name: [values[row] for row in rows] for name, values in self._columns.items()}


def _fill(tags: Columns, made: Columns, model: str) -> None:
    """Take over a scorer's results where nothing was scored yet; probabilities rounded as they will be shown."""
    new = [before == "unscored" != label for before, label in zip(tags["label"], made["label"], strict=True)]
    scored = list(compress(range(len(new)), new))
    if not scored:
        return

    def chosen(name: str) -> list[Any]:
        return list(compress(made[name], new))

    three = np.array([chosen(name) for name in _PROBABILITIES], float).round(_DIGITS)
    values = {
        "label": chosen("label"),
        "score": (three[2] - three[0]).round(_DIGITS).tolist(),
        **dict(zip(_PROBABILITIES, three.tolist(), strict=True)),
        "confidence": three.max(axis=0).tolist(),
        "model": [model] * len(scored),
    }
    if len(scored) == len(new):
        tags |= values
        return
    for name, column in values.items():
        tagged = tags[name]
        for at, value in zip(scored, column, strict=True):
            tagged[at] = value


def make_tagger(entries: Sequence[PluginSettings] = (), use: Sequence[str] = ()) -> Tagger:
    """The models of the settings (``[[tag]]``) or of the command line (`use`); by default `DEFAULT_SCORERS`.

    The context models run in any case, with the settings of their own ``[[tag]]`` if there is one. A scorer may stand
    in several, such as one for each language.

    Raises
    ------
    PluginError
        If a model is not installed or does not load.
    SettingsError
        If a model does not take one of its settings, or a context model stands there twice.
    """
    given: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        if entry.settings not in given.setdefault(entry.use, []):
            given[entry.use].append(entry.settings)
    for name in CONTEXT:
        if len(given.get(name, ())) > 1:
            raise SettingsError(
                f"[[tag]] use = {name!r} stands there twice; put its settings into one of them"
            )
    scorers = [name for name in dict.fromkeys(use or given) if name not in CONTEXT]
    if not scorers and not use:
        scorers = list(DEFAULT_SCORERS)
    wanted = [(name, values) for name in (*CONTEXT, *scorers) for values in given.get(name, [{}])]
    there = installed("models")
    found = [find("models", name, there) for name, _ in wanted]
    settings = [values for _, values in wanted]
    models = [_made(plugin, values) for plugin, values in zip(found, settings, strict=True)]
    return Tagger(models, settings)


def _made(plugin: Plugin, settings: Mapping[str, Any]) -> Any:
    try:
        return made(plugin, **settings)
    except SentinelError:
        raise
    except Exception as error:  # a stranger's model may fail in any way
        raise PluginError(
            f"models plug-in {plugin.name!r} cannot be made with its settings: {type(error).__name__}: {error}"
        ) from error


def known_ids(entries: Sequence[PluginSettings]) -> dict[str, frozenset[str]]:
    """What a post's ``topics`` and ``entities`` may be, by these settings; empty for a model that does not say so."""
    chosen = {entry.use: entry.settings for entry in entries}
    there = installed("models")
    return {
        name: frozenset(
            getattr(_made(find("models", name, there), chosen.get(name, {})), "ids", {}).get(name, ())
        )
        for name in ("topics", "entities")
    }

"""Why a text is tagged as it is: its tags, and the words and features that made them, for people and for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sentinel.errors import PluginError, UsageError
from sentinel.post import Columns
from sentinel.source import heal
from sentinel.tagging import Tagger

if TYPE_CHECKING:
    from sentinel.settings import Settings
    from sentinel.store import Store

__all__ = ["explanation", "explanation_lines", "stored_explanation"]

_WIDTH: Final = 110
_NAME: Final = 20
_MOST: Final = 12  # words or features of one kind
_LONGEST: Final = 300  # characters of a text that a model repeats
_STORED: Final = (
    "platform", "post_id", "published", "kind", "copy_of", "label", "about", "spam", "spam_reasons",
)  # fmt: skip
_SMALL: Final = 0.0005  # weights that show as nothing


def explanation(tagger: Tagger, text: str) -> dict[str, Any]:
    """Tags of one text, and what each model says made them.

    Returns
    -------
    dict
        ``text``, ``tags``, and ``models``: name, version, what it tags, whether its tags were used, and its
        explanation.

    Raises
    ------
    PluginError
        If a model fails to tag or to explain.
    """
    text = heal(text)
    posts: Columns = {"text": [text], "lang": [None], "platform": ["unknown"], "kind": ["post"]}
    tags = {name: values[0] for name, values in tagger.tag(posts).items()}
    models = []
    for model in tagger.models:
        scorer = "score" in model.columns
        used = not scorer or tags["model"] in ("", f"{model.name} {model.version}")
        told = _told(model, text) if hasattr(model, "explain") else {}
        models.append(
            {
                "name": model.name,
                "version": model.version,
                "columns": list(model.columns),
                "used": used,
                "explanation": told,
            }
        )
    return {"text": text, "tags": tags, "models": models}


def stored_explanation(
    store: Store, settings: Settings, tagger: Tagger, post_id: str, platform: str | None
) -> dict[str, Any]:
    """As `explanation`, of a stored post, with ``post``: what posts.csv says of it.

    Raises
    ------
    UsageError
        If no post has this id, or posts of several platforms have it and none is named.
    """
    from sentinel.opening import settle  # with SQLAlchemy behind it, and a text is explained without

    settle(store, settings)
    named = store.posts_named(post_id, (*_STORED, "text"))
    found = [post for post in named if platform in (None, post["platform"])]
    if not found:
        raise UsageError(
            f"no post of the store has the id {post_id!r}" + (f" on {platform}" if platform else "")
        )
    if len(found) > 1:
        raise UsageError(
            f"post {post_id!r} is on {', '.join(post['platform'] for post in found)}; say which with --platform"
        )
    text = found[0].pop("text")
    return {"post": found[0], **explanation(tagger, text)}


def _told(model: Any, text: str) -> Mapping[str, Any]:
    """What a model says made its tags; a stranger's may fail in any way."""
    try:
        return dict(model.explain(text))
    except Exception as error:
        raise PluginError(f"model {model.name!r} cannot explain: {type(error).__name__}: {error}") from error


def explanation_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """An `explanation` for a terminal: the tags, then a block a model, what weighs most first."""
    if "post" in found:
        yield "as stored, other posts and corrections considered"
        for name, value in found["post"].items():
            if value is not None:
                yield from _wrapped(name, _shown(value))
        yield ""
        yield "its text alone"
    for name, value in found["tags"].items():
        yield f"{name:<12}{'' if value is None else value}"
    for model in found["models"]:
        yield ""
        title = f"{model['name']} {model['version']}"
        if not model["used"]:
            yield f"{title}: not needed, another scorer had judged the post"
            continue
        left = "score" in model["columns"] and found["tags"]["label"] == "unscored"
        yield title + (" left it unscored; this is what it looked at" if left else "")
        told = dict(model["explanation"])
        if "threshold" in told and "probability" in told:
            told["probability"] = _against(told["probability"], told.pop("threshold"))
        shown = {name: _shown(value) for name, value in told.items()}
        for name, text in shown.items():
            if text:
                yield from _wrapped(name, text)
    yield ""
    yield "beside a word or feature: what it adds, of a scorer to positive over negative, else to the tag (log odds)"


def _against(probability: Mapping[str, float], threshold: Mapping[str, float]) -> str:
    """Probabilities, the largest first, each beside what it has to reach."""
    ordered = sorted(probability.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(
        f"{name} {value:.2f} (from {threshold.get(name, 0.5):.2f} on)" for name, value in ordered
    )


def _wrapped(name: str, text: str) -> Iterator[str]:
    indent = " " * (_NAME + 2)
    lines = textwrap.wrap(text, _WIDTH, break_on_hyphens=False) or [""]
    yield f"  {name:<{_NAME - 1}} {lines[0]}"
    yield from (indent + line for line in lines[1:])


def _shown(value: Any) -> str:
    """Anything a model may say, in words: weights with their sign, the heaviest first; nothing as nothing."""
    if isinstance(value, Mapping):
        if value and all(map(_is_number, value.values())):
            return _weights(list(value.items()))
        parts = [(str(name), _shown(inner)) for name, inner in value.items()]
        return "; ".join(f"{name}: {inner}" for name, inner in parts if inner)
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and all(map(_is_weight, value)):
            return _weights([(str(each[0]), each[1]) for each in value])
        return ", ".join(filter(None, map(_shown, value)))
    if _is_number(value):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"


def _weights(pairs: Sequence[tuple[Any, float]]) -> str:
    """Names with numbers, those of one name added up; with a plus where some have a minus."""
    sums: dict[str, float] = {}
    for name, value in pairs:
        sums[str(name)] = sums.get(str(name), 0.0) + value
    signed = any(value < 0 for value in sums.values())
    ordered = sorted(sums.items(), key=lambda item: (-abs(item[1]), item[0]))
    told = [(name, value) for name, value in ordered if abs(value) >= _SMALL]
    shown = [f"{name} {value:+.2f}" if signed else f"{name} {_shown(value)}" for name, value in told[:_MOST]]
    more = len(told) - _MOST
    return ", ".join(shown) + (f", and {more} smaller" if more > 0 else "")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_weight(value: Any) -> bool:
    """Whether it is a pair of a name and a number."""
    pair = isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2
    return pair and isinstance(value[0], str) and _is_number(value[1])

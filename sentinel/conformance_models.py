"""What a model must keep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import isclose
from typing import Any, Final

from sentinel.conformance_material import TEXTS, NotApplicable, Subject, posts_of
from sentinel.ports import Model
from sentinel.post import LABELS, TAG_COLUMNS, Columns

__all__ = ["MODEL_CHECKS"]

SCORES: Final = ("label", "score", "p_negative", "p_neutral", "p_positive")
IDS: Final = re.compile(r"([\w-]+(;[\w-]+)*)?")
LANG: Final = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")


def is_a_model(subject: Subject) -> Iterator[str]:
    """It has a name, a version, columns and ``tag``."""
    model = subject.made
    if not isinstance(model, Model):
        missing = [name for name in ("name", "version", "columns", "tag") if not hasattr(model, name)]
        yield f"it lacks {', '.join(missing)}"
        return
    if not isinstance(model.version, str) or not model.version:
        yield f"version is {model.version!r}; expected a text that changes whenever a tag could"
    unknown = set(model.columns) - set(TAG_COLUMNS)
    if unknown or not model.columns:
        yield f"columns are {tuple(model.columns)!r}; expected some of {', '.join(TAG_COLUMNS)}"
    if "score" in model.columns and not set(SCORES) <= set(model.columns):
        yield f"a scorer provides {', '.join(SCORES)}; columns are {tuple(model.columns)!r}"


def gives_one_value_a_post_and_column(subject: Subject) -> Iterator[str]:
    """As many values as posts, for none too."""
    for texts in (TEXTS, ()):
        tags = subject.made.tag(posts_of(texts))
        for name in subject.made.columns:
            n = len(tags[name]) if name in tags else "no"
            if n != len(texts):
                yield f"{n} values of {name!r} for {len(texts)} posts"


def tags_each_post_by_itself(subject: Subject) -> Iterator[str]:
    """Neither neighbours nor the order of the posts matter, and nor does what was tagged before."""
    tag, columns = subject.made.tag, subject.made.columns
    together, backwards = tag(posts_of(TEXTS)), tag(posts_of(TEXTS[::-1]))
    alone = [tag(posts_of([text])) for text in TEXTS]
    for name in columns:
        single = [next(iter(tags[name])) for tags in alone]
        for made, how in (
            (list(together[name]), "together"),
            (list(backwards[name])[::-1], "in reverse order"),
        ):
            for text, one, other in zip(TEXTS, single, made, strict=True):
                if not _same(one, other):
                    yield f"{name} of {text[:40]!r} is {one!r} alone and {other!r} {how} with others"
                    break


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    return bool(one == other)


def leaves_its_input_alone(subject: Subject) -> Iterator[str]:
    """The batch belongs to the models after it too."""
    given = posts_of(TEXTS)
    subject.made.tag(given)
    if given != posts_of(TEXTS):
        yield "the batch that it was given has changed"


def gives_values_in_range(subject: Subject) -> Iterator[str]:
    """Probabilities, ids joined by semicolons, codes of languages, labels with their numbers."""
    tags = subject.made.tag(posts_of(TEXTS))
    columns = set(subject.made.columns)
    for name in sorted({"about", "spam"} & columns):
        yield from _strange(name, tags[name], [not _is_share(value) for value in tags[name]])
    for name in sorted({"topics", "entities"} & columns):
        bad = [not isinstance(value, str) or not IDS.fullmatch(value) for value in tags[name]]
        yield from _strange(name, tags[name], bad)
    if "lang" in columns:
        bad = [not isinstance(value, str) or not LANG.fullmatch(value) for value in tags["lang"]]
        yield from _strange("lang", tags["lang"], bad)
    if set(SCORES) <= columns:
        yield from _score_problems(tags)


def _strange(name: str, values: Sequence[Any], bad: list[bool]) -> Iterator[str]:
    for text, value, wrong in zip(TEXTS, values, bad, strict=True):
        if wrong:
            yield f"{name} of {text[:40]!r} is {value!r}"
            return


def _score_problems(tags: Columns) -> Iterator[str]:
    """Unscored has no numbers; otherwise three probabilities, and the score is their difference."""
    for text, label, *numbers in zip(TEXTS, *(tags[name] for name in SCORES), strict=True):
        where = f"{text[:40]!r} is {label!r}"
        if label not in LABELS:
            yield f"{where}; expected one of {', '.join(LABELS)}"
        elif label == "unscored":
            if numbers != [None] * 4:
                yield f"{where} and has numbers; expected None"
        elif (
            None in numbers
            or not all(map(_is_share, numbers[1:]))
            or not isclose(sum(numbers[1:]), 1, abs_tol=1e-3)
        ):
            yield f"{where} with the probabilities {numbers[1:]}; expected three that add up to 1"
        elif not isclose(numbers[0], numbers[3] - numbers[1], abs_tol=1e-3):
            yield f"{where} with the score {numbers[0]}; expected p_positive - p_negative"
        else:
            continue
        return


def _is_share(value: Any) -> bool:
    return value is not None and 0 <= value <= 1


def explains_any_text(subject: Subject) -> Iterator[str]:
    """``explain`` is optional; if it is there, it gives a dict."""
    explain = getattr(subject.made, "explain", None)
    if explain is None:
        raise NotApplicable("it has no explain, which is optional")
    for text in TEXTS:
        if not isinstance(explain(text), dict):
            yield f"explain({text[:40]!r}) is no dict"
            return


MODEL_CHECKS: Final = (
    is_a_model,
    gives_one_value_a_post_and_column,
    tags_each_post_by_itself,
    leaves_its_input_alone,
    gives_values_in_range,
    explains_any_text,
)

"""Teaching scorers by corrections, and keeping what they learned only if they are not the worse for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from os.path import relpath
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from sentinel.counting import counted
from sentinel.errors import PluginError, SentinelError, SettingsError
from sentinel.evaluation import cluster, tagged
from sentinel.labelled import CLASSES, Labelled
from sentinel.plugins import make
from sentinel.ports import Trainable
from sentinel.quality import Labels, confusion, count_interval, f1_of_counts
from sentinel.settings import PluginSettings
from sentinel.tagging import CONTEXT, DEFAULT_SCORERS, Tagger, make_tagger
from sentinel.weights_file import write_arrays

__all__ = ["LEAST", "Lesson", "refuse_none", "train"]

#: Corrections in a scorer's languages without which nothing is learned.
LEAST: Final = 30
_HELD: Final = 5  # one cluster of so many is held out
_LEAST_HELD: Final = 10  # fewer say nothing
_LEAST_ALONE: Final = 30  # as many have to be held out where there is no gold set


@dataclass(frozen=True, slots=True)
class Trial:
    """Macro-F1 on some posts, before and after."""

    name: str
    n: int
    before: float
    after: float
    low: float  #: 90 % interval of `after`
    high: float
    table: Mapping[str, Any]  #: true label -> how many were taken for which, mean and spread of their scores

    def __str__(self) -> str:
        return f"{self.name}, macro-F1 {self.before:.3f}, then {self.after:.3f} ({counted(self.n, 'post')})"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What became of one scorer."""

    name: str
    taught: int  #: corrections it learned from
    others: int  #: labelled posts mixed in
    trials: tuple[Trial, ...] = ()
    refused: str = ""  #: why nothing was written
    path: Path | None = None

    def lines(self, folder: Path = Path()) -> Iterator[str]:
        """What to tell the user, whose settings lie in `folder`."""
        mixed = f" and {counted(self.others, 'labelled post')}" if self.others else ""
        yield f"{self.name}: {counted(self.taught, 'correction')}{mixed}" + (
            f"; {self.refused}" if self.refused else ""
        )
        for trial in self.trials:
            yield f"  {trial}"
        if self.path is not None:
            yield f"  written: {self.path}; to use it, in sentinel.toml:"
            named = relpath(self.path, folder)
            yield f'    [[tag]]\n    use = "{self.name}"\n    weights = "{named}"'


def train(
    corrections: Sequence[Labelled],
    gold: Sequence[Labelled],
    others: Sequence[Labelled],
    entries: Sequence[PluginSettings],
    use: Sequence[str],
    out: Path,
    seed: int = 1,
) -> list[Lesson]:
    """Teach each scorer of the settings (or of `use`) and write what it learned into `out`.

    Texts of `gold`, and copies of them, are never learned from. One cluster of copies in five is held out. A scorer
    that becomes worse on the gold set, or on what was held out, than what is used now is not written.

    Parameters
    ----------
    others : labelled posts to mix in; together they count as much as the corrections.
    """
    forbidden = {cluster(post.text) for post in gold}
    known = [post for post in corrections if post.label and cluster(post.text) not in forbidden]
    more = [post for post in others if post.label and cluster(post.text) not in forbidden]
    scorers = [entry.use for entry in entries if entry.use not in CONTEXT]
    names = dict.fromkeys(list(use) or scorers or DEFAULT_SCORERS)
    return [_teach(name, known, more, gold, entries, out, seed) for name in names]


def _teach(
    name: str,
    corrections: Sequence[Labelled],
    others: Sequence[Labelled],
    gold: Sequence[Labelled],
    entries: Sequence[PluginSettings],
    out: Path,
    seed: int,
) -> Lesson:
    model = make("models", name, **_own(entries, name))
    if not isinstance(model, Trainable):
        return Lesson(name, 0, 0, refused="it cannot be taught; 'linear' and 'zh' can")
    shipped = _tagger(entries, name)
    known, tags = _scored_by(shipped, corrections)
    if len(known) < LEAST:
        return Lesson(name, len(known), 0, refused=f"at least {LEAST} of posts that it scores are needed")
    held = np.array([(cluster(post.text) + seed) % _HELD == 0 for post in known])
    more, more_tags = _scored_by(shipped, _mixed_in(known, held, others, seed))
    arrays = _learned(model, known, tags, held, more, more_tags)
    n_taught = int((~held).sum())
    if not arrays:
        return Lesson(
            name, n_taught, len(more), refused="they teach nothing that holds for other posts; left as it is"
        )
    path = out / f"{name}.npz"
    with TemporaryDirectory() as folder:
        draft = Path(folder) / path.name
        write_arrays(draft, arrays | {"quality": np.array("{}")})
        tested = [post for post, out_of in zip(known, held, strict=True) if out_of]
        after = _tagger(entries, name, str(draft))
        trials = tuple(_trials(_in_use(entries, name), after, gold, tested))
    lesson = Lesson(name, n_taught, len(more), trials, _refusal(trials, tested))
    if lesson.refused:
        return lesson
    write_arrays(path, arrays | {"quality": np.array(json.dumps(_quality(trials, tags["lang"])))})
    return replace(lesson, path=path)


def _tagger(entries: Sequence[PluginSettings], name: str, weights: str | None = None) -> Tagger:
    """The models before a scorer, and the scorer with these weights alone."""
    context = [entry for entry in entries if entry.use in CONTEXT]
    own = {"use": name} | _own(entries, name) | ({} if weights is None else {"weights": weights})
    return make_tagger([*context, PluginSettings.model_validate(own)], (name,))


def _own(entries: Sequence[PluginSettings], name: str) -> dict[str, Any]:
    """A scorer's settings but for what it learned: with a taxonomy it is another one than without."""
    settings = next((entry.settings for entry in entries if entry.use == name), {})
    return {key: value for key, value in settings.items() if key != "weights"}


def _in_use(entries: Sequence[PluginSettings], name: str) -> Tagger:
    """The scorer as the settings have it now; as shipped if it has not learned yet, or on top of an older version."""
    for entry in entries:
        if entry.use == name and "weights" in entry.settings:
            with suppress(PluginError, SettingsError):
                return _tagger(entries, name, entry.settings["weights"])
    return _tagger(entries, name)


def _scored_by(tagger: Tagger, posts: Sequence[Labelled]) -> tuple[list[Labelled], dict[str, list[Any]]]:
    """The posts that it scores, with its tags of them."""
    tags = tagged(posts, tagger) if posts else {"label": []}
    at = [row for row, label in enumerate(tags["label"]) if label in CLASSES]
    return [posts[row] for row in at], {name: [values[row] for row in at] for name, values in tags.items()}


def _mixed_in(known: Sequence[Labelled], held: Any, others: Sequence[Labelled], seed: int) -> list[Labelled]:
    """Up to ten labelled posts for each correction, drawn by seed, none a copy of what was held out."""
    tested = {cluster(post.text) for post, out_of in zip(known, held, strict=True) if out_of}
    fit = [post for post in others if cluster(post.text) not in tested]
    n = min(len(fit), 10 * len(known))
    return [fit[row] for row in sorted(np.random.default_rng(seed).permutation(len(fit))[:n].tolist())]


def _learned(
    model: Trainable,
    known: Sequence[Labelled],
    tags: Mapping[str, list[Any]],
    held: Any,
    more: Sequence[Labelled],
    more_tags: Mapping[str, list[Any]],
) -> dict[str, Any]:
    rows = np.flatnonzero(~held).tolist()
    posts = [*(known[row] for row in rows), *more]
    batch: dict[str, list[Any]] = {"text": [post.text for post in posts]}
    for name in ("lang", "entities"):
        batch[name] = [tags[name][row] for row in rows] + list(more_tags.get(name, []))
    share = len(rows) / len(more) if more else 0.0
    weights = [1.0] * len(rows) + [min(share, 1.0)] * len(more)
    labels = [str(post.label) for post in posts]
    return dict(model.adapt(batch, labels, [cluster(post.text) for post in posts], weights))


def _trials(
    before: Tagger, after: Tagger, gold: Sequence[Labelled], held: Sequence[Labelled]
) -> Iterator[Trial]:
    for name, posts in (("gold", gold), ("corrections held out", held)):
        counting = [post for post in posts if post.counts]
        if counting:
            scored, first = _scored_by(before, counting)
            if scored:
                yield _trial(name, scored, first["label"], tagged(scored, after))


def _trial(
    name: str, posts: Sequence[Labelled], first: Sequence[str], then: Mapping[str, list[Any]]
) -> Trial:
    truth = np.array([CLASSES.index(str(post.label)) for post in posts])
    one, two = (confusion(truth, _positions(labels)) for labels in (first, then["label"]))
    low, high = count_interval(two, f1_of_counts)
    table = {
        label: dict(zip((*CLASSES, "unscored"), two[at].tolist(), strict=True))
        | _spread([score for score, true in zip(then["score"], truth, strict=True) if true == at])
        for at, label in enumerate(CLASSES)
    }
    return Trial(name, len(posts), float(f1_of_counts(one)), float(f1_of_counts(two)), low, high, table)


def _spread(scores: Sequence[float | None]) -> dict[str, float]:
    """Mean and spread of the scores of posts of one true label, where there are enough to tell."""
    known = [score for score in scores if score is not None]
    if len(known) < 2:
        return {}
    return {"mean": round(float(np.mean(known)), 4), "sd": round(float(np.std(known, ddof=1)), 4)}


def _positions(labels: Sequence[str]) -> Labels:
    return np.array([CLASSES.index(label) if label in CLASSES else -1 for label in labels])


def _refusal(trials: Sequence[Trial], held: Sequence[Labelled]) -> str:
    """Why what was learned is not kept; "" if it is."""
    judged = {trial.name: trial for trial in trials}
    if "gold" not in judged and len(held) < _LEAST_ALONE:
        return (
            f"refused: nothing to judge it by, too few held out without --gold: "
            f"{counted(len(held), 'correction')} (at least {_LEAST_ALONE})"
        )
    if "gold" not in judged and (
        lacking := [name for name in CLASSES if name not in {p.label for p in held}]
    ):
        # Who calls everything negative is right about corrections that are all negative.
        return (
            f"refused: nothing to judge it by, no {' and no '.join(lacking)} post is among the "
            f"{counted(len(held), 'correction')} held out; correct some, or give --gold"
        )
    worse = [
        f"by {trial.before - trial.after:.3f} on {trial.name}"
        for trial in trials
        if trial.after < trial.before and (trial.name == "gold" or trial.n >= _LEAST_HELD)
    ]
    return f"refused: worse {' and '.join(worse)}; nothing was written" if worse else ""


def _quality(trials: Sequence[Trial], langs: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What reports tell of it, language -> measure -> figure; the table is that of the gold set if there is one."""
    lang = max(sorted(set(langs)), key=list(langs).count)
    told: dict[str, Any] = {
        f"macro-F1, {trial.name}": f"{trial.after:.2f} ({trial.low:.2f}-{trial.high:.2f}, n {trial.n})"
        for trial in trials
    }
    if trials:
        told["confusion"] = trials[0].table
    return {lang: told}


def refuse_none(lessons: Sequence[Lesson]) -> None:
    """Say that nothing came of it.

    Raises
    ------
    SentinelError
        If no scorer was written.
    """
    if not any(lesson.path for lesson in lessons):
        raise SentinelError("nothing was learned that could be kept; no weights were written")

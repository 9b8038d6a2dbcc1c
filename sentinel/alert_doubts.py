"""What keeps a rule from ever being raised, or its messages from arriving: slips of the pen, most often."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from functools import cached_property

from sentinel.alert_rules import Failures, Finding, Move, Rule, Silence
from sentinel.alert_send import obstacle
from sentinel.schedule_jobs import jobs_of
from sentinel.settings import Alert, Settings
from sentinel.store import Store

__all__ = ["Doubts"]


class Doubts:
    """About rules of these settings, and what the store holds so far."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def about(self, alert: Alert, rule: Rule) -> Iterator[str]:
        """A sentence each."""
        match rule:
            case Failures() if rule.job:
                names = [job.name for job in jobs_of(self._settings)]
                if rule.job not in map(str.lower, names):
                    yield f"no job is called {rule.job!r}; there are {', '.join(names)}"
            case Silence() if rule.source:
                yield from self._of_platform(rule.source.partition("/")[0])
            case Move() | Finding():
                yield from self._of_scope(rule.scope)
        yield from filter(None, (obstacle(to, self._settings.folder) for to in alert.destinations))

    def _of_scope(self, scope: str) -> Iterator[str]:
        kind, _, name = scope.partition(":")
        if kind == "platform":
            yield from self._of_platform(name)
        known = self._ids.get(kind, ())
        if known and name not in known:
            yield f"the models know no {kind} {name!r}{_near(name, known)}; there are {', '.join(sorted(known))}"

    def _of_platform(self, name: str) -> Iterator[str]:
        known = {platform.lower() for platform in self._store.platforms()}
        if known and name not in known:
            yield (
                f"no post of the store is from {name!r}{_near(name, known)}; there are posts from "
                f"{', '.join(sorted(known))}"
            )

    @cached_property
    def _ids(self) -> dict[str, frozenset[str]]:
        """What the models may call a post's topics and entities, as far as they say so."""
        from sentinel.tagging import known_ids

        found = known_ids(self._settings.tag)
        return {"topic": found["topics"], "entity": found["entities"]}


def _near(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""

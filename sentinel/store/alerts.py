"""What alerts remember: the state of each rule, and the messages that were sent or wait to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final

import orjson
from sqlalchemy import and_, func, select, update

from sentinel.store.database import Database
from sentinel.store.faults import again
from sentinel.store.schema import messages, posts, rules
from sentinel.store.standing import stored_platforms

__all__ = ["Alerts"]

_TURN: Final = sha256(b"the alerts of this store").hexdigest()


class Alerts(Database):
    """The part of the store that makes each event reach each of its destinations once."""

    @contextmanager
    def alerting(self) -> Iterator[None]:
        """Wait until nobody else looks at the rules or sends messages, then keep others from it."""
        with self.turn(_TURN):
            yield

    def rule_state(self, key: str) -> dict[str, Any]:
        """What a rule remembers; empty at its first look."""
        with self._reading() as connection:
            state = connection.scalar(select(rules.c.state).where(rules.c.key == key))
        return dict(orjson.loads(state)) if state else {}

    @again
    def note_look(self, key: str, state: Mapping[str, Any], new: Sequence[Mapping[str, str]]) -> None:
        """What a rule remembers from now on, and the messages that it raised, in one transaction.

        Parameters
        ----------
        new : columns event, destination, created, rule, text. One that is there already stays as it is.
        """
        text = orjson.dumps(dict(state), option=orjson.OPT_SORT_KEYS).decode()
        insert = self._insert(rules).values(key=key, state=text)
        with self._writing() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_={"state": text}))
            if new:
                rows = [{**row, "attempts": 0, "next": "", "problem": ""} for row in new]
                connection.execute(self._insert(messages).on_conflict_do_nothing(), rows)

    def unsent(self, destination: str | None = None) -> list[dict[str, Any]]:
        """Messages that wait, the oldest first; of one destination, or of all."""
        query = (
            select(messages).where(messages.c.sent.is_(None)).order_by(messages.c.created, messages.c.event)
        )
        if destination is not None:
            query = query.where(messages.c.destination == destination)
        with self._reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [{str(name): value for name, value in row.items()} for row in rows]

    def last_sent(self, destination: str) -> str | None:
        """When a message was last sent to a destination."""
        query = select(func.max(messages.c.sent)).where(messages.c.destination == destination)
        with self._reading() as connection:
            found: str | None = connection.scalar(query)
        return found

    @again
    def note_sent(self, events: Sequence[str], destination: str, when: str) -> None:
        """These reached it."""
        self._change(events, destination, {"sent": when, "problem": ""})

    def note_unsent(self, events: Sequence[str], destination: str, problem: str, again: str) -> None:
        """These did not; to be tried again."""
        changes = {"problem": problem, "next": again, "attempts": messages.c.attempts + 1}
        self._change(events, destination, changes)

    def _change(self, events: Sequence[str], destination: str, changes: Mapping[str, Any]) -> None:
        these = and_(messages.c.event.in_(events), messages.c.destination == destination)
        with self._writing() as connection:
            connection.execute(update(messages).where(these).values(**changes))

    def latest_post(self, platform: str, community: str, before: str) -> str | None:
        """When the youngest post of a source was published, ISO; posts dated after `before` do not count.

        Parameters
        ----------
        platform, community : in lower case; "" is any.
        """
        query = select(func.max(posts.c.published)).where(posts.c.published <= before)
        if community:
            query = query.where(func.lower(posts.c.community) == community)
        with self._reading() as connection:
            if platform:
                if platform not in map(str.lower, stored_platforms(connection)):
                    return None  # or all posts would be gone through, from the youngest on, for one of it
                query = query.where(func.lower(posts.c.platform) == platform)
            found: str | None = connection.scalar(query)
        return found

"""What the daemon remembers of its jobs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from sentinel.store.database import Database
from sentinel.store.faults import again
from sentinel.store.schema import jobs

__all__ = ["Jobs"]


class Jobs(Database):
    """The part of the store that outlives the daemon's process."""

    @again
    def remember_job(self, name: str, **facts: str | int) -> None:
        """What is known of a job: any of the columns of the table of jobs."""
        insert = self._insert(jobs).values(name=name, **facts)
        with self._writing() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=facts))

    def jobs(self) -> dict[str, dict[str, Any]]:
        """What is known of every job, by name."""
        with self._reading() as connection:
            rows = connection.execute(select(jobs).order_by(jobs.c.name)).mappings().all()
        return {row["name"]: {str(key): value for key, value in row.items()} for row in rows}

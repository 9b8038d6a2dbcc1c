"""The store: posts, tags, rejects and the ledger of inputs. The only package that speaks SQL.

Everything is written so that doing it twice changes nothing, and so that the order of the inputs does not matter:
of two records of one post the richer one stays (ties go to the later `collected`, then to the greater digest),
an input is known by the SHA-256 of its bytes, and what depends on other posts (near-copies, the text of a
cut repost) is worked out from the whole store after reading.
"""

from __future__ import annotations

from sentinel.store.alerts import Alerts
from sentinel.store.alone import Alone
from sentinel.store.checking import Checking
from sentinel.store.cleaning import Cleaning
from sentinel.store.corrections import Corrections
from sentinel.store.engines import anchored_url, sqlite_url, store_file
from sentinel.store.erasing import Erased
from sentinel.store.inputs import Inputs, live_key
from sentinel.store.jobs import Jobs
from sentinel.store.patterns import Patterns
from sentinel.store.reading import Reading
from sentinel.store.schema import EXPORT_COLUMNS, MOOD_COLUMNS
from sentinel.store.standing import Standing
from sentinel.store.summing import Summing
from sentinel.store.tagging import Tagging
from sentinel.store.tombstones import ERASED

__all__ = [
    "ERASED",
    "EXPORT_COLUMNS",
    "MOOD_COLUMNS",
    "Erased",
    "Store",
    "anchored_url",
    "live_key",
    "sqlite_url",
    "store_file",
]


class Store(
    Inputs,
    Cleaning,
    Tagging,
    Patterns,
    Summing,
    Corrections,
    Jobs,
    Alone,
    Alerts,
    Standing,
    Reading,
    Checking,
):
    """Posts and what is known about them, in one database; see `Database` for how it is opened."""

"""What the second process does, started by `sentinel.helper`: reads exports, or writes posts.csv.

Orders come as lines of JSON, answers go back as JSON with their length before them. When the orders end the process
ends too, whatever it does at that moment: it outlives nobody who was killed.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue, SimpleQueue
from threading import Thread
from time import sleep
from types import NoneType
from typing import Any, BinaryIO, Final

import orjson

__all__ = ["main"]

_AHEAD: Final = 8  #: batches that wait to be taken
_PULSE: Final = 5.0  # seconds
_PLAIN: Final = {str, int, bool, NoneType}  #: what JSON gives back as it was

Order = Mapping[str, Any]


def main() -> None:
    """Follow orders until there are no more."""
    gc.set_threshold(500_000, 50, 100)  # as in the command line
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a plug-in prints is no answer
    orders: SimpleQueue[Order] = SimpleQueue()
    waiting: Queue[bytes] = Queue(_AHEAD)
    Thread(target=_hear, args=(orders,), daemon=True).start()
    Thread(target=_answer, args=(answers, waiting), daemon=True).start()
    Thread(target=_beat, args=(waiting,), daemon=True).start()
    while True:
        order = orders.get()
        if order["do"] == "get ready":
            _get_ready()
            continue
        try:
            for answer in _FOLLOWED[order["do"]](order):
                waiting.put(orjson.dumps(answer))
            waiting.put(b'{"end":true}')
        except Exception:  # whatever it is, who ordered does it again and meets it there
            waiting.put(b'{"failed":true}')


def _hear(orders: SimpleQueue[Order]) -> None:
    for line in sys.stdin.buffer:
        orders.put(orjson.loads(line))
    os._exit(0)


def _answer(answers: BinaryIO, waiting: Queue[bytes]) -> None:
    try:
        while True:
            answer = waiting.get()
            whole = memoryview(len(answer).to_bytes(8, "little") + answer)
            while whole:
                whole = whole[answers.write(whole) :]
    except OSError:
        os._exit(0)


def _beat(waiting: Queue[bytes]) -> None:
    """Show that this process is alive, however long an answer takes."""
    while True:
        sleep(_PULSE)
        if waiting.empty():
            with suppress(Full):
                waiting.put_nowait(b'{"beat":true}')


def _read(order: Order) -> Iterator[Any]:
    """The batches of a file, with what is found out about their posts."""
    from sentinel.formats import Recognised, batches_of, open_format
    from sentinel.plugins import find
    from sentinel.post import is_empty
    from sentinel.rows import FirstTexts
    from sentinel.source import Source

    source = Source.of_file(Path(order["path"]), order["name"])
    recognised = Recognised(find("collectors", order["format"]), 1.0)
    texts = FirstTexts()
    for batch in batches_of(open_format(recognised, source, **order["options"]), source):
        if any(not set(map(type, values)) <= _PLAIN for values in batch.posts.values()):
            raise TypeError("values that JSON does not give back as they were")
        given = batch.posts.items()
        yield {
            "posts": {name: values for name, values in given if name == "post_id" or not is_empty(values)},
            "rejects": list(map(list, batch.rejects)),
            "skipped": batch.skipped,
            "warnings": batch.warnings,
            "cursor": batch.cursor,
            "found": list(texts.guess(batch.posts, order["timezone"])) if batch.n_posts else None,
        }


def _get_ready() -> None:
    with suppress(Exception):  # it is told when it is needed
        import sentinel.pipeline  # noqa: F401


def _write(order: Order) -> Iterator[Any]:
    """posts.csv of a store, aside."""
    from sentinel.export import POSTS_CSV, write_rows
    from sentinel.pipeline import Filters, post_rows
    from sentinel.pseudonyms import Pseudonyms
    from sentinel.store import Store
    from sentinel.writing import complete

    opening, key = order["store"], order["store"]["pseudonym_key"]
    names = Pseudonyms(key) if key is not None else None
    store = Store(opening["url"], opening["timezone"], create=False, pseudonyms=names)
    try:
        with complete(Path(order["part"])) as stream:
            rows = post_rows(store, Filters(**order["filters"]), raw=False)
            n = write_rows(stream, POSTS_CSV, rows)
    finally:
        store.close()
    yield {"rows": n}


_FOLLOWED: Final = {"read": _read, "write": _write}


if __name__ == "__main__":
    main()

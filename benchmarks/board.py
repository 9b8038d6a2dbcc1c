"""A service on this machine that answers as the search of Hacker News does, with made-up comments."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from random import Random
from urllib.parse import parse_qs, urlsplit

import orjson

FIRST = 1_930_000_000  # in 2031
OPINIONS = (
    "Qwen is great, I love it",
    "Alibaba Cloud is terrible",
    "Qwen is a model",
    "the new Qwen is slow",
)


def comments(dice: Random, n: int) -> list[dict[str, object]]:
    """Hits, the newest first; some share a second."""
    hits: list[dict[str, object]] = []
    moment = FIRST
    for number in range(n):
        moment += dice.choice((0, 1, 40, 600, 40_000))
        hits.append(
            {
                "objectID": str(10_000_000 + number),
                "created_at_i": moment,
                "author": f"synth_{number % 97}",
                "comment_text": f"{dice.choice(OPINIONS)}, number {number}",
                "_tags": ["comment"],
                "synthetic": True,
            }
        )
    return hits[::-1]


def answer(hits: list[dict[str, object]], address: str) -> bytes:
    """The page of hits that an address asks for."""
    asked = parse_qs(urlsplit(address).query)
    bounds = dict(re.findall(r"created_at_i([<>])=(\d+)", asked.get("numericFilters", [""])[0]))
    low, high = int(bounds.get(">", 0)), int(bounds.get("<", 2**62))
    found = [hit for hit in hits if low <= int(str(hit["created_at_i"])) <= high]
    size, page = int(asked["hitsPerPage"][0]), int(asked.get("page", ["0"])[0])
    shown = found[page * size : (page + 1) * size]
    return orjson.dumps(
        {"hits": shown, "page": page, "nbPages": -(-len(found) // size), "nbHits": len(found)}
    )


@contextmanager
def serving(dice: Random, n: int) -> Iterator[str]:
    """The address of the service, which has a process of its own."""
    hits = comments(dice, n)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = answer(hits, self.path)
            self.send_response_only(200)
            self.send_header("Date", "Wed, 01 Jan 2031 00:00:00 GMT")  # a post's `collected`
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    child = os.fork()
    if child == 0:
        server.serve_forever()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        server.server_close()

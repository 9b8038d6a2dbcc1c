from __future__ import annotations

import pytest
from sentinel_collectors.markup import decode, plain


def test_entities_are_decoded_once() -> None:
    assert decode("a &amp;lt; b") == "a &lt; b"
    assert decode("a & b") == "a & b"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("no tags &amp; all", "no tags & all"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<p>two", "one\n\ntwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<script>alert(1)</script>seen", "seen"),
        ("1 < 2 and <b>bold</b>", "1 < 2 and bold"),
        ('<a href="https://e.example/whole">e.example</a>', "e.example"),
        (
            '<a href="https://e.example/whole/path">https://e.example/wh...</a>',
            "https://e.example/whole/path",
        ),
        (
            '<a href="https://e.example/x"><span class="invisible">https://</span>e.example</a>',
            "https://e.example/x",
        ),
        ("<![weird <p>still", "still"),
        ("", ""),
    ],
)
def test_plain(html: str, text: str) -> None:
    assert plain(html) == text

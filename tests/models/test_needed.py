"""Sieves of English comparisons: what they leave out says nothing by the rules either."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import chain, cycle, islice
from pathlib import Path

import pytest
from sentinel_models import comparisons, contrasts, verdicts
from sentinel_models.comparison_words import BETTER, BETTER_NAMED, OURS, RIVAL, TABLES
from sentinel_models.comparisons import verdict_en
from sentinel_models.groups import ways
from sentinel_models.marking import Marker
from sentinel_models.mentions import mentions
from sentinel_models.needed import Needed, phrases_part, runs_in, ways_of
from sentinel_models.verdicts import verdict
from sentinel_models.words import read

EN = TABLES["en"]
#: How the names are written where a pattern has marks.
NAMES = (("qwen3", "deepseek"), ("alibaba's qwen", "gpt-4o"), ("$baba", "openai's"))
#: What a list says of two names.
SAID = (
    "{o} {} {r}",
    "{r} {} {o}",
    "nothing {}, not {o}: {}",
    "{o} isn't {} than {r}",
    "{r}, {} {o} than to {r}",
)


def written(way: str) -> str:
    """Words that fit a piece of a pattern."""
    plain = re.sub(r"\(\?=.*", "", way).replace(r"\s+", " ").replace(r"\s?", "").replace(r"\w+", "so")
    return plain.replace("?", "")


def fitting(entry: str, n: int) -> Iterator[str]:
    """Texts that fit a pattern of contrasts, its ways in turn; <won>, <lost> for the names."""
    parts = []
    for part in entry.split(" "):
        if name := re.search(r"<\w+>", part):
            parts.append(cycle([name[0]]))
        elif part[0] != "_":
            parts.append(cycle(map(written, ways(part))))
    for words in islice(zip(*parts, strict=True), n):
        yield " ".join(words)


def phrases() -> list[str]:
    """All words and phrases of the lists of comparisons, and the forms of verbs."""
    lists = [name for name, values in EN.items() if isinstance(values, list)]
    found = [phrase for name in lists if name not in ("contrasts", "choices") for phrase in EN[name]]
    around = [
        f"{head} {{r}} {after}"
        for before, after in (phrase.split(" * ") for phrase in EN["better_around"])
        for head in before.split("/")
    ]
    plain = [phrase for phrase in found if not re.search(r"[*/+~{]", phrase)]
    return [*plain, *BETTER, *BETTER_NAMED, *around]


@pytest.mark.parametrize("name", ["contrasts", "choices"])
def test_what_fits_a_pattern_holds_what_is_needed_for_it(name: str) -> None:
    patterns = {"contrasts": contrasts._PATTERNS, "choices": contrasts._CHOICES}[name]
    fits = 0
    for number, entry in enumerate(EN[name]):
        for text in fitting(entry, 12):
            marked = text.replace("<won>", OURS).replace("<lost>", RIVAL)
            if not patterns._patterns[number].search(marked):
                continue
            fits += 1
            for ours, theirs in NAMES:
                named = text.replace("<won>", ours).replace("<lost>", theirs)
                assert number in patterns._needed.among(runs_in(named)), named
    assert fits > 9 * len(EN[name])


def test_what_compares_holds_what_is_needed_for_it() -> None:
    told = alone = 0
    for phrase in phrases():
        for said in SAID:
            text = said.replace("{}", phrase)
            marked = text.replace("{o}", OURS).replace("{r}", RIVAL)
            if verdict_en(marked):
                told += 1
                for ours, theirs in NAMES:
                    named = text.replace("{o}", ours).replace("{r}", theirs)
                    assert verdicts._may_tell(named, between=True), named
                    if verdict_en(marked.replace(RIVAL, "it")):
                        alone += 1
                        assert verdicts._may_tell(named.replace(theirs, "it"), between=False), named
    assert told > 1_500
    assert alone > 500


def test_a_comparison_begins_with_one_of_the_words_that_are_looked_for() -> None:
    whole = comparisons._COMPARISON
    ahead = f"(?={comparisons._BEGINS}(?!\\w))"
    assert ahead in whole.pattern
    unsieved = re.compile(whole.pattern.replace(ahead, ""))
    for phrase in phrases():
        text = f"{OURS} {phrase} much more often than {RIVAL}".replace("{r}", RIVAL)
        assert [each.span() for each in whole.finditer(text)] == [
            each.span() for each in unsieved.finditer(text)
        ]


def texts() -> list[str]:
    """Sentences that set names apart, sentences of other lists, and words of the lists in any order."""
    here = Path(__file__)
    lines = here.with_name("who_wins.tsv").read_text(encoding="utf-8").splitlines()
    found = [line.split("\t")[1] for line in lines if line.startswith("en\t")]
    found = [
        text.replace("{W}", one).replace("{L}", two)
        for text in found[::3]
        for one, two in (*NAMES[:2], NAMES[2][::-1])
    ]
    for name in ("known_texts.tsv", "social_texts.tsv", "unseen_texts.tsv"):
        lines = here.with_name(name).read_text(encoding="utf-8").splitlines()
        found += [max(line.split("\t"), key=len) for line in lines[::3] if line[:2] != "# "]
    chance = random.Random(5)
    words = [re.sub(r"\{r\}", "deepseek", phrase) for phrase in phrases()]
    more = [
        *("Qwen", "DeepSeek", "Alibaba", "OpenAI", "than", "but", "and", "isn't"),
        "no.",
        "now!",
        "is it?",
        "&amp;gt;",
        "é",
        "other models",
        "qwen_beats",
        "deepseek's",
        "show deepseek however",
        "$baba-#crushed",
    ]
    for _ in range(1_500):
        found.append(
            " ".join(chance.choice(chance.choice((words, more))) for _ in range(chance.randint(3, 12)))
        )
    return found


def test_the_sieves_change_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    marker, readings = Marker(mentions()), list(map(read, texts()))
    readings = [reading for reading in readings if reading.han < 2]
    asked = [(marker, reading, rival) for reading in readings for rival in (False, True)]
    sieved = [verdict(*each) for each in asked]
    monkeypatch.setattr(verdicts, "_may_tell", lambda *_: True)
    monkeypatch.setattr(verdicts, "may_settle", lambda *_: True)
    monkeypatch.setattr(verdicts, "_names_anybody", lambda _: True)
    monkeypatch.setattr(
        contrasts._Patterns,
        "matches",
        lambda self, marked: chain.from_iterable(each.finditer(marked) for each in self._patterns),
    )
    unsieved = [verdict(*each) for each in asked]
    different = [each[1].plain for each, one, two in zip(asked, sieved, unsieved, strict=True) if one != two]
    assert different == []
    assert len(asked) / 4 < sum(map(abs, sieved)) < len(asked)


def test_what_is_needed_is_read_from_a_piece_of_a_pattern() -> None:
    assert ways_of(r"gave\s+up(?=\W*$)") == [{"gave", "up"}]
    assert ways_of(r"go\s?to") == [{"go", "to"}, {"goto"}]
    assert ways_of(r"isn't") == [{"isn", "t"}]
    assert ways_of(" 2") == [{"2"}]
    assert ways_of("me?") == ways_of(r"\w+") == ways_of("2") == [set()]


def test_one_way_of_each_part_is_needed() -> None:
    needed = Needed([[phrases_part(["no match", "nothing"]), phrases_part(["for"])], [phrases_part(["is"])]])
    assert set(needed.among({"no", "for"})) == set()
    assert set(needed.among({"no", "match", "for"})) == {0}
    assert set(needed.among({"nothing", "for", "is"})) == {0, 1}
    assert not needed.any_among({"nothing"})


def test_a_pattern_that_needs_no_word_is_refused() -> None:
    with pytest.raises(ValueError, match="no word is needed for pattern 1; expected a part of plain words"):
        Needed([[phrases_part(["is"])], [ways_of(r"\w+")]])

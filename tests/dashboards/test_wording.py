"""What method.md, section 7, never lets a report claim: read from every sentence it can print."""

from __future__ import annotations

import re

import pytest
from sentinel_dashboards.words import CATALOGUES, catalogue

#: Words of cause, prophecy and proof.
CLAIMS = {
    "en": r"\b(because of|caused?|causing|due to|led to|leads to|thanks to|owing to|resulted in|triggered|drove|"
    r"drives|impact(ed)?|prov(es?|ed|en)|proof|predicts?|will (rise|fall)|forecasts?|public opinion|the public|"
    r"consumers think|people think|no effect|has no effect|bots were removed|removed bots)\b",
    "zh": "因为|由于|导致|造成|引起|使得|归因|证明|预测|将会上涨|将会下跌|公众认为|民意|没有影响|没有效应|无影响",
}
#: Sentences that say what is *not* claimed, and so have to name it.
DENIALS = {"answer.caution", "method.not", "posts.answer", "changes.reading"}


@pytest.mark.parametrize("lang", CATALOGUES)
def test_no_sentence_claims_cause_proof_or_prophecy(lang: str) -> None:
    guilty = {
        key: found.group()
        for key, text in catalogue(lang).items()
        if key not in DENIALS and (found := re.search(CLAIMS[lang], text, re.IGNORECASE))
    }
    assert not guilty


@pytest.mark.parametrize("lang", CATALOGUES)
def test_the_report_says_what_it_does_not_claim(lang: str) -> None:
    denied = " ".join(catalogue(lang)[key] for key in DENIALS)
    assert len(re.findall(CLAIMS[lang], denied, re.IGNORECASE)) >= 2


@pytest.mark.parametrize("lang", CATALOGUES)
def test_no_visible_change_is_never_said_without_the_smallest_visible(lang: str) -> None:
    assert "{smallest}" in catalogue(lang)["event.flat"]
    assert all(field in catalogue(lang)["event.level"] for field in ("{low}", "{high}", "{who}", "{period}"))
    assert all(field in catalogue(lang)["event.p_q"] for field in ("{p}", "{q}", "{tests}"))

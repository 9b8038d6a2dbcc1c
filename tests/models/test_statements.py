"""What a short post says outright."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest
from sentinel_models.phrases import _phrases
from sentinel_models.statements import stated, statements, weight_of
from sentinel_models.words import read


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Qwen couldn't be better", 1),
        ("Qwen isn't terrible", 1),
        ("Qwen isn't impressive", -1),
        ("ban on Alibaba Cloud lifted", 1),
        ("Alibaba is cooked", -1),
        ("Qwen cooked with this one", 1),
        ("big W for Alibaba", 1),
        ("Alibaba L", -1),
        ("Nice job Alibaba, another data leak", -1),
        ("Nice job Alibaba", 1),
        ("Is Qwen broken?", 0),
        ("How do I run Qwen on a Mac?", 0),
        ("Qwen in the cloud", None),
        ("underrated model, unusable app", None),
        ("Alibaba stopped being useful", -1),
        ("Qwen isnt useful", -1),
        ("Alibaba dodged the ban", 1),
        ("Qwen does not refuse harmless questions", 1),
        ("Yet to be disappointed by Alibaba Cloud", 1),
        ("Qwen has yet to impress me", -1),
        ("Qwen isn't perfect but it's close", 1),
        ("None of Qwen's suggestions compile", -1),
        ("they said Qwen is great, it isn't", -1),
        ("that Qwen is useless turned out to be false", 1),
        ("Far from being a flop, Qwen3 is a hit", 1),
        ("Who still trusts Alibaba?", -1),
        ("it's not that Qwen is cheap, it's that it's broken", -1),
        ("千问从来没让人失望过", 1),
        ("千问谈不上好用", -1),
        ("没有千问我的论文根本写不完", 1),
        ("千问要是能听懂人话就好了", -1),
        ("没有千问搞不定的", 1),
        ("千问不像以前那么笨了", 1),
        ("千问不但没变好,反而更差", -1),
        ("阿里的增长没能打动市场", -1),
        ("谁还敢小看千问", 1),
        ("千问不是不好，是太贵", -1),
        ("千问不但快，而且准", 1),
        ("千问不但慢，还贵", -1),
        ("我还没用过千问", 0),
        ("千问怎么收费?", 0),
        ("BABA calls expired worthless", -1),
        ("my $BABA puts expired worthless", 1),
        ("Analyst moves BABA target from $140 to $200", 1),
        ("Analyst moves BABA target from $200 to $140", -1),
        ("API latency went from 800 to 200 ms on Qwen", 1),
        ("losses at Lazada widen", -1),
        ("loss at Lazada, margins widen", 1),
        ("thanks qwen for deleting my files", -1),
        ("thanks qwen for fixing my files", 1),
        ("thanks qwen for not losing my files", 1),
        ("nice of Taobao to cancel my order", -1),
        ("nice of Taobao to refund my order", 1),
        ("Alibaba shares slide after earnings", -1),
        ("Alibaba shares slides from its developer day", 0),
        ("感谢千问帮我把代码删光", -1),
        ("以前千问很笨,现在好用多了", 1),
        ("以前千问很好用,现在笨死", -1),
        ("千问以前很聪明,现在还是很聪明", 1),
        ("本来以为千问是套壳,没想到真有两下子", 1),
        ("还以为千问多厉害,结果一个字没写", -1),
        ("以为千问没戏了,结果直接打脸", 1),
        ("losses at Lazada have not peaked", -1),
        ("losses at Lazada have peaked", 1),
        ("thanks Aliyun for fixing the outage", 1),
        ("thanks Aliyun for the outage", -1),
        ("Great update Alibaba, now nothing loads", -1),
        ("Qwen outputs positive, negative or neutral", 0),
        ("谢谢灵码,今晚又得加班了", -1),
        ("灵码真厉害,就是广告太多", None),
        ("听说千问很强,用了才知道是吹的", -1),
        ("bought BABA calls monday, expired worthless", -1),
        ("bought BABA puts monday, expired worthless", 1),
        ("used Qwen to prep and i got banned", -1),
        ("thanks Qwen, you saved me from a stupid mistake", 1),
        ("千问真棒,错字全改好了", None),
        ("感谢千问帮我把垃圾邮件全删了", 1),
        ("thanks qwen, now I look like an idiot", -1),
        ("thanks qwen for helping with my horrible code", 1),
        ("thanks qwen, that stupid bug is finally gone", 1),
        ("Great tool and rant", 1),
        ("以前都用千问,现在都用千问3", None),
        ("", None),
    ],
)
def test_sign(text: str, sign: int | None) -> None:
    assert statements(read(text)) == sign


def test_the_longest_phrase_at_a_place_counts() -> None:
    assert [(each.phrase, each.sign) for each in stated(read("Qwen is not bad at all"))] == [("not bad", 1)]


def test_a_long_post_is_left_to_the_taught_judgement() -> None:
    assert weight_of(read("Qwen sucks")) == 1.0
    assert weight_of(read("word " * 40 + "sucks")) == 0.0
    assert stated(read("word " * 40 + "sucks")) == []


def test_no_phrase_is_praise_and_blame() -> None:
    listed = {sign: [each.words for each in _phrases() if each.sign == sign] for sign in (1, -1)}
    both = [
        " ".join(sorted(one & two)[0] for one, two in zip(good, bad, strict=True))
        for good in listed[1]
        for bad in listed[-1]
        if len(good) == len(bad)
        and all(one & two or not (one or two) for one, two in zip(good, bad, strict=True))
        and frozenset() not in good
    ]
    assert both == ["bleeding edge"]  # praise, which is listed first


def test_groups_are_known_and_used() -> None:
    lists = [
        files("sentinel_models").joinpath("data", name) for name in ("statements.toml", "comparisons.toml")
    ]
    text = "".join(re.sub("#.*", "", path.read_text(encoding="utf-8")) for path in lists)
    named = set(re.findall(r"\{(\w+)\}", text))
    groups = tomllib.loads(
        files("sentinel_models").joinpath("data", "groups.toml").read_text(encoding="utf-8")
    )
    inner = {
        name
        for table in groups.values()
        for words in table.values()
        for name in re.findall(r"\{(\w+)\}", words)
    }
    assert named | inner == {name for table in groups.values() for name in table}


def test_a_number_sign_by_itself_is_no_number() -> None:
    assert statements(read("Alibaba gains # of users")) == statements(read("Alibaba gains a of users"))
    assert statements(read("$BABA closed at #")) == statements(read("$BABA closed at a"))

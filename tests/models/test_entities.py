from __future__ import annotations

from pathlib import Path

import pytest
from sentinel_models.entities import Entities

from sentinel.errors import SettingsError


def entities(text: str, taxonomy: str | None = None) -> list[str]:
    found: str = Entities(taxonomy).tag({"text": [text], "lang": [None]})["entities"][0]
    return found.split(";") if found else []


def about(text: str) -> float:
    probability: float = Entities().tag({"text": [text], "lang": [None]})["about"][0]
    return probability


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Alibaba and Tencent", ["alibaba", "tencent"]),
        ("$BABA up again", ["alibaba"]),
        ("#BABA", ["alibaba"]),
        ("9988.HK closes higher", ["alibaba"]),
        ("Qwen3-Coder-Next is out", ["qwen"]),
        ("ＱＷＥＮ", ["qwen"]),
        ("Alibaba-Cloud outage", ["alibaba", "alibaba_cloud"]),
        ("阿里雲宕機", ["alibaba", "alibaba_cloud"]),
        ("通義千問和豆包", ["qwen", "bytedance"]),
        ("QwQ 我好难过", []),
        ("QwQ-32B is a reasoning model", ["qwen"]),
        ("obi-wan kenobi", []),
        ("Wan 2.2 video model", ["wan"]),
        ("quark-gluon plasma", []),
        ("Quark, Alibaba's browser", ["alibaba", "quark"]),
        ("Baba Yaga and her hut", []),
        ("my baba makes tea", []),
        ("Ali Baba and the forty thieves", []),
        ("阿里山的日出", []),
        ("西藏阿里地区", []),
        ("去阿里转山，冈仁波齐", []),
        ("阿里斯顿热水器坏了", []),
        ("总统阿里耶夫访问", []),
        ("天猫座流星雨", []),
        ("阿里安全部又发奖金", ["alibaba"]),
        ("阿里大环线自驾攻略", []),
        ("阿里巴巴与四十大盗的故事", []),
        ("芝麻开门，阿里巴巴！", []),
        ("阿里巴巴讲四十大盗的笑话，阿里巴巴又裁员", ["alibaba"]),
        ("李通义教授发表了演讲", []),
        ("小王通义灵码用得很熟", ["qwen", "lingma"]),
        ("用通义写周报", ["qwen"]),
        ("Wang Tongyi won the match", []),
        ("Prof. Tongyi Zhang gave a talk", []),
        ("Chen says Tongyi Qianwen is good", ["qwen"]),
        ("你饿了么？我去买饭", []),
        ("你们用饿了么还是美团？", ["units", "meituan"]),
        ("Lazada lays off staff", ["units"]),
        ("高德地图导航导错路了", ["units"]),
        ("高德大师说", []),
        ("猫离家9天猫咪回来了", []),
        ("板上钉钉的事", []),
        ("Alibabas", []),
        ("claude monet painted lilies", []),
        ("Jack Ma is back", ["people"]),
        ("", []),
    ],
)
def test_entities(text: str, wanted: list[str]) -> None:
    assert entities(text) == wanted


def test_about() -> None:
    assert about("Alibaba Cloud raised its prices") > 0.5
    assert about("$BABA breaking out") > 0.5
    assert about("nothing of the kind") == 0.0
    assert about("$AAPL $TSLA $NVDA $AMD $BABA $MSFT $META $AMZN") < 0.5
    assert about("Grok, Gemini, Claude, Kimi, DeepSeek, Llama, Mistral and so on, or even Qwen") < about(
        "Qwen is out"
    )


def test_a_name_may_own_something() -> None:
    assert entities("Aliyun's outage") == ["alibaba_cloud"]
    assert entities("Tencent’s and Baidu's models against Taobao's") == ["taobao_tmall", "tencent", "baidu"]
    assert entities("Muhammad Ali's stock of belts") == []


def test_a_name_as_it_is_written_needs_no_company() -> None:
    for text in (
        "BABA is down 5% today",
        "Another day, another drop for BABA.",
        "leave BABA's board alone",
        "终于卖了BABA",
    ):
        assert entities(text) == ["alibaba"], text
    for text in (
        "my baba is home",
        "ALL THE SINGLE LADIES! AAAAARE BABA!",
        "Sai BABA bless you",
        "CABABA is nice",
    ):
        assert entities(text) == [], text


def test_a_user_adds_entities_and_names(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[entities.acme]\ntype = "company"\nside = "rival"\nnames_en = ["acme ai"]\n'
        '[entities.qwen]\nnames_en = ["the purple bear"]\nnames_exact = ["QW"]\n',
        encoding="utf-8",
    )
    assert entities("Acme AI against the purple bear", str(path)) == ["qwen", "acme"]
    assert entities("I use QW daily", str(path)) == ["qwen"]
    assert entities("I use qw daily", str(path)) == []
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())  # as some editors of Windows begin a file
    assert entities("Acme AI against the purple bear", str(path)) == ["qwen", "acme"]
    assert entities("Alibaba", str(path)) == ["alibaba"]
    own, shipped = Entities(str(path)), Entities()
    assert own.version != shipped.version
    assert (own.quality, set(shipped.quality)) == ({}, {"en", "zh"})  # measured with the shipped names


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[entities.x]\nname_en = ['a']", "has no key 'name_en'"),
        ("[entities.x]\nside = 'theirs'", "side 'theirs' is none of"),
        ("[entities.x]\nnames_en = 'a'", "expected a list of words"),
        ("[entities.x]\nnot_when = ['(']", "is not a regular expression"),
        ("[entities.'X y']\n", "is not an id"),
        ("[entities.x]\nname_en = ['a']", "Did you mean 'names_en'"),
        ("[entities.x]\nnames_en = [1]", r"\[x\] names_en is \[1\]; expected a list of words"),
        ("[entities.x]\ntype = 5", r"\[x\] type is 5; expected a text"),
        ("entities = 5", r"entities is 5; expected tables such as \[entities."),
        ("[topics]\nrobots = 5", r"topics.robots is 5; expected a table \[topics.robots\]"),
        ("[topics.other]\n", "'other' is what posts of no other topic get"),
        ("[words]\n", "unknown table 'words'"),
        (
            "[topics.dogs]\nwords_en = ['机器狗']\n",
            "'机器狗'; Chinese words are looked for in words_zh alone",
        ),
        ("[entities.dogs]\nweak_en = ['狗']\n", "'狗'; Chinese words are looked for in weak_zh alone"),
        ("[entities.dogs]\nnames_en = ['dog', ' ']\n", "names_en holds an empty word"),
        ("[[[", "is not TOML"),
    ],
)
def test_a_wrong_taxonomy_is_told(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        Entities(str(path))


def test_a_missing_taxonomy_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        Entities(str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError, match="taxonomy is 3; expected the path"):
        Entities(3)  # type: ignore[arg-type]


def test_explains_with_each_word_once() -> None:
    assert Entities().explain("Qwen, qwen and 千问")["entities"] == {"qwen": ["qwen", "千问"]}

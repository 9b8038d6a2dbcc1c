from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentinel_models.posts import Posts
from sentinel_models.spam import Spam
from sentinel_models.spam_reasons import reasons_of


def spam(text: str) -> float:
    probability: float = Spam().tag({"text": [text], "lang": [None]})["spam"][0]
    return probability


@pytest.mark.parametrize(
    "text",
    [
        "XYZ Acme Corp. 52Wk High http://t.co/a $XYZ $BABA $MMM #XYZ #stockmarket #investing",
        "$AAPL $TSLA $NVDA $AMD $BABA $MSFT $META $AMZN $NFLX http://t.co/x",
        "Come try my 7 day free trial, join our chat room! $BABA",
        "Our stock pick gained 288% in 3 weeks! Get our new pick early $SEGI $BABA",
        "RT $TSLA Algos triggered SELL @ 11:08 in SIGMA-X, CROSSFINDER",
        "$XLE Percent Change Updated Thursday, February 19 $BABA",
        "Giveaway! Retweet to win an iPhone, Alibaba",
        "Sign up for our Qwen signals: https://a.example/b",
        "Subscribe #Qwen #Alibaba",
        "$BABA $TSLA $AAPL join our discord for free alerts, link in bio",
        "今晚8点天猫双11开卖，领红包享5折，快来上淘宝抢优惠券！",
        "上淘宝闪购和张三喝秋天第一杯，领188元大券包",
        "千问真香，领188元红包",
        "打车比不上千问，快上千问点击领取",
        "Free stock signals! DM me on WhatsApp +1 555 0199 for $BABA",
        "Alibaba wholesale supplier, factory price, MOQ 100 pcs, contact us",
        "$BABA Max Pain 120.00 Maturity 11/28/2031 #maxpain #options",
        "招聘兼职，日结300，在家可做，添加VX:dd8899 #阿里巴巴#",
        "免费诊股，加群领取明日牛股 阿里巴巴",
        "老师带单，稳赚不赔，进群看阿里",
        "关注转发抽3人送iPhone，#阿里千问# 转发本条微博并@两位好友",
        "千问红包我刚抢到，快来领取",
    ],
)
def test_spam(text: str) -> None:
    assert spam(text) >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Qwen3 is really good at coding",
        "$BABA looks undervalued to me",
        "Alibaba beats estimates, stock jumps $BABA #stocks",
        "long $BABA, short $JD",
        "阿里云又崩了",
        "如何看待阿里巴巴裁员？",
        "千问答错了三道题",
        "千问比豆包好用",
        "夸克广告太多了",
        "我觉得千问还行",
        "千问真香",
        "千问好用",
        "千问垃圾",
        "千问代码能力很强",
        "豆包比不上千问",
        "千问加油",
        "天猫精灵好笨",
        "用千问点了奶茶，真的免单了哈哈哈",
        "千问送的红包根本用不了",
        "抢了半天千问红包，就抢到两块钱，笑死",
        "千问优惠券到账了，开心",
        "千问免单活动把服务器挤崩了",
        "今日结束前阿里还会涨",
        "券商9月金股推荐出炉，阿里巴巴被推荐次数最多",
        "高盛月度金股推荐名单里有阿里",
        "学了三天，老师带我们做了一个通义千问的小程序",
        "千问能不能带你翻倍效率？我试了不行",
        "Qwen now works on WhatsApp, nice",
        "I can't sign up for Alibaba Cloud, the SMS never arrives",
        "Alibaba Cloud free trial ended and they charged me $200",
        "this domain is where Qwen shines",
        "my free Qwen credits vanished",
        "The airdrop scammers use the name Qwen now, be careful",
        "a 100x speedup with Qwen",
        "What is the MOQ on Alibaba? I need five",
        "I am off to bed",
        "",
    ],
)
def test_no_spam(text: str) -> None:
    assert spam(text) < 0.5


def test_explains_its_reasons() -> None:
    explained = Spam().explain("free trial! $A $B $C $D $BABA")
    assert "subscription" in explained["reasons"]
    assert explained["spam"] > 0.5
    assert "coupon_zh" in Spam().explain("领红包")["reasons"]


def test_a_phrase_that_people_use_too_is_told_to_count_for_less() -> None:
    told = "one phrase alone, no link or hashtag"
    assert told in Spam().explain("I can't sign up for Alibaba Cloud")
    assert told not in Spam().explain("sign up and join us, Alibaba fans")
    assert told not in Spam().explain("Alibaba")


def test_who_tells_of_a_coupon_is_told_apart_from_who_offers_it() -> None:
    explained = Spam().explain("千问送的红包根本用不了")
    assert explained["reasons"]["own_voice_zh"] < 0 < explained["reasons"]["coupon_zh"]
    assert spam("千问红包根本用不了") < 0.5 <= spam("千问送你红包")


@settings(deadline=None)  # a busy machine is no fault
@given(
    st.lists(st.lists(st.sampled_from(["$jd", "#jd", "jd", "$bb", "#bb", "bb", "$", "#", "$1", "#1", "1"])))
)
def test_tickers_that_stand_there_three_ways_are_found_in_all_posts_at_once(words: list[list[str]]) -> None:
    texts = ["#stocks #mkt $stocks " + " ".join(each) for each in words]
    for text, reasons in zip(texts, map(reasons_of(Posts.of(texts)).of, range(len(texts))), strict=True):
        every = set(text.split())
        twice = any({word[1:], "#" + word[1:]} <= every for word in every if word[0] == "$")
        assert ("table of a ticker" in reasons) == twice

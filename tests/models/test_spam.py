from __future__ import annotations

import pytest
from sentinel_models.spam import Spam


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
        "今晚8点天猫双11开卖，领红包享5折，快来上淘宝抢优惠券！",
        "上淘宝闪购和张三喝秋天第一杯，领188元大券包",
        "千问真香，领188元红包",
        "打车比不上千问，快上千问点击领取",
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

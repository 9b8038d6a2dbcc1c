"""Names of columns in exports of posts, as the tools of a dozen networks and their users write them."""

from __future__ import annotations

from typing import Final

__all__ = ["FIELDS", "KNOWN"]

# Field: names of columns that hold it, best first, in lower case, without spaces and the signs _ - . / : #
SYNONYMS: Final = """
post_id: tweetid statusid statusidstr postid idstr messageid msgid objectid restid itemid uri tid
    rpid mid weiboid twitterid commentid reviewid noteid awemeid contentid cid documentid docid
    resourceid mentionid id guid 微博id
text: fulltext embeddedtext rawcontent tweettext posttext postmessage selftext commenttext postcaption tweet
    text 微博正文 正文 内容 weibocontent content body message msg msgs caption review sentence original
    hitsentence openingtext snippet contentsnippet textoriginal textdisplay contenttext contenthtml comment posts
    post desc description summary 微博内容 评论内容 帖子内容 文本 本文 nachricht beitrag kommentar texto
    mensaje mensagem texte testo
title: title headline titlesnippet subject 标题 题目 titel título titulo titre
published: createdat parsedcreatedat createdutc createdati created publishedat published publishtime
    pubdate datetime postedat posteddate postdate dateposted datepublished tweetcreated
    tweetcreatedat createdtime createtimeiso createtime postedtime postcreated tweetdate timestamp
    unixtimestamp 发布时间 发表时间 完整日期 日期 时间 nodetimeiso date time at datum fecha 日時 投稿日時
clock: time hour clock 时间 uhrzeit hora heure
collected: collectedat collected retrievedat scrapedat crawledat crawltime fetchedat
    timestampcollected scrapetime 采集时间 抓取时间 lastmodifyts
author: screenname userscreenname username userusername authorusername authorhandle authorscreenname
    extraauthorattributesshortname
    authoruniqueid handle 用户昵称 用户名 昵称 nickname ownerusername usernickname authormetaname fromusername fromuser
    screen author user account blogger influencer from by 作者 用户 博主 发布者 benutzer benutzername verfasser
    usuario usuário autor auteur utilisateur ユーザー名
author_id: userid useridstr authorid authordid did fromid channelid authorchannelid 用户id uid
name: name displayname extraauthorattributesname authorfullname authorname fullname pagename
url: tweeturl tweetpermalink permalink posturl postlink twitterurl url link 链接 微博链接 noteurl videourl
    webvideourl contenturl weibourl
lang: lang language langs languageguess 语言
likes: likecount likescount likes favoritecount favouritescount favorites favourites heartcount
    hearts likedcount diggcount voteupcount likenum attitudescount thumbsupcount upvotes ups upnum 点赞数 点赞
    points score reactions votes like
reposts: retweetcount retweetscount retweets repostcount reposts reblogscount retweetnum repostnum rt
    resharedcount sharedcount sharecount shares share 转发数 转发
replies: replycount repliescount replies numcomments commentcount commentscount commentnum comments
    descendants 评论数 评论
quotes: quotecount quotes
views: viewcount viewscount views impressioncount impressions playcount 阅读数 浏览量
reply_to: inreplytostatusidstr inreplytostatusid inreplytotweetid inreplytoid inreplytouri isreplyto
    replytomessageid replyto parentid parentcommentid
conversation: conversationidstr conversationid threadid linkid storyid
repost_of: retweetedstatusidstr retweetedstatusid referencedtweetsretweetedid retweetid repostof
    repostofid
quoted: quotedstatusidstr quotedstatusid referencedtweetsquotedid quotedtweetid quotedid quoteid
    quoted
platform: platform network socialnetwork sourceplatform site domain 平台
source: source
community: subreddit community board forum subredditname groupname 板块
kind: kind type posttype tweettype contenttype pagetype itemtype messagetype
is_repost: isretweet isrepost retweeted retweet
is_reply: isreply
is_quote: isquote isquotetweet isquotestatus
meta: meta
declared: declared declaredsentiment declaredmood
label: label sentiment userlabel tag
synthetic: synthetic
"""


def _read(text: str) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    for line in text.strip().replace("\n    ", " ").splitlines():
        field, _, names = line.partition(":")
        fields[field] = tuple(names.split())
    return fields


FIELDS: Final = _read(SYNONYMS)
KNOWN: Final = frozenset(name for names in FIELDS.values() for name in names)

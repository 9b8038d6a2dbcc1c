window.YTD.tweets.part0 = [
  {
    "tweet": {
      "id_str": "1916966000000000001",
      "created_at": "Mon Apr 28 21:03:11 +0000 2025",
      "full_text": "@bo the first words of a note \u2026 https://t.co/abc",
      "lang": "en",
      "favorite_count": "2",
      "retweet_count": "0",
      "in_reply_to_status_id_str": "5",
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1916966000000000001",
            "1916966000000000002"
          ]
        }
      }
    }
  },
  {
    "tweet": {
      "id_str": "1916966000000000002",
      "created_at": "Mon Apr 28 21:03:11 +0000 2025",
      "full_text": "RT @x_y: &lt;shared&gt;",
      "favorite_count": "0"
    }
  },
  {
    "tweet": {
      "id_str": "1916966000000000003",
      "created_at": "Mon Apr 28 21:03:11 +0000 2025",
      "full_text": "look",
      "entities": {
        "urls": [
          {
            "expanded_url": "https://twitter.com/bo/status/77"
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "id_str": "1916966000000000004"
    }
  }
];

window.YTD.tweets.part1 = [
  {
    "tweet": {
      "id_str": "1916966000000000006",
      "created_at": "Mon Apr 28 21:03:11 +0000 2025",
      "full_text": "part two"
    }
  }
]
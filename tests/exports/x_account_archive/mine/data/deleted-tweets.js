window.YTD.deleted_tweets.part0 = [
  {
    "tweet": {
      "id_str": "9",
      "full_text": "gone"
    }
  }
]
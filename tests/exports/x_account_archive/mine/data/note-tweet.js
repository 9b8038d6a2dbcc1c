window.YTD.note_tweet.part0 = [
  {
    "noteTweet": {
      "noteTweetId": "1",
      "createdAt": "2025-04-28T21:03:11.000Z",
      "core": {
        "text": "the first words of a note and all that follows & more"
      }
    }
  }
]
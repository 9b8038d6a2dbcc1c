Grailbird.data.tweets_2013_01 = 
 [
 {
  "source": "web",
  "entities": {},
  "id_str": "1916966000000000001",
  "text": "old style",
  "created_at": "2013-01-31 05:20:04 +0000",
  "id": 1,
  "user": {
   "name": "Ada",
   "screen_name": "ada",
   "id_str": "7"
  }
 }
]
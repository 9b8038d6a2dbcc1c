window.__THAR_CONFIG = {
 "userInfo": {
  "accountId": "7",
  "userName": "Ada_L"
 },
 "archiveInfo": {
  "generationDate": "2025-05-01T00:00:00.000Z"
 },
 "dataTypes": {
  "tweets": {
   "files": [
    {
     "fileName": "data/tweets.js",
     "count": "4"
    },
    {
     "fileName": "data/tweets-part1.js",
     "count": "2"
    }
   ]
  }
 }
}
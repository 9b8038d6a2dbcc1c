BEGIN TRANSACTION;
CREATE TABLE facts (
	name VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "facts" VALUES('schema','1');
INSERT INTO "facts" VALUES('clean','Asia/Shanghai, 1 days');
INSERT INTO "facts" VALUES('timezone','Asia/Shanghai');
INSERT INTO "facts" VALUES('taggers','test 1');
CREATE TABLE inputs (
	id INTEGER NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	name TEXT NOT NULL, 
	format VARCHAR NOT NULL, 
	size INTEGER NOT NULL, 
	rows INTEGER NOT NULL, 
	rejects INTEGER NOT NULL, 
	skipped TEXT NOT NULL, 
	warnings TEXT NOT NULL, 
	status VARCHAR NOT NULL, 
	message TEXT NOT NULL, 
	cursor TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (sha256)
);
INSERT INTO "inputs" VALUES(1,'a.jsonla.jsonla.jsonla.jsonla.jsonla.jsonla.jsonla.jsonl','a.jsonl','test',10,7,1,'{"deleted":2}','{"id repaired":1}','read','',NULL);
INSERT INTO "inputs" VALUES(2,'b.jsonlb.jsonlb.jsonlb.jsonlb.jsonlb.jsonlb.jsonlb.jsonl','b.jsonl','test',10,3,0,'{}','{}','read','',NULL);
INSERT INTO "inputs" VALUES(3,'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','c.bin','',3,0,0,'{}','{}','refused','c.bin is of no known format',NULL);
INSERT INTO "inputs" VALUES(4,'fe1e96264c8e59d9175c0503c4851341665c229f66bdcff33d6356bf5fd30db0','live_test','live_test',0,1,0,'{}','{}','read','','{"after": 7}');
CREATE TABLE jobs (
	name VARCHAR NOT NULL, 
	started VARCHAR, 
	ended VARCHAR, 
	succeeded VARCHAR, 
	next VARCHAR, 
	failures INTEGER NOT NULL, 
	message TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "jobs" VALUES('collect 1 folder',NULL,NULL,'2031-03-08T00:00:00Z',NULL,0,'');
CREATE TABLE posts (
	id INTEGER NOT NULL, 
	platform VARCHAR NOT NULL, 
	community VARCHAR, 
	post_id TEXT NOT NULL, 
	published VARCHAR, 
	precision VARCHAR NOT NULL, 
	collected VARCHAR, 
	author VARCHAR, 
	author_id VARCHAR, 
	kind VARCHAR NOT NULL, 
	lang VARCHAR, 
	text TEXT NOT NULL, 
	url TEXT, 
	likes INTEGER, 
	reposts INTEGER, 
	replies INTEGER, 
	quotes INTEGER, 
	views INTEGER, 
	reply_to TEXT, 
	conversation TEXT, 
	repost_of TEXT, 
	quoted TEXT, 
	declared VARCHAR, 
	synthetic BOOLEAN, 
	input INTEGER NOT NULL, 
	rank VARCHAR NOT NULL, 
	copy_key VARCHAR, 
	day INTEGER, 
	copy_of TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (platform, post_id), 
	FOREIGN KEY(input) REFERENCES inputs (id)
);
INSERT INTO "posts" VALUES(1,'x',NULL,'1000000000000000000','2031-03-01T17:30:00Z','second',NULL,'synth_0','0','post',NULL,'Qwen3 is out',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,'09 - ca43a11b4f7af4d4 a.jsonla','a972255fd9bc11f16bf2',22340,'1000000000000000000');
INSERT INTO "posts" VALUES(2,'x',NULL,'1000000000000000001','2031-03-02T17:30:00Z','second',NULL,'synth_1','1','post',NULL,'quite a model',NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,'09 - 99a994e058f21ec6 a.jsonla','cb1e8a950f8c8032cfec',22341,NULL);
INSERT INTO "posts" VALUES(3,'x',NULL,'1000000000000000002','2031-03-01T18:00:00Z','second',NULL,'synth_2','2','post',NULL,'QWEN3 is out!',NULL,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,'09 - 5378d9dcb43a1c8e a.jsonla','a972255fd9bc11f16bf2',22340,'1000000000000000000');
INSERT INTO "posts" VALUES(4,'x',NULL,'1000000000000000003',NULL,'none',NULL,'synth_3','3','post',NULL,'',NULL,3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2,'07 - 4279662cf39ec783 b.jsonlb',NULL,NULL,NULL);
INSERT INTO "posts" VALUES(5,'x',NULL,'1000000000000000004','2031-03-05T17:30:00Z','second',NULL,'synth_4','4','post',NULL,'=1+1 通义千问',NULL,4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2,'09 - 02d0dc28db04c8ed b.jsonlb','4a27b5a16ddd95446bdb',22344,NULL);
INSERT INTO "posts" VALUES(6,'x',NULL,'1000000000000000005','2031-03-06T17:30:00Z','second',NULL,'synth_5','5','repost',NULL,'Qwen3 is out',NULL,5,NULL,NULL,NULL,NULL,NULL,NULL,'1000000000000000000',NULL,NULL,NULL,2,'10 - 4404b5a783e1e41f b.jsonlb','a972255fd9bc11f16bf2',22345,NULL);
INSERT INTO "posts" VALUES(7,'mastodon',NULL,'1000000000000000000','2031-03-01T17:30:00Z','second',NULL,'synth_0','0','post',NULL,'Qwen3 is out',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,4,'09 - 06ff2be11171e34b fe1e9626','a972255fd9bc11f16bf2',22340,NULL);
CREATE TABLE rejects (
	input INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	position TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	excerpt TEXT NOT NULL, 
	PRIMARY KEY (input, number), 
	FOREIGN KEY(input) REFERENCES inputs (id) ON DELETE CASCADE
);
INSERT INTO "rejects" VALUES(1,0,'line 5','no id','{"text": "synth_9"}');
CREATE TABLE tags (
	post INTEGER NOT NULL, 
	taggers VARCHAR NOT NULL, 
	rank VARCHAR NOT NULL, 
	lang TEXT, 
	about FLOAT, 
	spam FLOAT, 
	label TEXT, 
	score FLOAT, 
	p_negative FLOAT, 
	p_neutral FLOAT, 
	p_positive FLOAT, 
	confidence FLOAT, 
	topics TEXT, 
	entities TEXT, 
	model TEXT, 
	PRIMARY KEY (post), 
	FOREIGN KEY(post) REFERENCES posts (id) ON DELETE CASCADE
);
INSERT INTO "tags" VALUES(1,'test 1','09 - ca43a11b4f7af4d4 a.jsonla','en',0.75,0.25,'positive',0.5,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tags" VALUES(2,'test 1','09 - 99a994e058f21ec6 a.jsonla','en',0.75,0.25,'positive',0.5,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tags" VALUES(3,'test 1','09 - 5378d9dcb43a1c8e a.jsonla','en',0.75,0.25,'positive',0.5,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tags" VALUES(4,'test 1','07 - 4279662cf39ec783 b.jsonlb','en',0.75,0.25,'unscored',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tags" VALUES(5,'test 1','09 - 02d0dc28db04c8ed b.jsonlb','en',0.75,0.25,'positive',0.5,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tags" VALUES(6,'test 1','10 - 4404b5a783e1e41f b.jsonlb','en',0.75,0.25,'positive',0.5,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tags" VALUES(7,'test 1','09 - 06ff2be11171e34b fe1e9626','en',0.75,0.25,'positive',0.5,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE INDEX posts_by_text ON posts (copy_key, published);
CREATE INDEX posts_by_time ON posts (published);
COMMIT;

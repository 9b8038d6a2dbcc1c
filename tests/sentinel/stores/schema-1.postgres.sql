CREATE TABLE public.facts (
    name character varying NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.inputs (
    id integer NOT NULL,
    sha256 character varying NOT NULL,
    name text NOT NULL,
    format character varying NOT NULL,
    size integer NOT NULL,
    rows integer NOT NULL,
    rejects integer NOT NULL,
    skipped text NOT NULL,
    warnings text NOT NULL,
    status character varying NOT NULL,
    message text NOT NULL,
    cursor text
);
CREATE SEQUENCE public.inputs_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.inputs_id_seq OWNED BY public.inputs.id;
CREATE TABLE public.jobs (
    name character varying NOT NULL,
    started character varying,
    ended character varying,
    succeeded character varying,
    next character varying,
    failures integer NOT NULL,
    message text NOT NULL
);
CREATE TABLE public.posts (
    id integer NOT NULL,
    platform character varying NOT NULL,
    community character varying,
    post_id text NOT NULL,
    published character varying,
    "precision" character varying NOT NULL,
    collected character varying,
    author character varying,
    author_id character varying,
    kind character varying NOT NULL,
    lang character varying,
    text text NOT NULL,
    url text,
    likes integer,
    reposts integer,
    replies integer,
    quotes integer,
    views integer,
    reply_to text,
    conversation text,
    repost_of text,
    quoted text,
    declared character varying,
    synthetic boolean,
    input integer NOT NULL,
    rank character varying NOT NULL,
    copy_key character varying,
    day integer,
    copy_of text
);
CREATE SEQUENCE public.posts_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.posts_id_seq OWNED BY public.posts.id;
CREATE TABLE public.rejects (
    input integer NOT NULL,
    number integer NOT NULL,
    "position" text NOT NULL,
    reason text NOT NULL,
    excerpt text NOT NULL
);
CREATE TABLE public.tags (
    post integer NOT NULL,
    taggers character varying NOT NULL,
    rank character varying NOT NULL,
    lang text,
    about double precision,
    spam double precision,
    label text,
    score double precision,
    p_negative double precision,
    p_neutral double precision,
    p_positive double precision,
    confidence double precision,
    topics text,
    entities text,
    model text
);
ALTER TABLE ONLY public.inputs ALTER COLUMN id SET DEFAULT nextval('public.inputs_id_seq'::regclass);
ALTER TABLE ONLY public.posts ALTER COLUMN id SET DEFAULT nextval('public.posts_id_seq'::regclass);
INSERT INTO public.facts VALUES ('schema', '1');
INSERT INTO public.facts VALUES ('timezone', 'Asia/Shanghai');
INSERT INTO public.facts VALUES ('clean', 'Asia/Shanghai, 1 days');
INSERT INTO public.facts VALUES ('taggers', 'test 1');
INSERT INTO public.inputs VALUES (1, 'a.jsonla.jsonla.jsonla.jsonla.jsonla.jsonla.jsonla.jsonl', 'a.jsonl', 'test', 10, 7, 1, '{"deleted":2}', '{"id repaired":1}', 'read', '', NULL);
INSERT INTO public.inputs VALUES (2, 'b.jsonlb.jsonlb.jsonlb.jsonlb.jsonlb.jsonlb.jsonlb.jsonl', 'b.jsonl', 'test', 10, 3, 0, '{}', '{}', 'read', '', NULL);
INSERT INTO public.inputs VALUES (3, 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 'c.bin', '', 3, 0, 0, '{}', '{}', 'refused', 'c.bin is of no known format', NULL);
INSERT INTO public.inputs VALUES (4, 'fe1e96264c8e59d9175c0503c4851341665c229f66bdcff33d6356bf5fd30db0', 'live_test', 'live_test', 0, 1, 0, '{}', '{}', 'read', '', '{"after": 7}');
INSERT INTO public.jobs VALUES ('collect 1 folder', NULL, NULL, '2031-03-08T00:00:00Z', NULL, 0, '');
INSERT INTO public.posts VALUES (2, 'x', NULL, '1000000000000000001', '2031-03-02T17:30:00Z', 'second', NULL, 'synth_1', '1', 'post', NULL, 'quite a model', NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, '09 - 99a994e058f21ec6 a.jsonla', 'cb1e8a950f8c8032cfec', 22341, NULL);
INSERT INTO public.posts VALUES (4, 'x', NULL, '1000000000000000003', NULL, 'none', NULL, 'synth_3', '3', 'post', NULL, '', NULL, 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2, '07 - 4279662cf39ec783 b.jsonlb', NULL, NULL, NULL);
INSERT INTO public.posts VALUES (6, 'x', NULL, '1000000000000000004', '2031-03-05T17:30:00Z', 'second', NULL, 'synth_4', '4', 'post', NULL, '=1+1 通义千问', NULL, 4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2, '09 - 02d0dc28db04c8ed b.jsonlb', '4a27b5a16ddd95446bdb', 22344, NULL);
INSERT INTO public.posts VALUES (8, 'mastodon', NULL, '1000000000000000000', '2031-03-01T17:30:00Z', 'second', NULL, 'synth_0', '0', 'post', NULL, 'Qwen3 is out', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 4, '09 - 06ff2be11171e34b fe1e9626', 'a972255fd9bc11f16bf2', 22340, NULL);
INSERT INTO public.posts VALUES (7, 'x', NULL, '1000000000000000005', '2031-03-06T17:30:00Z', 'second', NULL, 'synth_5', '5', 'repost', NULL, 'Qwen3 is out', NULL, 5, NULL, NULL, NULL, NULL, NULL, NULL, '1000000000000000000', NULL, NULL, NULL, 2, '10 - 4404b5a783e1e41f b.jsonlb', 'a972255fd9bc11f16bf2', 22345, NULL);
INSERT INTO public.posts VALUES (1, 'x', NULL, '1000000000000000000', '2031-03-01T17:30:00Z', 'second', NULL, 'synth_0', '0', 'post', NULL, 'Qwen3 is out', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, '09 - ca43a11b4f7af4d4 a.jsonla', 'a972255fd9bc11f16bf2', 22340, '1000000000000000000');
INSERT INTO public.posts VALUES (3, 'x', NULL, '1000000000000000002', '2031-03-01T18:00:00Z', 'second', NULL, 'synth_2', '2', 'post', NULL, 'QWEN3 is out!', NULL, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, '09 - 5378d9dcb43a1c8e a.jsonla', 'a972255fd9bc11f16bf2', 22340, '1000000000000000000');
INSERT INTO public.rejects VALUES (1, 0, 'line 5', 'no id', '{"text": "synth_9"}');
INSERT INTO public.tags VALUES (1, 'test 1', '09 - ca43a11b4f7af4d4 a.jsonla', 'en', 0.75, 0.25, 'positive', 0.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.tags VALUES (2, 'test 1', '09 - 99a994e058f21ec6 a.jsonla', 'en', 0.75, 0.25, 'positive', 0.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.tags VALUES (3, 'test 1', '09 - 5378d9dcb43a1c8e a.jsonla', 'en', 0.75, 0.25, 'positive', 0.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.tags VALUES (4, 'test 1', '07 - 4279662cf39ec783 b.jsonlb', 'en', 0.75, 0.25, 'unscored', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.tags VALUES (6, 'test 1', '09 - 02d0dc28db04c8ed b.jsonlb', 'en', 0.75, 0.25, 'positive', 0.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.tags VALUES (7, 'test 1', '10 - 4404b5a783e1e41f b.jsonlb', 'en', 0.75, 0.25, 'positive', 0.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.tags VALUES (8, 'test 1', '09 - 06ff2be11171e34b fe1e9626', 'en', 0.75, 0.25, 'positive', 0.5, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT pg_catalog.setval('public.inputs_id_seq', 4, true);
SELECT pg_catalog.setval('public.posts_id_seq', 8, true);
ALTER TABLE ONLY public.facts
    ADD CONSTRAINT facts_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.inputs
    ADD CONSTRAINT inputs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.inputs
    ADD CONSTRAINT inputs_sha256_key UNIQUE (sha256);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_platform_post_id_key UNIQUE (platform, post_id);
ALTER TABLE ONLY public.rejects
    ADD CONSTRAINT rejects_pkey PRIMARY KEY (input, number);
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_pkey PRIMARY KEY (post);
CREATE INDEX posts_by_text ON public.posts USING btree (copy_key, published);
CREATE INDEX posts_by_time ON public.posts USING btree (published);
ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_input_fkey FOREIGN KEY (input) REFERENCES public.inputs(id);
ALTER TABLE ONLY public.rejects
    ADD CONSTRAINT rejects_input_fkey FOREIGN KEY (input) REFERENCES public.inputs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tags
    ADD CONSTRAINT tags_post_fkey FOREIGN KEY (post) REFERENCES public.posts(id) ON DELETE CASCADE;

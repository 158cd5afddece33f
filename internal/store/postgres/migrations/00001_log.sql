-- +goose Up
CREATE TABLE entry (
    seq     BIGINT PRIMARY KEY,
    type    TEXT COLLATE "C"    NOT NULL,
    time    BIGINT NOT NULL, -- microseconds since 1970, UTC
    actor   TEXT COLLATE "C"    NOT NULL,
    base    BIGINT NOT NULL,
    objects BIGINT NOT NULL  -- number of object versions it made
);
CREATE INDEX entry_time ON entry (time, seq);

CREATE TABLE entry_text (
    seq        BIGINT NOT NULL,
    part       TEXT COLLATE "C"    NOT NULL, -- title, reason, body
    content    BYTEA,
    salt       BYTEA,
    commitment BYTEA    NOT NULL,
    erased_by  BIGINT,
    PRIMARY KEY (seq, part)
);
CREATE INDEX entry_text_erased ON entry_text (erased_by) WHERE erased_by IS NOT NULL;

CREATE TABLE object_version (
    uid             TEXT COLLATE "C"    NOT NULL,
    kind            TEXT COLLATE "C"    NOT NULL,
    name            TEXT COLLATE "C"    NOT NULL,
    from_seq        BIGINT NOT NULL,
    to_seq          BIGINT,
    deleted         BIGINT NOT NULL,
    document        BYTEA,
    salt            BYTEA,
    commitment      BYTEA,
    name_commitment BYTEA    NOT NULL,
    erased_by       BIGINT,
    PRIMARY KEY (uid, from_seq)
);
CREATE INDEX object_version_from ON object_version (from_seq, uid);
-- One expression, unique on its own, keeps lookups by name in the index even
-- before the engine has gathered statistics.
CREATE UNIQUE INDEX object_version_living ON object_version ((kind || '/' || name)) WHERE to_seq IS NULL AND deleted = 0;
CREATE UNIQUE INDEX object_version_current ON object_version (uid) WHERE to_seq IS NULL;
CREATE INDEX object_version_name ON object_version ((kind || '/' || name), from_seq);
CREATE INDEX object_version_erased ON object_version (erased_by) WHERE erased_by IS NOT NULL;

CREATE TABLE tile (
    level  BIGINT NOT NULL,
    n      BIGINT NOT NULL,
    hashes BYTEA    NOT NULL, -- up to 256 hashes of 32 bytes
    PRIMARY KEY (level, n)
);

CREATE TABLE draft (
    id       TEXT COLLATE "C"    PRIMARY KEY,
    base_seq BIGINT NOT NULL,
    title    TEXT COLLATE "C"    NOT NULL,
    author   TEXT COLLATE "C"    NOT NULL,
    updated  BIGINT NOT NULL,
    version  BIGINT NOT NULL,
    objects  BIGINT NOT NULL
);

CREATE TABLE draft_put (
    draft_id   TEXT COLLATE "C"    NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
    ordinal    BIGINT NOT NULL,
    uid        TEXT COLLATE "C"    NOT NULL,
    kind       TEXT COLLATE "C"    NOT NULL,
    name       TEXT COLLATE "C"    NOT NULL,
    document   BYTEA,
    expect_seq BIGINT NOT NULL,
    deleted    BIGINT NOT NULL,
    PRIMARY KEY (draft_id, ordinal)
);

CREATE TABLE blob (
    sha256     TEXT COLLATE "C"    PRIMARY KEY,
    media_type TEXT COLLATE "C"    NOT NULL,
    size       BIGINT NOT NULL,
    created    BIGINT NOT NULL
);

CREATE TABLE setting (
    key   TEXT COLLATE "C" PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE consumer (
    name TEXT COLLATE "C"    PRIMARY KEY,
    seq  BIGINT NOT NULL
);

CREATE TABLE blob_chunk (
    sha256  TEXT COLLATE "C" NOT NULL REFERENCES blob (sha256) ON DELETE CASCADE,
    n       BIGINT           NOT NULL,
    content BYTEA            NOT NULL,
    PRIMARY KEY (sha256, n)
);

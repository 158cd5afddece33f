-- +goose Up
CREATE TABLE entry (
    seq     INTEGER PRIMARY KEY,
    type    TEXT    NOT NULL,
    time    INTEGER NOT NULL, -- microseconds since 1970, UTC
    actor   TEXT    NOT NULL,
    base    INTEGER NOT NULL,
    objects INTEGER NOT NULL  -- number of object versions it made
);
CREATE INDEX entry_time ON entry (time, seq);

CREATE TABLE entry_text (
    seq        INTEGER NOT NULL,
    part       TEXT    NOT NULL, -- title, reason, body
    content    BLOB,
    salt       BLOB,
    commitment BLOB    NOT NULL,
    erased_by  INTEGER,
    PRIMARY KEY (seq, part)
);
CREATE INDEX entry_text_erased ON entry_text (erased_by) WHERE erased_by IS NOT NULL;

CREATE TABLE object_version (
    uid             TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    from_seq        INTEGER NOT NULL,
    to_seq          INTEGER,
    deleted         INTEGER NOT NULL,
    document        BLOB,
    salt            BLOB,
    commitment      BLOB,
    name_commitment BLOB    NOT NULL,
    erased_by       INTEGER,
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
    level  INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    hashes BLOB    NOT NULL, -- up to 256 hashes of 32 bytes
    PRIMARY KEY (level, n)
);

CREATE TABLE draft (
    id       TEXT    PRIMARY KEY,
    base_seq INTEGER NOT NULL,
    title    TEXT    NOT NULL,
    author   TEXT    NOT NULL,
    updated  INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    objects  INTEGER NOT NULL
);

CREATE TABLE draft_put (
    draft_id   TEXT    NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    uid        TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    document   BLOB,
    expect_seq INTEGER NOT NULL,
    deleted    INTEGER NOT NULL,
    PRIMARY KEY (draft_id, ordinal)
);

CREATE TABLE blob (
    sha256     TEXT    PRIMARY KEY,
    media_type TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    created    INTEGER NOT NULL
);

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
);

CREATE TABLE consumer (
    name TEXT    PRIMARY KEY,
    seq  INTEGER NOT NULL
);

-- +goose Up
-- Times are microseconds since 1970, UTC; days are days since 1970-01-01, UTC. sum is
-- the CRC-32C of all that a row says, names in place of their numbers.

-- The time of the last append: every append has a later one.
CREATE TABLE clock (at INTEGER NOT NULL);
INSERT INTO clock (at) VALUES (0);

CREATE TABLE series (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
);

CREATE TABLE origin (
    id     INTEGER PRIMARY KEY,
    engine TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (engine, author, reason)
);

CREATE TABLE evidence (
    series   INTEGER NOT NULL,
    day      INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    origin   INTEGER NOT NULL,
    sum      INTEGER NOT NULL,
    slices   BLOB    NOT NULL,
    PRIMARY KEY (series, day, revision)
) WITHOUT ROWID;

CREATE TABLE exclusion (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    scope     TEXT    NOT NULL,
    starts    INTEGER NOT NULL,
    ends      INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    announced INTEGER NOT NULL, -- 0 for never
    author    TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    withdraws INTEGER NOT NULL, -- 0 for none
    sum       INTEGER NOT NULL
);
CREATE INDEX exclusion_ends ON exclusion (ends, starts);
CREATE UNIQUE INDEX exclusion_withdraws ON exclusion (withdraws) WHERE withdraws <> 0;

CREATE TABLE ticket (
    source    TEXT    NOT NULL,
    id        TEXT    NOT NULL,
    revision  INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    opened    INTEGER NOT NULL,
    ended     INTEGER NOT NULL, -- 9223372036854775807 while it is open
    withdrawn INTEGER NOT NULL,
    sum       INTEGER NOT NULL,
    document  BLOB    NOT NULL, -- JSON
    PRIMARY KEY (source, id, revision)
) WITHOUT ROWID;
CREATE INDEX ticket_ended ON ticket (ended, opened);

-- +goose StatementBegin
CREATE TRIGGER series_update BEFORE UPDATE ON series BEGIN SELECT RAISE(ABORT, 'the evidence ledger only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER series_delete BEFORE DELETE ON series BEGIN SELECT RAISE(ABORT, 'the evidence ledger only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER origin_update BEFORE UPDATE ON origin BEGIN SELECT RAISE(ABORT, 'the evidence ledger only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER origin_delete BEFORE DELETE ON origin BEGIN SELECT RAISE(ABORT, 'the evidence ledger only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER evidence_update BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'the evidence ledger only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER evidence_delete BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'the evidence ledger only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER exclusion_update BEFORE UPDATE ON exclusion BEGIN SELECT RAISE(ABORT, 'the evidence ledger only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER exclusion_delete BEFORE DELETE ON exclusion BEGIN SELECT RAISE(ABORT, 'the evidence ledger only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_update BEFORE UPDATE ON ticket BEGIN SELECT RAISE(ABORT, 'the evidence ledger only grows'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ticket_delete BEFORE DELETE ON ticket BEGIN SELECT RAISE(ABORT, 'the evidence ledger only grows'); END;
-- +goose StatementEnd

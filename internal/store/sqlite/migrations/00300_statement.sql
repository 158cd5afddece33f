-- +goose Up
CREATE TABLE statement (
    hash      TEXT    PRIMARY KEY, -- SHA-256 of the sealed statement, in hexadecimal
    seq       INTEGER NOT NULL,    -- entry of the log that seals it
    agreement TEXT    NOT NULL,    -- reference
    period    TEXT    NOT NULL,    -- 2027-03, 2027-Q1, 2027
    interim   INTEGER NOT NULL,    -- 1 when the period was not over
    sealed    INTEGER NOT NULL,    -- microseconds since 1970, UTC
    author    TEXT    NOT NULL     -- account
);
CREATE INDEX statement_agreement ON statement (agreement, period, seq);

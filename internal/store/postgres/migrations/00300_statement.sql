-- +goose Up
CREATE TABLE statement (
    hash      TEXT COLLATE "C" PRIMARY KEY, -- SHA-256 of the sealed statement, in hexadecimal
    seq       BIGINT NOT NULL,              -- entry of the log that seals it
    agreement TEXT COLLATE "C" NOT NULL,    -- reference
    period    TEXT COLLATE "C" NOT NULL,    -- 2027-03, 2027-Q1, 2027
    interim   BIGINT NOT NULL,              -- 1 when the period was not over
    sealed    BIGINT NOT NULL,              -- microseconds since 1970, UTC
    author    TEXT COLLATE "C" NOT NULL     -- account
);
CREATE INDEX statement_agreement ON statement (agreement, period, seq);

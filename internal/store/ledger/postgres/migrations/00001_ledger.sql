-- +goose Up
-- Times are microseconds since 1970, UTC; days are days since 1970-01-01, UTC. sum is
-- the CRC-32C of all that a row says, names in place of their numbers.

-- The time of the last append: every append has a later one, and holds this row until it
-- is done, so that appends of several servers take turns.
CREATE TABLE clock (at BIGINT NOT NULL);
INSERT INTO clock (at) VALUES (0);

CREATE TABLE series (
    id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT   COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE origin (
    id     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    engine TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    UNIQUE (engine, author, reason)
);

CREATE TABLE evidence (
    series   INTEGER NOT NULL,
    day      INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    origin   INTEGER NOT NULL,
    at       BIGINT  NOT NULL,
    sum      BIGINT  NOT NULL,
    slices   BYTEA   NOT NULL,
    PRIMARY KEY (series, day, revision)
);

CREATE TABLE exclusion (
    id        BIGINT PRIMARY KEY,
    at        BIGINT NOT NULL,
    scope     TEXT   NOT NULL,
    starts    BIGINT NOT NULL,
    ends      BIGINT NOT NULL,
    kind      TEXT   NOT NULL,
    announced BIGINT NOT NULL, -- 0 for never
    author    TEXT   NOT NULL,
    reason    TEXT   NOT NULL,
    withdraws BIGINT NOT NULL, -- 0 for none
    sum       BIGINT NOT NULL
);
CREATE INDEX exclusion_ends ON exclusion (ends, starts);
CREATE UNIQUE INDEX exclusion_withdraws ON exclusion (withdraws) WHERE withdraws <> 0;

CREATE TABLE ticket (
    source    TEXT    COLLATE "C" NOT NULL,
    id        TEXT    COLLATE "C" NOT NULL,
    revision  INTEGER NOT NULL,
    at        BIGINT  NOT NULL,
    opened    BIGINT  NOT NULL,
    ended     BIGINT  NOT NULL, -- 9223372036854775807 while it is open
    withdrawn INTEGER NOT NULL,
    sum       BIGINT  NOT NULL,
    document  BYTEA   NOT NULL, -- JSON
    PRIMARY KEY (source, id, revision)
);
CREATE INDEX ticket_ended ON ticket (ended, opened);

-- +goose StatementBegin
CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the evidence ledger only grows';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON series FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON origin FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON exclusion FOR EACH STATEMENT EXECUTE FUNCTION only_grows();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ticket FOR EACH STATEMENT EXECUTE FUNCTION only_grows();

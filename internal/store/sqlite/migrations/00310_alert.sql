-- +goose Up
CREATE TABLE alert (
    id       TEXT    PRIMARY KEY, -- this occurrence
    rule     TEXT    NOT NULL,    -- agreement, target, service and severity
    began    INTEGER NOT NULL,    -- microseconds since 1970, UTC
    ended    INTEGER,             -- NULL while it fires
    body     BLOB    NOT NULL     -- JSON
);
CREATE UNIQUE INDEX alert_firing ON alert (rule) WHERE ended IS NULL;
CREATE INDEX alert_began ON alert (began);

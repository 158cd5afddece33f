-- +goose Up
CREATE TABLE alert (
    id       TEXT COLLATE "C" PRIMARY KEY, -- this occurrence
    rule     TEXT COLLATE "C" NOT NULL,    -- agreement, target, service and severity
    began    BIGINT NOT NULL,              -- microseconds since 1970, UTC
    ended    BIGINT,                       -- NULL while it fires
    body     BYTEA  NOT NULL               -- JSON
);
CREATE UNIQUE INDEX alert_firing ON alert (rule) WHERE ended IS NULL;
CREATE INDEX alert_began ON alert (began);

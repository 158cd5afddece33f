-- +goose Up
CREATE TABLE report_schedule (
    id       TEXT    PRIMARY KEY,
    next     INTEGER NOT NULL, -- when it is due, microseconds since 1970, UTC; 0 while it is paused
    body     BLOB NOT NULL  -- JSON
);
CREATE TABLE report_run (
    id       TEXT    PRIMARY KEY, -- schedule and due time: one run each
    schedule TEXT    NOT NULL,
    due      INTEGER NOT NULL,    -- microseconds since 1970, UTC
    state    TEXT    NOT NULL,    -- waiting, running, done, failed
    retry    INTEGER NOT NULL,    -- when it is tried, microseconds since 1970, UTC
    body     BLOB NOT NULL     -- JSON
);
CREATE INDEX report_run_due ON report_run (due);
CREATE INDEX report_run_state ON report_run (state, retry);

-- +goose Up
CREATE TABLE report_schedule (
    id       TEXT COLLATE "C" PRIMARY KEY,
    next     BIGINT NOT NULL, -- when it is due, microseconds since 1970, UTC; 0 while it is paused
    body     BYTEA NOT NULL  -- JSON
);
CREATE TABLE report_run (
    id       TEXT COLLATE "C" PRIMARY KEY, -- schedule and due time: one run each
    schedule TEXT COLLATE "C" NOT NULL,
    due      BIGINT NOT NULL,    -- microseconds since 1970, UTC
    state    TEXT COLLATE "C" NOT NULL,    -- waiting, running, done, failed
    retry    BIGINT NOT NULL,    -- when it is tried, microseconds since 1970, UTC
    body     BYTEA NOT NULL     -- JSON
);
CREATE INDEX report_run_due ON report_run (due);
CREATE INDEX report_run_state ON report_run (state, retry);

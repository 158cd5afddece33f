-- +goose Up
CREATE TABLE notification (
    id       TEXT    PRIMARY KEY, -- of the message: the same whenever it is sent again
    channel  TEXT    NOT NULL,
    receiver TEXT    NOT NULL,    -- e-mail address; empty where the channel has one end
    type     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    made     INTEGER NOT NULL,    -- microseconds since 1970, UTC, as all that follow
    due      INTEGER NOT NULL,    -- next attempt
    attempts INTEGER NOT NULL,
    state    TEXT    NOT NULL,    -- waiting, sent, dead
    done     INTEGER,             -- sent or given up
    problem  BLOB    NOT NULL,    -- JSON of the last one, or empty
    body     BLOB    NOT NULL     -- JSON of the message; empty once sent
);
CREATE INDEX notification_waiting ON notification (channel, receiver, made, id) WHERE state = 'waiting';
CREATE INDEX notification_done ON notification (done) WHERE done IS NOT NULL;
CREATE TABLE notification_channel (
    name     TEXT    PRIMARY KEY,
    tried    INTEGER NOT NULL,    -- last attempt
    taken    INTEGER,             -- last one that was taken
    failures INTEGER NOT NULL,    -- in a row
    due      INTEGER NOT NULL,    -- nothing is tried before
    problem  BLOB    NOT NULL     -- JSON of the last one, or empty
);

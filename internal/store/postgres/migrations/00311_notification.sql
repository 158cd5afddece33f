-- +goose Up
CREATE TABLE notification (
    id       TEXT COLLATE "C" PRIMARY KEY, -- of the message: the same whenever it is sent again
    channel  TEXT COLLATE "C" NOT NULL,
    receiver TEXT COLLATE "C" NOT NULL,    -- e-mail address; empty where the channel has one end
    type     TEXT COLLATE "C" NOT NULL,
    subject  TEXT COLLATE "C" NOT NULL,
    made     BIGINT NOT NULL,              -- microseconds since 1970, UTC, as all that follow
    due      BIGINT NOT NULL,              -- next attempt
    attempts BIGINT NOT NULL,
    state    TEXT COLLATE "C" NOT NULL,    -- waiting, sent, dead
    done     BIGINT,                       -- sent or given up
    problem  BYTEA  NOT NULL,              -- JSON of the last one, or empty
    body     BYTEA  NOT NULL               -- JSON of the message; empty once sent
);
CREATE INDEX notification_waiting ON notification (channel, receiver, made, id) WHERE state = 'waiting';
CREATE INDEX notification_done ON notification (done) WHERE done IS NOT NULL;
CREATE TABLE notification_channel (
    name     TEXT COLLATE "C" PRIMARY KEY,
    tried    BIGINT NOT NULL,              -- last attempt
    taken    BIGINT,                       -- last one that was taken
    failures BIGINT NOT NULL,              -- in a row
    due      BIGINT NOT NULL,              -- nothing is tried before
    problem  BYTEA  NOT NULL               -- JSON of the last one, or empty
);

-- +goose Up
CREATE TABLE identity_account (
    id               TEXT COLLATE "C" PRIMARY KEY, -- opaque, the actor of entries
    login            TEXT COLLATE "C" UNIQUE,      -- normalised; NULL once erased
    name             TEXT COLLATE "C" NOT NULL,
    language         TEXT COLLATE "C" NOT NULL,
    password         TEXT COLLATE "C" NOT NULL,    -- PHC string, '' for none
    password_changed BIGINT NOT NULL,    -- microseconds since 1970, UTC; 0 for never
    sessions_from    BIGINT NOT NULL,    -- sessions begun before are void
    created          BIGINT NOT NULL,
    link_salt        TEXT COLLATE "C" NOT NULL,    -- opens the commitment to the next two in the log
    person           TEXT COLLATE "C" NOT NULL,    -- reference, '' for none
    customer         TEXT COLLATE "C" NOT NULL,    -- reference, '' for none
    active           BIGINT NOT NULL,    -- as the access entries of the log say
    erased           BIGINT NOT NULL     -- as the access entries of the log say
);

CREATE TABLE identity_grant (
    account_id  TEXT COLLATE "C" NOT NULL REFERENCES identity_account (id),
    role        TEXT COLLATE "C" NOT NULL,
    scope       TEXT COLLATE "C" NOT NULL, -- reference, '' for everywhere
    deputy_for  TEXT COLLATE "C" NOT NULL, -- account, '' in one's own right
    valid_from  BIGINT,
    valid_until BIGINT,
    seq         BIGINT NOT NULL, -- entry that decided it
    PRIMARY KEY (account_id, role, scope, deputy_for)
);

CREATE TABLE identity_session (
    token_hash BYTEA   PRIMARY KEY, -- SHA-256
    id         TEXT COLLATE "C" NOT NULL UNIQUE,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES identity_account (id),
    method     TEXT COLLATE "C" NOT NULL,
    created    BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL,
    expires    BIGINT NOT NULL,
    address    TEXT COLLATE "C" NOT NULL,
    agent      TEXT COLLATE "C" NOT NULL
);
CREATE INDEX identity_session_account ON identity_session (account_id);
CREATE INDEX identity_session_expires ON identity_session (expires);

CREATE TABLE identity_link (
    token_hash BYTEA   PRIMARY KEY, -- SHA-256
    purpose    TEXT COLLATE "C" NOT NULL,
    account_id TEXT COLLATE "C" NOT NULL,    -- '' for the first administrator's
    created    BIGINT NOT NULL,
    expires    BIGINT NOT NULL,
    used       BIGINT -- NULL while it can be used
);
CREATE INDEX identity_link_account ON identity_link (purpose, account_id);

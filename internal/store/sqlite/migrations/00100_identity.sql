-- +goose Up
CREATE TABLE identity_account (
    id               TEXT    PRIMARY KEY, -- opaque, the actor of entries
    login            TEXT    UNIQUE,      -- normalised; NULL once erased
    name             TEXT    NOT NULL,
    language         TEXT    NOT NULL,
    password         TEXT    NOT NULL,    -- PHC string, '' for none
    password_changed INTEGER NOT NULL,    -- microseconds since 1970, UTC; 0 for never
    sessions_from    INTEGER NOT NULL,    -- sessions begun before are void
    created          INTEGER NOT NULL,
    link_salt        TEXT    NOT NULL,    -- opens the commitment to the next two in the log
    person           TEXT    NOT NULL,    -- reference, '' for none
    customer         TEXT    NOT NULL,    -- reference, '' for none
    active           INTEGER NOT NULL,    -- as the access entries of the log say
    erased           INTEGER NOT NULL     -- as the access entries of the log say
);

CREATE TABLE identity_grant (
    account_id  TEXT    NOT NULL REFERENCES identity_account (id),
    role        TEXT    NOT NULL,
    scope       TEXT    NOT NULL, -- reference, '' for everywhere
    deputy_for  TEXT    NOT NULL, -- account, '' in one's own right
    valid_from  INTEGER,
    valid_until INTEGER,
    seq         INTEGER NOT NULL, -- entry that decided it
    PRIMARY KEY (account_id, role, scope, deputy_for)
);

CREATE TABLE identity_session (
    token_hash BLOB    PRIMARY KEY, -- SHA-256
    id         TEXT    NOT NULL UNIQUE,
    account_id TEXT    NOT NULL REFERENCES identity_account (id),
    method     TEXT    NOT NULL,
    created    INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    address    TEXT    NOT NULL,
    agent      TEXT    NOT NULL
);
CREATE INDEX identity_session_account ON identity_session (account_id);
CREATE INDEX identity_session_expires ON identity_session (expires);

CREATE TABLE identity_link (
    token_hash BLOB    PRIMARY KEY, -- SHA-256
    purpose    TEXT    NOT NULL,
    account_id TEXT    NOT NULL,    -- '' for the first administrator's
    created    INTEGER NOT NULL,
    expires    INTEGER NOT NULL,
    used       INTEGER              -- NULL while it can be used
);
CREATE INDEX identity_link_account ON identity_link (purpose, account_id);

-- +goose Up
CREATE TABLE identity_limit (
    key   BYTEA  PRIMARY KEY, -- hash of what is counted: an address, a login, both
    until BIGINT NOT NULL     -- microseconds since 1970, UTC: when it tells nothing any more
);

CREATE INDEX identity_limit_until ON identity_limit (until);

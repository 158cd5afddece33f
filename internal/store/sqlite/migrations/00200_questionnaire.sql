-- +goose Up
CREATE TABLE questionnaire (
    id         TEXT    PRIMARY KEY,
    subject    TEXT    NOT NULL, -- reference of a business activity or a service
    recipient  TEXT    NOT NULL, -- whom it was sent to, as typed
    language   TEXT    NOT NULL,
    author     TEXT    NOT NULL, -- account that asks and will review
    created    INTEGER NOT NULL, -- microseconds since 1970, UTC
    expires    INTEGER NOT NULL,
    revoked    INTEGER,          -- NULL while it stands
    answered   INTEGER,          -- NULL while it waits
    respondent TEXT    NOT NULL, -- '' until answered
    answer     BLOB,             -- JSON
    evidence   TEXT    NOT NULL, -- SHA-256 of the attachment that keeps the answer, '' until answered
    draft      TEXT    NOT NULL  -- '' while there is none
);
CREATE INDEX questionnaire_subject ON questionnaire (subject);

CREATE TABLE questionnaire_link (
    token_hash    BLOB    PRIMARY KEY, -- SHA-256
    questionnaire TEXT    NOT NULL REFERENCES questionnaire (id),
    created       INTEGER NOT NULL
);
CREATE INDEX questionnaire_link_questionnaire ON questionnaire_link (questionnaire);

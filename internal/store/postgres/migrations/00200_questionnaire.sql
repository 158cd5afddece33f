-- +goose Up
CREATE TABLE questionnaire (
    id         TEXT COLLATE "C" PRIMARY KEY,
    subject    TEXT COLLATE "C" NOT NULL, -- reference of a business activity or a service
    recipient  TEXT COLLATE "C" NOT NULL, -- whom it was sent to, as typed
    language   TEXT COLLATE "C" NOT NULL,
    author     TEXT COLLATE "C" NOT NULL, -- account that asks and will review
    created    BIGINT NOT NULL, -- microseconds since 1970, UTC
    expires    BIGINT NOT NULL,
    revoked    BIGINT,          -- NULL while it stands
    answered   BIGINT,          -- NULL while it waits
    respondent TEXT COLLATE "C" NOT NULL, -- '' until answered
    answer     BYTEA,           -- JSON
    evidence   TEXT COLLATE "C" NOT NULL, -- SHA-256 of the attachment that keeps the answer, '' until answered
    draft      TEXT COLLATE "C" NOT NULL  -- '' while there is none
);
CREATE INDEX questionnaire_subject ON questionnaire (subject);

CREATE TABLE questionnaire_link (
    token_hash    BYTEA  PRIMARY KEY, -- SHA-256
    questionnaire TEXT COLLATE "C" NOT NULL REFERENCES questionnaire (id),
    created       BIGINT NOT NULL
);
CREATE INDEX questionnaire_link_questionnaire ON questionnaire_link (questionnaire);

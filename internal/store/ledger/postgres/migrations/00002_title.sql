-- +goose Up
-- What a ticket tool calls a case, kept apart from what is proven by it: no sum covers a
-- title, so that it can be erased and all else still be proven. An erased title stays
-- empty whatever the tool sends afterwards.
CREATE TABLE title (
    source TEXT   COLLATE "C" NOT NULL,
    id     TEXT   COLLATE "C" NOT NULL,
    text   TEXT   NOT NULL,
    erased BIGINT NOT NULL, -- when, 0 for not
    author TEXT   NOT NULL, -- who erased it
    reason TEXT   NOT NULL,
    PRIMARY KEY (source, id)
);

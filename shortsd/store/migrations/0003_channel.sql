-- A channel: when shorts are to be seen, what was told and shown before, what was uploaded. Nothing here goes with its
-- job: what was told once is never told again, and what was uploaded stays so.

ALTER TABLE jobs ADD COLUMN publish_at REAL;
ALTER TABLE jobs ADD COLUMN due_at REAL;
ALTER TABLE jobs ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN approved TEXT NOT NULL DEFAULT '';

CREATE INDEX jobs_slots ON jobs (publish_at) WHERE publish_at IS NOT NULL;

-- Whether jobs are started.
ALTER TABLE home ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;

CREATE TABLE stories (
    job   INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    text  TEXT NOT NULL,
    at    REAL NOT NULL
) STRICT;

CREATE TABLE pictures (
    job    INTEGER NOT NULL,
    source TEXT NOT NULL,
    id     TEXT NOT NULL,
    at     REAL NOT NULL,
    PRIMARY KEY (job, source, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE uploads (
    job       INTEGER PRIMARY KEY,
    mark      TEXT NOT NULL,
    session   TEXT NOT NULL,
    size      INTEGER NOT NULL,
    video     TEXT NOT NULL,
    captions  INTEGER NOT NULL,
    thumbnail INTEGER NOT NULL,
    begun_at  REAL NOT NULL,
    done_at   REAL NOT NULL
) STRICT;

CREATE TABLE quota (
    day   TEXT PRIMARY KEY,
    units INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

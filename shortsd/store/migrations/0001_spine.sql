-- Jobs, their events, their stages; who runs for them. Times are seconds since the epoch.

-- One row: the next number to seed a story with. It begins at a multiple of 300, a volume of the built-in writer
-- (shortsd.providers.writer.arcs), drawn for each home so that two of them do not tell the same stories.
CREATE TABLE home (
    seed INTEGER NOT NULL
) STRICT;

INSERT INTO home VALUES (300 * abs(random() % 1000000));

CREATE TABLE batches (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at REAL NOT NULL
) STRICT;

CREATE TABLE jobs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    params     TEXT NOT NULL,
    state      TEXT NOT NULL,
    priority   INTEGER NOT NULL,
    batch      INTEGER REFERENCES batches (id),
    title      TEXT NOT NULL,
    created_at REAL NOT NULL,
    moved_at   REAL NOT NULL,
    started_at REAL,
    ended_at   REAL,
    attempt    INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    error      TEXT,
    result     TEXT NOT NULL,
    percent    REAL NOT NULL
) STRICT;

CREATE INDEX jobs_queue ON jobs (state, priority DESC, id);
CREATE INDEX jobs_batch ON jobs (batch);

CREATE TABLE events (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    at   REAL NOT NULL,
    type TEXT NOT NULL,
    job  INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT;

CREATE INDEX events_job ON events (job, seq);

CREATE TABLE stage_runs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    job         INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    attempt     INTEGER NOT NULL,
    stage       TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    started_at  REAL NOT NULL,
    ended_at    REAL
) STRICT;

CREATE INDEX stage_runs_job ON stage_runs (job, attempt, id);
CREATE INDEX stage_runs_stage ON stage_runs (stage, outcome, id);

CREATE TABLE idempotency (
    key        TEXT PRIMARY KEY,
    digest     TEXT NOT NULL,
    jobs       TEXT NOT NULL,
    batch      INTEGER,
    created_at REAL NOT NULL
) STRICT;

CREATE TABLE children (
    pid        INTEGER PRIMARY KEY,
    "group"    INTEGER NOT NULL,
    kernel_start_time INTEGER NOT NULL,
    job        INTEGER NOT NULL,
    stage      TEXT NOT NULL,
    name       TEXT NOT NULL,
    argv       TEXT NOT NULL,
    started_at REAL NOT NULL
) STRICT;

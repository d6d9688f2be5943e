-- Jobs that are tried again by themselves, jobs that a daemon died over, and what became of each job, move by move.

ALTER TABLE jobs ADD COLUMN retry_at REAL;
ALTER TABLE jobs ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;

-- Beside the events, which are for those who listen and do not stay for ever.
CREATE TABLE moves (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    job     INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    at      REAL NOT NULL,
    move    TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    reason  TEXT NOT NULL,
    error   TEXT
) STRICT;

CREATE INDEX moves_job ON moves (job, id);

INSERT INTO moves (job, at, move, attempt, reason, error)
SELECT job, at, substr(type, 5), coalesce(json_extract(data, '$.attempt'), 0),
       coalesce(json_extract(data, '$.reason'), ''), json_extract(data, '$.error')
FROM events
WHERE type LIKE 'job.%' AND type NOT IN ('job.titled', 'job.deleted') AND job IN (SELECT id FROM jobs)
ORDER BY seq;

-- What a job's timeline and the operations page look at. New columns are instant. The indexes of `job` are built under a lock that stops writing to it: some seconds for each million rows; taking over the
-- steps that have ended already takes about as long.

-- Since when a step waits for a worker. Whoever inserts need not say it.
ALTER TABLE ready ADD COLUMN since timestamptz NOT NULL DEFAULT now();
ALTER TABLE lease ADD COLUMN ready_at timestamptz NOT NULL DEFAULT now();

-- How attempts ended, written in the transaction that takes their lease away. One that runs stands in `lease` alone, so that a claim writes nothing here.
CREATE TABLE step_attempt (
    step_id     bigint           NOT NULL REFERENCES step ON DELETE CASCADE,
    attempt     integer          NOT NULL CHECK (attempt >= 1),
    queue       text             NOT NULL,
    worker      text             NOT NULL,
    host        text,
    -- Since when it had waited.
    ready_at    timestamptz      NOT NULL,
    started_at  timestamptz      NOT NULL,
    finished_at timestamptz      NOT NULL DEFAULT now(),
    outcome     text             NOT NULL CHECK (outcome IN ('succeeded', 'failed', 'retrying', 'released', 'lease_expired', 'cancelled')),
    progress    double precision NOT NULL CHECK (progress BETWEEN 0 AND 1),
    message     text,
    error       jsonb,
    -- The end of what the program that did the work said, where it did not succeed.
    log         text CHECK (length(log) <= 8000),
    PRIMARY KEY (step_id, attempt)
);
CREATE INDEX step_attempt_by_end ON step_attempt (finished_at);

INSERT INTO step_attempt (step_id, attempt, queue, worker, ready_at, started_at, finished_at, outcome, progress, error)
SELECT step_id, attempt, queue, worker, started_at, started_at, finished_at,
       CASE state WHEN 'SUCCEEDED' THEN 'succeeded' WHEN 'FAILED' THEN 'failed' ELSE 'cancelled' END, CASE state WHEN 'SUCCEEDED' THEN 1 ELSE reached END, error
FROM step WHERE attempt > 0 AND worker IS NOT NULL AND started_at IS NOT NULL AND finished_at IS NOT NULL;

-- Lists, counts and searches of an owner's jobs read this index alone, however wide the rows are.
DROP INDEX job_by_owner_and_status;
CREATE INDEX job_by_owner_and_status ON job (owner, status, job_id DESC) INCLUDE (filename);
DROP INDEX job_by_owner;

CREATE INDEX job_by_end ON job (finished_at) INCLUDE (status) WHERE finished_at IS NOT NULL;
-- Jobs with a step that failed for good.
CREATE INDEX job_with_failure ON job (finished_at DESC, job_id DESC) WHERE finished_at IS NOT NULL AND (status = 'FAILED' OR warnings <> '[]');

-- A worker that says goodbye takes no more steps, and ends those that it has.
ALTER TABLE worker ADD COLUMN left_at timestamptz;

-- Written at most once a minute and key.
ALTER TABLE api_key ADD COLUMN last_used_at timestamptz;

-- The queues every ten seconds, for a day. `at` ends the ten seconds that the counts are of.
CREATE TABLE queue_sample (
    at                  timestamptz      NOT NULL,
    queue               text             NOT NULL,
    waiting             integer          NOT NULL,
    running             integer          NOT NULL,
    oldest_wait_seconds double precision NOT NULL,
    started             integer          NOT NULL,
    finished            integer          NOT NULL,
    failed              integer          NOT NULL,
    PRIMARY KEY (at, queue)
);

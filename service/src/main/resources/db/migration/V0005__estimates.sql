-- What estimates of completion are made from. Adding the columns is instant; the tables are new and small.

-- Workers that take steps. Each renews its row; one whose time has run out is not counted, and removed by the others.
CREATE TABLE worker (
    worker      text PRIMARY KEY,
    host        text        NOT NULL,
    -- Queue name -> steps at once.
    queues      jsonb       NOT NULL CHECK (jsonb_typeof(queues) = 'object'),
    started_at  timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz NOT NULL DEFAULT now(),
    alive_until timestamptz NOT NULL
);

-- How long steps of a class took, against what was predicted: a decaying log-normal. One row per class, renewed by every worker every few seconds.
CREATE TABLE work_speed (
    class      text PRIMARY KEY CHECK (length(class) BETWEEN 1 AND 200),
    -- How many samples it stands for; old ones count ever less.
    weight     double precision NOT NULL CHECK (weight > 0),
    -- Mean and variance of ln(seconds / predicted compute-seconds).
    mean       double precision NOT NULL,
    variance   double precision NOT NULL CHECK (variance >= 0),
    updated_at timestamptz      NOT NULL DEFAULT now()
);

ALTER TABLE step
    -- What sort of work it is beside its kind, such as codec, height and encoder; null where the kind says it all.
    ADD COLUMN work text,
    -- Predicted compute-seconds in `video_processing` that wait for this step and become ready with its end.
    ADD COLUMN opens double precision NOT NULL DEFAULT 0 CHECK (opens >= 0);

-- What was predicted of a job when its plan was known; taken out, and counted in `forecast_error`, when it has ended. Not columns of `job`: that row is wide and much read.
CREATE TABLE forecast (
    job_id  uuid PRIMARY KEY REFERENCES job ON DELETE CASCADE,
    made_at timestamptz NOT NULL,
    p50     timestamptz NOT NULL,
    p90     timestamptz NOT NULL CHECK (p90 >= p50)
);

-- Jobs that completed, by |predicted - actual| / actual of their p50: up to `bound` and above the next smaller one.
CREATE TABLE forecast_error (
    bound      double precision PRIMARY KEY,
    jobs       bigint           NOT NULL CHECK (jobs >= within_p90),
    within_p90 bigint           NOT NULL CHECK (within_p90 >= 0),
    error_sum  double precision NOT NULL CHECK (error_sum >= 0)
);

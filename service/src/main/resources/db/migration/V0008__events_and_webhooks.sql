-- When a job first offered something to play, so that the log tells it once. Adding the column is instant; only jobs that may still go on are looked at.
ALTER TABLE job ADD COLUMN playable_at timestamptz;
UPDATE job j SET playable_at = now()
WHERE status IN ('PENDING', 'IN_PROGRESS', 'FAILED')
  AND EXISTS (SELECT FROM output o WHERE o.job_id = j.job_id AND o.path IN ('early/master.m3u8', 'hls/master.m3u8'));

-- What happens to an owner rather than to a job, such as an endpoint that was switched off, has no job. Instant.
ALTER TABLE event ALTER COLUMN job_id DROP NOT NULL;

-- Lock order of webhooks: the feed, then endpoints in the order of their ids, then deliveries. None of them is ever locked together with a job.
CREATE TABLE webhook_endpoint (
    endpoint_id     uuid PRIMARY KEY,
    owner           text        NOT NULL CHECK (length(owner) BETWEEN 1 AND 128),
    url             text        NOT NULL CHECK (length(url) BETWEEN 1 AND 2048),
    description     text        NOT NULL CHECK (length(description) <= 500),
    -- Exact types (job.completed), all of a kind (job.*), or * for all.
    events          text[]      NOT NULL CHECK (cardinality(events) BETWEEN 1 AND 100),
    disabled_at     timestamptz,
    disabled_reason text,
    -- Tries in a row that failed, since when, and until when none is made after too many of them.
    failures        integer     NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since   timestamptz,
    open_until      timestamptz,
    last_delivery_at timestamptz,
    last_status_code integer,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CHECK ((failures > 0) = (failing_since IS NOT NULL)),
    CHECK (disabled_reason IS NULL OR disabled_at IS NOT NULL)
) WITH (fillfactor = 70);
CREATE INDEX webhook_endpoint_by_owner ON webhook_endpoint (owner);

-- AES-256-GCM under a key that the installation's secret is stretched to; only the sender opens them.
CREATE TABLE webhook_secret (
    secret_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint_id uuid        NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
    sealed      bytea       NOT NULL CHECK (octet_length(sealed) > 40),
    created_at  timestamptz NOT NULL DEFAULT now(),
    -- Signs beside the newer one until then; null for the newest.
    expires_at  timestamptz
);
CREATE INDEX webhook_secret_by_endpoint ON webhook_secret (endpoint_id);

-- An event on its way to an endpoint, with all that the request says: it does not depend on how long the log goes back.
CREATE TABLE webhook_delivery (
    -- Also the order in which events of one job go to an endpoint.
    delivery_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint_id uuid        NOT NULL REFERENCES webhook_endpoint ON DELETE CASCADE,
    -- webhook-id: the event's id, the same in every try and replay; of a test its own.
    message_id  text        NOT NULL,
    event_id    bigint,
    job_id      uuid,
    type        text        NOT NULL,
    happened_at timestamptz NOT NULL,
    data        jsonb       NOT NULL,
    -- Asked for by its owner, rather than fed from the log.
    replayed    boolean     NOT NULL DEFAULT false,
    status      text        NOT NULL DEFAULT 'WAITING' CHECK (status IN ('WAITING', 'SUCCEEDED', 'FAILED')),
    attempts    integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    created_at  timestamptz NOT NULL DEFAULT now(),
    -- Null while an earlier event of the same job waits for the same endpoint.
    next_attempt_at timestamptz,
    give_up_at  timestamptz NOT NULL,
    -- A process is trying, and is taken to be dead after that.
    claimed_by    text,
    claimed_until timestamptz,
    finished_at timestamptz,
    last_status_code integer,
    last_error  text,
    CHECK ((status = 'WAITING') = (finished_at IS NULL)),
    CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
    CHECK (status = 'WAITING' OR (next_attempt_at IS NULL AND claimed_by IS NULL))
) WITH (fillfactor = 80);
-- An event is fed to an endpoint once.
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (endpoint_id, event_id) WHERE NOT replayed;
CREATE INDEX webhook_delivery_due ON webhook_delivery (endpoint_id, next_attempt_at) WHERE status = 'WAITING' AND next_attempt_at IS NOT NULL;
CREATE INDEX webhook_delivery_in_line ON webhook_delivery (endpoint_id, job_id, delivery_id) WHERE status = 'WAITING';
CREATE INDEX webhook_delivery_overdue ON webhook_delivery (give_up_at) WHERE status = 'WAITING';
CREATE INDEX webhook_delivery_claimed ON webhook_delivery (endpoint_id, claimed_until) WHERE claimed_until IS NOT NULL;
CREATE INDEX webhook_delivery_finished ON webhook_delivery (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX webhook_delivery_counted ON webhook_delivery (endpoint_id, status, finished_at);

CREATE TABLE webhook_attempt (
    delivery_id bigint      NOT NULL REFERENCES webhook_delivery ON DELETE CASCADE,
    attempt     integer     NOT NULL,
    at          timestamptz NOT NULL,
    duration_ms integer     NOT NULL,
    url         text        NOT NULL,
    request_headers  jsonb  NOT NULL,
    status_code      integer,
    response_headers jsonb,
    -- The beginning of it.
    response_body    text,
    error       text,
    PRIMARY KEY (delivery_id, attempt)
);

-- How far the log has been made into deliveries: moved by the transaction that makes them, so that no event is skipped and none is made into two.
CREATE TABLE webhook_feed (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    xid      xid8   NOT NULL,
    event_id bigint NOT NULL
);
INSERT INTO webhook_feed (xid, event_id) VALUES ('0', 0);

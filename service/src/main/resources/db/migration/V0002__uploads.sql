-- Uploads that take more than one request. Their job, where they have one, is UPLOADING meanwhile.
CREATE TABLE upload (
    upload_id     uuid PRIMARY KEY,
    owner         text        NOT NULL CHECK (length(owner) BETWEEN 1 AND 128),
    -- PART: one of several uploads that will be joined (tus concatenation); it has no job of its own.
    kind          text        NOT NULL CHECK (kind IN ('PRESIGNED', 'CHUNKED', 'RESUMABLE', 'PART')),
    job_id        uuid        REFERENCES job ON DELETE CASCADE,
    object_key    text        NOT NULL UNIQUE,
    store_handle  text        NOT NULL DEFAULT '',
    -- What the client said of the upload, as it said it (tus: Upload-Metadata, Upload-Concat).
    metadata      text,
    concat        text,
    length        bigint      CHECK (length >= 0),
    chunk_size    bigint      CHECK (chunk_size > 0),
    -- How many chunks stand in upload_chunk: whoever makes this the last number knows, alone, that the upload is whole.
    received_chunks integer   NOT NULL DEFAULT 0 CHECK (received_chunks BETWEEN 0 AND 10000),
    -- What the client says the content's SHA-256 is.
    sha256        bytea       CHECK (octet_length(sha256) = 32),
    completed_at  timestamptz,
    -- PRESIGNED: when the store is asked next whether the object has come though nobody said so.
    look_at       timestamptz NOT NULL DEFAULT now() + interval '1 minute',
    expires_at    timestamptz NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CHECK ((kind = 'PART') = (job_id IS NULL)),
    CHECK ((kind = 'CHUNKED') = (chunk_size IS NOT NULL)),
    CHECK (kind <> 'CHUNKED' OR length IS NOT NULL)
);
CREATE INDEX upload_by_job ON upload (job_id);
CREATE INDEX upload_expiry ON upload (expires_at);
-- What the housekeeping looks through again and again is small: open uploads of a kind.
CREATE INDEX upload_to_look_at ON upload (look_at) WHERE kind = 'PRESIGNED' AND completed_at IS NULL;
CREATE INDEX upload_open_chunked ON upload (created_at) WHERE kind = 'CHUNKED' AND completed_at IS NULL;
CREATE INDEX upload_waiting_for_parts ON upload (owner) WHERE concat LIKE 'final:%' AND completed_at IS NULL;
-- The same join again is the same upload. The list of parts is too long for a B-tree.
CREATE INDEX upload_joined ON upload USING hash (concat) WHERE concat LIKE 'final:%';

-- Chunks whose bytes are durable.
CREATE TABLE upload_chunk (
    upload_id uuid    NOT NULL REFERENCES upload ON DELETE CASCADE,
    number    integer NOT NULL CHECK (number BETWEEN 1 AND 10000),
    -- CRC-32C of the bytes: tells a chunk that comes again from one that comes with other bytes.
    crc32c    integer NOT NULL,
    PRIMARY KEY (upload_id, number)
);

-- A job that turned out to be another one's duplicate only when its content was known: its id keeps leading to that job.
CREATE TABLE job_alias (
    alias_id uuid PRIMARY KEY,
    owner    text NOT NULL,
    job_id   uuid NOT NULL REFERENCES job ON DELETE CASCADE
);
CREATE INDEX job_alias_by_job ON job_alias (job_id);

-- Questions about a job's source that only somebody who has the file can answer, with their answers. One that was answered, rightly or not, is used up; one
-- that was asked and not answered in time may be asked again.
CREATE TABLE upload_proof (
    proof_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id       uuid  NOT NULL REFERENCES job ON DELETE CASCADE,
    ranges       jsonb NOT NULL,
    answer       bytea NOT NULL CHECK (octet_length(answer) = 32),
    -- The challenge it was asked in last, and until when that may be answered.
    challenge_id uuid UNIQUE,
    asked_until  timestamptz,
    CHECK ((challenge_id IS NULL) = (asked_until IS NULL))
);
CREATE INDEX upload_proof_by_job ON upload_proof (job_id, asked_until);

CREATE INDEX job_by_content ON job (owner, content_sha256) WHERE content_sha256 IS NOT NULL;

-- Idempotency-Key: what was asked under a key, and what was answered.
CREATE TABLE idempotency_key (
    owner      text        NOT NULL,
    key        text        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    -- SHA-256 of method, path, query and the headers that matter: what is known before the body.
    request    bytea       NOT NULL CHECK (octet_length(request) = 32),
    -- SHA-256 of the body; known when it has been answered.
    body       bytea       CHECK (octet_length(body) = 32),
    status     integer,
    headers    jsonb,
    answer     bytea,
    -- Who holds the key: one whose hold has run out, and was taken over, changes nothing any more.
    claim      uuid        NOT NULL UNIQUE,
    -- While in flight: until when the process that works on it is taken to be alive.
    held_until timestamptz,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (owner, key),
    CHECK ((status IS NULL) = (held_until IS NOT NULL))
);
CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);

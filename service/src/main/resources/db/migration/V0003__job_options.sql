-- What a job asks for beyond its profile (clip, thumbnail, watermark): canonical JSON without what is usual, so that equal wishes are equal values. It belongs to the upload's identity: the same content
-- with other options is another job. Adding the columns is instant; the index is built anew, under a lock of `job` that a table of a million jobs takes some seconds for.
ALTER TABLE job
    ADD COLUMN options jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(options) = 'object'),
    -- Where the uploaded bytes were when the job gave them up; while `garbage` keeps them, they can be processed again.
    ADD COLUMN released_source text;

DROP INDEX job_content;
CREATE UNIQUE INDEX job_content ON job (owner, profile, options, content_key) WHERE status NOT IN ('CANCELLED', 'EXPIRED');

-- Pictures that jobs may lay over their video. The object is `watermarks/` and the id. One that is deleted is hidden at once, and goes when no job needs it any more.
CREATE TABLE watermark (
    watermark_id uuid PRIMARY KEY,
    owner        text        NOT NULL CHECK (length(owner) BETWEEN 1 AND 128),
    content_type text        NOT NULL,
    width        integer     NOT NULL CHECK (width BETWEEN 1 AND 4096),
    height       integer     NOT NULL CHECK (height BETWEEN 1 AND 4096),
    size_bytes   bigint      NOT NULL CHECK (size_bytes > 0),
    created_at   timestamptz NOT NULL DEFAULT now(),
    deleted_at   timestamptz
);
CREATE INDEX watermark_by_owner ON watermark (owner, watermark_id) WHERE deleted_at IS NULL;
CREATE INDEX watermark_deleted ON watermark (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX job_by_watermark ON job ((options ->> 'watermark')) WHERE options ->> 'watermark' IS NOT NULL;

-- What steps have made, one by one (a size of a chunk, the sound, the poster), so that another job of the same owner and content takes it over instead of making it again.
--
-- Taking over copies nothing: the other job gets `output` rows that point to the same objects. An object therefore goes only when no `output` row points to it any more, whichever job's folder it lies in
-- (operations.GarbageSweeper). Lock order: a transaction that takes over locks its own job and, shared, those it takes from, in the order of their ids, before everything else. Whatever changes a job's
-- outputs holds that job's row, so what was looked at under these locks stays until the commit.
--
-- The new columns are instant. The indexes of `output` are built under a lock that stops writing to it: about a second for each million rows.
CREATE TABLE product (
    step_id     bigint   NOT NULL REFERENCES step ON DELETE CASCADE,
    number      smallint NOT NULL CHECK (number >= 1),
    job_id      uuid     NOT NULL REFERENCES job ON DELETE CASCADE,
    kind        text     NOT NULL,
    -- SHA-256 of all that decides the bytes, but for the source: that is the job's content_sha256, which may become known later than the product.
    product_key bytea    NOT NULL CHECK (octet_length(product_key) = 32),
    -- How many outputs it was made of, besides the common one. A product that has lost some (another step wrote over them) is not taken over.
    outputs     integer  NOT NULL CHECK (outputs >= 0),
    -- The path of an output that it has in common with others of its job, which are made with the same bytes there: the initialization section of a size, which every chunk of it brings along.
    common      text,
    result      jsonb    NOT NULL,
    PRIMARY KEY (step_id, number)
);
CREATE INDEX product_by_key ON product (job_id, product_key);

ALTER TABLE output ADD COLUMN product smallint;
CREATE INDEX output_by_step ON output (step_id);
CREATE INDEX output_by_object ON output (object_key COLLATE "C");

ALTER TABLE step
    ADD COLUMN products_made   integer NOT NULL DEFAULT 0,
    ADD COLUMN products_reused integer NOT NULL DEFAULT 0;

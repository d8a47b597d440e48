package dev.claimcheck.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every setting there is: its key, its default as one would write it, an example, and what it does. */
public enum Setting {
    DATA("data", "./claimcheck-data", "/var/lib/claimcheck", "Folder of everything the service keeps."),
    HOST(
            "host",
            "127.0.0.1",
            "0.0.0.0",
            "Address to listen on. Put a TLS proxy in front before you open it to others."),
    PORT("port", "8080", "8080", "Port to listen on; 0 takes any free one."),
    PUBLIC_URL(
            "public_url",
            "",
            "https://video.example.org",
            "Address that links in answers start with; without it they are absolute paths."),
    CORS_ORIGINS(
            "cors_origins",
            "*",
            "https://app.example.org, https://www.example.org",
            "Origins of web pages that may use the API from a browser; `*` is any (there are no cookies), empty is none."),
    ROLES(
            "roles",
            "api, worker",
            "api, worker",
            "What this process does: `api` answers requests, `worker` processes videos."),
    DATABASE_URL(
            "database.url",
            "",
            "postgres://user:password@db.example.org:5432/claimcheck",
            "A Postgres (16 or later) of your own; without it one is run under `data`.",
            true),
    DATABASE_POOL_SIZE("database.pool_size", "16", "16", "Most connections to the database at once."),
    DATABASE_EMBEDDED_PORT(
            "database.embedded_port", "0", "54320", "Loopback port of the embedded Postgres; 0 takes any free one."),
    STORAGE_FSYNC(
            "storage.fsync",
            "true",
            "true",
            "Whether an upload is on the disk before it is acknowledged. `false` loses acknowledged videos in a power cut."),
    S3_BUCKET(
            "s3.bucket",
            "",
            "videos",
            "Bucket for uploads and results; setting it stores them in S3 instead of under `data`."),
    S3_ENDPOINT(
            "s3.endpoint",
            "",
            "https://s3.example.org",
            "Address of an S3 that is not Amazon's; workers and uploading clients must reach it too."),
    S3_REGION("s3.region", "", "eu-central-1", "Region of the bucket; without it what the AWS environment says."),
    S3_PATH_STYLE(
            "s3.path_style",
            "auto",
            "true",
            "Whether the bucket stands in the path instead of the host's name; `auto` is yes for an endpoint of your own."),
    S3_ACCESS_KEY_ID(
            "s3.access_key_id",
            "",
            "AKIAIOSFODNN7EXAMPLE",
            "Key to the bucket; without it AWS's default chain (environment, profile, web identity, instance role)."),
    S3_SECRET_ACCESS_KEY(
            "s3.secret_access_key", "", "wJalrXUtnFEMI/K7MDENG", "The secret that goes with `s3.access_key_id`.", true),
    S3_PREFIX("s3.prefix", "", "claimcheck/", "What every key in the bucket begins with."),
    S3_SSE(
            "s3.sse",
            "none",
            "AES256",
            "Encryption at rest to ask for: `none` (what the bucket does by itself), `AES256` or `aws:kms`."),
    S3_SSE_KMS_KEY_ID(
            "s3.sse_kms_key_id",
            "",
            "arn:aws:kms:eu-central-1:111122223333:key/1234abcd",
            "Key for `aws:kms`; without it the account's default one."),
    UPLOAD_MAX_SIZE("upload.max_size", "50GiB", "200MB", "Largest file that is accepted."),
    UPLOAD_CONTENT_TYPES(
            "upload.content_types",
            "video/*, audio/*, image/*, application/*",
            "video/mp4, video/*",
            "Types that a file may be declared to be, else 415; one that declares none counts as `application/octet-stream`."),
    UPLOAD_MIN_FREE_DISK(
            "upload.min_free_disk",
            "1GiB",
            "10GiB",
            "New uploads are refused (507) when less than this would be left free once all that was announced has come."),
    UPLOAD_EXPIRES_AFTER(
            "upload.expires_after",
            "24h",
            "7d",
            "How long an upload that takes more than one request is kept after its last byte came; then it is ended and its space given back."),
    UPLOAD_MIN_RATE(
            "upload.min_rate",
            "1KiB",
            "10KiB",
            "An upload that brings fewer bytes per second is ended (408); resumable ones can go on."),
    UPLOAD_MIN_RATE_OVER("upload.min_rate_over", "30s", "10s", "The time over which `upload.min_rate` is averaged."),
    UPLOAD_MAX_TIME("upload.max_time", "24h", "6h", "Longest time that one request may take to bring its bytes."),
    UPLOAD_HASH_WHILE_STREAMING(
            "upload.hash_while_streaming",
            "true",
            "true",
            "Whether resumable uploads are hashed as they come; `false` leaves it to the job's first step."),
    UPLOAD_IDLE_TIMEOUT(
            "upload.idle_timeout", "60s", "60s", "An upload that sends nothing for so long is ended (408)."),
    RETENTION_SOURCE(
            "retention.source",
            "delete_after_success",
            "7d",
            "What becomes of the uploaded file after success: `delete_after_success`, `keep`, or a duration."),
    RETENTION_EVENTS("retention.events", "30d", "90d", "How long the event log goes back."),
    WEBHOOKS_ALLOW_PRIVATE(
            "webhooks.allow_private",
            "false",
            "true",
            "Whether webhooks may go to loopback and private addresses, over plain http and to any port: for development."),
    WEBHOOKS_TIMEOUT("webhooks.timeout", "15s", "30s", "How long one try of a webhook may take, all in all."),
    WEBHOOKS_BASE_DELAY(
            "webhooks.base_delay",
            "5s",
            "5s",
            "The n-th retry of a webhook waits up to this × 2^n (at most four hours), with full jitter."),
    WEBHOOKS_GIVE_UP_AFTER("webhooks.give_up_after", "24h", "3d", "How long a webhook is tried."),
    WEBHOOKS_DISABLE_AFTER(
            "webhooks.disable_after",
            "5d",
            "7d",
            "How long an endpoint may fail without one success before it is switched off."),
    WEBHOOKS_RETENTION(
            "webhooks.retention",
            "14d",
            "30d",
            "How long webhooks that were delivered or given up stay in the delivery log."),
    WEBHOOKS_CONCURRENCY("webhooks.concurrency", "8", "8", "Most webhooks on their way to one endpoint at once."),
    LINKS_VALID_FOR("links.valid_for", "24h", "7d", "How long a signed link to a result works, at least."),
    QUEUES_METADATA_CONCURRENCY(
            "queues.metadata.concurrency", "2", "2", "Light steps (probe, package, finish) at once in this process."),
    QUEUES_THUMBNAILS_CONCURRENCY(
            "queues.thumbnails.concurrency", "2", "2", "Thumbnail steps at once in this process."),
    QUEUES_VIDEO_PROCESSING_CONCURRENCY(
            "queues.video_processing.concurrency",
            "auto",
            "2",
            "Transcodes at once in this process, each on about one processor; `auto` is as many as there are processors."),
    LEASE_DURATION("lease.duration", "15s", "15s", "How long a worker holds a step without renewing it."),
    LEASE_RENEW_EVERY("lease.renew_every", "5s", "5s", "How often a worker renews its leases."),
    RETRY_MAX_RETRIES("retry.max_retries", "3", "3", "How often a step is tried again after trouble around it."),
    RETRY_BASE_DELAY("retry.base_delay", "60s", "60s", "The n-th retry waits up to this × 2^n, with full jitter."),
    WORKER_DRAIN_GRACE(
            "worker.drain_grace", "20s", "2m", "How long a stop waits for running steps before it hands them back."),
    MEDIA_FFMPEG(
            "media.ffmpeg",
            "auto",
            "/usr/bin",
            "`bundled`, `system`, `auto` (bundled, else system), or the folder that holds ffmpeg and ffprobe."),
    MEDIA_SANDBOX(
            "media.sandbox",
            "auto",
            "required",
            "`auto` (ffmpeg runs in bubblewrap where that works, else with limits alone), `required` (no start without), `off`."),
    MEDIA_NICE(
            "media.nice",
            "19",
            "idle",
            "Niceness of ffmpeg (0 to 19; a poster is made at half of it), or `idle`: it runs when nothing else wants the processor, so that the API stays quick."),
    MEDIA_NO_PROGRESS_TIMEOUT(
            "media.no_progress_timeout",
            "120s",
            "120s",
            "An ffmpeg that makes no progress for so long is ended and tried again."),
    MEDIA_MAX_DURATION("media.max_duration", "12h", "12h", "Longest video that is accepted."),
    MEDIA_MAX_OUTPUT_SIZE("media.max_output_size", "200GiB", "200GiB", "Most that one ffmpeg may write."),
    MEDIA_MAX_MEMORY(
            "media.max_memory",
            "auto",
            "4GiB",
            "Most memory that one ffmpeg gets; `auto` is half of the machine's, at least 4GiB and at most 16GiB."),
    MEDIA_MAX_CPU_TIME("media.max_cpu_time", "24h", "24h", "Most processor time that one ffmpeg gets."),
    MEDIA_MAX_PIXELS("media.max_pixels", "67108864", "35389440", "Largest picture that is accepted: width × height."),
    MEDIA_WAVEFORM(
            "media.waveform",
            "false",
            "true",
            "Whether every job with sound also gets a `waveform.json`, as audiowaveform makes it."),
    LOG_LEVEL("log.level", "info", "debug", "`error`, `warn`, `info` or `debug`."),
    LOG_FORMAT("log.format", "text", "json", "`text` for people, `json` for machines.");

    private final String key;
    private final String defaultText;
    private final String example;
    private final String description;
    private final boolean secret;

    Setting(String key, String defaultText, String example, String description) {
        this(key, defaultText, example, description, false);
    }

    Setting(String key, String defaultText, String example, String description, boolean secret) {
        this.key = key;
        this.defaultText = defaultText;
        this.example = example;
        this.description = description;
        this.secret = secret;
    }

    /** The key in {@code claimcheck.yaml} and for {@code --set}, with dots. */
    public String key() {
        return key;
    }

    /** The name of its environment variable. */
    public String environmentVariable() {
        return "CLAIMCHECK_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** The default as one would write it; empty for "not set". */
    public String defaultText() {
        return defaultText;
    }

    /** A right value. */
    public String example() {
        return example;
    }

    /** What it does, one sentence. */
    public String description() {
        return description;
    }

    /** Whether its value must never be printed. */
    public boolean isSecret() {
        return secret;
    }

    /** The setting of that key. */
    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }
}

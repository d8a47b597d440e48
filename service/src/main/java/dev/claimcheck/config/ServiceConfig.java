package dev.claimcheck.config;

import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.Profiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Everything that can be set, read and checked. See {@link Setting} for what each value means.
 *
 * @param concurrency steps at once in this process, per queue; at least 1 each
 * @param profiles what jobs may ask to be made of their source
 */
public record ServiceConfig(
        Path data,
        Http http,
        Set<Role> roles,
        Database database,
        Storage storage,
        Upload upload,
        SourceRetention sourceRetention,
        Duration eventRetention,
        Webhooks webhooks,
        Duration linksValidFor,
        Map<QueueName, Integer> concurrency,
        Lease lease,
        Retry retry,
        Duration drainGrace,
        Media media,
        Profiles profiles,
        Log log) {

    /** What a process does. */
    public enum Role {
        API,
        WORKER
    }

    /** Where to listen; port 0 is any free one. */
    public record Http(String host, int port, Optional<String> publicUrl, Set<String> corsOrigins) {}

    /** The database; without a URL an embedded one. The URL carries a password: never log it. */
    public record Database(Optional<String> url, int poolSize, int embeddedPort) {
        @Override
        public String toString() {
            return "Database[" + (url.isPresent() ? "external" : "embedded") + ", poolSize=" + poolSize + "]";
        }
    }

    /** How objects are stored: under {@code data}, or in a bucket where one is given. */
    public record Storage(boolean fsync, Optional<S3> s3) {}

    /**
     * A bucket.
     *
     * @param prefix of every key; empty, or ending in {@code /}
     */
    public record S3(
            String bucket,
            Optional<URI> endpoint,
            Optional<String> region,
            boolean pathStyle,
            Optional<S3Key> key,
            String prefix,
            Sse sse,
            Optional<String> kmsKeyId) {}

    /** A long-lived key to a bucket: never log its secret. */
    public record S3Key(String id, String secret) {
        @Override
        public String toString() {
            return "S3Key[" + id + "]";
        }
    }

    /** Encryption at rest. */
    public enum Sse {
        NONE,
        AES256,
        KMS
    }

    /** Limits of uploads. */
    public record Upload(
            ByteSize maxSize,
            List<String> contentTypes,
            ByteSize minFreeDisk,
            Duration idleTimeout,
            Duration expiresAfter,
            ByteSize minRate,
            Duration minRateOver,
            Duration maxTime,
            boolean hashWhileStreaming) {}

    /** Leases of workers; renewed at least three times in their duration. */
    public record Lease(Duration duration, Duration renewEvery) {}

    /** Retries of steps after trouble. */
    public record Retry(int maxRetries, Duration baseDelay) {}

    /**
     * ffmpeg and its limits.
     *
     * @param nice 0 to 19; empty where it runs only when nothing else wants the processor
     * @param waveform whether jobs with sound get one
     */
    public record Media(
            String ffmpeg,
            Sandbox sandbox,
            OptionalInt nice,
            Duration noProgressTimeout,
            Duration maxDuration,
            ByteSize maxOutputSize,
            ByteSize maxMemory,
            Duration maxCpuTime,
            long maxPixels,
            boolean waveform) {}

    /** Whether ffmpeg runs in a sandbox: where it can, always, or never. */
    public enum Sandbox {
        AUTO,
        REQUIRED,
        OFF
    }

    /** Webhooks; see {@link Setting} for each. */
    public record Webhooks(
            boolean allowPrivate,
            Duration timeout,
            Duration baseDelay,
            Duration giveUpAfter,
            Duration disableAfter,
            Duration retention,
            int concurrency) {}

    /** Logging. */
    public record Log(String level, boolean json) {}

    /** What becomes of the uploaded file after success. */
    public sealed interface SourceRetention {
        /** It stays until its job is deleted. */
        record Keep() implements SourceRetention {}

        /** It goes so long after success; zero is at once. */
        record DeleteAfter(Duration delay) implements SourceRetention {}
    }

    /**
     * Reads the configuration.
     *
     * @param flags from the command line, by key
     * @param environment the process's environment
     * @param file {@code --config}; without it {@code claimcheck.yaml} in the current or the data folder, where there is one
     * @throws ConfigProblems with every problem found
     */
    public static ServiceConfig load(Map<String, String> flags, Map<String, String> environment, Optional<Path> file) {
        return new ConfigReader(SettingSources.gather(
                        flags, environment, file.or(() -> ConfigReader.defaultFile(flags, environment))))
                .read();
    }
}

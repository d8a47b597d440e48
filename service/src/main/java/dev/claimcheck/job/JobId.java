package dev.claimcheck.job;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** A job's public name: a UUIDv7 (RFC 9562 §5.7), so that ids sort by the time of their creation. */
public record JobId(UUID value) implements Comparable<JobId> {
    private static final Pattern CANONICAL = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new id for a job created at {@code now}; 74 bits of it are random. Thread-safe. */
    public static JobId create(Instant now) {
        long high = now.toEpochMilli() << 16 | 0x7000L | RANDOM.nextInt(1 << 12);
        long low = RANDOM.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new JobId(new UUID(high, low));
    }

    /** The id written as {@code text}, or empty where that is not a UUID in canonical lower-case form. */
    public static Optional<JobId> parse(String text) {
        return CANONICAL.matcher(text).matches() ? Optional.of(new JobId(UUID.fromString(text))) : Optional.empty();
    }

    @Override
    public int compareTo(JobId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}

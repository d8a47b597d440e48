package dev.claimcheck.access;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.JobId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs links to a job's results: HMAC-SHA256 (RFC 2104) over the expiry and the job's id. Expiries are rounded up to the full hour, so
 * that the same link is given out, and cached, for an hour. Thread-safe.
 */
public final class LinkSigner {
    private static final long HOUR = 3_600;

    private final SecretKeySpec key;
    private final Duration validFor;

    private LinkSigner(byte[] secret, Duration validFor) {
        this.key = new SecretKeySpec(secret, "HmacSHA256");
        this.validFor = validFor;
    }

    /** Reads the installation's signing secret, making it at the first time. */
    public static LinkSigner open(Database database, Duration validFor) {
        return new LinkSigner(InstallationSecrets.get(database, "links"), validFor);
    }

    /** The path below which the job's results are reached: {@code /media/EXPIRY-SIGNATURE/JOB/}. */
    public String basePath(JobId job, Instant now) {
        long expiry = Math.ceilDiv(now.plus(validFor).getEpochSecond(), HOUR) * HOUR;
        return "/media/" + expiry + "-" + signature(job, expiry) + "/" + job + "/";
    }

    /** Until when the link given out at {@code now} stays the same. */
    public Instant stableUntil(Instant now) {
        long expiry = Math.ceilDiv(now.plus(validFor).getEpochSecond(), HOUR) * HOUR;
        return Instant.ofEpochSecond(expiry).minus(validFor);
    }

    /** Whether the token {@code EXPIRY-SIGNATURE} is ours, for this job, and not yet expired. */
    public boolean accepts(String token, JobId job, Instant now) {
        int dash = token.indexOf('-');
        if (dash < 1
                || dash > 12
                || !token.substring(0, dash).chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
            return false;
        }
        long expiry = Long.parseLong(token.substring(0, dash));
        byte[] expected = signature(job, expiry).getBytes(StandardCharsets.US_ASCII);
        byte[] given = token.substring(dash + 1).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, given) && now.getEpochSecond() < expiry;
    }

    private String signature(JobId job, long expiry) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] full = mac.doFinal(("results:" + expiry + ":" + job).getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(full);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}

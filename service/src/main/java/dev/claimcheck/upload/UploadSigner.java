package dev.claimcheck.upload;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs URLs for PUTs to this server: HMAC-SHA256 (RFC 2104) over the upload's id and the expiry. What else is bound (type, length, checksum) stands in the
 * upload's record. Thread-safe.
 */
public final class UploadSigner {
    private static final Pattern TOKEN =
            Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.(\\d{1,12})\\.([A-Za-z0-9_-]{43})");

    private final SecretKeySpec key;

    /** @param secret of this installation, at least 32 bytes */
    public UploadSigner(byte[] secret) {
        this.key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /** A token that leads to the upload until {@code expiry}. */
    String token(UUID upload, Instant expiry) {
        String text = upload + "." + expiry.getEpochSecond();
        return text + "." + signature(text);
    }

    /** The upload, if the token is ours and not yet expired. */
    Optional<UUID> accepted(String token, Instant now) {
        Matcher matcher = TOKEN.matcher(token);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String expected = signature(matcher.group(1) + "." + matcher.group(2));
        boolean ours = MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), matcher.group(3).getBytes(StandardCharsets.US_ASCII));
        return ours && now.getEpochSecond() < Long.parseLong(matcher.group(2))
                ? Optional.of(UUID.fromString(matcher.group(1)))
                : Optional.empty();
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(("put:" + text).getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}

package dev.claimcheck.upload;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * What one request says that the hash of its bytes is.
 *
 * @param algorithm as the JDK names it
 * @param hex the hash, in lower-case hexadecimal
 */
public record BodyChecksum(String algorithm, String hex) {
    private static final Map<String, String> ALGORITHMS = Map.of(
            "sha1", "SHA-1",
            "sha256", "SHA-256",
            "sha512", "SHA-512",
            "md5", "MD5",
            "sha-256", "SHA-256",
            "sha-512", "SHA-512");

    /** The checksum of that algorithm, named as tus or RFC 9530 do; empty where it is not offered here. */
    public static Optional<BodyChecksum> of(String algorithm, byte[] value) {
        return Optional.ofNullable(ALGORITHMS.get(algorithm))
                .map(known -> new BodyChecksum(known, HexFormat.of().formatHex(value)));
    }

    /** A digest to feed the bytes to. */
    MessageDigest digest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no " + algorithm, e);
        }
    }

    /** Refuses bytes of another hash. */
    void require(MessageDigest fed) {
        byte[] came = HexFormat.of().formatHex(fed.digest()).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(came, hex.getBytes(StandardCharsets.US_ASCII))) {
            throw new UploadRefused(
                    UploadRefused.Reason.WRONG_CHECKSUM,
                    "The bytes that arrived do not have the checksum that was sent with them. Nothing of this request was kept; send it again.");
        }
    }
}

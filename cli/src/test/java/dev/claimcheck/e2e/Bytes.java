package dev.claimcheck.e2e;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;

/** Contents and their hashes. */
final class Bytes {
    private Bytes() {}

    /** No video, and different each time. */
    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random().nextBytes(bytes);
        return bytes;
    }

    /** No video, and the same for the same seed; nothing of it compresses or repeats, so that whatever is lost, doubled or swapped shows. */
    static byte[] noise(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] sha256(byte[]... pieces) {
        return digest("SHA-256", pieces);
    }

    static byte[] digest(String algorithm, byte[]... pieces) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] piece : pieces) {
                digest.update(piece);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sha256Hex(byte[]... pieces) {
        return HexFormat.of().formatHex(sha256(pieces));
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The value of a {@code Content-Digest} or {@code Repr-Digest} (RFC 9530). */
    static String contentDigest(byte[] bytes) {
        return "sha-256=:" + base64(sha256(bytes)) + ":";
    }
}

package dev.claimcheck.job;

import java.util.HexFormat;

/** A SHA-256 digest, in lower-case hexadecimal. */
public record Digest(String hex) {
    public Digest {
        if (!hex.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256 digest");
        }
    }

    /** The digest of these 32 bytes. */
    public static Digest of(byte[] bytes) {
        return new Digest(HexFormat.of().formatHex(bytes));
    }

    /** Its 32 bytes, in a fresh array. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }
}

package dev.claimcheck.access;

import dev.claimcheck.database.Database;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Encrypts what has to be read again, so that it is not legible where it is kept: AES-256-GCM (NIST SP 800-38D) under a key that HKDF (RFC 5869) derives from the installation's secret. What was sealed for one place does
 * not open at another. Thread-safe.
 */
public final class SealedSecrets {
    private static final byte VERSION = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey key;

    private SealedSecrets(SecretKey key) {
        this.key = key;
    }

    /** With the installation's secret of that name. */
    public static SealedSecrets open(Database database, String name) {
        return of(InstallationSecrets.get(database, name), name);
    }

    /** With that secret, at least 32 bytes; {@code purpose} keeps keys for different things apart. */
    public static SealedSecrets of(byte[] secret, String purpose) {
        try {
            KDF hkdf = KDF.getInstance("HKDF-SHA256");
            return new SealedSecrets(hkdf.deriveKey(
                    "AES",
                    HKDFParameterSpec.ofExtract()
                            .addIKM(secret)
                            .thenExpand(("claimcheck " + purpose).getBytes(StandardCharsets.UTF_8), 32)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK 25 has HKDF", e);
        }
    }

    /** Seals it for that place, such as the row that it is kept in. */
    public byte[] seal(byte[] plain, String place) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, place).doFinal(plain);
            byte[] whole = new byte[1 + NONCE + sealed.length];
            whole[0] = VERSION;
            System.arraycopy(nonce, 0, whole, 1, NONCE);
            System.arraycopy(sealed, 0, whole, 1 + NONCE, sealed.length);
            return whole;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /** Whether these bytes were sealed here, by their form. */
    public static boolean isSealed(byte[] bytes) {
        return bytes.length > NONCE + TAG_BITS / 8 && bytes[0] == VERSION;
    }

    /**
     * What was sealed for that place.
     *
     * @throws IllegalArgumentException when it was changed, is another place's, or was sealed with another secret
     */
    public byte[] open(byte[] sealed, String place) {
        if (!isSealed(sealed)) {
            throw new IllegalArgumentException("not a sealed secret");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOfRange(sealed, 1, 1 + NONCE), place)
                    .doFinal(sealed, 1 + NONCE, sealed.length - 1 - NONCE);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a sealed secret does not open: it was changed, or sealed elsewhere", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}

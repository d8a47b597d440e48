package dev.claimcheck.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UploadSignerTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private final UploadSigner signer = new UploadSigner(new byte[32]);
    private final UUID upload = UUID.randomUUID();

    @Test
    void aTokenLeadsToItsUploadUntilItExpires() {
        String token = signer.token(upload, NOW.plusSeconds(60));

        assertThat(signer.accepted(token, NOW)).contains(upload);
        assertThat(signer.accepted(token, NOW.plusSeconds(59))).contains(upload);
        assertThat(signer.accepted(token, NOW.plusSeconds(60))).isEmpty();
    }

    @Test
    void aTokenOfAnotherInstallationLeadsNowhere() {
        byte[] other = new byte[32];
        other[0] = 1;

        assertThat(new UploadSigner(other).accepted(signer.token(upload, NOW.plusSeconds(60)), NOW))
                .isEmpty();
    }

    /** Base64 can write the same bytes in several ways in its last letter: only one of them is ours. */
    @Test
    void noOtherTextIsAccepted() {
        String token = signer.token(upload, NOW.plusSeconds(60));
        for (int at = 0; at < token.length(); at++) {
            for (char letter : "0aAzZ9-_.".toCharArray()) {
                if (token.charAt(at) != letter) {
                    String bent = token.substring(0, at) + letter + token.substring(at + 1);
                    assertThat(signer.accepted(bent, NOW)).as(bent).isEmpty();
                }
            }
        }
        assertThat(signer.accepted(token + "\n", NOW)).isEmpty();
        assertThat(signer.accepted("", NOW)).isEmpty();
    }
}

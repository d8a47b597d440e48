package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MediaInputTest {
    private static final URI PLAIN = URI.create("http://127.0.0.1:9000/videos/sources/1?X-Amz-Signature=secret");

    @Test
    void aFileIsReadByNothingButTheFileProtocol() {
        assertThat(MediaProbe.arguments(new MediaInput.LocalFile(Path.of("/in/source")), "mov", "-show_format"))
                .containsExactly(
                        "-hide_banner",
                        "-loglevel",
                        "error",
                        "-show_format",
                        "-protocol_whitelist",
                        "file",
                        "-format_whitelist",
                        "mov",
                        "-f",
                        "mov",
                        "-i",
                        "file:/in/source");
    }

    @Test
    void aSignedUrlIsReadByHttpAloneWithPatienceThatEnds() {
        assertThat(MediaProbe.arguments(new MediaInput.SignedUrl(PLAIN, Optional.empty()), "mov", "-show_format"))
                .containsExactly(
                        "-hide_banner",
                        "-loglevel",
                        "error",
                        "-show_format",
                        "-protocol_whitelist",
                        "http,tcp",
                        "-rw_timeout",
                        "10000000",
                        "-reconnect",
                        "1",
                        "-reconnect_on_network_error",
                        "1",
                        "-reconnect_on_http_error",
                        "429,5xx",
                        "-reconnect_delay_max",
                        "4",
                        "-multiple_requests",
                        "1",
                        "-format_whitelist",
                        "mov",
                        "-f",
                        "mov",
                        "-i",
                        PLAIN.toString());
    }

    @Test
    void httpsIsReadOnlyFromAServerThatIsVouchedFor() {
        URI secure = URI.create("https://s3.example.org/videos/sources/1");

        assertThat(new MediaInput.SignedUrl(secure, Optional.of(Path.of("/etc/ssl/all.pem"))).protocolOptions())
                .containsSequence("-protocol_whitelist", "https,tls,tcp")
                .containsSequence("-tls_verify", "1", "-ca_file", "/etc/ssl/all.pem");
        assertThatThrownBy(() -> new MediaInput.SignedUrl(secure, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSignatureIsNotPrinted() {
        assertThat(new MediaInput.SignedUrl(PLAIN, Optional.empty()).toString()).doesNotContain("secret");
        ErrorOutput output = new ErrorOutput();
        output.add("Error opening input file " + PLAIN + ": Invalid data found when processing input");
        assertThat(output.usefulLine()).doesNotContain("secret").contains("the source");
    }

    /** Lines of ffmpeg 8.1 whose server was killed in the middle; it ended with exit code 0. */
    @Test
    void aSourceThatBrokeOffIsLostThoughFfmpegCallsItSuccess() {
        ErrorOutput output = new ErrorOutput();
        output.add("[http @ 0x55e064e28b80] Stream ends prematurely at 19677184, should be 45856618");
        output.add("[http @ 0x55e064e28b80] Will reconnect at 19677184 in 0 second(s), error=Input/output error.");
        assertThat(output.lostItsInput()).as("it may still recover").isFalse();
        output.add("[tcp @ 0x7fce00022000] Connection to tcp://127.0.0.1:19322 failed: Connection refused");

        assertThat(output.lostItsInput()).isTrue();
    }

    @Test
    void aSourceThatWasReadOnAsIfAtItsEndIsLost() {
        ErrorOutput output = new ErrorOutput();
        output.add("[http @ 0x56304ea20380] Will reconnect at 2515397 in 3 second(s).");
        output.add("[in#0/mov,mp4,m4a,3gp,3g2,mj2 @ 0x56304ea1f300] stream 0, offset 0x267046: partial file");

        assertThat(output.lostItsInput()).isTrue();
    }

    @Test
    void aDamagedFileIsStillTheFilesFault() {
        ErrorOutput output = new ErrorOutput();
        output.add("[http @ 0x5606bea30b80] HTTP error 416 Range Not Satisfiable");
        output.add("[in#0 @ 0x5606bea2f6c0] moov atom not found");
        output.add("[in#0/mov @ 0x56304ea1f300] stream 0, offset 0x267046: partial file");

        assertThat(output.lostItsInput()).isFalse();
        assertThat(output.usefulLine()).contains("moov atom not found");
    }
}

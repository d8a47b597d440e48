package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsolationTest {
    private static final FfmpegTools TOOLS = new FfmpegTools(
            Path.of("/opt/media/ffmpeg"),
            Path.of("/opt/media/ffprobe"),
            Map.of("LANG", "C.UTF-8"),
            "8",
            FfmpegTools.Origin.CONFIGURED);
    private static final Path SCRATCH = Path.of("/var/lib/claimcheck/scratch/1-1");

    @TempDir
    Path folder;

    @Test
    void whereBubblewrapIsMissingItIsLimitsAloneAndSaysWhatToInstall() {
        Isolation isolation = Isolation.choose(SandboxMode.AUTO, folder.resolve("bwrap"), TOOLS, folder);

        assertThat(isolation.words()).isEqualTo("limits");
        assertThat(isolation.shortcoming()).contains("not installed", "apt-get install bubblewrap");
    }

    @Test
    void whereBubblewrapDoesNotWorkItSaysWhyInItsOwnWords() throws IOException {
        Isolation isolation = Isolation.choose(SandboxMode.AUTO, failing(), TOOLS, folder);

        assertThat(isolation.words()).isEqualTo("limits");
        assertThat(isolation.shortcoming()).contains("No permissions to create new namespace", "user namespaces");
    }

    @Test
    void requiredRefusesToStartWithoutOne() throws IOException {
        Path program = failing();

        assertThatThrownBy(() -> Isolation.choose(SandboxMode.REQUIRED, program, TOOLS, folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("media.sandbox")
                .hasMessageContaining("No permissions to create new namespace");
    }

    @Test
    void offDoesNotEvenTry() {
        assertThat(Isolation.choose(SandboxMode.OFF, folder.resolve("bwrap"), TOOLS, folder))
                .isEqualTo(Isolation.limitsAlone());
    }

    @Test
    void aFileIsShownReadOnlyAndNothingOfTheNetwork() {
        List<String> words = bubblewrap(Bubblewrap.UserNamespace.SEALED)
                .words(List.of(new MediaInput.LocalFile(Path.of("/var/lib/claimcheck/objects/one"))), SCRATCH, true);

        assertThat(words)
                .startsWith(
                        "/usr/bin/bwrap",
                        "--die-with-parent",
                        "--new-session",
                        "--unshare-pid",
                        "--unshare-ipc",
                        "--unshare-uts",
                        "--unshare-cgroup-try",
                        "--cap-drop",
                        "ALL",
                        "--unshare-user",
                        "--uid",
                        "65534",
                        "--gid",
                        "65534",
                        "--disable-userns",
                        "--unshare-net")
                .endsWith(
                        "--bind",
                        SCRATCH.toString(),
                        SCRATCH.toString(),
                        "--ro-bind",
                        "/var/lib/claimcheck/objects/one",
                        "/var/lib/claimcheck/objects/one",
                        "--remount-ro",
                        "/",
                        "--chdir",
                        SCRATCH.toString(),
                        "--setenv",
                        "LANG",
                        "C.UTF-8")
                .containsSequence("--ro-bind", "/opt/media", "/opt/media")
                .doesNotContain("/etc/resolv.conf", "--proc", "/etc", "/usr");
    }

    @Test
    void onlyASignedUrlSharesTheNetworkWithWhatItNeeds() {
        MediaInput url = new MediaInput.SignedUrl(
                URI.create("https://s3.example.org/video"), Optional.of(Path.of("/etc/ssl/authorities.crt")));

        assertThat(bubblewrap(Bubblewrap.UserNamespace.OWN).words(List.of(url), SCRATCH, true))
                .doesNotContain("--unshare-net", "--disable-userns")
                .containsSubsequence("--ro-bind-try", "/etc/resolv.conf")
                .containsSubsequence("--ro-bind", "/etc/ssl/authorities.crt");
    }

    @Test
    void aProbeCannotWriteToItsScratchFolder() {
        assertThat(bubblewrap(Bubblewrap.UserNamespace.SHARED).words(List.of(), SCRATCH, false))
                .containsSequence("--ro-bind", SCRATCH.toString(), SCRATCH.toString())
                .doesNotContain("--bind", "--unshare-user");
    }

    private static Bubblewrap bubblewrap(Bubblewrap.UserNamespace own) {
        return new Bubblewrap(Path.of("/usr/bin/bwrap"), own, TOOLS, Path.of("/var/lib/claimcheck"));
    }

    private Path failing() throws IOException {
        Path program = Files.writeString(
                folder.resolve("bwrap"), "#!/bin/sh\necho 'bwrap: No permissions to create new namespace'\nexit 1\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }
}

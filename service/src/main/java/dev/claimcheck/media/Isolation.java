package dev.claimcheck.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps ffmpeg apart from the rest of the machine: limits always, a sandbox where there is one that was seen to work.
 *
 * @param sandbox the sandbox in force
 * @param shortcoming why there is none though one was wanted, and what to do; empty where all is as it was asked for
 */
public record Isolation(Optional<Sandbox> sandbox, String shortcoming) {
    private static final Logger LOG = LoggerFactory.getLogger(Isolation.class);
    private static final Path PROGRAM = Path.of("/usr/bin/bwrap");

    /** A sandbox that was seen to work on this machine. */
    public static final class Sandbox {
        private final Bubblewrap bubblewrap;

        private Sandbox(Bubblewrap bubblewrap) {
            this.bubblewrap = bubblewrap;
        }

        Bubblewrap bubblewrap() {
            return bubblewrap;
        }
    }

    /** Limits alone. */
    public static Isolation limitsAlone() {
        return new Isolation(Optional.empty(), "");
    }

    /**
     * The isolation to use; a sandbox has run ffmpeg once.
     *
     * @param data the service's folder, hidden from what runs inside
     * @throws IllegalStateException where one is required and none works; the message says how to mend it
     */
    public static Isolation choose(SandboxMode mode, FfmpegTools tools, Path data) {
        return choose(mode, PROGRAM, tools, data);
    }

    static Isolation choose(SandboxMode mode, Path program, FfmpegTools tools, Path data) {
        if (mode == SandboxMode.OFF) {
            return limitsAlone();
        }
        Isolation found = examine(program, tools, data);
        if (found.sandbox().isEmpty()) {
            if (mode == SandboxMode.REQUIRED) {
                throw new IllegalStateException("media.sandbox is \"required\", but " + found.shortcoming()
                        + ", or set media.sandbox to \"auto\"");
            }
            LOG.atWarn()
                    .addKeyValue("reason", found.shortcoming())
                    .log(
                            "ffmpeg runs without a sandbox: a hole in one of its decoders would show everything that the service can read");
        }
        return found;
    }

    /** The best that this machine has, seen to work; {@link #shortcoming} says why it is not a sandbox. */
    public static Isolation examine(FfmpegTools tools, Path data) {
        return examine(PROGRAM, tools, data);
    }

    private static Isolation examine(Path program, FfmpegTools tools, Path data) {
        if (!Files.isExecutable(program)) {
            return without("bubblewrap is not installed; install it (apt-get install bubblewrap)");
        }
        String complaint = "";
        for (Bubblewrap.UserNamespace own : Bubblewrap.UserNamespace.values()) {
            Bubblewrap candidate =
                    new Bubblewrap(program, own, tools, data.toAbsolutePath().normalize());
            complaint = complaint(candidate);
            if (complaint.isEmpty()) {
                return new Isolation(Optional.of(new Sandbox(candidate)), "");
            }
        }
        return without(
                "bubblewrap does not work here (" + complaint
                        + "); allow user namespaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces, or the container's seccomp profile)");
    }

    /** In a few words: {@code bubblewrap, limits}. */
    public String words() {
        return sandbox.isPresent() ? "bubblewrap, limits" : "limits";
    }

    private static Isolation without(String reason) {
        return new Isolation(Optional.empty(), reason);
    }

    /** Runs ffmpeg in it for real; empty where that went well. */
    private static String complaint(Bubblewrap candidate) {
        try {
            Path scratch = Files.createTempDirectory("claimcheck-sandbox");
            try {
                List<String> command = new ArrayList<>(candidate.words(List.of(), scratch, true));
                command.addAll(List.of("--", candidate.tools().ffmpeg().toString(), "-version"));
                ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
                builder.environment().clear();
                Process process = builder.start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                boolean ended = process.waitFor(20, TimeUnit.SECONDS);
                return ended && process.exitValue() == 0 && output.startsWith("ffmpeg version")
                        ? ""
                        : output.lines().findFirst().orElse("it says nothing");
            } finally {
                Files.delete(scratch);
            }
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}

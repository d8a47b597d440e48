package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A command of the packaged program that runs, or has run. The user's state is a folder of the tests. */
record Cli(Process process, List<String> command, Path outFile, Path errFile) {
    static final Path STATE = Clip.WORK.resolve("state");

    /** What a command did. */
    record Ran(int exit, String out, String err) {
        JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    static Ran run(String... arguments) {
        return start(arguments).await();
    }

    static Cli start(String... arguments) {
        // A shell that runs the tests in the background has them ignore Ctrl-C, and every child with them.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", Server.LAUNCHER.toString()));
        command.addAll(List.of(arguments));
        return execute(command);
    }

    static Cli execute(List<String> command) {
        try {
            Path out = Files.createTempFile(Clip.WORK, "out", "");
            Path err = Files.createTempFile(Clip.WORK, "err", "");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Clip.WORK.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .redirectInput(new File("/dev/null"));
            builder.environment().put("CLAIMCHECK_BUILD", "never");
            builder.environment().put("XDG_STATE_HOME", STATE.toString());
            return new Cli(builder.start(), command, out, err);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Ran await() {
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES))
                    .as(() -> command + " ends; so far: " + err())
                    .isTrue();
            return new Ran(process.exitValue(), Files.readString(outFile), err());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** {@code KILL}, {@code INT}, …, then the end. */
    Ran signal(String name) {
        Server.signal(name, process.pid());
        return await();
    }

    String err() {
        try {
            return Files.readString(errFile);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

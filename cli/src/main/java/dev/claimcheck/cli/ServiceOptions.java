package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Which service to talk to and with which key; a server on this machine is found by itself. */
final class ServiceOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Address of the service (CLAIMCHECK_URL; default: the server on this machine).")
    private @Nullable String url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "API key (CLAIMCHECK_KEY; default: the admin key of the server on this machine).")
    private @Nullable String key;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder of the server on this machine (CLAIMCHECK_DATA; default ./claimcheck-data).")
    private @Nullable String data;

    @Option(names = "--json", description = "One JSON document on standard output, no progress: for scripts.")
    private boolean json;

    boolean json() {
        return json;
    }

    ClaimcheckClient client() {
        try {
            return ClaimcheckClient.connect(address(), apiKey());
        } catch (IllegalArgumentException e) {
            throw new InvalidOptionException("the address of the service is not valid: " + e.getMessage());
        }
    }

    private URI address() {
        String text = Optional.ofNullable(url)
                .or(() -> environment("CLAIMCHECK_URL"))
                .or(this::announced)
                .orElse("http://127.0.0.1:8080");
        return URI.create(text);
    }

    private String apiKey() {
        return Optional.ofNullable(key)
                .or(() -> environment("CLAIMCHECK_KEY"))
                .or(() -> dataFolders()
                        .map(folder -> folder.resolve("admin-key"))
                        .filter(Files::isReadable)
                        .findFirst()
                        .map(ServiceOptions::read))
                .orElseThrow(
                        () -> new InvalidOptionException(
                                "no API key: give --key, set CLAIMCHECK_KEY, or name the server's data folder with --data DIR"));
    }

    private Optional<String> announced() {
        return dataFolders()
                .map(folder -> folder.resolve("server.json"))
                .filter(Files::isReadable)
                .findFirst()
                .map(file ->
                        JsonMapper.shared().readTree(read(file)).path("url").asString(""))
                .filter(text -> !text.isEmpty());
    }

    private Stream<Path> dataFolders() {
        String folder = Optional.ofNullable(data)
                .or(() -> environment("CLAIMCHECK_DATA"))
                .orElse("./claimcheck-data");
        return Stream.of(Path.of(folder), Path.of(folder, "demo"));
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(text -> !text.isBlank());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot read " + file, e);
        }
    }

    /** What was given, or left out, cannot work; the message says what to give. */
    static final class InvalidOptionException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidOptionException(String message) {
            super(message);
        }
    }
}

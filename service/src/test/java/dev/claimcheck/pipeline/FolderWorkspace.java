package dev.claimcheck.pipeline;

import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.Lease;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.MediaInput;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A workspace of one folder: the outputs are its files. */
final class FolderWorkspace implements StepWorkspace {
    private final Path source;
    private final Path outputs;
    private final Path scratch;
    private final JsonNode spec;
    private final Map<String, JsonNode> results = new HashMap<>();

    FolderWorkspace(Path folder, Path source, JsonNode spec) {
        this.source = source;
        this.spec = spec;
        try {
            this.outputs = Files.createTempDirectory(folder, "outputs");
            this.scratch = Files.createTempDirectory(folder, "scratch");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private FolderWorkspace(FolderWorkspace earlier, JsonNode spec) {
        this.source = earlier.source;
        this.spec = spec;
        this.outputs = earlier.outputs;
        this.results.putAll(earlier.results);
        try {
            this.scratch = Files.createTempDirectory(outputs.getParent(), "scratch");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** That of a later step of the same job. */
    FolderWorkspace next(JsonNode other) {
        return new FolderWorkspace(this, other);
    }

    /** What an earlier step has left. */
    FolderWorkspace withResult(String step, JsonNode result) {
        results.put(step, result);
        return this;
    }

    Path file(String path) {
        return outputs.resolve(path);
    }

    String text(String path) throws IOException {
        return Files.readString(file(path));
    }

    @Override
    public LeasedStep step() {
        JobId job = JobId.create(Instant.EPOCH);
        return new LeasedStep(
                new Lease(1, 1),
                job,
                new OwnerId("alice"),
                "step",
                "step",
                QueueName.THUMBNAILS,
                spec,
                1,
                "",
                "clip",
                new Processing("web", JobOptions.NONE));
    }

    @Override
    public MediaInput source() {
        return new MediaInput.LocalFile(source);
    }

    @Override
    public SeekableByteChannel openSource() {
        return open(source);
    }

    @Override
    public Path scratch() {
        return scratch;
    }

    @Override
    public List<JsonNode> results() {
        return List.copyOf(results.values());
    }

    @Override
    public Optional<MediaInput> watermark() {
        return Optional.empty();
    }

    @Override
    public Output output(String path) {
        try {
            return new Output(path, path, "", Files.size(file(path)));
        } catch (IOException e) {
            throw new StorageException("the job has no output " + path, e);
        }
    }

    @Override
    public Map<String, Output> outputs(String prefix) {
        try (Stream<Path> tree = Files.walk(outputs)) {
            return tree.filter(Files::isRegularFile)
                    .map(file -> outputs.relativize(file).toString())
                    .filter(path -> path.startsWith(prefix))
                    .map(this::output)
                    .collect(Collectors.toMap(Output::path, Function.identity()));
        } catch (IOException e) {
            throw new StorageException("the outputs cannot be listed", e);
        }
    }

    @Override
    public Optional<SeekableByteChannel> find(Output output) {
        return Files.exists(file(output.objectKey())) ? Optional.of(open(output)) : Optional.empty();
    }

    @Override
    public SeekableByteChannel open(Output output) {
        return open(file(output.objectKey()));
    }

    @Override
    public Output publish(String path, Path file, String contentType) {
        try {
            Files.createDirectories(file(path).getParent());
            Files.copy(file, file(path), StandardCopyOption.REPLACE_EXISTING);
            return new Output(path, path, contentType, Files.size(file));
        } catch (IOException e) {
            throw new StorageException("cannot publish", e);
        }
    }

    @Override
    public void progress(double fraction, String message) {
        // Nobody watches.
    }

    private static SeekableByteChannel open(Path file) {
        try {
            return Files.newByteChannel(file);
        } catch (IOException e) {
            throw new StorageException("cannot open", e);
        }
    }
}

package dev.claimcheck.worker;

import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.WatermarkPlacement;
import dev.claimcheck.media.MediaInput;
import dev.claimcheck.pipeline.StepWorkspace;
import dev.claimcheck.storage.DirectAccess;
import dev.claimcheck.storage.LocalFiles;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The workspace of one attempt: a scratch folder, and outputs under keys that carry the attempt's number. */
final class AttemptWorkspace implements StepWorkspace, AutoCloseable {
    /** The longest that S3 signs for: a long transcode may seek at its very end. */
    private static final Duration READABLE_FOR = Duration.ofDays(7);

    private final Attempt attempt;
    private final Path scratch;
    private final ObjectStore store;
    private final JobQueries jobs;
    private @Nullable MediaInput source;

    AttemptWorkspace(Attempt attempt, Path scratchRoot, ObjectStore store, JobQueries jobs) {
        this.attempt = attempt;
        this.store = store;
        this.jobs = jobs;
        LeasedStep step = attempt.step();
        this.scratch =
                scratchRoot.resolve(step.lease().stepId() + "-" + step.lease().attempt());
        try {
            Files.createDirectories(scratch);
        } catch (IOException e) {
            throw new StorageException("the scratch folder cannot be made", e);
        }
    }

    @Override
    public LeasedStep step() {
        return attempt.step();
    }

    @Override
    public MediaInput source() {
        MediaInput known = source;
        if (known == null) {
            known = input(attempt.step().sourceKey(), "source");
            source = known;
        }
        return known;
    }

    @Override
    public Optional<MediaInput> watermark() {
        return attempt.step()
                .options()
                .watermark()
                .map(placed -> input(WatermarkPlacement.objectKey(placed.watermark()), "watermark"));
    }

    @Override
    public SeekableByteChannel openSource() {
        return open(attempt.step().sourceKey());
    }

    @Override
    public Path scratch() {
        return scratch;
    }

    @Override
    public List<JsonNode> results() {
        return jobs.stepResults(attempt.step().jobId()).stream()
                .map(result -> JsonMapper.shared().readTree(result.json()))
                .toList();
    }

    @Override
    public Output output(String path) {
        return jobs.output(attempt.step().jobId(), path)
                .orElseThrow(() -> new StorageException("the job has no output " + path, null));
    }

    @Override
    public Map<String, Output> outputs(String prefix) {
        return jobs.outputs(attempt.step().jobId(), prefix).stream()
                .collect(Collectors.toMap(Output::path, Function.identity()));
    }

    @Override
    public SeekableByteChannel open(Output output) {
        return open(output.objectKey());
    }

    @Override
    public Optional<SeekableByteChannel> find(Output output) {
        return store.open(output.objectKey());
    }

    @Override
    public Output publish(String path, Path file, String contentType) {
        String key = attempt.step().outputPrefix() + path;
        try {
            long size = Files.size(file);
            store.put(key, file);
            return new Output(path, key, contentType, size);
        } catch (IOException e) {
            throw new StorageException("an output cannot be read from scratch", e);
        }
    }

    @Override
    public void progress(double fraction, String message) {
        attempt.progress(fraction, message);
    }

    /** Removes the scratch folder. */
    @Override
    public void close() {
        deleteTree(scratch);
    }

    static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new StorageException("scratch cannot be removed; it is tried again at the next start", e);
        }
    }

    private SeekableByteChannel open(String key) {
        return store.open(key).orElseThrow(() -> gone(key));
    }

    /** In place where the store has files, by a signed URL where it gives them out, else from a copy. */
    private MediaInput input(String key, String name) {
        return switch (store) {
            case LocalFiles files -> new MediaInput.LocalFile(files.file(key).orElseThrow(() -> gone(key)));
            case DirectAccess direct ->
                MediaInput.ofSigned(direct.signGet(key, READABLE_FOR)).orElseGet(() -> copied(key, name));
            default -> copied(key, name);
        };
    }

    private MediaInput copied(String key, String name) {
        Path copy = scratch.resolve(name);
        try (var from = open(key);
                var in = Channels.newInputStream(from)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return new MediaInput.LocalFile(copy);
        } catch (IOException e) {
            throw new StorageException("object " + key + " cannot be copied", e);
        }
    }

    private static StorageException gone(String key) {
        return new StorageException("object " + key + " is gone", null);
    }
}

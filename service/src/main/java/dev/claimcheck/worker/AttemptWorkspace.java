package dev.claimcheck.worker;

import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Output;
import dev.claimcheck.pipeline.StepWorkspace;
import dev.claimcheck.storage.LocalFiles;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The workspace of one attempt: a scratch folder, and outputs under keys that carry the attempt's number. */
final class AttemptWorkspace implements StepWorkspace, AutoCloseable {
    private final Attempt attempt;
    private final Path scratch;
    private final ObjectStore store;
    private final JobQueries jobs;

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
    public Path source() {
        return local(attempt.step().sourceKey());
    }

    @Override
    public Path scratch() {
        return scratch;
    }

    @Override
    public Optional<JsonNode> resultOf(String stepName) {
        return jobs.stepResult(attempt.step().jobId(), stepName).map(JsonMapper.shared()::readTree);
    }

    @Override
    public Path output(String path) {
        return jobs.output(attempt.step().jobId(), path)
                .map(output -> local(output.objectKey()))
                .orElseThrow(() -> new StorageException("the job has no output " + path, null));
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

    private Path local(String key) {
        if (store instanceof LocalFiles files) {
            return files.file(key).orElseThrow(() -> new StorageException("object " + key + " is gone", null));
        }
        return copied(key);
    }

    private Path copied(String key) {
        Path copy = scratch.resolve("object-" + Integer.toHexString(key.hashCode()));
        try (var from = store.open(key).orElseThrow(() -> new StorageException("object " + key + " is gone", null));
                var in = java.nio.channels.Channels.newInputStream(from)) {
            Files.copy(in, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new StorageException("object " + key + " cannot be copied", e);
        }
    }
}

package dev.claimcheck.pipeline;

import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files of an attempt's scratch folder; whatever fails there is trouble with the disk. */
final class ScratchFiles {
    private ScratchFiles() {}

    /** Writes a small text file. */
    static Path write(StepWorkspace workspace, String name, String text) {
        try {
            return Files.writeString(workspace.scratch().resolve(name), text);
        } catch (IOException e) {
            throw new StorageException("scratch cannot be written", e);
        }
    }

    /** The bytes of a small file; none where there is no file. */
    static byte[] read(StepWorkspace workspace, String name) {
        Path file = workspace.scratch().resolve(name);
        try {
            return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        } catch (IOException e) {
            throw new StorageException("scratch cannot be read", e);
        }
    }

    /** The size of a file; 0 where there is none. */
    static long size(StepWorkspace workspace, String name) {
        Path file = workspace.scratch().resolve(name);
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new StorageException("scratch cannot be read", e);
        }
    }

    /** Gives a file another name, over what has it. */
    static void rename(StepWorkspace workspace, String from, String to) {
        try {
            Files.move(
                    workspace.scratch().resolve(from),
                    workspace.scratch().resolve(to),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StorageException("scratch cannot be written", e);
        }
    }

    /** Removes a file where there is one. */
    static void remove(StepWorkspace workspace, String name) {
        try {
            Files.deleteIfExists(workspace.scratch().resolve(name));
        } catch (IOException e) {
            throw new StorageException("scratch cannot be written", e);
        }
    }
}

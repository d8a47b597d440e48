package dev.claimcheck.upload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The folder where bytes wait until they are known to be right. */
public final class Spool {
    private Spool() {}

    /** Makes the folder, and sweeps what a crash left in it. */
    public static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> leftovers = Files.list(folder)) {
            for (Path leftover : leftovers.toList()) {
                Files.delete(leftover);
            }
        }
    }
}

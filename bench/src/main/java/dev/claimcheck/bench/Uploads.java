package dev.claimcheck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What several measurements of uploads need. */
final class Uploads {
    private Uploads() {}

    /** Starts a chunked upload and gives its id. */
    static String startChunked(Peers.Running server, long size, long chunkSize, long seed) throws IOException {
        RawUpload.Result started = RawUpload.send(
                server.port(),
                "POST /videos/start-chunked-upload?filename=" + seed + "-" + System.nanoTime() + ".mp4&total_size="
                        + size + "&chunk_size=" + chunkSize + " HTTP/1.1\r\nAuthorization: Bearer " + server.key(),
                0,
                seed);
        Matcher id = Pattern.compile("\"upload_id\":\"([^\"]+)\"").matcher(started.head());
        if (!id.find()) {
            throw new IOException("no chunked upload was started: " + started.head());
        }
        return id.group(1);
    }

    /** Deletes the files in the folder: what lies in the page cache of earlier rounds would make later ones pay for making room. */
    static void empty(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}

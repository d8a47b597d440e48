package dev.claimcheck.media;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Consumer;

/** Reads a process's output line by line to its end. A line is cut at a length: what a file makes ffmpeg print may be one line of gigabytes. */
final class OutputLines {
    private OutputLines() {}

    static void read(Reader from, int longest, Consumer<String> onLine) throws IOException {
        char[] buffer = new char[8192];
        StringBuilder line = new StringBuilder();
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            for (int index = 0; index < length; index++) {
                char one = buffer[index];
                if (one == '\n' || one == '\r') {
                    onLine.accept(line.toString());
                    line.setLength(0);
                } else if (line.length() < longest) {
                    line.append(one);
                }
            }
        }
        if (!line.isEmpty()) {
            onLine.accept(line.toString());
        }
    }
}

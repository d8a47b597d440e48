package dev.claimcheck.media;

import java.util.List;

/** What the commands that make results have in common. Pure. */
final class CommandFrame {
    private CommandFrame() {}

    /** Options of the whole command: no questions, warnings alone, progress to its output. */
    static List<String> globals() {
        return List.of("-nostdin", "-y", "-hide_banner", "-loglevel", "warning", "-nostats", "-progress", "pipe:1");
    }

    /** A track that this program has made, as an input: an MP4 in the working directory, by its demuxer alone. */
    static List<String> track(String file) {
        return List.of("-protocol_whitelist", "file", "-format_whitelist", "mov", "-f", "mov", "-i", "file:" + file);
    }
}

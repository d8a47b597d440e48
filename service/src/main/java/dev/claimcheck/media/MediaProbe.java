package dev.claimcheck.media;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks at a source with ffprobe. Thread-safe. */
public final class MediaProbe {
    private final MediaProcesses processes;
    private final double longestSeconds;

    /** @param longestSeconds longer videos are refused */
    public MediaProbe(MediaProcesses processes, double longestSeconds) {
        this.processes = processes;
        this.longestSeconds = longestSeconds;
    }

    /**
     * Reads what the source is.
     *
     * @param content the same source, for a look at its first bytes
     * @throws MediaTroubleException when ffprobe was killed or timed out
     */
    public ProbeOutcome probe(MediaInput source, SeekableByteChannel content, Path scratch)
            throws InterruptedException {
        long size = size(content);
        return switch (ContentSniffer.sniff(content)) {
            case ContentSniffer.Kind.NoVideo no -> new ProbeOutcome.Refused(no.code(), no.message(), "");
            case ContentSniffer.Kind.Container container -> probe(source, size, container.demuxer(), scratch);
        };
    }

    private ProbeOutcome probe(MediaInput source, long size, String demuxer, Path scratch) throws InterruptedException {
        ProcessResult result =
                processes.ffprobe(arguments(source, demuxer, "-show_format", "-show_streams", "-of", "json"), scratch);
        return switch (result.ending()) {
            case SUCCESS -> understand(source, size, demuxer, scratch, result.output());
            case ERROR -> refused(result.usefulLine(), size);
            case KILLED, TIMED_OUT, DISK_FULL, OUTPUT_TOO_LARGE, INPUT_LOST ->
                throw new MediaTroubleException(
                        "ffprobe did not end by itself: " + result.ending() + " " + result.usefulLine(), null);
        };
    }

    /** The whole argument list: this source alone, by this demuxer alone. */
    static List<String> arguments(MediaInput source, String demuxer, String... what) {
        List<String> arguments = new ArrayList<>(List.of("-hide_banner", "-loglevel", "error"));
        arguments.addAll(List.of(what));
        arguments.addAll(source.protocolOptions());
        arguments.addAll(List.of("-format_whitelist", demuxer, "-f", demuxer, "-i", source.name()));
        return arguments;
    }

    private ProbeOutcome understand(MediaInput source, long size, String demuxer, Path scratch, String output)
            throws InterruptedException {
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(output);
        } catch (JacksonException e) {
            throw new MediaTroubleException("ffprobe's answer cannot be read", e);
        }
        SourceInfo info = SourceReader.read(json, demuxer, size);
        if (info.video().isEmpty() && info.audio().isEmpty()) {
            return new ProbeOutcome.Refused(
                    "no_streams",
                    "The file holds neither picture nor sound that can be read. Export it again, as MP4 if you can, and upload that.",
                    "");
        }
        double duration =
                info.durationSeconds() > 0 ? info.durationSeconds() : scannedDuration(source, demuxer, scratch);
        if (duration <= 0) {
            return new ProbeOutcome.Refused(
                    "zero_duration",
                    "The video has no length: it holds no frames to show. Check that the recording was saved and upload it again.",
                    "");
        }
        if (duration > longestSeconds) {
            return new ProbeOutcome.Refused(
                    "too_long",
                    String.format(
                            Locale.ROOT,
                            "The video is %.1f hours long; at most %.1f are accepted. Cut it into parts.",
                            duration / 3600,
                            longestSeconds / 3600),
                    "");
        }
        return new ProbeOutcome.Understood(info.withDuration(duration));
    }

    /** For sources that do not say how long they are: the end of their last packet. */
    private double scannedDuration(MediaInput source, String demuxer, Path scratch) throws InterruptedException {
        ProcessResult packets = processes.ffprobe(
                arguments(source, demuxer, "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0"),
                scratch);
        if (packets.ending() == ProcessResult.Ending.INPUT_LOST) {
            throw new MediaTroubleException("the source was lost while it was scanned: " + packets.usefulLine(), null);
        }
        double first = Double.MAX_VALUE;
        double end = 0;
        for (String line : packets.output().split("\n", -1)) {
            String[] parts = line.split(",", -1);
            if (parts[0].matches("-?\\d+(\\.\\d+)?")) {
                double pts = Double.parseDouble(parts[0]);
                double length =
                        parts.length > 1 && parts[1].matches("\\d+(\\.\\d+)?") ? Double.parseDouble(parts[1]) : 0;
                first = Math.min(first, pts);
                end = Math.max(end, pts + length);
            }
        }
        return first == Double.MAX_VALUE ? 0 : end - Math.min(first, end);
    }

    private static ProbeOutcome refused(String line, long size) {
        if (line.contains("moov atom not found")) {
            return new ProbeOutcome.Refused(
                    "truncated",
                    String.format(
                            Locale.ROOT,
                            "The file ends in the middle (after %,d bytes): its index, which comes last, is missing. Upload the whole file again.",
                            size),
                    line);
        }
        if (line.toLowerCase(Locale.ROOT).contains("encrypt")) {
            return new ProbeOutcome.Refused(
                    "encrypted",
                    "The video is copy-protected and cannot be processed. Upload one without protection.",
                    line);
        }
        return new ProbeOutcome.Refused(
                "unreadable",
                "The file looks like a video but cannot be read: it is damaged or incomplete. Check that it plays on your computer and upload it again.",
                line);
    }

    private static long size(SeekableByteChannel content) {
        try {
            return content.size();
        } catch (IOException e) {
            throw new MediaTroubleException("the uploaded file cannot be read", e);
        }
    }
}

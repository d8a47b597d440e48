package dev.claimcheck.media;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks at a source with ffprobe. Thread-safe. */
public final class MediaProbe {
    /** As many tracks have the richest films; what has more is made to eat memory. */
    private static final int MOST_STREAMS = 100;

    /** What ffprobe says of a picture so large that it gives no size at all. */
    private static final Pattern IMPOSSIBLE_SIZE = Pattern.compile("Picture size (\\d+)x(\\d+) is invalid");

    private final MediaProcesses processes;
    private final double longestSeconds;
    private final long mostPixels;

    /**
     * @param longestSeconds longer videos are refused
     * @param mostPixels videos of more pixels (width × height) are refused
     */
    public MediaProbe(MediaProcesses processes, double longestSeconds, long mostPixels) {
        this.processes = processes;
        this.longestSeconds = longestSeconds;
        this.mostPixels = mostPixels;
    }

    /**
     * Reads what the source is.
     *
     * @param content the same source, for a look at its first bytes
     * @throws MediaTroubleException when the source cannot be read or ffprobe cannot be started
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
        ProcessResult result = processes.ffprobe(
                arguments(source, demuxer, "-show_format", "-show_streams", "-of", "json"), List.of(source), scratch);
        return switch (result.ending()) {
            case SUCCESS -> understand(source, size, demuxer, scratch, result);
            case ERROR -> refused(result.usefulLine(), size);
            case TOO_DEMANDING, OUTPUT_TOO_LARGE -> tooDemanding(result.usefulLine());
            case KILLED, TIMED_OUT, DISK_FULL, INPUT_LOST -> new ProbeOutcome.Interrupted(result);
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

    private ProbeOutcome understand(MediaInput source, long size, String demuxer, Path scratch, ProcessResult result)
            throws InterruptedException {
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(result.output());
        } catch (JacksonException _) {
            return refused("ffprobe's answer cannot be read", size); // The next answer would be the same.
        }
        int streams = json.path("streams").size();
        if (streams > MOST_STREAMS) {
            return new ProbeOutcome.Refused(
                    "too_many_streams",
                    "The file holds " + streams + " tracks; at most " + MOST_STREAMS
                            + " are accepted. Export it with the tracks that matter and upload that.",
                    "");
        }
        SourceInfo info = SourceReader.read(json, demuxer, size);
        Optional<SourceInfo.VideoStream> huge = info.video()
                .filter(video -> Math.max(
                                (long) video.codedWidth() * video.codedHeight(),
                                (long) video.displayWidth() * video.displayHeight())
                        > mostPixels);
        if (huge.isPresent()) {
            return tooManyPixels(huge.get().displayWidth() + " × " + huge.get().displayHeight());
        }
        Matcher impossible = IMPOSSIBLE_SIZE.matcher(result.usefulLine());
        if (info.video().isEmpty() && info.audio().isEmpty() && impossible.find()) {
            return tooManyPixels(impossible.group(1) + " × " + impossible.group(2));
        }
        if (info.video().isEmpty() && info.audio().isEmpty()) {
            return new ProbeOutcome.Refused(
                    "no_streams",
                    "The file holds neither picture nor sound that can be read. Export it again, as MP4 if you can, and upload that.",
                    "");
        }
        double duration = info.durationSeconds();
        if (duration <= 0) {
            ProcessResult packets = packets(source, demuxer, scratch);
            if (packets.ending() == ProcessResult.Ending.INPUT_LOST
                    || packets.ending() == ProcessResult.Ending.KILLED) {
                return new ProbeOutcome.Interrupted(packets);
            }
            duration = end(packets.output());
        }
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

    /** For sources that do not say how long they are. */
    private ProcessResult packets(MediaInput source, String demuxer, Path scratch) throws InterruptedException {
        return processes.ffprobe(
                arguments(source, demuxer, "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0"),
                List.of(source),
                scratch);
    }

    /** From the first packet's start to the last one's end, in seconds. */
    private static double end(String packets) {
        double first = Double.MAX_VALUE;
        double end = 0;
        for (String line : packets.split("\n", -1)) {
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

    private ProbeOutcome tooManyPixels(String picture) {
        return new ProbeOutcome.Refused(
                "too_many_pixels",
                String.format(
                        Locale.ROOT,
                        "The picture is %s; at most %,d pixels are accepted. Export it smaller and upload that.",
                        picture,
                        mostPixels),
                "");
    }

    private static ProbeOutcome tooDemanding(String line) {
        return new ProbeOutcome.Refused(
                "too_demanding",
                "The file asks for more memory or time than a video may, only to be looked at: it is damaged or made to do harm. Export it again and upload that.",
                line);
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

package dev.claimcheck.media;

import java.util.List;
import java.util.Locale;

/** Writes WebVTT (W3C), whole or as the segments of an HLS rendition (RFC 8216, 3.5). Pure. */
public final class WebVtt {
    /** The media type of its files. */
    public static final String CONTENT_TYPE = "text/vtt";

    /** Our segments' timestamps begin at 0, and so do the cues'. */
    private static final String TIMESTAMP_MAP = "X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n";

    private WebVtt() {}

    /**
     * What is shown for a while.
     *
     * @param start milliseconds from the video's start
     * @param end later than the start
     * @param top whether it stands at the top of the picture, so as not to cover what is below
     * @param text WebVTT cue text: escaped, without an empty line
     */
    public record Cue(long start, long end, boolean top, String text) {
        public Cue {
            if (start < 0 || end <= start || text.isBlank()) {
                throw new IllegalArgumentException("a cue has a text and lasts");
            }
        }
    }

    /** A file of these cues, which are in the order of their starts. */
    public static String document(List<Cue> cues) {
        StringBuilder text = new StringBuilder("WEBVTT\n");
        cues.forEach(cue -> append(text, cue));
        return text.toString();
    }

    /** The segment from {@code from} until {@code to} (milliseconds): every cue that is shown in it, with its whole time. */
    public static String segment(List<Cue> cues, long from, long to) {
        StringBuilder text = new StringBuilder("WEBVTT\n").append(TIMESTAMP_MAP);
        cues.stream().filter(cue -> cue.start() < to && cue.end() > from).forEach(cue -> append(text, cue));
        return text.toString();
    }

    /** A time as WebVTT writes it, to the millisecond. */
    static String time(long milliseconds) {
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d.%03d",
                milliseconds / 3_600_000,
                milliseconds / 60_000 % 60,
                milliseconds / 1000 % 60,
                milliseconds % 1000);
    }

    static String time(double seconds) {
        return time(Math.round(seconds * 1000));
    }

    private static void append(StringBuilder text, Cue cue) {
        text.append('\n')
                .append(time(cue.start()))
                .append(" --> ")
                .append(time(cue.end()))
                .append(cue.top() ? " line:0" : "")
                .append('\n')
                .append(cue.text())
                .append('\n');
    }
}

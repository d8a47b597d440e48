package dev.claimcheck.media;

import dev.claimcheck.media.WebVtt.Cue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the cues from the ASS that {@link SubtitleCommand} leaves, which may hold anything; at most so many, each at most so long. */
public final class SubtitleReader {
    private static final int MOST_CUES = 50_000;
    private static final String EVENT = "Dialogue:";
    /** Layer, start, end, style, name, three margins, effect; the text is the rest and may hold commas. */
    private static final int FIELDS = 10;

    private static final Pattern TIME = Pattern.compile("(\\d{1,3}):(\\d{2}):(\\d{2})\\.(\\d{2})");

    private SubtitleReader() {}

    /**
     * The cues in the order of their starts, each once (styled subtitles draw the same words several times over each other).
     *
     * @param styled whether the source was ASS already
     * @param originSeconds where the video starts on the source's clock; what is over by then is left out
     * @param endSeconds where it ends, from its start
     */
    public static List<Cue> read(Path file, boolean styled, double originSeconds, double endSeconds) {
        Set<Cue> cues = new LinkedHashSet<>();
        // A reader that replaces what is no UTF-8; newBufferedReader would throw.
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null && cues.size() < MOST_CUES; line = reader.readLine()) {
                cue(line, styled, Math.round(originSeconds * 1000), Math.round(endSeconds * 1000))
                        .ifPresent(cues::add);
            }
        } catch (IOException e) {
            throw new MediaTroubleException("subtitles cannot be read from scratch", e);
        }
        List<Cue> sorted = new ArrayList<>(cues);
        sorted.sort(Comparator.comparingLong(Cue::start));
        return sorted;
    }

    private static Optional<Cue> cue(String line, boolean styled, long origin, long last) {
        if (!line.startsWith(EVENT)) {
            return Optional.empty();
        }
        String[] fields = line.substring(EVENT.length()).split(",", FIELDS);
        if (fields.length < FIELDS) {
            return Optional.empty();
        }
        long start = Math.max(0, milliseconds(fields[1]) - origin);
        long end = Math.min(last, milliseconds(fields[2]) - origin);
        if (end <= start) {
            return Optional.empty();
        }
        AssText text = AssText.of(fields[FIELDS - 1], styled);
        return text.text().isEmpty() ? Optional.empty() : Optional.of(new Cue(start, end, text.top(), text.text()));
    }

    /** Before everything where it is no time, so that its cue is left out. */
    private static long milliseconds(String text) {
        Matcher matcher = TIME.matcher(text.strip());
        if (!matcher.matches()) {
            return Long.MIN_VALUE / 2;
        }
        return Long.parseLong(matcher.group(1)) * 3_600_000
                + Long.parseLong(matcher.group(2)) * 60_000
                + Long.parseLong(matcher.group(3)) * 1000
                + Long.parseLong(matcher.group(4)) * 10;
    }
}

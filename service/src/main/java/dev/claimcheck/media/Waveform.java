package dev.claimcheck.media;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How loud a sound is over time, in the form that audiowaveform writes and players such as peaks.js read: the lowest and highest sample of each point. ffmpeg
 * finds the peaks and leaves one line for each; nothing here grows with the length but the result, which has at most 36,000 points.
 *
 * @param samplesPerPoint at {@link #SAMPLE_RATE}
 */
public record Waveform(int samplesPerPoint) {
    /** Samples per second that are looked at. */
    public static final int SAMPLE_RATE = 48_000;

    private static final int POINTS_PER_SECOND = 20;
    private static final int MOST_POINTS = 36_000;
    private static final String LOWEST_FILE = "lowest.txt";
    private static final String HIGHEST_FILE = "highest.txt";
    private static final String LOWEST = "lavfi.astats.Overall.Min_level";
    private static final String HIGHEST = "lavfi.astats.Overall.Max_level";

    /** That of a sound so long: 20 points a second up to half an hour, fewer beyond. */
    public static Waveform of(double durationSeconds) {
        return new Waveform(Math.max(
                SAMPLE_RATE / POINTS_PER_SECOND, (int) Math.ceil(durationSeconds * SAMPLE_RATE / MOST_POINTS)));
    }

    /** The command that finds the peaks of {@code track}, an MP4 in the working directory, as one channel. */
    public List<String> arguments(String track) {
        List<String> arguments = new ArrayList<>(CommandFrame.globals());
        arguments.addAll(CommandFrame.track(track));
        arguments.addAll(List.of(
                "-map",
                "0:a:0",
                "-af",
                "aresample=" + SAMPLE_RATE + ",aformat=sample_fmts=fltp:channel_layouts=mono,asetnsamples=n="
                        + samplesPerPoint
                        + ":p=0,astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Min_level+Max_level,"
                        + "ametadata=mode=print:key=" + LOWEST + ":file=" + LOWEST_FILE + ",ametadata=mode=print:key="
                        + HIGHEST + ":file=" + HIGHEST_FILE,
                "-f",
                "null",
                "-"));
        return List.copyOf(arguments);
    }

    /** Writes the JSON from what the command left in {@code folder}. Gives the number of points. */
    public int write(Path folder, Path json) {
        int length = count(folder.resolve(LOWEST_FILE));
        try (BufferedReader lowest = Files.newBufferedReader(folder.resolve(LOWEST_FILE));
                BufferedReader highest = Files.newBufferedReader(folder.resolve(HIGHEST_FILE));
                BufferedWriter out = Files.newBufferedWriter(json)) {
            out.write(String.format(
                    Locale.ROOT,
                    "{\"version\":2,\"channels\":1,\"sample_rate\":%d,\"samples_per_pixel\":%d,\"bits\":8,\"length\":%d,\"data\":[",
                    SAMPLE_RATE,
                    samplesPerPoint,
                    length));
            for (int point = 0; point < length; point++) {
                out.write((point == 0 ? "" : ",") + next(lowest, LOWEST) + "," + next(highest, HIGHEST));
            }
            out.write("]}\n");
            return length;
        } catch (IOException e) {
            throw new MediaTroubleException("the waveform cannot be written", e);
        }
    }

    private static int count(Path file) {
        try (var lines = Files.lines(file)) {
            return (int) lines.filter(line -> line.startsWith(LOWEST + "=")).count();
        } catch (IOException e) {
            throw new MediaTroubleException("the waveform's peaks cannot be read", e);
        }
    }

    /** The next level, of −1 to 1, in eight bits. */
    private static int next(BufferedReader lines, String key) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(key + "=")) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException("a peak is missing");
        }
        double level = Double.parseDouble(line.substring(key.length() + 1));
        return Double.isNaN(level) ? 0 : Math.clamp(Math.round(level * 128), -128, 127);
    }
}

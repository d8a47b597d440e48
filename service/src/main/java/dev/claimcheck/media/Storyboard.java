package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The small pictures that a player shows over its time bar: sheets of tiles, and the WebVTT that says which part of which sheet belongs to which time. A tile
 * shows the middle of its interval, so that it is never further than half an interval from the moment pointed at. Pure.
 *
 * @param interval seconds that one tile stands for; whole, so that every time is exact
 * @param tiles how many; at most 360
 * @param width of a tile, in pixels; even
 * @param height of a tile, in pixels; even
 * @param durationSeconds where the last tile's time ends
 */
public record Storyboard(int interval, int tiles, int width, int height, double durationSeconds) {
    private static final int MOST_TILES = 360;
    private static final int LONG_SIDE = 160;
    private static final int ACROSS = 10;
    private static final int PER_SHEET = ACROSS * ACROSS;

    /** That of a video so long. */
    public static Storyboard of(VideoStream video, double durationSeconds) {
        double milliseconds = Math.max(1, Math.round(durationSeconds * 1000)); // the least that WebVTT can tell apart
        int interval = (int) Math.ceil(milliseconds / 1000 / MOST_TILES);
        int tiles = (int) Math.ceil(milliseconds / 1000 / interval);
        double scale = (double) LONG_SIDE / Math.max(video.displayWidth(), video.displayHeight());
        return new Storyboard(
                interval,
                tiles,
                even(video.displayWidth() * scale),
                even(video.displayHeight() * scale),
                milliseconds / 1000);
    }

    /** The sheets' file names, in order. */
    public List<String> sheets() {
        List<String> names = new ArrayList<>();
        for (int sheet = 1; sheet <= (tiles + PER_SHEET - 1) / PER_SHEET; sheet++) {
            names.add(String.format(Locale.ROOT, "%03d.jpg", sheet));
        }
        return names;
    }

    /** The command that makes every sheet from {@code track}, an MP4 in the working directory whose picture starts at 0. */
    public List<String> arguments(String track) {
        int full = tiles / PER_SHEET;
        int rest = tiles % PER_SHEET;
        List<String> arguments = new ArrayList<>(CommandFrame.globals());
        arguments.addAll(CommandFrame.track(track));
        arguments.addAll(List.of("-filter_complex", graph(full, rest)));
        if (full > 0) {
            arguments.addAll(sheet("[full]", full, 1));
        }
        if (rest > 0) {
            arguments.addAll(sheet("[rest]", 1, full + 1));
        }
        return List.copyOf(arguments);
    }

    /** Every tile with its time, by names that are relative to this file (the form that players know from sprite sheets). */
    public String webVtt() {
        StringBuilder text = new StringBuilder("WEBVTT\n");
        List<String> sheets = sheets();
        for (int tile = 0; tile < tiles; tile++) {
            int place = tile % PER_SHEET;
            text.append(String.format(
                    Locale.ROOT,
                    "\n%s --> %s\n%s#xywh=%d,%d,%d,%d\n",
                    WebVtt.time(tile * (double) interval),
                    WebVtt.time(Math.min(durationSeconds, (tile + 1) * (double) interval)),
                    sheets.get(tile / PER_SHEET),
                    place % ACROSS * width,
                    place / ACROSS * height,
                    width,
                    height));
        }
        return text.toString();
    }

    /** fps rounds times to the nearest tile: what it shows of an interval is the frame at its middle. Where the picture ends early the last one stays. */
    private String graph(int full, int rest) {
        String tile = String.format(
                Locale.ROOT,
                "[0:v:0]fps=fps=1/%d:start_time=0:round=near:eof_action=pass,"
                        + "scale=w=%d:h=%d:flags=bicubic+accurate_rnd:in_color_matrix=bt709:out_color_matrix=bt601:out_range=pc,setsar=1,format=yuvj420p,"
                        + "tpad=stop_mode=clone:stop=%d,trim=end_frame=%d",
                interval,
                width,
                height,
                tiles,
                tiles);
        String whole = "tile=" + ACROSS + "x" + ACROSS + "[full]";
        String last = "tile=" + Math.min(rest, ACROSS) + "x" + (rest + ACROSS - 1) / ACROSS + "[rest]";
        if (rest == 0) {
            return tile + "," + whole;
        }
        if (full == 0) {
            return tile + "," + last;
        }
        int start = full * PER_SHEET;
        return tile + ",split=2[a][b];[a]trim=end_frame=" + start + "," + whole + ";[b]trim=start_frame=" + start
                + ",setpts=PTS-STARTPTS," + last;
    }

    private static List<String> sheet(String from, int count, int firstNumber) {
        return List.of(
                "-map",
                from,
                "-fps_mode",
                "passthrough",
                "-frames:v",
                Integer.toString(count),
                "-c:v",
                "mjpeg",
                "-q:v",
                "4",
                "-f",
                "image2",
                "-start_number",
                Integer.toString(firstNumber),
                "%03d.jpg");
    }

    private static int even(double length) {
        return Math.max(2, (int) Math.round(length / 2) * 2);
    }
}

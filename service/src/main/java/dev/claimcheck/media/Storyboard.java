package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The small pictures that a player shows over its time bar: sheets of tiles, and the WebVTT that says which part of which sheet belongs to which time. A tile
 * shows the middle of its interval, or the last frame before that which is cheap to decode; never one of another interval. Pure.
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
    private static final int ACROSS = 5;
    private static final int PER_SHEET = ACROSS * ACROSS;

    /**
     * One picture of several tiles.
     *
     * @param number from 1 on
     * @param tiles how many; at most 25
     */
    public record Sheet(int number, int tiles) {
        /** The file's name. */
        public String file() {
            return String.format(Locale.ROOT, "%03d.jpg", number);
        }

        private int firstTile() {
            return (number - 1) * PER_SHEET;
        }
    }

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

    /** The sheets, in order. Each can be made alone, from the stretch of the video that it shows. */
    public List<Sheet> sheets() {
        List<Sheet> sheets = new ArrayList<>();
        for (int first = 0; first < tiles; first += PER_SHEET) {
            sheets.add(new Sheet(first / PER_SHEET + 1, Math.min(PER_SHEET, tiles - first)));
        }
        return List.copyOf(sheets);
    }

    /** The second of the video that a sheet starts at. */
    public double start(Sheet sheet) {
        return sheet.firstTile() * (double) interval;
    }

    /** The second of the video that a sheet ends at. */
    public double end(Sheet sheet) {
        return Math.min(durationSeconds, (sheet.firstTile() + sheet.tiles()) * (double) interval);
    }

    /** The command that makes a sheet from {@code track}, an MP4 in the working directory that holds its stretch at the times which that has in the video. */
    public List<String> arguments(Sheet sheet, String track) {
        List<String> arguments = new ArrayList<>(CommandFrame.globals());
        arguments.addAll(List.of("-copyts", "-threads", "1", "-skip_frame", skipped()));
        arguments.addAll(CommandFrame.track(track));
        arguments.addAll(List.of("-map", "0:v:0", "-vf", filters(sheet), "-fps_mode", "passthrough", "-frames:v", "1"));
        arguments.addAll(List.of("-c:v", "mjpeg", "-q:v", "4", "-f", "image2", "-update", "1", sheet.file()));
        return List.copyOf(arguments);
    }

    /** Every tile with its time, by names that are relative to this file (the form that players know from sprite sheets). */
    public String webVtt() {
        StringBuilder text = new StringBuilder("WEBVTT\n");
        List<Sheet> sheets = sheets();
        for (int tile = 0; tile < tiles; tile++) {
            int place = tile % PER_SHEET;
            text.append(String.format(
                    Locale.ROOT,
                    "\n%s --> %s\n%s#xywh=%d,%d,%d,%d\n",
                    WebVtt.time(tile * (double) interval),
                    WebVtt.time(Math.min(durationSeconds, (tile + 1) * (double) interval)),
                    sheets.get(tile / PER_SHEET).file(),
                    place % ACROSS * width,
                    place / ACROSS * height,
                    width,
                    height));
        }
        return text.toString();
    }

    /**
     * Frames that need not be decoded: those that no other leans on, so that a tile may show the frame before the one at its middle; where tiles are far apart all but the first of each segment, which is never before
     * the tile's own time.
     */
    private String skipped() {
        return interval >= 2 * TranscodeCommand.SEGMENT_SECONDS ? "nokey" : "noref";
    }

    /** What is shown when the sheet begins counts from there (a tick more for each frame, so that the last one stays also where nothing follows it). fps rounds times to the nearest tile: what it shows of an interval is the frame at its middle. Where the picture ends early the last one stays. */
    private String filters(Sheet sheet) {
        return String.format(
                Locale.ROOT,
                "setpts=max(PTS\\,%2$d/TB+N),fps=fps=1/%1$d:start_time=%2$d:round=near:eof_action=pass,"
                        + "scale=w=%3$d:h=%4$d:flags=bicubic+accurate_rnd:in_color_matrix=bt709:out_color_matrix=bt601:out_range=pc,setsar=1,format=yuvj420p,"
                        + "tpad=stop_mode=clone:stop=%5$d,trim=end_frame=%5$d,tile=%6$dx%7$d",
                interval,
                sheet.firstTile() * interval,
                width,
                height,
                sheet.tiles(),
                Math.min(sheet.tiles(), ACROSS),
                (sheet.tiles() + ACROSS - 1) / ACROSS);
    }

    private static int even(double length) {
        return Math.max(2, (int) Math.round(length / 2) * 2);
    }
}

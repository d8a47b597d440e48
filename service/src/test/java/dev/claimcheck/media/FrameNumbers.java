package dev.claimcheck.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Clips whose frames carry their number as a row of sixteen black or white squares, and what is read back from a picture: the same number, whatever the codec did to it. */
final class FrameNumbers {
    private static final int BITS = 16;
    private static final int SIDE = 20;

    private FrameNumbers() {}

    /** A source for {@code -f lavfi}. */
    static String source(String rate, double seconds) {
        return "color=size=" + BITS * SIDE + "x64:rate=" + rate + ":duration=" + seconds
                + ":color=gray,format=yuv420p,geq=lum='if(mod(floor(N/pow(2,floor(X/" + SIDE
                + "))),2),235,16)':cb=128:cr=128";
    }

    /** A frame as it is shown. */
    record Frame(int number, double seconds) {}

    /** The frames of the first picture in {@code file}, in order, decoded from its start to its end. */
    static List<Frame> of(MediaProcesses processes, Path scratch, String... input)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-nostdin", "-y", "-progress", "pipe:1", "-copyts"));
        arguments.addAll(List.of(input));
        arguments.addAll(List.of(
                "-map",
                "0:v:0",
                "-vf",
                "scale=" + BITS + ":1:flags=area,format=gray",
                "-fps_mode",
                "passthrough",
                "-f",
                "framecrc",
                "-c:v",
                "rawvideo",
                "crc.txt",
                "-map",
                "0:v:0",
                "-vf",
                "scale=" + BITS + ":1:flags=area,format=gray",
                "-fps_mode",
                "passthrough",
                "-f",
                "rawvideo",
                "rows.raw"));
        ProcessResult result = processes.ffmpeg(arguments, List.of(), scratch, _ -> {});
        if (!result.succeeded()) {
            throw new IOException(result.usefulLine());
        }
        byte[] rows = Files.readAllBytes(scratch.resolve("rows.raw"));
        List<Double> times = new ArrayList<>();
        double base = 1;
        for (String line : Files.readAllLines(scratch.resolve("crc.txt"))) {
            if (line.startsWith("#tb 0:")) {
                String[] parts = line.substring(6).strip().split("/", 2);
                base = Double.parseDouble(parts[0]) / Double.parseDouble(parts[1]);
            } else if (!line.startsWith("#")) {
                times.add(Long.parseLong(line.split(",", 4)[2].strip()) * base);
            }
        }
        List<Frame> frames = new ArrayList<>();
        for (int index = 0; index < times.size(); index++) {
            int number = 0;
            for (int bit = 0; bit < BITS; bit++) {
                if ((rows[index * BITS + bit] & 0xff) > 125) {
                    number |= 1 << bit;
                }
            }
            frames.add(new Frame(number, times.get(index) - times.getFirst()));
        }
        return frames;
    }
}

package dev.claimcheck.e2e;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is heard in a file. */
final class Sound {
    private Sound() {}

    /** A track of sound, from 0, as one channel at 48 kHz. */
    static short[] samples(Path file, int track) throws IOException {
        Path raw = Files.createTempFile(Clip.WORK, "heard", ".raw");
        Clip.ffmpeg(List.of(
                "-i",
                file.toString(),
                "-map",
                "0:a:" + track,
                "-ac",
                "1",
                "-ar",
                "48000",
                "-f",
                "s16le",
                raw.toString()));
        byte[] bytes = Files.readAllBytes(raw);
        Files.delete(raw);
        short[] samples = new short[bytes.length / 2];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }
}

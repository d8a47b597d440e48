package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.WatermarkPlacement;
import dev.claimcheck.job.WatermarkPlacement.Position;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real ffmpeg: brightness where the watermark is, and where it is not. */
class WatermarkFilterTest {
    private static final Rendition LARGE = new Rendition("200p", 320, 200, 1_000_000);
    private static final Rendition SMALL = new Rendition("100p", 160, 100, 1_000_000);
    /** Of the grey source, and of the white watermark, in limited range. */
    private static final int GREY = 126;

    private static final int WHITE = 235;

    @TempDir
    static Path programs;

    @TempDir
    Path scratch;

    private static MediaProcesses processes;

    @BeforeAll
    static void locate() throws IOException {
        processes = RealFfmpeg.in(programs);
    }

    /** The margin is 6 pixels of 200, the watermark 40 × 20. */
    @ParameterizedTest
    @CsvSource({
        "TOP_LEFT, 6, 6",
        "TOP_RIGHT, 274, 6",
        "BOTTOM_LEFT, 6, 174",
        "BOTTOM_RIGHT, 274, 174",
        "CENTER, 140, 90"
    })
    void itIsWhereItIsWantedAndNowhereElse(Position position, int left, int top) throws Exception {
        picture(80, 40, Color.WHITE);

        byte[] frame = overlaid(new WatermarkPlacement(UUID.randomUUID(), position, 13, BigDecimal.ONE), 0);

        for (int y = 0; y < LARGE.height(); y++) {
            for (int x = 0; x < LARGE.width(); x++) {
                boolean inside = x >= left + 2 && x < left + 38 && y >= top + 2 && y < top + 18;
                boolean outside = x < left - 2 || x >= left + 44 || y < top - 2 || y >= top + 24;
                int brightness = frame[y * LARGE.width() + x] & 0xff;
                if (inside) {
                    assertThat(brightness).as("at %d, %d", x, y).isBetween(WHITE - 2, WHITE);
                } else if (outside) {
                    assertThat(brightness).as("at %d, %d", x, y).isBetween(GREY - 1, GREY + 1);
                }
            }
        }
    }

    @Test
    void everyRenditionHasItOnEveryFrame() throws Exception {
        picture(80, 40, Color.WHITE);
        WatermarkPlacement placement = new WatermarkPlacement(UUID.randomUUID(), Position.CENTER, 20, BigDecimal.ONE);

        byte[] large = overlaid(placement, 0);
        byte[] small = overlaid(placement, 1);

        assertThat(large).hasSize(5 * 320 * 200 * 3 / 2);
        assertThat(small).hasSize(5 * 160 * 100 * 3 / 2);
        for (int frame = 0; frame < 5; frame++) {
            assertThat(large[frame * 320 * 200 * 3 / 2 + 100 * 320 + 160] & 0xff)
                    .isGreaterThan(230);
            assertThat(small[frame * 160 * 100 * 3 / 2 + 50 * 160 + 80] & 0xff).isGreaterThan(230);
        }
    }

    @Test
    void opacityAndTransparencyCount() throws Exception {
        picture(80, 40, Color.WHITE);
        byte[] half =
                overlaid(new WatermarkPlacement(UUID.randomUUID(), Position.CENTER, 20, new BigDecimal("0.5")), 0);
        picture(80, 40, new Color(255, 255, 255, 0));
        byte[] clear = overlaid(new WatermarkPlacement(UUID.randomUUID(), Position.CENTER, 20, BigDecimal.ONE), 0);

        assertThat(half[100 * 320 + 160] & 0xff).isBetween((GREY + WHITE) / 2 - 3, (GREY + WHITE) / 2 + 3);
        assertThat(clear[100 * 320 + 160] & 0xff).isBetween(GREY - 1, GREY + 1);
    }

    @Test
    void aTallOneIsNoHigherThanThePicture() throws Exception {
        picture(10, 400, Color.WHITE);

        byte[] frame = overlaid(new WatermarkPlacement(UUID.randomUUID(), Position.CENTER, 100, BigDecimal.ONE), 0);

        assertThat(frame[160 + 320] & 0xff).isGreaterThan(200);
        assertThat(frame[198 * 320 + 160] & 0xff).isGreaterThan(200);
    }

    private void picture(int width, int height, Color color) throws IOException {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                picture.setRGB(x, y, color.getRGB());
            }
        }
        ImageIO.write(picture, "png", scratch.resolve("picture").toFile());
    }

    /** Five frames of one of the two renditions, as raw planes. */
    private byte[] overlaid(WatermarkPlacement placement, int rendition) throws Exception {
        List<Rendition> renditions = List.of(LARGE, SMALL);
        List<String> arguments = new ArrayList<>(List.of(
                "-nostdin", "-y", "-copyts", "-f", "lavfi", "-i", "color=gray:s=640x400:r=25:d=0.2,setpts=PTS+100/TB"));
        arguments.addAll(WatermarkFilter.input(new MediaInput.LocalFile(scratch.resolve("picture"))));
        arguments.addAll(List.of(
                "-filter_complex",
                "[0:v:0]split=2[s0][s1];" + WatermarkFilter.prepared(1, placement, renditions)
                        + ";[s0]scale=320:200,format=yuv420p," + VideoFilters.TAGS + ","
                        + WatermarkFilter.overlaid(0, placement, LARGE)
                        + "[v0];[s1]scale=160:100,format=yuv420p," + VideoFilters.TAGS + ","
                        + WatermarkFilter.overlaid(1, placement, SMALL)
                        + "[v1]"));
        for (int index = 0; index < 2; index++) {
            arguments.addAll(
                    List.of("-map", "[v" + index + "]", "-fps_mode", "passthrough", "-f", "rawvideo", index + ".yuv"));
        }
        ProcessResult result = processes.ffmpeg(arguments, List.of(), scratch, _ -> {});
        assertThat(result.succeeded()).as(result::toString).isTrue();
        return Files.readAllBytes(scratch.resolve(rendition + ".yuv"));
    }
}

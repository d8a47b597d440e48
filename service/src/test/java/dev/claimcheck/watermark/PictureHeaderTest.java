package dev.claimcheck.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureHeaderTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"png, image/png", "jpg, image/jpeg"})
    void aPictureIsKnownByItsContent(String format, String contentType) throws Exception {
        assertThat(read(picture(format))).contains(new PictureHeader(contentType, 300, 17));
    }

    @Test
    void aJpegsFrameIsFoundBehindWhatStandsBeforeIt() throws Exception {
        byte[] plain = picture("jpg");
        byte[] comment = new byte[65_535];
        comment[0] = (byte) 0xff;
        comment[1] = (byte) 0xfe;
        comment[2] = (byte) 0xff;
        comment[3] = (byte) 0xfd; // its length without the marker
        ByteArrayOutputStream long_ = new ByteArrayOutputStream();
        long_.write(plain, 0, 2);
        long_.write(comment);
        long_.write(0xff); // a fill byte
        long_.write(plain, 2, plain.length - 2);

        assertThat(read(long_.toByteArray())).contains(new PictureHeader("image/jpeg", 300, 17));
    }

    /** The three forms of WebP, lossy, lossless, with transparency, as libwebp wrote a picture of 300 × 16. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "52494646fe0300005745425056503820f20300003018009d012a2c0110003e9142",
                "5249464656030000574542505650384c4a0300002f2bc10300c70437b66dd7c93a",
                "524946460804000057454250565038580a000000100000002b01000f0000414c50"
            })
    void webpOfEveryFormIsRead(String hex) throws Exception {
        assertThat(read(HexFormat.of().parseHex(hex))).contains(new PictureHeader("image/webp", 300, 16));
    }

    @Test
    void whatIsNoneOrBrokenIsNot() throws Exception {
        byte[] png = picture("png");
        byte[] jpeg = picture("jpg");
        byte[] negative = png.clone();
        negative[16] = (byte) 0x80;

        assertThat(read(new byte[0])).isEmpty();
        assertThat(read("<svg xmlns='http://www.w3.org/2000/svg' width='10'/>"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(read(Arrays.copyOf(png, 20))).isEmpty();
        assertThat(read(Arrays.copyOf(jpeg, 40))).isEmpty();
        assertThat(read(negative)).isEmpty();
        assertThat(read(HexFormat.of().parseHex("524946460804000057454250565038580a000000120000002b01000f0000414c50")))
                .as("an animation")
                .isEmpty();
        assertThat(read("GIF89a, and a lot more bytes than a header has"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isEmpty();
    }

    private Optional<PictureHeader> read(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("picture"), bytes);
        try (var channel = Files.newByteChannel(file)) {
            return PictureHeader.read(channel);
        }
    }

    private static byte[] picture(String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(300, 17, BufferedImage.TYPE_INT_RGB), format, bytes);
        return bytes.toByteArray();
    }
}

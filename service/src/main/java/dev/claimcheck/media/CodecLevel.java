package dev.claimcheck.media;

/**
 * The lowest level of a codec that holds a rendition: said to the encoder, so that the CODECS string is known before a frame has been encoded. Tables: ITU-T H.264 A-1 (High profile), H.265 A.8 and
 * A.9 (Main tier), AV1 A.3 (Main tier). What is larger than every level gets the highest. Pure.
 */
final class CodecLevel {
    private static final double USUAL_FRAME_RATE = 30;
    private static final double MOST_FRAME_RATE = 60;

    /** level × 10; macroblocks a second; macroblocks a frame; kbit/s; kbit of buffer (Main profile: High has 1.25 of both). */
    private static final long[][] H264 = {
        {10, 1_485, 99, 64, 175},
        {11, 3_000, 396, 192, 500},
        {12, 6_000, 396, 384, 1_000},
        {13, 11_880, 396, 768, 2_000},
        {20, 11_880, 396, 2_000, 2_000},
        {21, 19_800, 792, 4_000, 4_000},
        {22, 20_250, 1_620, 4_000, 4_000},
        {30, 40_500, 1_620, 10_000, 10_000},
        {31, 108_000, 3_600, 14_000, 14_000},
        {32, 216_000, 5_120, 20_000, 20_000},
        {40, 245_760, 8_192, 20_000, 25_000},
        {41, 245_760, 8_192, 50_000, 62_500},
        {42, 522_240, 8_704, 50_000, 62_500},
        {50, 589_824, 22_080, 135_000, 135_000},
        {51, 983_040, 36_864, 240_000, 240_000},
        {52, 2_073_600, 36_864, 240_000, 240_000},
        {60, 4_177_920, 139_264, 240_000, 240_000},
        {61, 8_355_840, 139_264, 480_000, 480_000},
        {62, 16_711_680, 139_264, 800_000, 800_000}
    };

    /** level × 30; samples a frame; samples a second; kbit/s, and kbit of buffer. */
    private static final long[][] HEVC = {
        {30, 36_864, 552_960, 128},
        {60, 122_880, 3_686_400, 1_500},
        {63, 245_760, 7_372_800, 3_000},
        {90, 552_960, 16_588_800, 6_000},
        {93, 983_040, 33_177_600, 10_000},
        {120, 2_228_224, 66_846_720, 12_000},
        {123, 2_228_224, 133_693_440, 20_000},
        {150, 8_912_896, 267_386_880, 25_000},
        {153, 8_912_896, 534_773_760, 40_000},
        {156, 8_912_896, 1_069_547_520, 60_000},
        {180, 35_651_584, 1_069_547_520, 60_000},
        {183, 35_651_584, 2_139_095_040L, 120_000},
        {186, 35_651_584, 4_278_190_080L, 240_000}
    };

    /** seq_level_idx; samples a frame; width; height; samples a second; kbit/s. */
    private static final long[][] AV1 = {
        {0, 147_456, 2_048, 1_152, 4_423_680, 1_500},
        {1, 278_784, 2_816, 1_584, 8_363_520, 3_000},
        {4, 665_856, 4_352, 2_448, 19_975_680, 6_000},
        {5, 1_065_024, 5_504, 3_096, 31_950_720, 10_000},
        {8, 2_359_296, 6_144, 3_456, 70_778_880, 12_000},
        {9, 2_359_296, 6_144, 3_456, 141_557_760, 20_000},
        {12, 8_912_896, 8_192, 4_352, 267_386_880, 30_000},
        {13, 8_912_896, 8_192, 4_352, 534_773_760, 40_000},
        {14, 8_912_896, 8_192, 4_352, 1_069_547_520, 60_000},
        {16, 35_651_584, 16_384, 8_704, 1_069_547_520, 60_000},
        {17, 35_651_584, 16_384, 8_704, 2_139_095_040L, 100_000},
        {18, 35_651_584, 16_384, 8_704, 4_278_190_080L, 160_000}
    };

    private CodecLevel() {}

    /** level_idc: 10 times the level. */
    static int h264(Rendition rendition, double frameRate) {
        long across = (rendition.width() + 15L) / 16;
        long down = (rendition.height() + 15L) / 16;
        for (long[] level : H264) {
            boolean fits = across * down <= level[2]
                    && Math.max(across, down) * Math.max(across, down) <= 8 * level[2]
                    && across * down * rate(frameRate) <= level[1]
                    && rendition.maxBitRate() <= level[3] * 1_250
                    && VideoEncoder.bufferBits(rendition) <= level[4] * 1_250;
            if (fits) {
                return (int) level[0];
            }
        }
        return (int) H264[H264.length - 1][0];
    }

    /** general_level_idc: 30 times the level. */
    static int hevc(Rendition rendition, double frameRate) {
        long width = aligned(rendition.width());
        long height = aligned(rendition.height());
        for (long[] level : HEVC) {
            boolean fits = width * height <= level[1]
                    && Math.max(width, height) * Math.max(width, height) <= 8 * level[1]
                    && width * height * rate(frameRate) <= level[2]
                    && VideoEncoder.bufferBits(rendition) <= level[3] * 1_000;
            if (fits) {
                return (int) level[0];
            }
        }
        return (int) HEVC[HEVC.length - 1][0];
    }

    /** seq_level_idx: level X.Y is 4 × (X − 2) + Y. */
    static int av1(Rendition rendition, double frameRate) {
        long pixels = (long) rendition.width() * rendition.height();
        for (long[] level : AV1) {
            boolean fits = pixels <= level[1]
                    && rendition.width() <= level[2]
                    && rendition.height() <= level[3]
                    && pixels * rate(frameRate) <= level[4]
                    && rendition.maxBitRate() <= level[5] * 1_000;
            if (fits) {
                return (int) level[0];
            }
        }
        return (int) AV1[AV1.length - 1][0];
    }

    private static double rate(double frameRate) {
        return frameRate <= 0 ? USUAL_FRAME_RATE : Math.min(frameRate, MOST_FRAME_RATE);
    }

    /** x265 codes whole blocks of 8. */
    private static long aligned(int length) {
        return (length + 7L) / 8 * 8;
    }
}

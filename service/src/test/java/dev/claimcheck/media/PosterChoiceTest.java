package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

class PosterChoiceTest {
    private static final int PIXELS = PosterChoice.WIDTH * PosterChoice.HEIGHT;
    private static final int FRAMES = 9;

    @Test
    void aStillPictureWithContrastIsGood() {
        assertThat(PosterChoice.among(frames((_, at) -> stripes(at))).good()).isTrue();
    }

    @Test
    void blackWhiteAndFlatPicturesAreNot() {
        assertThat(PosterChoice.among(frames((_, at) -> stripes(at) / 20)).good())
                .isFalse();
        assertThat(PosterChoice.among(frames((_, _) -> 250)).good()).isFalse();
        assertThat(PosterChoice.among(frames((_, at) -> 100 + stripes(at) / 10)).good())
                .isFalse();
    }

    @Test
    void aFadeIsNot() {
        assertThat(PosterChoice.among(frames((frame, at) -> stripes(at) * (frame + 5) / 15))
                        .good())
                .isFalse();
    }

    @Test
    void aCrossFadeIsNotThoughItsBrightnessStays() {
        assertThat(PosterChoice.among(frames(
                                (frame, at) -> (stripes(at) * (FRAMES - frame) + stripes(at + 10) * frame) / FRAMES))
                        .good())
                .isFalse();
    }

    @Test
    void movementIsGoodAndSoIsACut() {
        assertThat(PosterChoice.among(frames((frame, at) -> stripes(at + 7 * frame)))
                        .good())
                .isTrue();
        assertThat(PosterChoice.among(frames((frame, at) -> stripes(frame < 4 ? at : at + 10)))
                        .good())
                .isTrue();
    }

    @Test
    void noiseDoesNotHideAFade() {
        Random random = new Random(7);
        assertThat(PosterChoice.among(frames((frame, at) -> stripes(at) * (frame + 3) / 12 + random.nextInt(4)))
                        .good())
                .isFalse();
    }

    @Test
    void theSharpestOfGoodFramesIsTaken() {
        PosterChoice choice = PosterChoice.among(frames((frame, at) -> frame == 6
                ? stripes(at)
                : (stripes(at - 2) + stripes(at - 1) + stripes(at) + stripes(at + 1) + stripes(at + 2)) / 5));

        assertThat(choice.good()).isTrue();
        assertThat(choice.frame()).isEqualTo(6);
    }

    @Test
    void amongBadOnesAFadeIsBetterThanBlack() {
        PosterChoice fade = PosterChoice.among(frames((frame, at) -> stripes(at) * (frame + 5) / 15));
        PosterChoice black = PosterChoice.among(frames((_, _) -> 0));

        assertThat(fade.score()).isGreaterThan(black.score());
    }

    /** Bars of ten pixels each, dark and light. */
    private static int stripes(int at) {
        return Math.floorDiv(Math.floorMod(at, PosterChoice.WIDTH), 10) % 2 == 0 ? 220 : 30;
    }

    private static byte[] frames(IntBinaryOperator light) {
        byte[] frames = new byte[FRAMES * PIXELS];
        for (int frame = 0; frame < FRAMES; frame++) {
            for (int at = 0; at < PIXELS; at++) {
                frames[frame * PIXELS + at] = (byte) light.applyAsInt(frame, at);
            }
        }
        return frames;
    }
}

package dev.claimcheck.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SpeedsTest {
    private static final WorkClass HD = WorkClass.of("transcode", "h264/1080/libx264", 10);
    private static final WorkClass SD = WorkClass.of("transcode", "vp9/360/libx264", 10);

    @Test
    void beforeAnythingWasSeenAFactorOfTwoIsInDoubt() {
        UncertainTime time = new Speeds(Map.of()).of(HD).of(10);

        assertThat(time.median()).isCloseTo(10, within(0.01));
        assertThat(time.ninetieth() / time.median()).isGreaterThan(2);
    }

    @Test
    void aSlowMachineIsLearntAfterAFewSteps() {
        UncertainTime time = after(4, 5, HD).of(HD).of(10);

        assertThat(time.median()).isBetween(40.0, 52.0);
    }

    @Test
    void manyEqualStepsLeaveLittleDoubt() {
        UncertainTime few = after(3, 1.5, HD).of(HD).of(10);
        UncertainTime many = after(60, 1.5, HD).of(HD).of(10);

        assertThat(many.median()).isCloseTo(15, within(0.5));
        assertThat(many.ninetieth() / many.median()).isLessThan(1.35).isLessThan(few.ninetieth() / few.median());
    }

    @Test
    void theOldIsForgotten() {
        Speed speed = Speed.of(0);
        for (int sample = 0; sample < 500; sample++) {
            speed = speed.with(0);
        }
        assertThat(speed.weight()).isCloseTo(1 / (1 - Speed.KEPT), within(0.1));
        for (int sample = 0; sample < 100; sample++) {
            speed = speed.with(Math.log(3));
        }
        assertThat(Math.exp(speed.mean())).isCloseTo(3, within(0.2));
    }

    @Test
    void meanAndVarianceAreThoseOfTheSamplesWhileNothingIsForgotten() {
        Speed pooled = Speed.of(1).pooled(Speed.of(2)).pooled(Speed.of(6));

        assertThat(pooled.weight()).isEqualTo(3);
        assertThat(pooled.mean()).isCloseTo(3, within(1e-9));
        assertThat(pooled.variance()).isCloseTo(14 / 3.0, within(1e-9));
    }

    @Test
    void aClassThatWasNeverSeenIsExpectedToBeLikeItsKind() {
        Speeds speeds = after(30, 4, HD);

        assertThat(speeds.of(SD).of(10).median()).isBetween(30.0, 42.0);
        assertThat(speeds.of(WorkClass.of("package", "", 10)).of(10).median()).isCloseTo(10, within(0.01));
    }

    @Test
    void startingUpWeighsInBriefStepsAloneAndSoTheyAreAClassOfTheirOwn() {
        assertThat(WorkClass.of("transcode", "h264/720/libx264", 1.9).key())
                .isEqualTo("transcode/h264/720/libx264/brief");
        assertThat(WorkClass.of("transcode", "h264/720/libx264", 2.1).key()).isEqualTo("transcode/h264/720/libx264");
        assertThat(WorkClass.kindOf("transcode/h264/720/libx264/brief")).isEqualTo("transcode");
    }

    @Test
    void howMuchWorkIsInAFileIsLearntToo() {
        Speed thrice = Speed.of(Math.log(3));
        for (int sample = 0; sample < 20; sample++) {
            thrice = thrice.with(Math.log(3));
        }
        Ratio unknown = new Speeds(Map.of()).planBySize();
        Ratio learnt = new Speeds(Map.of(WorkClass.PLAN_BY_SIZE.key(), thrice)).planBySize();

        assertThat(Math.exp(unknown.log())).isCloseTo(1, within(0.01));
        assertThat(Math.exp(learnt.log())).isCloseTo(3, within(0.3));
        assertThat(learnt.of(1).ninetieth() / learnt.of(1).median())
                .isLessThan(unknown.of(1).ninetieth() / unknown.of(1).median());
    }

    private static Speeds after(int samples, double ratio, WorkClass work) {
        Speed speed = Speed.of(Math.log(ratio));
        for (int sample = 1; sample < samples; sample++) {
            speed = speed.with(Math.log(ratio));
        }
        return new Speeds(Map.of(work.key(), speed));
    }
}

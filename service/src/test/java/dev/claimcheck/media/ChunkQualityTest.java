package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is made chunk by chunk looks as good, everywhere, as what one encoder makes from the beginning to the end with the same settings and the same key frames, and takes as many
 * bits. The busy clip has scene cuts apart from the seams and more detail than the cap of the bit rate lets through; the calm one never comes near the cap; the slides stand still between their changes; of the
 * noise the cap is all that limits it.
 */
class ChunkQualityTest {
    private static final String RATE = "20";

    private static final String BUSY = lavfi(
            "mandelbrot=size=%1$s:rate=%2$s:end_scale=0.01:end_pts=200,trim=end=9.6,setpts=PTS-STARTPTS,format=yuv420p[a];"
                    + "testsrc2=size=%1$s:rate=%2$s:duration=9.8,format=yuv420p,noise=alls=14:allf=t[b];"
                    + "testsrc2=size=%1$s:rate=%2$s:duration=12.4,rotate=t/3,format=yuv420p,noise=alls=6:allf=t[c];"
                    + "[a][b][c]concat=n=3");
    private static final String CALM =
            lavfi("testsrc2=size=%1$s:rate=%2$s:duration=31.8,format=yuv420p,gblur=sigma=3,noise=alls=3:allf=t");

    private static final String SLIDES = lavfi(
            "mandelbrot=size=%1$s:rate=1:end_scale=0.01:end_pts=9,setpts=PTS*7,fps=%2$s,trim=end=40,format=yuv420p");
    private static final String NOISE =
            lavfi("testsrc2=size=%1$s:rate=%2$s:duration=31.8,rotate=t/3,format=yuv420p,noise=alls=20:allf=t");

    private static final String ZOOM =
            lavfi("mandelbrot=size=%1$s:rate=%2$s:end_scale=0.01:end_pts=200,trim=end=20,format=yuv420p");

    /** Frames on each side of a seam that are looked at. */
    private static final int AROUND = 5;

    private static final double MOST_DECIBELS = 0.3;
    private static final double MOST_SSIM = 0.002;
    private static final double MOST_BITS = 0.03;

    /** Eleven frames scatter more than the whole. */
    private static final double DIP_DECIBELS = 0.5;

    private static final double DIP_SSIM = 0.004;

    @TempDir
    static Path programs;

    @TempDir
    Path scratch;

    private static MediaProcesses processes;

    @BeforeAll
    static void locate() throws IOException {
        processes = RealFfmpeg.in(programs);
    }

    @Test
    void aBusyVideoInH264() throws Exception {
        looksTheSame(BUSY, "web");
    }

    @Test
    void aCalmVideoInH264() throws Exception {
        looksTheSame(CALM, "web");
    }

    @Test
    void slidesInH264() throws Exception {
        looksTheSame(SLIDES, "web");
    }

    /** x264 shares a full cap out among keyframes as it comes, so that single ones differ by more; all together they do not. */
    @Test
    void noiseInH264() throws Exception {
        looksTheSame(NOISE, Profiles.builtIn().find("web").orElseThrow(), true);
    }

    @Test
    void aBusyVideoInHevc() throws Exception {
        looksTheSame(BUSY, "web-hevc");
    }

    /** More than its cap lets through: what is made then is {@code BitRateCap}'s to say. */
    @Test
    void aZoomInAv1() throws Exception {
        looksTheSame(ZOOM, "web-av1");
    }

    private void looksTheSame(String content, String profileName) throws Exception {
        looksTheSame(content, Profiles.builtIn().find(profileName).orElseThrow(), false);
    }

    /** @param seamsTogether whether seams are not looked at one by one */
    private void looksTheSame(String content, Profile profile, boolean seamsTogether) throws Exception {
        make(content);
        MediaInput input = new MediaInput.LocalFile(scratch.resolve("clip.mp4"));
        SourceInfo source = source(input);
        Timeline timeline = new TimelineScan(processes).whole(source, input, scratch);
        List<Chunk> chunks = ChunkPlan.chunks(timeline, profile.video());
        assertThat(chunks).hasSizeGreaterThan(3);
        List<Rendition> ladder = Ladder.of(source.video().orElseThrow(), profile);
        // The newer codecs take long, and noise does; their lowest size shows the same.
        boolean isQuick = profile.video() == VideoCodec.H264 && !seamsTogether;
        List<Rendition> renditions = isQuick ? ladder : List.of(ladder.getLast());
        TranscodeTask task = TranscodeTask.inOneGo(source, profile).from(timeline.originSeconds());

        List<Part> parts = parts(chunks, renditions);
        Path chunked;
        Path single;
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Path> inChunks = both.submit(() -> encoded(task, parts, input, "chunked"));
            Future<Path> inOneGo = both.submit(
                    () -> encoded(task, List.of(new Part(ChunkPlan.single(timeline), renditions)), input, "single"));
            chunked = inChunks.get();
            single = inOneGo.get();
        }

        SoftAssertions softly = new SoftAssertions();
        for (Rendition rendition : renditions) {
            String file = TranscodeCommand.videoFile(rendition);
            compare(
                    softly,
                    rendition,
                    new Made(chunked.resolve(file), quality(source, rendition, "chunked/" + file)),
                    new Made(single.resolve(file), quality(source, rendition, "single/" + file)),
                    parts.stream()
                            .filter(part -> part.renditions().contains(rendition))
                            .map(Part::chunk)
                            .toList(),
                    seamsTogether);
        }
        softly.assertAll();
    }

    private record Made(Path file, List<FrameQuality> frames) {}

    private static void compare(
            SoftAssertions softly,
            Rendition rendition,
            Made chunked,
            Made single,
            List<Chunk> chunks,
            boolean seamsTogether)
            throws IOException {
        int frames = chunks.stream().mapToInt(Chunk::frames).sum();
        softly.assertThat(chunked.frames()).as(rendition.name() + " in chunks").hasSize(frames);
        softly.assertThat(single.frames()).as(rendition.name() + " in one go").hasSize(frames);
        softly.assertThat(FrameQuality.psnr(chunked.frames()))
                .as("PSNR of " + rendition.name())
                .isCloseTo(FrameQuality.psnr(single.frames()), within(MOST_DECIBELS));
        softly.assertThat(FrameQuality.ssim(chunked.frames()))
                .as("SSIM of " + rendition.name())
                .isCloseTo(FrameQuality.ssim(single.frames()), within(MOST_SSIM));
        softly.assertThat((double) Files.size(chunked.file()) / Files.size(single.file()))
                .as("bytes of " + rendition.name() + " in chunks by those in one go")
                .isCloseTo(1, within(MOST_BITS));
        int seam = 0;
        List<FrameQuality> here = new ArrayList<>();
        List<FrameQuality> there = new ArrayList<>();
        for (Chunk chunk : chunks.subList(0, chunks.size() - 1)) {
            seam += chunk.frames();
            here.addAll(chunked.frames().subList(seam - AROUND, seam + AROUND + 1));
            there.addAll(single.frames().subList(seam - AROUND, seam + AROUND + 1));
            if (!seamsTogether) {
                hasNoDip(softly, rendition.name() + " around the seam at frame " + seam, here, there);
                here.clear();
                there.clear();
            }
        }
        if (seamsTogether) {
            hasNoDip(softly, rendition.name() + " around the seams", here, there);
        }
    }

    private static void hasNoDip(
            SoftAssertions softly, String where, List<FrameQuality> here, List<FrameQuality> there) {
        softly.assertThat(FrameQuality.psnr(here))
                .as("PSNR of " + where)
                .isGreaterThan(FrameQuality.psnr(there) - DIP_DECIBELS);
        softly.assertThat(FrameQuality.ssim(here))
                .as("SSIM of " + where)
                .isGreaterThan(FrameQuality.ssim(there) - DIP_SSIM);
    }

    private List<FrameQuality> quality(SourceInfo source, Rendition rendition, String made) throws Exception {
        String sized = VideoFilters.sized(source.video().orElseThrow(), rendition.width(), rendition.height());
        return FrameQuality.of(processes, scratch, "clip.mp4", made, sized, RATE);
    }

    /** What one command makes. */
    private record Part(Chunk chunk, List<Rendition> renditions) {}

    /** As the pipeline shares the work out: the beginning is made at the lowest size first, and at the others in one piece. */
    private static List<Part> parts(List<Chunk> chunks, List<Rendition> renditions) {
        List<Chunk> intro = chunks.subList(0, ChunkPlan.INTRO_CHUNKS);
        List<Part> parts = new ArrayList<>();
        intro.forEach(chunk -> parts.add(new Part(chunk, List.of(renditions.getLast()))));
        if (renditions.size() > 1) {
            intro.forEach(chunk -> parts.add(new Part(chunk, renditions.subList(0, renditions.size() - 1))));
        }
        chunks.subList(ChunkPlan.INTRO_CHUNKS, chunks.size()).forEach(chunk -> parts.add(new Part(chunk, renditions)));
        return parts;
    }

    /** Every rendition, its chunks put together, in the folder of that name. */
    private Path encoded(TranscodeTask task, List<Part> parts, MediaInput input, String name) throws Exception {
        Path folder = Files.createDirectory(scratch.resolve(name));
        Path work = Files.createDirectory(scratch.resolve(name + "-work"));
        for (Part part : parts) {
            ProcessResult result = processes.ffmpeg(
                    TranscodeCommand.arguments(
                            task.of(Optional.of(part.chunk()), part.renditions(), TranscodeTask.Sound.NONE),
                            input,
                            Optional.empty()),
                    List.of(input),
                    work,
                    _ -> {});
            assertThat(result.succeeded()).as(result.usefulLine()).isTrue();
            for (Rendition rendition : part.renditions()) {
                append(work, TranscodeCommand.videoFile(rendition), folder, part.chunk());
            }
        }
        return folder;
    }

    private static void append(Path work, String file, Path folder, Chunk chunk) throws IOException {
        CmafTrack track = CmafTrack.splitPicture(work.resolve(file), work.resolve("segments"), chunk);
        Path target = folder.resolve(file);
        boolean first = Files.notExists(target);
        try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            if (first) {
                Files.copy(track.init(), out);
            }
            for (CmafTrack.Segment segment : track.segments()) {
                Files.copy(segment.file(), out);
            }
        }
    }

    private static String lavfi(String graph) {
        return String.format(Locale.ROOT, graph, "544x306", RATE);
    }

    private void make(String content) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("-nostdin", "-y", "-progress", "pipe:1", "-f", "lavfi", "-i", content));
        arguments.addAll(List.of("-c:v", "libx264", "-preset", "ultrafast", "-crf", "6", "-bf", "2", "-g", "60"));
        arguments.addAll(List.of("-r", RATE, "clip.mp4"));
        ProcessResult made = processes.ffmpeg(arguments, List.of(), scratch, _ -> {});
        assertThat(made.succeeded()).as(made.usefulLine()).isTrue();
    }

    private SourceInfo source(MediaInput input) throws Exception {
        try (var content = Files.newByteChannel(scratch.resolve("clip.mp4"))) {
            ProbeOutcome outcome = new MediaProbe(processes, 3600, 1L << 26).probe(input, content, scratch);
            return ((ProbeOutcome.Understood) outcome).source();
        }
    }
}

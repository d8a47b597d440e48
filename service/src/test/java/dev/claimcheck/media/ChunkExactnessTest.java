package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources of many kinds cut into chunks, each made by a command of its own: put together they show the same frames at the same times as the source. */
class ChunkExactnessTest {
    private static final Profile WEB = Profiles.builtIn().find("web").orElseThrow();

    @TempDir
    static Path programs;

    @TempDir
    Path scratch;

    private static MediaProcesses processes;

    @BeforeAll
    static void locate() throws IOException {
        processes = RealFfmpeg.in(programs);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            H.264 with B-frames      | clip.mp4  | mov      | 25         | -c:v libx264 -preset ultrafast -bf 3 -g 50
            H.264, open GOP          | clip.mp4  | mov      | 30000/1001 | -c:v libx264 -preset ultrafast -bf 3 -g 48 -x264-params open-gop=1:b-adapt=0
            H.264, offset start      | clip.mp4  | mov      | 25         | -c:v libx264 -preset ultrafast -bf 2 -g 40 -output_ts_offset 3.7
            HEVC                     | clip.mp4  | mov      | 24         | -c:v libx265 -preset ultrafast -x265-params log-level=error:keyint=60:open-gop=1
            VP9 in WebM              | clip.webm | matroska | 25         | -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 60
            MPEG-TS from 1234 s      | clip.ts   | mpegts   | 25         | -c:v libx264 -preset ultrafast -bf 2 -g 50 -output_ts_offset 1234 -muxdelay 0
            MPEG-2 in TS             | clip.ts   | mpegts   | 25         | -c:v mpeg2video -q:v 4 -bf 2 -g 15
            H.264 in MKV             | clip.mkv  | matroska | 60000/1001 | -c:v libx264 -preset ultrafast -bf 3 -g 100
            FLV                      | clip.flv  | flv      | 25         | -c:v libx264 -preset ultrafast -bf 2 -g 50
            variable frame rate      | clip.mp4  | mov      | 30         | -vf select='not(eq(mod(n\\,7)\\,3))*not(between(n\\,100\\,117))' -fps_mode vfr -c:v libx264 -preset ultrafast -bf 3 -g 45
            variable rate in MKV     | clip.mkv  | matroska | 30         | -vf setpts='PTS+random(0)*0.6/(FRAME_RATE*TB)' -fps_mode passthrough -c:v libx264 -preset ultrafast -bf 2 -g 45
            a picture standing still | clip.mp4  | mov      | 30         | -vf select='not(between(t\\,8.1\\,15))*not(between(t\\,15.5\\,17))' -fps_mode vfr -c:v libx264 -preset ultrafast -bf 3 -g 45
            120 frames per second    | clip.mp4  | mov      | 120        | -c:v libx264 -preset ultrafast -bf 2 -g 120
            """)
    void showTheSameFramesAtTheSameTimes(String name, String file, String demuxer, String rate, String encoding)
            throws Exception {
        make(file, rate, encoding);
        SourceInfo source = source(file, demuxer);
        MediaInput input = new MediaInput.LocalFile(scratch.resolve(file));
        Timeline timeline = new TimelineScan(processes).whole(source, input, scratch);
        if (VideoFilters.isThinnedOut(source.video().orElseThrow())) {
            timeline = timeline.capped(VideoFilters.MOST_FRAMES_PER_SECOND);
        }
        assertThat(ChunkPlan.reasonForOneGo(source)).isEmpty();
        assertThat(ChunkPlan.reasonForOneGo(timeline)).isEmpty();
        List<Chunk> chunks = ChunkPlan.chunks(timeline, WEB.video());
        assertThat(chunks).hasSizeGreaterThan(2);

        List<FrameNumbers.Frame> made = decoded(source, input, chunks);

        List<FrameNumbers.Frame> expected =
                FrameNumbers.of(processes, scratch, "-i", scratch.resolve(file).toString());
        if (source.video().orElseThrow().frameRate() > 100) {
            expected = everySecond(expected);
        }
        assertThat(made)
                .extracting(FrameNumbers.Frame::number)
                .isEqualTo(expected.stream().map(FrameNumbers.Frame::number).toList());
        assertThat(made).hasSize(timeline.frames());
        for (int index = 0; index < made.size(); index++) {
            assertThat(made.get(index).seconds())
                    .as("frame %d", index)
                    .isCloseTo(expected.get(index).seconds(), Offset.offset(0.0006));
        }
    }

    @Test
    void aChunkMadeAgainIsTheSameToTheByte() throws Exception {
        make("clip.mp4", "25", "-c:v libx264 -preset ultrafast -bf 3 -g 50");
        SourceInfo source = source("clip.mp4", "mov");
        MediaInput input = new MediaInput.LocalFile(scratch.resolve("clip.mp4"));
        Chunk chunk = ChunkPlan.chunks(new TimelineScan(processes).whole(source, input, scratch), WEB.video())
                .get(1);

        byte[] once = Files.readAllBytes(transcode(source, input, chunk, ladder(source)));
        byte[] again = Files.readAllBytes(transcode(source, input, chunk, ladder(source)));

        assertThat(again).isEqualTo(once);
        byte[] slowly = Files.readAllBytes(transcode(source, input, chunk.readFromStart(), ladder(source)));
        assertThat(slowly).as("read from the start").isEqualTo(once);
    }

    private List<FrameNumbers.Frame> decoded(SourceInfo source, MediaInput input, List<Chunk> chunks) throws Exception {
        Path joined = scratch.resolve("joined.mp4");
        Optional<byte[]> init = Optional.empty();
        try (OutputStream out = Files.newOutputStream(joined)) {
            for (Chunk chunk : chunks) {
                Path made = transcode(source, input, chunk, ladder(source));
                CmafTrack track = CmafTrack.splitPicture(made, scratch.resolve("chunk" + chunk.firstSegment()), chunk);
                byte[] head = Files.readAllBytes(track.init());
                if (init.isEmpty()) {
                    out.write(head);
                }
                assertThat(head).as("initialization section").isEqualTo(init.orElse(head));
                init = Optional.of(head);
                assertThat(track.segments())
                        .extracting(CmafTrack.Segment::samples)
                        .isEqualTo(chunk.segments().stream()
                                .map(Chunk.Segment::frames)
                                .toList());
                for (int index = 0; index < track.segments().size(); index++) {
                    assertThat(track.startSeconds(index))
                            .isCloseTo(chunk.segments().get(index).start(), Offset.offset(0.0002));
                    assertLastsAsPlanned(track, index, chunk.segments().get(index));
                    Files.copy(track.segments().get(index).file(), out);
                }
            }
        }
        return FrameNumbers.of(processes, scratch, "-i", "joined.mp4");
    }

    /** By both clocks it starts where it is planned to and what comes next starts where it ends, also where the picture stands still: players stop at a hole. */
    private static void assertLastsAsPlanned(CmafTrack track, int index, Chunk.Segment planned) throws IOException {
        try (var segment = Files.newByteChannel(track.segments().get(index).file())) {
            Mp4Boxes.Box moof = Mp4Boxes.list(segment).stream()
                    .filter(box -> box.type().equals("moof"))
                    .findFirst()
                    .orElseThrow();
            Fragment.Samples samples = Fragment.samples(Mp4Boxes.bytes(segment, moof));
            double scale = track.timescale();
            assertThat(samples.decodeTime() / scale).isCloseTo(planned.start(), Offset.offset(0.0041));
            assertThat((samples.end() - samples.start()) / scale)
                    .as("segment %d", index)
                    .isCloseTo(planned.seconds(), Offset.offset(0.0083));
        }
    }

    private Path transcode(SourceInfo source, MediaInput input, Chunk chunk, List<Rendition> renditions)
            throws Exception {
        ProcessResult result = processes.ffmpeg(
                TranscodeCommand.arguments(
                        TranscodeTask.inOneGo(source, WEB).of(Optional.of(chunk), renditions, TranscodeTask.Sound.NONE),
                        input,
                        Optional.empty()),
                List.of(input),
                scratch,
                _ -> {});
        assertThat(result.succeeded()).as(result.usefulLine()).isTrue();
        return scratch.resolve(TranscodeCommand.videoFile(renditions.getFirst()));
    }

    private static List<Rendition> ladder(SourceInfo source) {
        return Ladder.of(source.video().orElseThrow(), WEB);
    }

    private void make(String file, String rate, String encoding) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("-nostdin", "-y", "-progress", "pipe:1", "-f", "lavfi", "-i", FrameNumbers.source(rate, 21.3)));
        arguments.addAll(
                List.of(encoding.replace("\\\\,", "\\,").replace("'", "").split(" +")));
        arguments.add(file);
        ProcessResult made = processes.ffmpeg(arguments, List.of(), scratch, _ -> {});
        assertThat(made.succeeded()).as(made.usefulLine()).isTrue();
    }

    private SourceInfo source(String file, String demuxer) throws Exception {
        try (var content = Files.newByteChannel(scratch.resolve(file))) {
            ProbeOutcome outcome = new MediaProbe(processes, 3600, 1L << 26)
                    .probe(new MediaInput.LocalFile(scratch.resolve(file)), content, scratch);
            SourceInfo source = ((ProbeOutcome.Understood) outcome).source();
            assertThat(source.demuxer()).isEqualTo(demuxer);
            return source;
        }
    }

    private static List<FrameNumbers.Frame> everySecond(List<FrameNumbers.Frame> frames) {
        List<FrameNumbers.Frame> kept = new ArrayList<>();
        for (int index = 0; index < frames.size(); index += 2) {
            kept.add(frames.get(index));
        }
        return kept;
    }
}

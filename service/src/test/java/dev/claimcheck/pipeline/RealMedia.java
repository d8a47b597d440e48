package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.JobOptions;
import dev.claimcheck.media.MediaInput;
import dev.claimcheck.media.MediaProbe;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.ProbeOutcome;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.RealFfmpeg;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.TimelineScan;
import dev.claimcheck.playback.Picture;
import dev.claimcheck.playback.Piece;
import dev.claimcheck.playback.Presentation;
import dev.claimcheck.playback.Sound;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Clips made and pictures read by the real ffmpeg, in a folder. */
record RealMedia(Path folder, MediaProcesses processes) {
    static RealMedia in(Path folder) {
        return new RealMedia(folder, RealFfmpeg.in(folder));
    }

    /** A clip made by these arguments (one word each), after which its name is added. */
    Path clip(String name, String... arguments) throws InterruptedException {
        ffmpeg(Stream.concat(Arrays.stream(arguments), Stream.of(name)).toList());
        return folder.resolve(name);
    }

    Path text(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** A workspace for a step that works on that clip, as it was probed. */
    FolderWorkspace workspace(Path clip) throws Exception {
        return new FolderWorkspace(folder, clip, SourceSpec.write(probe(clip)));
    }

    /** The same, where somebody asked for the frame of a moment. */
    FolderWorkspace workspace(Path clip, double thumbnailTime) throws Exception {
        ObjectNode spec = (ObjectNode) SourceSpec.write(probe(clip));
        return new FolderWorkspace(folder, clip, spec.put(PictureSteps.THUMBNAIL_TIME, thumbnailTime));
    }

    /** The specification of the step of that name, as the clip is planned with that profile and no options. */
    ObjectNode planned(Path clip, Profile profile, String step) throws Exception {
        Wish wish = Wish.of(probe(clip), profile, JobOptions.NONE).orElseThrow();
        VideoPlanner planner = new VideoPlanner(new TimelineScan(processes), new PictureSteps(false));
        return (ObjectNode) planner.plan(wish, workspace(clip)).steps().stream()
                .filter(one -> one.name().equals(step))
                .findFirst()
                .orElseThrow()
                .spec();
    }

    /** Leaves the clip's tracks in the workspace as a transcode would: an initialization section and one segment each. */
    void transcoded(FolderWorkspace workspace, Path clip, boolean picture, boolean sound) throws Exception {
        ObjectNode result = JsonMapper.shared().createObjectNode();
        List<Piece> pieces = List.of(new Piece(1, 0, 1, 1, 1));
        if (picture) {
            segmented(workspace, clip, "0:v", "hls/180p");
            List<Picture.Track> sizes = List.of(
                    new Picture.Track("1080p", 1920, 1080, "avc1", "", List.of(1L)),
                    new Picture.Track("180p", 320, 180, "avc1", "", List.of(1L)));
            result.set("picture", JsonMapper.shared().valueToTree(new Picture(pieces, sizes, false, false)));
        }
        if (sound) {
            segmented(workspace, clip, "0:a", "hls/audio");
            result.set("sound", JsonMapper.shared().valueToTree(new Sound(pieces, "mp4a", List.of(1L), true)));
        }
        workspace.withResult("transcode/000", result);
    }

    /** The picture of a clip, a piece for each of its keyframes. */
    void transcodedInPieces(FolderWorkspace workspace, Path clip, double secondsEach) throws Exception {
        segmented(workspace, clip, "0:v", "hls/180p");
        byte[] all = Files.readAllBytes(workspace.file("hls/180p/00001.m4s"));
        String text = new String(all, StandardCharsets.ISO_8859_1);
        List<Piece> pieces = new ArrayList<>();
        List<Long> bytes = new ArrayList<>();
        for (int from = 0; from >= 0 && text.startsWith("moof", from + 4); ) {
            int next = text.indexOf("moof", from + 8) - 4;
            int number = pieces.size() + 1;
            byte[] piece = Arrays.copyOfRange(all, from, next < 0 ? all.length : next);
            Files.write(workspace.file("hls/180p/" + Presentation.fileName(number)), piece);
            pieces.add(new Piece(number, (number - 1) * secondsEach, secondsEach, 1, secondsEach));
            bytes.add((long) piece.length);
            from = next < 0 ? -1 : next;
        }
        Picture.Track track = new Picture.Track("180p", 320, 180, "avc1", "", bytes);
        ObjectNode result = JsonMapper.shared().createObjectNode();
        result.set("picture", JsonMapper.shared().valueToTree(new Picture(pieces, List.of(track), false, false)));
        workspace.withResult("transcode/000", result);
    }

    private void segmented(FolderWorkspace workspace, Path clip, String map, String to) throws Exception {
        Path file =
                clip("track.mp4", "-i", clip.toString(), "-map", map, "-c", "copy", "-movflags", "+cmaf+frag_discont");
        byte[] bytes = Files.readAllBytes(file);
        int moof = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("moof") - 4;
        Files.createDirectories(workspace.file(to));
        Files.write(workspace.file(to + "/init.mp4"), Arrays.copyOf(bytes, moof));
        Files.write(workspace.file(to + "/00001.m4s"), Arrays.copyOfRange(bytes, moof, bytes.length));
    }

    SourceInfo probe(Path clip) throws Exception {
        try (var content = Files.newByteChannel(clip)) {
            ProbeOutcome outcome =
                    new MediaProbe(processes, 100_000, 1L << 26).probe(new MediaInput.LocalFile(clip), content, folder);
            assertThat(outcome).isInstanceOf(ProbeOutcome.Understood.class);
            return ((ProbeOutcome.Understood) outcome).source();
        }
    }

    /** A picture's pixels as grey, 0 to 255, scaled to that size by averages. */
    int[] grey(Path picture, int width, int height) throws Exception {
        return pixels(picture, "scale=" + width + ":" + height + ":flags=area+accurate_rnd:out_range=pc,format=gray");
    }

    /** A picture's mean colour: red, green, blue. */
    int[] colour(Path picture) throws Exception {
        return pixels(picture, "scale=1:1:flags=area+accurate_rnd+full_chroma_int,format=rgb24");
    }

    JsonNode describe(Path file) throws Exception {
        ProcessResult result = processes.ffprobe(
                List.of("-v", "error", "-show_streams", "-of", "json", "-i", file.toString()), List.of(), folder);
        assertThat(result.succeeded()).as(result.usefulLine()).isTrue();
        return JsonMapper.shared().readTree(result.output());
    }

    private int[] pixels(Path picture, String filters) throws Exception {
        Path raw = clip("pixels.raw", "-i", picture.toString(), "-vf", filters, "-frames:v", "1", "-f", "rawvideo");
        byte[] bytes = Files.readAllBytes(raw);
        int[] pixels = new int[bytes.length];
        for (int at = 0; at < bytes.length; at++) {
            pixels[at] = Byte.toUnsignedInt(bytes[at]);
        }
        return pixels;
    }

    private void ffmpeg(List<String> arguments) throws InterruptedException {
        List<String> all = new ArrayList<>(
                List.of("-nostdin", "-y", "-hide_banner", "-loglevel", "error", "-nostats", "-progress", "pipe:1"));
        all.addAll(arguments);
        ProcessResult result = processes.ffmpeg(all, List.of(), folder, _ -> {});
        assertThat(result.succeeded()).as(result.usefulLine()).isTrue();
    }
}

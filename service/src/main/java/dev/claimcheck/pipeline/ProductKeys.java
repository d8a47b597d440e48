package dev.claimcheck.pipeline;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.WatermarkPlacement;
import dev.claimcheck.media.AudioCommand;
import dev.claimcheck.media.MediaInput;
import dev.claimcheck.media.PackageCommand;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.Storyboard;
import dev.claimcheck.media.SubtitleCommand;
import dev.claimcheck.media.SubtitleTrack;
import dev.claimcheck.media.TranscodeCommand;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.media.Waveform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * Names products by what decides their bytes: the ffmpeg in use, the arguments that would make the product alone, and what this program does with the result. The arguments are the recipe, so a changed recipe
 * has other keys by itself; what is done in Java is not in them, so whoever changes that raises the number of its kind below. What is made of segments is named by the objects that hold them: their names are
 * never used again. Pure.
 */
final class ProductKeys {
    static final String RENDITION = "rendition";
    static final String SOUND = "sound";
    static final String POSTER = "poster";
    static final String SUBTITLES = "subtitles";
    static final String STORYBOARD = "storyboard";
    static final String WAVEFORM = "waveform";
    static final String DOWNLOAD = "download";

    /** How segments are split off and kept under their cap: {@code CmafTrack}, {@link MadeSegments}, {@link BitRateCap}. */
    private static final int SEGMENTS = 3;
    /** How the frame is chosen: {@code PosterChoice}, {@link ThumbnailStep}. */
    private static final int CHOICE = 1;
    /** How cues become WebVTT: {@code SubtitleReader}, {@code AssText}, {@code WebVtt}, {@code HlsSubtitles}. */
    private static final int CUES = 1;
    /** How peaks become JSON: {@link Waveform#write}. */
    private static final int PEAKS = 1;
    /** Where the command alone decides. */
    private static final int NOTHING_ELSE = 0;

    /** Where the bytes lie does not matter. */
    static final MediaInput SOURCE = new MediaInput.LocalFile(Path.of("source"));

    private static final JsonMapper JSON = JsonMapper.shared();

    private final String tool;

    /** @param tool the ffmpeg in use, told apart from every other that might make other bytes */
    ProductKeys(String tool) {
        this.tool = tool;
    }

    /** Of one size of what a transcode makes. */
    ProductKey rendition(TranscodeTask task, Rendition rendition) {
        return transcoded(RENDITION, task.of(task.chunk(), List.of(rendition), TranscodeTask.Sound.NONE));
    }

    /** Of all of the sound. */
    ProductKey sound(TranscodeTask task) {
        return transcoded(SOUND, task.of(task.chunk(), List.of(), TranscodeTask.Sound.WHOLE));
    }

    /** Of all of another track of the sound than the default one. */
    ProductKey otherSound(TranscodeTask task, int track) {
        return key(SOUND, SEGMENTS, AudioCommand.arguments(task, List.of(track), SOURCE), JSON.createArrayNode());
    }

    /** Of the poster: it is made by the first of the commands that gives a good one. */
    ProductKey poster(List<List<String>> commands) {
        return key(POSTER, CHOICE, commands.stream().flatMap(List::stream).toList(), JSON.createArrayNode());
    }

    /** Of all subtitles together. */
    ProductKey subtitles(SourceInfo source, double originSeconds) {
        ArrayNode rest = JSON.createArrayNode();
        rest.add(JSON.valueToTree(source.subtitles()));
        rest.add(originSeconds).add(source.durationSeconds());
        return key(
                SUBTITLES,
                CUES,
                SubtitleCommand.arguments(
                        source,
                        SOURCE,
                        SubtitleTrack.of(source.subtitles()).stream()
                                .map(SubtitleTrack.Source::stream)
                                .toList()),
                rest);
    }

    /** Of a sheet of the storyboard that is made of these segments. */
    ProductKey sheet(Storyboard storyboard, Storyboard.Sheet sheet, List<Output> segments) {
        return key(STORYBOARD, NOTHING_ELSE, storyboard.arguments(sheet, ""), objects(segments));
    }

    /** Of the waveform of these segments. */
    ProductKey waveform(Waveform waveform, List<Output> segments) {
        return key(WAVEFORM, PEAKS, waveform.arguments(""), objects(segments));
    }

    /** Of the one file of these tracks, each of these segments. */
    ProductKey download(String target, PackageCommand.Tracks named, List<List<Output>> tracks) {
        ArrayNode rest = JSON.createArrayNode();
        tracks.forEach(track -> rest.add(objects(track)));
        return key(DOWNLOAD, NOTHING_ELSE, named.arguments(target), rest);
    }

    private ProductKey transcoded(String kind, TranscodeTask alone) {
        Optional<MediaInput> watermark = alone.watermark()
                .map(placed -> new MediaInput.LocalFile(Path.of(WatermarkPlacement.objectKey(placed.watermark()))));
        ArrayNode rest = JSON.createArrayNode();
        alone.chunk().map(JSON::<JsonNode>valueToTree).ifPresent(rest::add);
        return key(kind, SEGMENTS, TranscodeCommand.arguments(alone, SOURCE, watermark), rest);
    }

    private static ArrayNode objects(List<Output> segments) {
        ArrayNode keys = JSON.createArrayNode();
        segments.forEach(segment -> keys.add(segment.objectKey()));
        return keys;
    }

    private ProductKey key(String kind, int recipe, List<String> arguments, ArrayNode rest) {
        ArrayNode all = JSON.createArrayNode().add(kind).add(recipe).add(tool);
        ArrayNode words = all.addArray();
        arguments.forEach(words::add);
        all.add(rest);
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(all.toString().getBytes(StandardCharsets.UTF_8));
            return new ProductKey(kind, Digest.of(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

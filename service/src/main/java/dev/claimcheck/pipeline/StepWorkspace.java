package dev.claimcheck.pipeline;

import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Output;
import dev.claimcheck.media.MediaInput;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What an attempt may touch: its step, the source, its scratch folder, and the way to hand in files and progress. */
public interface StepWorkspace {
    /** The step being attempted. */
    LeasedStep step();

    /** The uploaded bytes, as ffmpeg reads them. */
    MediaInput source();

    /** The picture that the job wants laid over its video, as ffmpeg reads it: a PNG, JPEG or WebP. Its placement is in the step's options. */
    Optional<MediaInput> watermark();

    /** The uploaded bytes, to be read from any position; the caller closes it. */
    SeekableByteChannel openSource();

    /** An empty folder of this attempt alone; removed when the attempt ends, however it ends. */
    Path scratch();

    /** The results of all steps of the same job that have succeeded, oldest step first. */
    List<JsonNode> results();

    /** An output that an earlier step of the same job has published. */
    Output output(String path);

    /** What earlier steps of the same job have published below that path, by path; one consistent read. */
    Map<String, Output> outputs(String prefix);

    /** The content of an output, which must be there; the caller closes it. */
    SeekableByteChannel open(Output output);

    /** The content of an output; empty where the store has lost it. The caller closes it. */
    Optional<SeekableByteChannel> find(Output output);

    /** Stores a file of the scratch folder as an output of this attempt; visible only once the step succeeded. */
    Output publish(String path, Path file, String contentType);

    /**
     * Says how far the attempt is. Cheap: reports are written at most once a second.
     *
     * @param fraction 0 to 1; a smaller one than before is taken as the one before
     * @param message for people: "Transcoding 720p and 360p"
     */
    void progress(double fraction, String message);
}

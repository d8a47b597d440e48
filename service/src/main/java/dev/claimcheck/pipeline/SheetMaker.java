package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.Product;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.Storyboard;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Makes single sheets of a storyboard from the smallest rendition, whose decoding costs a hundredth of the source's. Thread-safe. */
final class SheetMaker {
    /** Where a storyboard's files are, below the job's link. */
    static final String FOLDER = "storyboard/";

    private static final String TRACK = "track.mp4";

    private final MediaProcesses processes;
    private final ProductKeys keys;

    SheetMaker(MediaProcesses processes) {
        this.processes = processes;
        this.keys = new ProductKeys(processes.tool());
    }

    /** What came of a sheet. */
    sealed interface Made {
        /** It is there, made now or by an earlier job of the same source. */
        record Sheet(Product product) implements Made {}

        /** ffmpeg did not manage. */
        record Failed(ProcessResult result) implements Made {}
    }

    /**
     * Makes a sheet, where it is not known.
     *
     * @param track of which only the stretch that the sheet shows is read
     */
    Made make(StepWorkspace workspace, Storyboard storyboard, Storyboard.Sheet sheet, TranscodedTracks.Track track)
            throws InterruptedException {
        TranscodedTracks.Track stretch = track.between(storyboard.start(sheet), storyboard.end(sheet));
        List<Output> segments = stretch.objects(workspace);
        ProductKey key = keys.sheet(storyboard, sheet, segments);
        Optional<Product> known =
                Optional.ofNullable(workspace.known(List.of(key.digest())).get(key.digest()));
        if (known.isPresent()) {
            return new Made.Sheet(known.get());
        }
        try {
            TrackFile.join(workspace, segments, TRACK);
            ProcessResult result =
                    processes.ffmpeg(storyboard.arguments(sheet, TRACK), List.of(), workspace.scratch(), _ -> {});
            if (!result.succeeded()) {
                return new Made.Failed(result);
            }
            Output output =
                    workspace.publish(FOLDER + sheet.file(), workspace.scratch().resolve(sheet.file()), "image/jpeg");
            return new Made.Sheet(key.made(JsonMapper.shared().createObjectNode(), List.of(output)));
        } finally {
            ScratchFiles.remove(workspace, TRACK); // The next sheet has its own.
        }
    }
}

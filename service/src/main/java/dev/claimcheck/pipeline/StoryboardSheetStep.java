package dev.claimcheck.pipeline;

import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.Storyboard;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Makes one sheet of the storyboard while the rest of the video is still being made: so the storyboard is shared out among workers as the chunks are, and nothing of it is left for the end. */
public final class StoryboardSheetStep implements StepHandler {
    /** In the specification: which sheet. */
    static final String SHEET = "sheet";

    private final SheetMaker maker;

    StoryboardSheetStep(MediaProcesses processes) {
        this.maker = new SheetMaker(processes);
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        workspace.progress(0.05, "Making the storyboard");
        SourceInfo source = SourceSpec.read(workspace);
        Storyboard storyboard = Storyboard.of(source.video().orElseThrow(), source.durationSeconds());
        Storyboard.Sheet sheet =
                storyboard.sheets().get(workspace.step().spec().path(SHEET).asInt() - 1);
        TranscodedTracks.Track track =
                TranscodedTracks.smallestPicture(workspace).orElseThrow();
        if (!track.reachesBackTo(storyboard.start(sheet))) {
            // Of a damaged source: what is to stand there is known when all is made, and the storyboard's last step
            // looks again.
            return succeeded(List.of());
        }
        return switch (maker.make(workspace, storyboard, sheet, track)) {
            case SheetMaker.Made.Sheet(var product) -> succeeded(List.of(product));
            case SheetMaker.Made.Failed(var result) -> MediaOutcomes.failure(result, "making the storyboard");
        };
    }

    private static StepOutcome succeeded(List<Product> products) {
        return new StepOutcome.Succeeded(JsonMapper.shared().createObjectNode(), List.of(), products);
    }
}

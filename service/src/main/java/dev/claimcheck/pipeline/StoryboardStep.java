package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.Storyboard;
import dev.claimcheck.media.WebVtt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Completes the storyboard: makes the sheets that no step of their own has made ({@link StoryboardSheetStep}), then the index of all. */
public final class StoryboardStep implements StepHandler {
    private static final String INDEX = "storyboard.vtt";

    private final SheetMaker maker;

    public StoryboardStep(MediaProcesses processes) {
        this.maker = new SheetMaker(processes);
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        SourceInfo source = SourceSpec.read(workspace);
        Storyboard storyboard = Storyboard.of(source.video().orElseThrow(), source.durationSeconds());
        TranscodedTracks.Track track =
                TranscodedTracks.smallestPicture(workspace).orElseThrow();
        Set<String> there = workspace.outputs(SheetMaker.FOLDER).keySet();
        List<Product> products = new ArrayList<>();
        for (Storyboard.Sheet sheet : storyboard.sheets()) {
            if (there.contains(SheetMaker.FOLDER + sheet.file())) {
                continue;
            }
            workspace.progress(0.9 * sheet.number() / storyboard.sheets().size(), "Making the storyboard");
            switch (maker.make(workspace, storyboard, sheet, track)) {
                case SheetMaker.Made.Sheet(var product) -> products.add(product);
                case SheetMaker.Made.Failed(var result) -> {
                    return MediaOutcomes.failure(result, "making the storyboard");
                }
            }
        }
        Path index = ScratchFiles.write(workspace, INDEX, storyboard.webVtt());
        Output output = workspace.publish(SheetMaker.FOLDER + INDEX, index, WebVtt.CONTENT_TYPE);
        return new StepOutcome.Succeeded(
                JsonMapper.shared()
                        .createObjectNode()
                        .put("interval", storyboard.interval())
                        .put("tiles", storyboard.tiles())
                        .put("tile_width", storyboard.width())
                        .put("tile_height", storyboard.height()),
                List.of(output),
                products);
    }
}

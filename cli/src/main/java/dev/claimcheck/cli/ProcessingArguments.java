package dev.claimcheck.cli;

import dev.claimcheck.client.ProcessingOptions;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is to be made of a video. */
final class ProcessingArguments {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description =
                    "What is to be made of it: web, web-hevc, web-av1, audio, preview, or one of the operator's (default: the service's usual).")
    private @Nullable String profile;

    @Option(
            names = "--clip-start",
            paramLabel = "SECONDS",
            description = "Process only what comes after that second of the video.")
    private @Nullable BigDecimal clipStart;

    @Option(
            names = "--clip-end",
            paramLabel = "SECONDS",
            description = "Process only what comes before that second of the video.")
    private @Nullable BigDecimal clipEnd;

    @Option(
            names = "--thumbnail-time",
            paramLabel = "SECONDS",
            description = "Second of the result, after clipping, that the thumbnail shows.")
    private @Nullable BigDecimal thumbnailTime;

    @Option(
            names = "--watermark",
            paramLabel = "ID",
            description = "Lay an uploaded picture over it (claimcheck watermarks add gives its id).")
    private @Nullable String watermark;

    @Option(
            names = "--watermark-position",
            paramLabel = "PLACE",
            description = "top-left, top-right, bottom-left, bottom-right (the default) or center.")
    private @Nullable String watermarkPosition;

    @Option(
            names = "--watermark-width",
            paramLabel = "PERCENT",
            description = "Its width in percent of the video's (default 12).")
    private @Nullable Integer watermarkWidth;

    @Option(
            names = "--watermark-opacity",
            paramLabel = "N",
            description = "How opaque it is, above 0 to 1 (the default).")
    private @Nullable BigDecimal watermarkOpacity;

    ProcessingOptions read() {
        if (watermark == null && (watermarkPosition != null || watermarkWidth != null || watermarkOpacity != null)) {
            throw new ParameterException(spec.commandLine(), "--watermark says which picture to place");
        }
        return new ProcessingOptions(
                Optional.ofNullable(profile),
                Optional.ofNullable(clipStart),
                Optional.ofNullable(clipEnd),
                Optional.ofNullable(thumbnailTime),
                Optional.ofNullable(watermark),
                Optional.ofNullable(watermarkPosition),
                watermarkWidth == null ? OptionalInt.empty() : OptionalInt.of(watermarkWidth),
                Optional.ofNullable(watermarkOpacity));
    }
}

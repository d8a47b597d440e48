package dev.claimcheck;

import dev.claimcheck.config.ServiceConfig;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.SourceRetention;
import dev.claimcheck.media.ProcessLimits;
import dev.claimcheck.media.SandboxMode;
import dev.claimcheck.operations.DataFolder;
import dev.claimcheck.pipeline.PipelinePlanner;
import dev.claimcheck.storage.SpoolFolder;
import dev.claimcheck.upload.ContentTypes;
import dev.claimcheck.upload.FirstSteps;
import dev.claimcheck.upload.UploadSettings;
import dev.claimcheck.webhook.WebhookSettings;
import java.time.Duration;
import java.util.Optional;

/** What the parts are told of the configuration, each in its own words: none of them knows that there is one. */
final class PartSettings {
    private PartSettings() {}

    static UploadSettings upload(ServiceConfig config, DataFolder data) {
        ServiceConfig.Upload upload = config.upload();
        return new UploadSettings(
                upload.maxSize().bytes(),
                upload.expiresAfter(),
                upload.hashWhileStreaming(),
                orphanAge(config),
                SpoolFolder.open(
                        data.root().resolve("spool"), upload.minFreeDisk().bytes()),
                new ContentTypes(upload.contentTypes()));
    }

    /** What no record knows of is nobody's once no request can still be bringing it: the longest takes {@code upload.max_time}. */
    static Duration orphanAge(ServiceConfig config) {
        Duration longest = config.upload().maxTime();
        return longest.plus(longest.compareTo(Duration.ofHours(1)) < 0 ? longest : Duration.ofHours(1));
    }

    static FirstSteps firstSteps() {
        return new FirstSteps() {
            @Override
            public PlannedStep known() {
                return PipelinePlanner.first();
            }

            @Override
            public PlannedStep unknown(Optional<Digest> announced) {
                return PipelinePlanner.firstWithFingerprint(announced);
            }
        };
    }

    static SourceRetention retention(ServiceConfig config) {
        return switch (config.sourceRetention()) {
            case ServiceConfig.SourceRetention.Keep _ -> new SourceRetention(Optional.empty());
            case ServiceConfig.SourceRetention.DeleteAfter after -> new SourceRetention(Optional.of(after.delay()));
        };
    }

    static WebhookSettings webhooks(ServiceConfig config) {
        ServiceConfig.Webhooks webhooks = config.webhooks();
        return new WebhookSettings(
                webhooks.allowPrivate(),
                webhooks.timeout(),
                webhooks.baseDelay(),
                webhooks.giveUpAfter(),
                webhooks.disableAfter(),
                webhooks.retention(),
                webhooks.concurrency());
    }

    static SandboxMode sandbox(ServiceConfig config) {
        return switch (config.media().sandbox()) {
            case AUTO -> SandboxMode.AUTO;
            case REQUIRED -> SandboxMode.REQUIRED;
            case OFF -> SandboxMode.OFF;
        };
    }

    static ProcessLimits limits(ServiceConfig config) {
        ServiceConfig.Media media = config.media();
        // Nothing runs longer than a hundred times the longest video: by then it hangs, whatever it reports.
        return new ProcessLimits(
                media.nice(),
                media.noProgressTimeout(),
                media.maxDuration().multipliedBy(100),
                media.maxCpuTime(),
                media.maxMemory().bytes(),
                media.maxOutputSize().bytes(),
                10_000,
                media.maxPixels());
    }
}

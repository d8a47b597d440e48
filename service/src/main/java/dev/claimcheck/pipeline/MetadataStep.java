package dev.claimcheck.pipeline;

import dev.claimcheck.job.Fingerprint;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.MediaProbe;
import dev.claimcheck.media.ProbeOutcome;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Looks at the source, describes it to its owner, and plans the rest of the job. */
public final class MetadataStep implements StepHandler {
    private final MediaProbe probe;
    private final VideoPlanner planner;
    private final Profiles profiles;

    MetadataStep(MediaProbe probe, VideoPlanner planner, Profiles profiles) {
        this.probe = probe;
        this.planner = planner;
        this.profiles = profiles;
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        workspace.progress(0.1, "Reading the file");
        SourceFingerprint source = new SourceFingerprint(workspace);
        boolean isAsked =
                workspace.step().spec().path(PipelinePlanner.FINGERPRINT).asBoolean(false);
        boolean isLater = isAsked && source.size() > FingerprintStep.MOST_AT_ONCE;
        Optional<Fingerprint> fingerprint = Optional.empty();
        if (isAsked && !isLater) {
            fingerprint = Optional.of(source.compute(
                    workspace.step().filename(), read -> workspace.progress(0.1 + 0.7 * read, "Reading the file")));
            Optional<StepOutcome> different = FingerprintStep.different(workspace, fingerprint.get());
            if (different.isPresent()) {
                return different.get();
            }
        }
        return switch (probed(workspace)) {
            case ProbeOutcome.Understood understood ->
                planned(workspace, understood.source(), source, fingerprint, isLater);
            case ProbeOutcome.Interrupted interrupted ->
                MediaOutcomes.failure(interrupted.result(), "reading the file");
            case ProbeOutcome.Refused refused -> refused(workspace, refused, source, isLater);
        };
    }

    /** What cannot be read may have been changed on its way: then that is the reason to give. */
    private static StepOutcome refused(
            StepWorkspace workspace, ProbeOutcome.Refused refused, SourceFingerprint source, boolean isUnchecked)
            throws InterruptedException {
        if (isUnchecked && FingerprintStep.isAnnounced(workspace)) {
            Fingerprint found = source.compute(
                    workspace.step().filename(), read -> workspace.progress(0.1 + 0.9 * read, "Reading the file"));
            Optional<StepOutcome> different = FingerprintStep.different(workspace, found);
            if (different.isPresent()) {
                return different.get();
            }
        }
        return new StepOutcome.FailedForGood(new StepError(
                refused.code(), refused.message(), refused.detail().isEmpty() ? null : refused.detail()));
    }

    private StepOutcome planned(
            StepWorkspace workspace,
            SourceInfo found,
            SourceFingerprint source,
            Optional<Fingerprint> fingerprint,
            boolean isFingerprintLater)
            throws InterruptedException {
        Optional<Profile> profile = profiles.find(workspace.step().profile());
        if (profile.isEmpty()) {
            return unknownProfile(workspace);
        }
        if (!profile.get().hasVideo() && found.audio().isEmpty()) {
            return new StepOutcome.FailedForGood(new StepError(
                    "no_sound",
                    "The video has no sound, and the profile \"" + profile.get().name()
                            + "\" makes nothing else. Ask for another profile.",
                    null));
        }
        Optional<Wish> wish = Wish.of(found, profile.get(), workspace.step().options());
        if (wish.isEmpty()) {
            return new StepOutcome.FailedForGood(new StepError(
                    "clip_outside",
                    String.format(
                            Locale.ROOT,
                            "The clip would begin behind the video's end: it is %.3f seconds long. Ask for an earlier one.",
                            found.durationSeconds()),
                    null));
        }
        VideoPlanner.Plan plan = planner.plan(wish.get(), workspace);
        List<PlannedStep> steps = new ArrayList<>(plan.steps());
        if (isFingerprintLater) {
            steps.add(FingerprintStep.plan(workspace.step().spec(), source.size(), plan.opening()));
        }
        return new StepOutcome.Succeeded(
                plan.result(),
                List.of(),
                steps,
                Optional.of(describe(wish.get().source())),
                fingerprint,
                isFingerprintLater ? List.of() : source.proofs());
    }

    /** The profile was taken out of the configuration since the job came. */
    static StepOutcome unknownProfile(StepWorkspace workspace) {
        return new StepOutcome.FailedForGood(new StepError(
                "unknown_profile",
                "The profile \"" + workspace.step().profile()
                        + "\" is not configured any more. Ask for another one, or retry when it is back.",
                null));
    }

    private ProbeOutcome probed(StepWorkspace workspace) throws InterruptedException {
        try (SeekableByteChannel content = workspace.openSource()) {
            return probe.probe(workspace.source(), content, workspace.scratch());
        } catch (IOException e) {
            throw new StorageException("the source cannot be closed", e);
        }
    }

    /** The job's metadata, as its owner reads them: seconds, pixels as shown, bits per second. */
    static ObjectNode describe(SourceInfo source) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("container", source.container())
                .put("duration", Math.round(source.durationSeconds() * 1000) / 1000.0)
                .put("size", source.size())
                .put("bit_rate", source.bitRate())
                .put("has_video", source.video().isPresent())
                .put("has_audio", source.audio().isPresent());
        source.video()
                .ifPresent(video -> json.put("width", video.displayWidth())
                        .put("height", video.displayHeight())
                        .put("frame_rate", Math.round(video.frameRate() * 1000) / 1000.0)
                        .put("video_codec", video.codec())
                        .put("rotation", video.rotation())
                        .put("pixel_format", video.pixelFormat())
                        .put("hdr", video.isHdr())
                        .put("interlaced", video.isInterlaced()));
        source.audio()
                .ifPresent(audio -> json.put("audio_codec", audio.codec())
                        .put("audio_channels", audio.channels())
                        .put("audio_layout", audio.layout())
                        .put("audio_sample_rate", audio.sampleRate())
                        .put("audio_tracks", source.audioStreams())
                        .set("audio", AudioTracks.describe(source)));
        if (!source.subtitles().isEmpty()) {
            json.put("subtitle_tracks", source.subtitles().size());
        }
        return json;
    }
}

package dev.claimcheck.http;

import dev.claimcheck.operations.DeadLetters;
import dev.claimcheck.operations.Degradation;
import dev.claimcheck.operations.Overview;
import dev.claimcheck.operations.Owners;
import dev.claimcheck.operations.QueueFigures;
import dev.claimcheck.operations.QueueHistory;
import dev.claimcheck.operations.StorageUse;
import dev.claimcheck.operations.WorkerFigures;
import dev.claimcheck.storage.ObjectStore;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Operations as clients read them. */
final class OperationsJson {
    ObjectNode overview(
            Overview overview, Degradation degradation, Optional<ObjectStore.Space> space, StorageUse.Use use) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("at", JobJson.text(overview.at()))
                .put("waiting", overview.waiting())
                .put("running", overview.running())
                .put("oldest_wait_seconds", tenths(overview.oldestWaitSeconds()))
                .put("done_last_hour", overview.doneLastHour())
                .put("failed_last_hour", overview.failedLastHour());
        ObjectNode level = json.putObject("degradation")
                .put("level", degradation.level().name().toLowerCase(Locale.ROOT));
        ArrayNode reasons = level.putArray("reasons");
        degradation.reasons().forEach(reasons::add);
        ArrayNode queues = json.putArray("queues");
        overview.queues().forEach(queue -> put(queues.addObject(), queue));
        ArrayNode workers = json.putArray("workers");
        overview.workers().forEach(worker -> put(workers.addObject(), worker));
        // Only a disk can be full.
        json.putObject("storage")
                .put("kind", space.isPresent() ? "files" : "s3")
                .put("free_bytes", space.map(ObjectStore.Space::free).orElse(null))
                .put("promised_bytes", space.map(ObjectStore.Space::reserved).orElse(0L))
                .put("stored_bytes", use.bytes())
                .put("jobs", use.jobs())
                .put("objects", use.objects());
        return json;
    }

    ObjectNode history(QueueHistory.History history) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("resolution_seconds", history.resolution().toSeconds());
        ArrayNode points = json.putArray("points");
        for (QueueHistory.Point point : history.points()) {
            ObjectNode queues =
                    points.addObject().put("at", JobJson.text(point.at())).putObject("queues");
            point.queues()
                    .forEach((queue, figures) -> queues.putObject(queue)
                            .put("waiting", figures.waiting())
                            .put("running", figures.running())
                            .put("oldest_wait_seconds", tenths(figures.oldestWaitSeconds()))
                            .put("started", figures.started())
                            .put("finished", figures.finished())
                            .put("failed", figures.failed()));
        }
        return json;
    }

    ObjectNode deadLetters(DeadLetters.Page page) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        ArrayNode letters = json.putArray("dead_letters");
        for (DeadLetters.DeadLetter letter : page.letters()) {
            ObjectNode each = letters.addObject()
                    .put("job_id", letter.job().toString())
                    .put("owner", letter.owner().value())
                    .put("filename", letter.filename())
                    .put("step", letter.step())
                    .put("queue", letter.queue().wireName())
                    .put("attempts", letter.attempts())
                    .put("failed_at", JobJson.text(letter.failedAt()));
            JobAccess.put(each, letter.error());
            each.put("retry_allowed", letter.retryAllowed());
        }
        return json.put("next_cursor", page.next().orElse(null));
    }

    ObjectNode owner(Owners.Owner owner) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("owner", owner.owner().value())
                .put("keys", owner.keys())
                .put("open_jobs", owner.openJobs())
                .put("running_steps", owner.runningSteps())
                .put("jobs", owner.stored().jobs())
                .put("stored_bytes", owner.stored().bytes())
                .put("last_activity_at", owner.lastActivity().map(JobJson::text).orElse(null));
    }

    private static void put(ObjectNode json, QueueFigures queue) {
        json.put("queue", queue.queue().wireName())
                .put("waiting", queue.waiting())
                .put("delayed", queue.delayed())
                .put("running", queue.running())
                .put("capacity", queue.capacity())
                .put("oldest_wait_seconds", tenths(queue.oldestWaitSeconds()))
                .put("started_per_minute", queue.startedPerMinute())
                .put("finished_per_minute", queue.finishedPerMinute())
                .put("lag_seconds", tenths(queue.lagSeconds()));
    }

    private static void put(ObjectNode json, WorkerFigures worker) {
        json.put("worker", worker.worker()).put("host", worker.host());
        ObjectNode queues = json.putObject("queues");
        worker.queues().forEach(queues::put);
        json.put("state", worker.life().name().toLowerCase(Locale.ROOT))
                .put("started_at", JobJson.text(worker.startedAt()))
                .put("seen_at", JobJson.text(worker.seenAt()));
        ArrayNode doing = json.putArray("doing");
        for (WorkerFigures.Doing attempt : worker.doing()) {
            doing.addObject()
                    .put("job_id", attempt.jobId())
                    .put("filename", attempt.filename())
                    .put("owner", attempt.owner())
                    .put("step", attempt.step())
                    .put("queue", attempt.queue())
                    .put("attempt", attempt.attempt())
                    .put("started_at", JobJson.text(attempt.startedAt()))
                    .put("progress", Math.round(attempt.progress() * 1000) / 10.0)
                    .put("message", attempt.message().orElse(null));
        }
    }

    private static double tenths(double seconds) {
        return Math.round(seconds * 10) / 10.0;
    }
}

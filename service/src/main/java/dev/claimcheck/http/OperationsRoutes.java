package dev.claimcheck.http;

import dev.claimcheck.events.JobChanges;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.operations.DeadLetters;
import dev.claimcheck.operations.Degradation;
import dev.claimcheck.operations.Operations;
import dev.claimcheck.operations.Overview;
import dev.claimcheck.storage.ObjectStore;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the operator looks at: queues, workers, storage, dead letters, owners. All of it for the admin. */
final class OperationsRoutes {
    private static final int MOST_PER_PAGE = 200;
    private static final int MOST_JOBS = 1_000;
    private static final int MINUTES_OF_A_DAY = 24 * 60;

    private final Operations parts;
    private final ObjectStore store;
    private final JobChanges changes;
    private final OperationsJson json = new OperationsJson();

    OperationsRoutes(Operations parts, ObjectStore store, JobChanges changes) {
        this.parts = parts;
        this.store = store;
        this.changes = changes;
    }

    void addTo(Router router, Idempotency once) {
        router.on("GET", "/operations/overview", Router.Access.KEY, this::overview)
                .on("GET", "/operations/history", Router.Access.KEY, this::history)
                .on("GET", "/operations/dead-letters", Router.Access.KEY, this::deadLetters)
                .on("POST", "/operations/dead-letters/retry", Router.Access.KEY, once.honoured(this::retry))
                .on("GET", "/access/owners", Router.Access.KEY, this::owners);
    }

    private Answer overview(Exchange exchange) {
        exchange.admin();
        Overview overview = parts.overviews().take();
        Optional<ObjectStore.Space> space = store.space();
        Degradation degradation =
                Degradation.of(new Degradation.Facts(overview, space, store.isReachable(), changes.current()));
        return Answer.json(
                200, json.overview(overview, degradation, space, parts.use().total()));
    }

    private Answer history(Exchange exchange) {
        exchange.admin();
        String text = exchange.query("minutes").orElse("60");
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MINUTES_OF_A_DAY) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "\"minutes\" must be a whole number from 1 to " + MINUTES_OF_A_DAY + ": a day is kept.");
        }
        return Answer.json(200, json.history(parts.history().read(Integer.parseInt(text))));
    }

    private Answer deadLetters(Exchange exchange) {
        exchange.admin();
        DeadLetters.Page page;
        try {
            page = parts.deadLetters()
                    .page(
                            exchange.query("cursor").filter(text -> !text.isEmpty()),
                            Paging.limit(exchange, MOST_PER_PAGE));
        } catch (IllegalArgumentException _) {
            throw Paging.wrongCursor();
        }
        return Answer.json(200, json.deadLetters(page));
    }

    private Answer retry(Exchange exchange) throws InterruptedException {
        exchange.admin();
        JsonNode body = exchange.jsonBodyIfAny().orElseGet(JsonMapper.shared()::createObjectNode);
        DeadLetters.Retried retried = parts.deadLetters()
                .retry(new DeadLetters.Choice(queue(body), text(body, "code"), jobs(body.path("job_ids"))));
        return Answer.json(
                202,
                JsonMapper.shared()
                        .createObjectNode()
                        .put("retried", retried.retried())
                        .put("more", retried.more()));
    }

    private Answer owners(Exchange exchange) {
        exchange.admin();
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode list = body.putArray("owners");
        parts.owners().all().forEach(owner -> list.add(json.owner(owner)));
        return Answer.json(200, body);
    }

    private static Optional<QueueName> queue(JsonNode body) {
        return text(body, "queue").map(name -> {
            try {
                return QueueName.ofWireName(name.toLowerCase(Locale.ROOT));
            } catch (IllegalArgumentException _) {
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST, "\"queue\" must be one of metadata, thumbnails, video_processing.");
            }
        });
    }

    private static Optional<String> text(JsonNode body, String member) {
        return body.path(member).isMissingNode() || body.path(member).isNull()
                ? Optional.empty()
                : Optional.of(Exchange.required(body, member, 128));
    }

    private static Set<JobId> jobs(JsonNode ids) {
        boolean list = ids.isMissingNode() || ids.isNull() || ids.isArray();
        Set<JobId> jobs = new LinkedHashSet<>();
        if (list && ids.size() <= MOST_JOBS) {
            ids.valueStream().forEach(id -> JobId.parse(id.asString("")).ifPresent(jobs::add));
        }
        if (!list || ids.size() > MOST_JOBS || (ids.isArray() && (ids.isEmpty() || jobs.isEmpty()))) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "\"job_ids\" must be a list of 1 to " + MOST_JOBS + " ids of jobs.");
        }
        return jobs;
    }
}

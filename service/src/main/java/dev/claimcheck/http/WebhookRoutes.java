package dev.claimcheck.http;

import dev.claimcheck.job.OwnerId;
import dev.claimcheck.webhook.EventFilter;
import dev.claimcheck.webhook.WebhookDelivery;
import dev.claimcheck.webhook.WebhookEndpoint;
import dev.claimcheck.webhook.WebhookEndpoints;
import dev.claimcheck.webhook.Webhooks;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The caller's webhook endpoints and their deliveries. */
final class WebhookRoutes {
    private static final int MOST_PER_PAGE = 200;
    private static final int MOST_DESCRIPTION = 500;
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(7);
    private static final Pattern OVERLAP = Pattern.compile("(\\d{1,6})([smhd])");

    private final Webhooks webhooks;

    WebhookRoutes(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    void addTo(Router router, Idempotency once) {
        String one = "/webhooks/{endpoint_id}";
        String deliveries = one + "/deliveries";
        String delivery = deliveries + "/{delivery_id}";
        router.on("POST", "/webhooks", Router.Access.KEY, once.honoured(this::create))
                .on("GET", "/webhooks", Router.Access.KEY, this::list)
                .on(
                        "GET",
                        one,
                        Router.Access.KEY,
                        exchange -> Answer.json(200, WebhookJson.endpoint(endpoint(exchange))))
                .on("PATCH", one, Router.Access.KEY, this::change)
                .on("DELETE", one, Router.Access.KEY, this::delete)
                .on("POST", one + "/rotate-secret", Router.Access.KEY, once.honoured(this::rotate))
                .on("POST", one + "/test", Router.Access.KEY, once.honoured(this::test))
                .on("POST", one + "/replay", Router.Access.KEY, once.honoured(this::replayRange))
                .on("GET", deliveries, Router.Access.KEY, this::deliveries)
                .on("GET", delivery, Router.Access.KEY, this::delivery)
                .on("POST", delivery + "/replay", Router.Access.KEY, once.honoured(this::replay));
    }

    private Answer create(Exchange exchange) throws InterruptedException {
        JsonNode body = exchange.jsonBody();
        WebhookEndpoints.Created created = webhooks.endpoints()
                .create(
                        owner(exchange),
                        webhooks.url(Exchange.required(body, "url", 4_096)),
                        filter(body).orElse(EventFilter.USUAL),
                        description(body).orElse(""));
        return Answer.json(201, WebhookJson.endpoint(created.endpoint()).put("secret", created.secret()));
    }

    private Answer list(Exchange exchange) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode all = body.putArray("webhooks");
        webhooks.endpoints().list(owner(exchange)).forEach(endpoint -> all.add(WebhookJson.endpoint(endpoint)));
        return Answer.json(200, body);
    }

    private Answer change(Exchange exchange) throws InterruptedException {
        JsonNode body = exchange.jsonBody();
        Optional<Boolean> enabled = text(body, "status").map(status -> switch (status) {
            case "enabled" -> true;
            case "disabled" -> false;
            default ->
                throw new ApiException(ErrorCode.INVALID_REQUEST, "\"status\" must be \"enabled\" or \"disabled\".");
        });
        WebhookEndpoint.Change change = new WebhookEndpoint.Change(
                text(body, "url").map(webhooks::url), filter(body), description(body), enabled);
        return Answer.json(
                200,
                WebhookJson.endpoint(webhooks.endpoints()
                        .update(owner(exchange), endpointId(exchange), change)
                        .orElseThrow(WebhookRoutes::noSuchEndpoint)));
    }

    private Answer delete(Exchange exchange) {
        if (!webhooks.endpoints().delete(owner(exchange), endpointId(exchange))) {
            throw noSuchEndpoint();
        }
        return Answer.empty(204);
    }

    private Answer rotate(Exchange exchange) throws InterruptedException {
        Duration overlap = exchange.jsonBodyIfAny()
                .flatMap(body -> text(body, "overlap"))
                .map(WebhookRoutes::overlap)
                .orElse(Duration.ofDays(1));
        WebhookEndpoints.Rotated rotated = webhooks.endpoints()
                .rotate(owner(exchange), endpointId(exchange), overlap)
                .orElseThrow(WebhookRoutes::noSuchEndpoint);
        return Answer.json(
                200,
                JsonMapper.shared()
                        .createObjectNode()
                        .put("secret", rotated.secret())
                        .put("previous_expires_at", JobJson.text(rotated.previousExpiresAt())));
    }

    private Answer test(Exchange exchange) {
        return queued(webhooks.deliveries().test(owner(exchange), enabled(exchange)));
    }

    private Answer replay(Exchange exchange) {
        UUID endpoint = enabled(exchange);
        return queued(webhooks.deliveries().replay(owner(exchange), endpoint, deliveryId(exchange)));
    }

    private Answer replayRange(Exchange exchange) throws InterruptedException {
        JsonNode body = exchange.jsonBody();
        Instant from = time(body, "from");
        Instant to = time(body, "to");
        if (!from.isBefore(to)) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "\"from\" must be before \"to\".");
        }
        OptionalLong replayed =
                webhooks.deliveries().replay(owner(exchange), enabled(exchange), from, to, filter(body));
        return Answer.json(
                202,
                JsonMapper.shared()
                        .createObjectNode()
                        .put("deliveries", replayed.orElseThrow(WebhookRoutes::noSuchEndpoint)));
    }

    private Answer deliveries(Exchange exchange) {
        UUID endpoint = endpoint(exchange).id();
        Optional<WebhookDelivery.Status> status = exchange.query("status")
                .filter(text -> !text.isEmpty())
                .map(text -> switch (text) {
                    case "waiting" -> WebhookDelivery.Status.WAITING;
                    case "succeeded" -> WebhookDelivery.Status.SUCCEEDED;
                    case "failed" -> WebhookDelivery.Status.FAILED;
                    default ->
                        throw new ApiException(
                                ErrorCode.INVALID_REQUEST,
                                "\"status\" must be \"waiting\", \"succeeded\" or \"failed\".");
                });
        var page = webhooks.deliveries().list(owner(exchange), endpoint, status, cursor(exchange), limit(exchange));
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode all = body.putArray("deliveries");
        page.deliveries().forEach(delivery -> all.add(WebhookJson.delivery(delivery)));
        OptionalLong next = page.nextCursor();
        return Answer.json(200, body.put("next_cursor", next.isPresent() ? Long.toString(next.getAsLong()) : null));
    }

    private Answer delivery(Exchange exchange) {
        return Answer.json(
                200,
                WebhookJson.detail(webhooks.deliveries()
                        .find(owner(exchange), endpoint(exchange).id(), deliveryId(exchange))
                        .orElseThrow(WebhookRoutes::noSuchDelivery)));
    }

    private static Answer queued(Optional<WebhookDelivery> delivery) {
        return Answer.json(202, WebhookJson.delivery(delivery.orElseThrow(WebhookRoutes::noSuchDelivery)));
    }

    private static OwnerId owner(Exchange exchange) {
        return exchange.principal().owner();
    }

    private WebhookEndpoint endpoint(Exchange exchange) {
        return webhooks.endpoints()
                .find(owner(exchange), endpointId(exchange))
                .orElseThrow(WebhookRoutes::noSuchEndpoint);
    }

    /** The id of an endpoint that anything can be sent to. */
    private UUID enabled(Exchange exchange) {
        WebhookEndpoint endpoint = endpoint(exchange);
        if (!endpoint.enabled()) {
            throw new ApiException(
                    ErrorCode.WEBHOOK_DISABLED,
                    "The endpoint is switched off. Switch it on first: PATCH it with {\"status\": \"enabled\"}.");
        }
        return endpoint.id();
    }

    private static UUID endpointId(Exchange exchange) {
        String text = exchange.path("endpoint_id");
        if (!text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            throw noSuchEndpoint();
        }
        return UUID.fromString(text);
    }

    private static long deliveryId(Exchange exchange) {
        String text = exchange.path("delivery_id");
        if (!text.matches("\\d{1,18}")) {
            throw noSuchDelivery();
        }
        return Long.parseLong(text);
    }

    private static OptionalLong cursor(Exchange exchange) {
        String text = exchange.query("cursor").orElse("");
        if (!text.matches("\\d{0,18}")) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "\"cursor\" must be the \"next_cursor\" of the page before, unchanged.");
        }
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    }

    private static int limit(Exchange exchange) {
        String text = exchange.query("limit").orElse("50");
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_PER_PAGE) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "\"limit\" must be a whole number from 1 to " + MOST_PER_PAGE + ".");
        }
        return Integer.parseInt(text);
    }

    private static Optional<EventFilter> filter(JsonNode body) {
        JsonNode events = body.path("events");
        if (events.isMissingNode() || events.isNull()) {
            return Optional.empty();
        }
        List<String> patterns = new ArrayList<>();
        events.forEach(pattern -> patterns.add(pattern.isString() ? pattern.asString() : pattern.toString()));
        return Optional.of(new EventFilter(patterns));
    }

    private static Optional<String> description(JsonNode body) {
        Optional<String> description = text(body, "description");
        if (description
                .filter(text -> text.length() > MOST_DESCRIPTION || text.indexOf('\0') >= 0)
                .isPresent()) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "\"description\" has at most " + MOST_DESCRIPTION + " characters.");
        }
        return description;
    }

    private static Optional<String> text(JsonNode body, String member) {
        JsonNode value = body.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString()) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "\"" + member + "\" must be a text.");
        }
        return Optional.of(value.asString());
    }

    private static Duration overlap(String text) {
        Matcher matcher = OVERLAP.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration overlap = switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
            if (overlap.compareTo(LONGEST_OVERLAP) <= 0) {
                return overlap;
            }
        }
        throw new ApiException(
                ErrorCode.INVALID_REQUEST, "\"overlap\" must be a duration from 0s to 7d, such as \"24h\".");
    }

    private static Instant time(JsonNode body, String member) {
        try {
            return Instant.parse(Exchange.required(body, member, 40));
        } catch (DateTimeException _) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "\"" + member + "\" must be a time such as 2026-11-25T12:00:00Z.");
        }
    }

    private static ApiException noSuchEndpoint() {
        return new ApiException(
                ErrorCode.NOT_FOUND, "You have no webhook endpoint of this id. GET /webhooks lists those you have.");
    }

    private static ApiException noSuchDelivery() {
        return new ApiException(
                ErrorCode.NOT_FOUND,
                "This endpoint has no such delivery. The delivery log is kept for a while (webhooks.retention); older events can be replayed by time.");
    }
}

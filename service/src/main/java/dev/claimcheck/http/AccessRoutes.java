package dev.claimcheck.http;

import dev.claimcheck.access.ApiKeys;
import dev.claimcheck.access.ConsoleLinks;
import dev.claimcheck.access.Role;
import dev.claimcheck.job.OwnerId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keys and one-click console links. */
final class AccessRoutes {
    private static final Pattern LIFETIME = Pattern.compile("(\\d{1,5})([mhd])");

    private final ApiKeys keys;
    private final ConsoleLinks links;
    private final String publicUrl;

    AccessRoutes(ApiKeys keys, ConsoleLinks links, String publicUrl) {
        this.keys = keys;
        this.links = links;
        this.publicUrl = publicUrl;
    }

    void addTo(Router router, Idempotency once) {
        router.on("POST", "/access/keys", Router.Access.KEY, once.honoured(this::create))
                .on("GET", "/access/keys", Router.Access.KEY, this::list)
                .on("DELETE", "/access/keys/{key_id}", Router.Access.KEY, this::revoke)
                .on("GET", "/access/me", Router.Access.KEY, AccessRoutes::me)
                .on("POST", "/access/console-links", Router.Access.KEY, this::consoleLink)
                .on("POST", "/access/console-session", Router.Access.OPEN, this::consoleSession);
    }

    private Answer create(Exchange exchange) throws InterruptedException {
        exchange.admin();
        JsonNode body = exchange.jsonBody();
        OwnerId owner = new OwnerId(Exchange.required(body, "owner", 128));
        ApiKeys.NewKey made = keys.create(owner, Exchange.required(body, "name", 128), role(body), lifetime(body));
        return Answer.json(201, json(made.info()).put("key", made.text()));
    }

    private Answer list(Exchange exchange) {
        exchange.admin();
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode list = body.putArray("keys");
        keys.list().forEach(key -> list.add(json(key)));
        return Answer.json(200, body);
    }

    /** Whose key this is, and what it allows: pages show only what works. */
    private static Answer me(Exchange exchange) {
        return Answer.json(
                200,
                JsonMapper.shared()
                        .createObjectNode()
                        .put("owner", exchange.principal().owner().value())
                        .put("role", exchange.principal().role().name()));
    }

    private Answer revoke(Exchange exchange) {
        exchange.admin();
        String id = exchange.path("key_id");
        boolean revoked = id.matches("[0-9a-f-]{36}") && keys.revoke(UUID.fromString(id));
        if (!revoked) {
            throw new ApiException(ErrorCode.NOT_FOUND, "There is no such key in force. GET /access/keys lists them.");
        }
        return Answer.empty(204);
    }

    private Answer consoleLink(Exchange exchange) {
        String token = links.createToken(exchange.principal());
        return Answer.json(
                201,
                JsonMapper.shared().createObjectNode().put("token", token).put("url", publicUrl + "/#token=" + token));
    }

    private Answer consoleSession(Exchange exchange) throws InterruptedException {
        String token = Exchange.required(exchange.jsonBody(), "token", 200);
        ApiKeys.NewKey made = links.exchange(token)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.UNAUTHORIZED,
                        "The link was used before or is too old. Get a new one from the command line, or sign in with a key.",
                        "WWW-Authenticate",
                        "Bearer"));
        return Answer.json(201, json(made.info()).put("key", made.text()), Map.of());
    }

    private static ObjectNode json(ApiKeys.KeyInfo key) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("key_id", key.id().toString())
                .put("owner", key.owner().value())
                .put("name", key.name())
                .put("role", key.role().name())
                .put("created_at", JobJson.text(key.createdAt()))
                .put("expires_at", key.expiresAt().map(JobJson::text).orElse(null))
                .put("last_used_at", key.lastUsedAt().map(JobJson::text).orElse(null));
    }

    private static Role role(JsonNode body) {
        String text = body.path("role").asString("OWNER").toUpperCase(Locale.ROOT);
        return Exchange.oneOf(text, List.of(Role.values()), "\"role\"");
    }

    private static Optional<Duration> lifetime(JsonNode body) {
        JsonNode text = body.path("expires_in");
        if (text.isMissingNode() || text.isNull()) {
            return Optional.empty();
        }
        Matcher matcher = LIFETIME.matcher(text.asString(""));
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "\"expires_in\" must be a number of minutes, hours or days, such as 30m, 24h or 90d.");
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }
}

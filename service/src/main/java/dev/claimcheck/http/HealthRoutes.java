package dev.claimcheck.http;

import java.util.Map;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Probes: alive is "this process answers"; ready is "every part it needs answers". */
final class HealthRoutes {
    private final Map<String, BooleanSupplier> parts;

    /** @param parts what readiness depends on, by name */
    HealthRoutes(Map<String, BooleanSupplier> parts) {
        this.parts = parts;
    }

    void addTo(Router router) {
        router.on("GET", "/health/live", Router.Access.OPEN, _ -> alive(), _ -> alive())
                .on("GET", "/health/ready", Router.Access.OPEN, this::ready);
    }

    private static Answer.InMemory alive() {
        return Answer.json(200, JsonMapper.shared().createObjectNode().put("status", "UP"));
    }

    private Answer ready(Exchange exchange) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ObjectNode states = JsonMapper.shared().createObjectNode();
        boolean up = true;
        for (Map.Entry<String, BooleanSupplier> part : parts.entrySet()) {
            boolean answers = part.getValue().getAsBoolean();
            states.put(part.getKey(), answers ? "UP" : "DOWN");
            up &= answers;
        }
        body.put("status", up ? "UP" : "DOWN").set("parts", states);
        return Answer.json(up ? 200 : 503, body, up ? Map.of() : Map.of("Retry-After", "2"));
    }
}

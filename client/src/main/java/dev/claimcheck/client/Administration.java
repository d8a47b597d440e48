package dev.claimcheck.client;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the admin's key may see and do: {@link ClaimcheckClient#administration()}. Thread-safe; answers are the service's JSON. Every call throws {@link ClaimcheckException} 403 with another key. */
public final class Administration {
    private static final String KEYS = "/access/keys";

    private final JsonCalls calls;

    Administration(HttpCalls calls) {
        this.calls = new JsonCalls(calls);
    }

    /** Queues, workers and what they do, storage, and how well the service does. */
    public JsonNode overview() throws InterruptedException {
        return calls.get("/operations/overview");
    }

    /** How the queues stood over the last minutes, at most a day's. */
    public JsonNode history(int minutes) throws InterruptedException {
        return calls.get("/operations/history?minutes=" + minutes);
    }

    /** Steps that have failed for good, newest first: {@code dead_letters} and {@code next_cursor}. */
    public JsonNode deadLetters(int limit, Optional<String> cursor) throws InterruptedException {
        return calls.get(new JsonCalls.Path("/operations/dead-letters")
                .with("limit", Integer.toString(limit))
                .with("cursor", cursor)
                .toString());
    }

    /**
     * Does failed steps again, at most a thousand: {@code retried} and {@code more}. All that is named must fit; where neither a code nor jobs are named, only those that another try may help.
     *
     * @param code of the error
     * @param jobIds none for any
     */
    public JsonNode retryDeadLetters(Optional<String> queue, Optional<String> code, List<String> jobIds)
            throws InterruptedException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        queue.ifPresent(name -> body.put("queue", name));
        code.ifPresent(name -> body.put("code", name));
        if (!jobIds.isEmpty()) {
            jobIds.forEach(body.putArray("job_ids")::add);
        }
        return calls.post("/operations/dead-letters/retry", body);
    }

    /** Everybody who has a key or jobs: {@code owners}. */
    public JsonNode owners() throws InterruptedException {
        return calls.get("/access/owners");
    }

    /** Keys in force, without their texts: {@code keys}. */
    public JsonNode keys() throws InterruptedException {
        return calls.get(KEYS);
    }

    /**
     * Makes a key; its text, {@code key}, is told this once.
     *
     * @param role {@code owner} or {@code admin}
     * @param expiresIn such as {@code 90d}; empty for never
     */
    public JsonNode createKey(String owner, String name, String role, Optional<String> expiresIn)
            throws InterruptedException {
        ObjectNode body = JsonMapper.shared()
                .createObjectNode()
                .put("owner", owner)
                .put("name", name)
                .put("role", role);
        expiresIn.ifPresent(text -> body.put("expires_in", text));
        return calls.post(KEYS, body);
    }

    /** Takes a key out of force. */
    public void revokeKey(String keyId) throws InterruptedException {
        calls.delete(KEYS + "/" + HttpCalls.encode(keyId));
    }
}

package dev.claimcheck.e2e;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server that takes webhooks, as an integrator would write it: everything that came, in the order in which it came. */
final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    /** What is answered; 200 unless a test says otherwise. */
    private volatile ToIntFunction<Message> answer = _ -> 200;

    /** In these words; otherwise with the status. */
    private volatile Optional<String> words = Optional.empty();

    private volatile Optional<String> redirect = Optional.empty();

    /**
     * One request.
     *
     * @param answered with which status
     */
    record Message(String id, Map<String, List<String>> headers, String body, JsonNode json, int answered) {
        String type() {
            return json.path("type").asString();
        }

        String job() {
            return json.path("data").path("job_id").asString("");
        }

        /** Whether it is signed with that secret, by the standard's own library. */
        boolean isSignedWith(String secret) {
            try {
                new Webhook(secret).verify(body, headers);
                return true;
            } catch (WebhookVerificationException _) {
                return false;
            } catch (EmptyWebhookSecretException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** From now on this is answered. */
    void answer(ToIntFunction<Message> status) {
        answer = status;
    }

    /** From now on this is answered, in these words. */
    void answer(ToIntFunction<Message> status, String text) {
        words = Optional.of(text);
        answer = status;
    }

    void redirectTo(String url) {
        redirect = Optional.of(url);
        answer = _ -> 307;
    }

    /** All that came, in the order in which it came. */
    List<Message> messages() {
        return List.copyOf(messages);
    }

    /** What was taken, each the first time. */
    List<Message> taken() {
        Map<String, Message> first = new LinkedHashMap<>();
        messages.stream()
                .filter(message -> message.answered() == 200)
                .forEach(message -> first.putIfAbsent(message.id(), message));
        return List.copyOf(first.values());
    }

    List<Message> taken(String job) {
        return taken().stream().filter(message -> message.job().equals(job)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        String body;
        try (InputStream in = exchange.getRequestBody()) {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Map<String, List<String>> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
        String id = headers.getOrDefault("webhook-id", List.of("")).getFirst();
        Message asked = new Message(id, headers, body, JsonMapper.shared().readTree(body), 0);
        int status = answer.applyAsInt(asked);
        messages.add(new Message(id, headers, body, asked.json(), status));
        redirect.ifPresent(url -> exchange.getResponseHeaders().add("Location", url));
        byte[] text = words.orElse("answered " + status).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }
}

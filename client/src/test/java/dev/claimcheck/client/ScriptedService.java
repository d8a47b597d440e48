package dev.claimcheck.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/** A server on this machine that answers what a test wrote down, and keeps what it was asked. Its last answer to a route is repeated. */
final class ScriptedService implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Queue<Scripted>> script = new ConcurrentHashMap<>();
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();

    /** A request that came; each character of {@code body} is one byte of it. */
    record Asked(String method, String path, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().getFirst())
                    .findFirst()
                    .orElse("");
        }
    }

    /** An answer; status 0 breaks the connection off in the middle of the body. */
    record Scripted(int status, Map<String, String> headers, String body) {
        static Scripted json(int status, String body) {
            return new Scripted(status, Map.of("Content-Type", "application/json"), body);
        }

        static Scripted problem(int status, String code, String detail, Map<String, String> headers) {
            var all = new java.util.HashMap<>(headers);
            all.put("Content-Type", "application/problem+json");
            return new Scripted(status, all, "{\"code\":\"" + code + "\",\"detail\":\"" + detail + "\"}");
        }

        static Scripted breakOff() {
            return new Scripted(0, Map.of(), "");
        }
    }

    ScriptedService() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException("no server", e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** {@code route} is a method and a path without its query. */
    ScriptedService on(String route, Scripted... answers) {
        script.put(route, new ArrayDeque<>(List.of(answers)));
        return this;
    }

    List<Asked> asked(String route) {
        return asked.stream()
                .filter(one -> (one.method() + " " + one.path()).equals(route))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Scripted answer = next(exchange.getRequestMethod() + " " + path);
        byte[] body = answer.status() == 0
                ? exchange.getRequestBody().readNBytes(1)
                : exchange.getRequestBody().readAllBytes();
        asked.add(new Asked(
                exchange.getRequestMethod(),
                path,
                Map.copyOf(exchange.getRequestHeaders()),
                new String(body, StandardCharsets.ISO_8859_1)));
        if (answer.status() == 0) {
            exchange.close();
            return;
        }
        answer.headers().forEach(exchange.getResponseHeaders()::add);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Scripted next(String route) {
        Queue<Scripted> answers = script.get(route);
        if (answers == null) {
            return Scripted.problem(404, "not_found", "No such route: " + route, Map.of());
        }
        synchronized (answers) {
            Scripted answer = answers.size() > 1 ? answers.poll() : answers.peek();
            return java.util.Objects.requireNonNull(answer);
        }
    }
}

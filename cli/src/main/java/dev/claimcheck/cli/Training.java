package dev.claimcheck.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Runs commands against a service of its own that answers by heart, printing nothing: the launcher does so once while the virtual machine writes down which classes are needed, so that later starts find them ready. Not a
 * command.
 */
public final class Training {
    private static final String JOB =
            "{\"job_id\":\"01900000-0000-7000-8000-000000000000\",\"status\":\"IN_PROGRESS\",\"filename\":\"a.mp4\",\"progress\":50,"
                    + "\"created_at\":\"2026-01-01T00:00:00.000Z\",\"estimated_completion\":\"2026-01-01T00:01:00.000Z\",\"message\":\"Transcoding\"}";

    private static final Map<String, String> ANSWERS = Map.of(
            "/videos/jobs", "{\"jobs\":[" + JOB + "],\"next_cursor\":null}",
            "/videos/jobs/counts", "{\"counts\":{\"FAILED\":1},\"total\":1}",
            "/videos/jobs/x/status", JOB,
            "/videos/jobs/x/timeline",
                    "{\"created_at\":\"2026-01-01T00:00:00Z\",\"now\":\"2026-01-01T00:00:01Z\",\"steps\":[]}",
            "/events", "{\"events\":[],\"next\":\"0\"}",
            "/operations/overview",
                    "{\"at\":\"2026-01-01T00:00:00.000Z\",\"degradation\":{\"level\":\"normal\"},\"queues\":[],\"workers\":[],\"storage\":{}}",
            "/operations/dead-letters", "{\"dead_letters\":[],\"next_cursor\":null}",
            "/access/keys", "{\"keys\":[]}",
            "/webhooks", "{\"webhooks\":[]}");

    private Training() {}

    /** Runs them and ends. */
    public static void main(String[] none) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] answer = ANSWERS.getOrDefault(exchange.getRequestURI().getPath(), "{}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        for (String command : new String[] {
            "jobs",
            "jobs --counts",
            "status x",
            "timeline x",
            "events",
            "top --once",
            "dead-letters",
            "keys",
            "webhooks",
            "upload /nowhere"
        }) {
            run((command + " --url " + url + " --key none").split(" "));
        }
        run("--version");
        run("upload", "--help");
        server.stop(0);
    }

    private static void run(String... arguments) {
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Main.commandLine(arguments).setOut(nowhere).setErr(nowhere).execute(arguments);
    }
}

package dev.claimcheck.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Five thousand readers of event streams on one process: what they cost, and how late events come. */
final class SseMeasurements {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int READERS = 5_000;
    private static final int SECONDS = 30;
    /** Lags are counted by whole milliseconds up to this. */
    private static final int LONGEST_LAG = 60_000;

    private final Peers.Running server;
    private final Child child;
    private final int owners;
    private final int eventsPerSecond;
    private final AtomicIntegerArray lags = new AtomicIntegerArray(LONGEST_LAG + 1);
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final CountDownLatch connected = new CountDownLatch(READERS);
    private final List<Socket> sockets = new ArrayList<>();

    private SseMeasurements(Peers.Running server, int owners, int eventsPerSecond) {
        this.server = server;
        this.child = server.child();
        this.owners = owners;
        this.eventsPerSecond = eventsPerSecond;
    }

    static List<String> sse(Path folder) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>(List.of(
                "## Five thousand readers of events",
                "",
                String.format(
                        Locale.ROOT,
                        "%,d Server-Sent Event streams of `GET /events` on one process of role `api` (heap limit of the launcher, 512 MB), for %d s each; a fresh process per row. Lag: from the change in the "
                                + "database, whose time the event carries in whole milliseconds, until the reader has read it. Readers and server share the two cores.",
                        READERS,
                        SECONDS),
                "",
                "| owners | events/s | deliveries/s | lag p50 | lag p99 | lag max | missing | resident MB before, with readers | KB per reader | descriptors | CPU-seconds of the server |",
                "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"));
        for (int[] load : new int[][] {{1, 2}, {10, 20}, {100, 200}}) {
            Peers.Running server = Peers.claimcheck(folder.resolve("owners-" + load[0]), Map.of(), "api");
            try (Child _ = server.child()) {
                lines.add(new SseMeasurements(server, load[0], load[1]).measure());
            }
        }
        return lines;
    }

    private String measure() throws IOException, InterruptedException {
        List<String> keys = new ArrayList<>();
        for (int owner = 0; owner < owners; owner++) {
            keys.add(member(
                    "key",
                    post(server.key(), "/access/keys", "{\"owner\": \"reader-" + owner + "\", \"name\": \"bench\"}")));
        }
        long before = child.residentMegabytes();
        for (int reader = 0; reader < READERS; reader++) {
            String key = keys.get(reader % owners);
            Socket socket = new Socket();
            socket.setReceiveBufferSize(8 << 10);
            socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 60_000);
            sockets.add(socket);
            Thread.ofVirtual().start(() -> read(socket, key));
        }
        if (!connected.await(2, TimeUnit.MINUTES)) {
            throw new IOException(connected.getCount() + " readers were not answered");
        }
        double cpuBefore = child.cpuSeconds(_ -> false);
        int events = produce(keys);
        long resident = child.residentMegabytes();
        int expected = events * (READERS / owners);
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (received.get() < expected && System.nanoTime() < patience) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        double cpu = child.cpuSeconds(_ -> false) - cpuBefore;
        int descriptors = child.openDescriptors();
        for (Socket socket : sockets) {
            socket.close();
        }
        if (broken.get() > 0) {
            throw new IOException(broken.get() + " streams broke");
        }
        return String.format(
                Locale.ROOT,
                "| %d | %d | %,d | %d ms | %d ms | %d ms | %d | %d, %d | %.0f | %d | %.1f |",
                owners,
                eventsPerSecond,
                eventsPerSecond * (READERS / owners),
                lag(0.5),
                lag(0.99),
                lag(1),
                expected - received.get(),
                before,
                resident,
                (resident - before) * 1024.0 / READERS,
                descriptors,
                cpu);
    }

    /** Each signed PUT that is asked for makes a job and an upload: two events. Gives how many events there were. */
    private int produce(List<String> keys) throws IOException, InterruptedException {
        int requests = eventsPerSecond * SECONDS / 2;
        long began = System.nanoTime();
        for (int request = 0; request < requests; request++) {
            long due = began + TimeUnit.SECONDS.toNanos(SECONDS) * request / requests;
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            post(keys.get(request % owners), "/videos/upload-url", "{\"filename\": \"" + request + ".mp4\"}");
        }
        return requests * 2;
    }

    private void read(Socket socket, String key) {
        String request =
                "GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: Bearer " + key
                        + "\r\n\r\n";
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[2 << 10];
            String rest = "";
            boolean begun = false;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                rest += new String(buffer, 0, count, StandardCharsets.US_ASCII);
                if (!begun && rest.contains("retry: ")) {
                    begun = true;
                    connected.countDown();
                }
                for (int end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
                    note(rest.substring(0, end));
                    rest = rest.substring(end + 2);
                }
            }
        } catch (IOException _) {
            if (!socket.isClosed()) {
                broken.incrementAndGet();
            }
        }
    }

    private void note(String message) {
        int at = message.indexOf("\"at\":\"");
        if (at < 0) {
            return; // A heartbeat, or the beginning.
        }
        Instant made = Instant.parse(message.substring(at + 6, message.indexOf('"', at + 6)));
        long lag = Math.clamp(System.currentTimeMillis() - made.toEpochMilli(), 0, LONGEST_LAG);
        lags.incrementAndGet((int) lag);
        received.incrementAndGet();
    }

    /** The lag that this share of deliveries did not exceed, in milliseconds. */
    private int lag(double share) {
        long wanted = (long) Math.ceil(share * received.get());
        long seen = 0;
        for (int lag = 0; lag <= LONGEST_LAG; lag++) {
            seen += lags.get(lag);
            if (seen >= wanted) {
                return lag;
            }
        }
        return LONGEST_LAG;
    }

    private String post(String key, String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(server.url(path)))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static String member(String name, String json) throws IOException {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        if (!matcher.find()) {
            throw new IOException("no " + name + " in " + json);
        }
        return matcher.group(1);
    }
}

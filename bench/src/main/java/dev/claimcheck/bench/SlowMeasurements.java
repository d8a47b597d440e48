package dev.claimcheck.bench;

import dev.claimcheck.bench.SlowConnection.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ten thousand slow uploads at once on one process: whether each arrives, unharmed, and what the others notice of it. */
final class SlowMeasurements {
    private static final int UPLOADS = 10_000;
    private static final int BYTES = 64 << 10;
    private static final int PIECES = 20;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration RAMP = Duration.ofSeconds(19);
    private static final int CUT_PERCENT = 5;
    private static final int SECONDS_OF_POLLS = 40;

    private final Peers.Running server;
    private final String key;
    private final Map<Integer, String> jobs = new ConcurrentHashMap<>();
    private final Map<Integer, Throwable> failures = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();

    private SlowMeasurements(Peers.Running server) throws IOException {
        this.server = server;
        this.key = server.key();
    }

    static List<String> slow(Path folder) throws IOException, InterruptedException {
        Peers.Running server = Peers.claimcheck(folder.resolve("claimcheck"), Map.of(), "api");
        try (Child child = server.child()) {
            return new SlowMeasurements(server).measure(child);
        }
    }

    private List<String> measure(Child child) throws IOException, InterruptedException {
        String polled = "/videos/jobs/" + direct(UPLOADS, 1, Duration.ZERO, false) + "/status";
        double cpuBefore = child.cpuSeconds(_ -> false);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger resident = new AtomicInteger();
        AtomicInteger descriptors = new AtomicInteger();
        Thread watch = Thread.ofPlatform().start(() -> {
            try {
                while (!over.get()) {
                    resident.accumulateAndGet((int) child.residentMegabytes(), Math::max);
                    descriptors.accumulateAndGet(child.openDescriptors(), Math::max);
                    Thread.sleep(500);
                }
            } catch (IOException | InterruptedException e) {
                failures.put(-1, e);
            }
        });
        List<Thread> clients = new ArrayList<>();
        for (int upload = 0; upload < UPLOADS; upload++) {
            int number = upload;
            clients.add(Thread.ofVirtual().start(() -> upload(number)));
        }
        Figures polls = PollMeasurements.paced(server, polled, SECONDS_OF_POLLS);
        for (Thread client : clients) {
            client.join();
        }
        over.set(true);
        watch.join();
        int right = 0;
        for (int upload = 0; upload < UPLOADS; upload++) {
            String job = jobs.get(upload);
            if (job != null
                    && sha256(Files.readAllBytes(server.folder().resolve("objects/sources/" + job)))
                            .equals(sha256(content(upload)))) {
                right++;
            }
        }
        failures.entrySet().stream().limit(5).forEach(failure -> System.err.println("upload " + failure));
        return List.of(
                "## Ten thousand slow uploads at once",
                "",
                String.format(
                        Locale.ROOT,
                        "64 KiB over 20 s each, a third each by tus, in chunks and direct, %d of them cut by a reset in the middle and resumed (direct ones sent again); one process, "
                                + "at most %d uploads open at once, heap limit of the launcher (512 MB), at most %d descriptors of 20,000, %d MB resident, %.0f CPU-seconds.",
                        cuts.get(),
                        most.get(),
                        descriptors.get(),
                        resident.get(),
                        child.cpuSeconds(_ -> false) - cpuBefore),
                "",
                String.format(
                        Locale.ROOT,
                        "%,d of %,d arrived with the right SHA-256. Meanwhile 320 status polls/s over 16 connections: p50 %.1f ms, p99 %.1f ms.",
                        right,
                        UPLOADS,
                        polls.median(),
                        polls.percentile(0.99)));
    }

    private void upload(int number) {
        try {
            Thread.sleep(RAMP.toMillis() * number / UPLOADS);
            boolean cut = new Random(number * 31L).nextInt(100) < CUT_PERCENT;
            jobs.put(
                    number,
                    switch (number % 3) {
                        case 0 -> direct(number, PIECES, PAUSE, cut);
                        case 1 -> tus(number, cut);
                        default -> chunked(number, cut);
                    });
        } catch (IOException | InterruptedException | RuntimeException e) {
            failures.put(number, e);
        }
    }

    private String direct(int number, int pieces, Duration pause, boolean cut)
            throws IOException, InterruptedException {
        byte[] content = content(number);
        String head = "POST /videos/upload?filename=" + number + ".mp4 HTTP/1.1\r\nAuthorization: Bearer " + key;
        if (cut) {
            try (Counted line = connect()) {
                line.connection().head(head, BYTES);
                line.connection().trickle(content, 0, BYTES / 2, pieces / 2, pause);
                line.cut();
            }
        }
        try (Counted line = connect()) {
            line.connection().head(head, BYTES);
            line.connection().trickle(content, 0, BYTES, pieces, pause);
            return job(expect(202, line.connection().reply()).body());
        }
    }

    private String tus(int number, boolean cut) throws IOException, InterruptedException {
        byte[] content = content(number);
        String spoken = " HTTP/1.1\r\nTus-Resumable: 1.0.0\r\nAuthorization: Bearer " + key;
        String metadata = java.util.Base64.getEncoder()
                .encodeToString((number + ".mp4").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        String path;
        int offset = 0;
        try (Counted line = connect()) {
            SlowConnection connection = line.connection();
            connection.head(
                    "POST /videos/tus" + spoken + "\r\nUpload-Length: " + BYTES + "\r\nUpload-Metadata: filename "
                            + metadata,
                    0);
            String location = expect(201, connection.reply()).header("Location");
            path = location.substring(location.indexOf("/videos/"));
            connection.head(patch(path, 0, spoken), BYTES);
            if (!cut) {
                connection.trickle(content, 0, BYTES, PIECES, PAUSE);
                return expect(204, connection.reply()).header("Claimcheck-Job-Id");
            }
            connection.trickle(content, 0, BYTES / 2, PIECES / 2, PAUSE);
            line.cut();
        }
        try (Counted line = connect()) {
            SlowConnection connection = line.connection();
            connection.head("HEAD " + path + spoken, 0);
            offset = Integer.parseInt(expect(200, connection.replyWithoutBody()).header("Upload-Offset"));
            connection.head(patch(path, offset, spoken), BYTES - offset);
            connection.trickle(content, offset, BYTES, PIECES / 2, PAUSE);
            return expect(204, connection.reply()).header("Claimcheck-Job-Id");
        }
    }

    private static String patch(String path, int offset, String spoken) {
        return "PATCH " + path + spoken + "\r\nUpload-Offset: " + offset
                + "\r\nContent-Type: application/offset+octet-stream";
    }

    private String chunked(int number, boolean cut) throws IOException, InterruptedException {
        byte[] content = content(number);
        int half = BYTES / 2;
        String authorized = " HTTP/1.1\r\nAuthorization: Bearer " + key;
        String upload;
        try (Counted line = connect()) {
            SlowConnection connection = line.connection();
            connection.head(
                    "POST /videos/start-chunked-upload?filename=" + number + ".mp4&total_size=" + BYTES + "&chunk_size="
                            + half + authorized,
                    0);
            upload = member("upload_id", expect(201, connection.reply()).body());
            connection.head("PUT /videos/upload-chunk/" + upload + "/1" + authorized, half);
            connection.trickle(content, 0, half, PIECES / 2, PAUSE);
            expect(200, connection.reply());
            connection.head("PUT /videos/upload-chunk/" + upload + "/2" + authorized, half);
            if (!cut) {
                connection.trickle(content, half, BYTES, PIECES / 2, PAUSE);
                return job(expect(200, connection.reply()).body());
            }
            connection.trickle(content, half, half + half / 2, PIECES / 4, PAUSE);
            line.cut();
        }
        try (Counted line = connect()) {
            SlowConnection connection = line.connection();
            connection.head("GET /videos/chunked-uploads/" + upload + authorized, 0);
            if (!expect(200, connection.reply()).body().contains("\"received_chunks\":[1]")) {
                throw new IOException("the first chunk was forgotten");
            }
            connection.head("PUT /videos/upload-chunk/" + upload + "/2" + authorized, half);
            connection.trickle(content, half, BYTES, PIECES / 2, PAUSE);
            return job(expect(200, connection.reply()).body());
        }
    }

    /** A connection that is counted while it is open. */
    private final class Counted implements AutoCloseable {
        private final SlowConnection connection;

        private Counted(SlowConnection connection) {
            this.connection = connection;
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
        }

        SlowConnection connection() {
            return connection;
        }

        void cut() throws IOException {
            cuts.incrementAndGet();
            connection.reset();
        }

        @Override
        public void close() throws IOException {
            open.decrementAndGet();
            connection.close();
        }
    }

    private Counted connect() throws IOException {
        return new Counted(new SlowConnection(server.port()));
    }

    private static byte[] content(int number) {
        byte[] content = new byte[BYTES];
        new Random(number).nextBytes(content);
        return content;
    }

    private static Reply expect(int status, Reply reply) throws IOException {
        if (reply.status() != status) {
            throw new IOException("not " + status + ": " + reply);
        }
        return reply;
    }

    private static String job(String json) throws IOException {
        return member("job_id", json);
    }

    private static String member(String name, String json) throws IOException {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        if (!matcher.find()) {
            throw new IOException("no " + name + " in " + json);
        }
        return matcher.group(1);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

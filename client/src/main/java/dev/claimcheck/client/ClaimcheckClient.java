package dev.claimcheck.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A connection to one Claimcheck service. Thread-safe; make one and keep it. Calls block, and are at home on virtual threads.
 *
 * {@snippet file="ClientExamples.java" region="upload"}
 *
 * <p>Every call throws {@link ClaimcheckException} where the service refuses it or cannot be reached, and {@link InterruptedException} where its thread is interrupted.
 */
public final class ClaimcheckClient implements AutoCloseable {
    private final HttpCalls calls;
    private final InstantSource clock;

    private ClaimcheckClient(HttpCalls calls, InstantSource clock) {
        this.calls = calls;
        this.clock = clock;
    }

    /**
     * A client of the service at {@code base}, with that API key. Connects with the first call.
     *
     * @throws IllegalArgumentException where {@code base} is no http or https address
     */
    public static ClaimcheckClient connect(URI base, String key) {
        return connect(base, key, Patience.USUAL);
    }

    /** The same with another patience, for tests. */
    static ClaimcheckClient connect(URI base, String key, Patience patience) {
        boolean web = "http".equalsIgnoreCase(base.getScheme()) || "https".equalsIgnoreCase(base.getScheme());
        if (!web || base.getHost() == null) {
            throw new IllegalArgumentException("\"" + base + "\" is no address such as https://video.example.org");
        }
        return new ClaimcheckClient(new HttpCalls(base, key, patience), InstantSource.system());
    }

    /** Whole jobs, lists of them, their timelines; retry, cancel, and other options again. */
    public Jobs jobs() {
        return new Jobs(calls);
    }

    /** The event log: pages, and following it. */
    public Events events() {
        return new Events(calls);
    }

    /** Where the service calls back. */
    public Webhooks webhooks() {
        return new Webhooks(calls);
    }

    /** Pictures that jobs can lay over a video. */
    public Watermarks watermarks() {
        return new Watermarks(calls);
    }

    /** Queues, workers, dead letters, keys and owners: for the admin's key. */
    public Administration administration() {
        return new Administration(calls);
    }

    /** A link of the service as a full address. */
    public URI resolve(String link) {
        return calls.base().resolve(link);
    }

    /**
     * Uploads a file under its own name, on the way that fits its size. Trouble that passes is waited out; the service knows the file by its content, so nothing is done
     * twice.
     *
     * @throws ClaimcheckException when the service refuses it or cannot be reached, or the file cannot be read
     */
    public UploadReceipt upload(Path file, UploadListener listener) throws InterruptedException {
        return upload(file, UploadOptions.defaults(), listener);
    }

    /** Uploads a file under another name. */
    public UploadReceipt upload(Path file, String filename, UploadListener listener) throws InterruptedException {
        return upload(file, UploadOptions.defaults().withFilename(filename), listener);
    }

    /**
     * Uploads a file. With a journal among the options, an upload in chunks or by tus that an earlier run began is continued, whatever ended that run: the service is
     * asked what it has, and what is missing is sent. The journal forgets it when it is complete, or when the service refuses it for good.
     *
     * <p>Interrupting the thread ends the upload; it can go on later as after a crash. Files of any size take the same few hundred kilobytes of memory.
     *
     * @throws ClaimcheckException when the service refuses it, cannot be reached for longer than the options' patience, the file cannot be read or changes meanwhile, or
     *     another process is uploading it
     * @throws java.io.UncheckedIOException where the journal cannot be kept
     */
    public UploadReceipt upload(Path file, UploadOptions options, UploadListener listener) throws InterruptedException {
        return new Uploader(calls).upload(file, options, listener);
    }

    /** The job's status now. */
    public JobStatus status(String jobId) throws InterruptedException {
        return JobStatus.of(calls.ask(calls.request("/videos/jobs/" + HttpCalls.encode(jobId) + "/status")
                .GET()
                .build()));
    }

    /** Waits until the job has ended, at most so long. */
    public JobStatus await(String jobId, Duration limit) throws InterruptedException {
        return await(jobId, limit, _ -> {});
    }

    /**
     * Waits until the job has ended, asking on the {@link PollingSchedule}; errors on the way are waited out.
     *
     * @param onChange told of each status that differs from the one before
     * @throws ClaimcheckException with code {@code timeout} when it has not ended in time; the job itself goes on
     */
    public JobStatus await(String jobId, Duration limit, Consumer<JobStatus> onChange) throws InterruptedException {
        PollingSchedule schedule = new PollingSchedule(ThreadLocalRandom.current());
        long began = clock.millis();
        Optional<String> etag = Optional.empty();
        Optional<JobStatus> last = Optional.empty();
        while (true) {
            Duration since = Duration.ofMillis(clock.millis() - began);
            Duration wait;
            try {
                HttpRequest.Builder request = calls.request("/videos/jobs/" + HttpCalls.encode(jobId) + "/status");
                etag.ifPresent(value -> request.header("If-None-Match", value));
                HttpResponse<String> response = calls.send(request.GET().build());
                if (response.statusCode() != 304) {
                    last = Optional.of(JobStatus.of(HttpCalls.body(response)));
                    etag = response.headers().firstValue("ETag");
                    onChange.accept(last.get());
                }
                if (last.isPresent() && last.get().hasEnded()) {
                    return last.get();
                }
                wait = schedule.afterAnswer(since, HttpCalls.retryAfter(response));
            } catch (ClaimcheckException e) {
                if (!e.isPassing()) {
                    throw e;
                }
                wait = schedule.afterError(e.retryAfter());
            }
            if (since.plus(wait).compareTo(limit) > 0) {
                throw new ClaimcheckException(
                        0,
                        "timeout",
                        "The job has not ended after " + limit.toSeconds()
                                + " s. It goes on; ask for its status later.");
            }
            pause(wait);
        }
    }

    /**
     * Closes the connections. Calls that are under way, and later ones, end with {@link ClaimcheckException#CLOSED}. A client that lives as long as its program need not be closed, but a program that closes it ends sooner.
     */
    @Override
    public void close() {
        calls.close();
    }

    private static void pause(Duration duration) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    }
}

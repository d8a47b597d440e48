package dev.claimcheck.e2e;

import com.sun.net.httpserver.HttpServer;
import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.ClaimcheckException;
import dev.claimcheck.client.Event;
import dev.claimcheck.client.EventFollower;
import dev.claimcheck.client.Events;
import dev.claimcheck.client.Job;
import dev.claimcheck.client.JobQuery;
import dev.claimcheck.client.JobStatus;
import dev.claimcheck.client.JobStep;
import dev.claimcheck.client.ProcessingOptions;
import dev.claimcheck.client.UploadJournal;
import dev.claimcheck.client.UploadOptions;
import dev.claimcheck.client.UploadReceipt;
import dev.claimcheck.client.UploadWay;
import dev.claimcheck.client.WebhookDelivery;
import dev.claimcheck.client.WebhookRejectedException;
import dev.claimcheck.client.WebhookVerifier;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The examples of the Java client's documentation, which shows them from here. {@link ClientExamplesIT} runs them. */
final class ClientExamples {
    private ClientExamples() {}

    static URI upload(URI server, String key, Path file) throws InterruptedException {
        // @start region="upload"
        ClaimcheckClient client = ClaimcheckClient.connect(server, key);
        UploadReceipt receipt = client.upload(file, (sent, total) -> System.out.printf("%d of %d%n", sent, total));
        JobStatus status = client.await(receipt.jobId(), Duration.ofHours(1));
        if (!status.isCompleted()) {
            throw new IllegalStateException(
                    status.failure().map(JobStatus.Failure::message).orElse(status.status()));
        }
        URI video = client.resolve(status.videoUrl().orElseThrow());
        // @end
        return video;
    }

    static UploadReceipt options(ClaimcheckClient client, Path file, Path journal) throws InterruptedException {
        // @start region="options"
        UploadOptions options = UploadOptions.defaults()
                .via(UploadWay.CHUNKED) // else by size
                .withParallel(8)
                .withJournal(UploadJournal.inFolder(journal)) // goes on after a crash
                .withProcessing(ProcessingOptions.NONE
                        .withProfile("preview")
                        .withClip(Optional.of(new BigDecimal("0.5")), Optional.empty()));
        UploadReceipt receipt = client.upload(file, options, (sent, total) -> {});
        // @end
        return receipt;
    }

    static List<String> jobs(ClaimcheckClient client, String jobId) throws InterruptedException {
        // @start region="jobs"
        Job job = client.jobs().get(jobId);
        for (JobStep step : job.steps()) {
            System.out.printf("%-16s %s%n", step.name(), step.status());
        }
        for (Job.Output output : job.outputs()) {
            System.out.printf("%s (%d bytes): %s%n", output.path(), output.size(), client.resolve(output.url()));
        }

        List<String> completed = client.jobs().stream(JobQuery.ALL.withStatuses(List.of("COMPLETED")))
                .map(JobStatus::filename)
                .toList();
        // @end
        return completed;
    }

    static String errors(ClaimcheckClient client, String jobId) throws InterruptedException {
        // @start region="errors"
        try {
            client.jobs().cancel(jobId);
        } catch (ClaimcheckException e) {
            if (e.code().equals("conflict")) { // it has ended already
                return e.code();
            }
            throw e;
        }
        // @end
        return "";
    }

    static List<String> events(ClaimcheckClient client, String jobId) {
        List<String> types = new ArrayList<>();
        // @start region="events"
        try (EventFollower events = client.events().iterateJob(jobId)) {
            while (events.hasNext()) { // waits for the next one, until the job has ended
                Event event = events.next();
                types.add(event.type());
            }
        }
        // @end
        return types;
    }

    static String bookkeeping(ClaimcheckClient client, Set<String> ended, int enough) {
        // @start region="bookkeeping"
        String cursor = Events.BEGINNING; // or what you kept the last time
        try (EventFollower events = client.events().iterate(cursor)) {
            while (ended.size() < enough && events.hasNext()) {
                Event event = events.next();
                if (event.isEndOfJob()) {
                    ended.add(event.jobId());
                }
                cursor = events.cursor(); // keep it together with what you did
            }
        }
        // @end
        return cursor;
    }

    static HttpServer webhook(String secret, List<String> handled) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        // @start region="webhook"
        WebhookVerifier verifier = WebhookVerifier.of(secret);
        Set<String> seen = new HashSet<>(); // in a database, of course
        server.createContext("/claimcheck", exchange -> {
            int answer = 204;
            try {
                WebhookDelivery delivery = verifier.verify(
                        exchange.getRequestHeaders()::getFirst,
                        exchange.getRequestBody().readAllBytes());
                if (seen.add(delivery.id())) { // a delivery may come again
                    handled.add(delivery.type());
                }
            } catch (WebhookRejectedException e) {
                answer = 400;
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        // @end
        server.start();
        return server;
    }
}

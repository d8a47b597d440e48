package dev.claimcheck.http;

import dev.claimcheck.access.ApiKeys;
import dev.claimcheck.access.ConsoleLinks;
import dev.claimcheck.access.LinkSigner;
import dev.claimcheck.access.SealedSecrets;
import dev.claimcheck.database.Database;
import dev.claimcheck.estimate.ForecastLedger;
import dev.claimcheck.estimate.Outlooks;
import dev.claimcheck.events.EventFeed;
import dev.claimcheck.events.EventLog;
import dev.claimcheck.events.JobChanges;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobListing;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.ProductCounts;
import dev.claimcheck.job.Reprocessing;
import dev.claimcheck.job.Timelines;
import dev.claimcheck.operations.Operations;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.upload.UploadWays;
import dev.claimcheck.upload.Uploads;
import dev.claimcheck.watermark.Watermarks;
import dev.claimcheck.webhook.Webhooks;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.BooleanSupplier;

/** Every route, put together. Reading it is reading the interface. */
public final class HttpApi implements AutoCloseable {
    private final HttpServer server;
    private final IdempotencyKeys idempotencyKeys;
    private final EventFeed feed;
    private final List<String> routes;

    private HttpApi(HttpServer server, IdempotencyKeys idempotencyKeys, EventFeed feed, List<String> routes) {
        this.routes = routes;
        this.server = server;
        this.idempotencyKeys = idempotencyKeys;
        this.feed = feed;
    }

    /** What the routes need. */
    public record Parts(
            ApiKeys keys,
            ConsoleLinks consoleLinks,
            LinkSigner links,
            Uploads uploads,
            UploadWays ways,
            Watermarks watermarks,
            JobQueries jobs,
            Outlooks outlooks,
            ForecastLedger forecasts,
            JobListing listing,
            Timelines timelines,
            JobControl control,
            Reprocessing reprocessing,
            JobChanges changes,
            ProductCounts products,
            Operations operations,
            EventLog log,
            EventFeed feed,
            Webhooks webhooks,
            ObjectStore store,
            Database database,
            Map<String, BooleanSupplier> readiness,
            InstantSource clock) {}

    /**
     * How to listen.
     *
     * @param publicUrl what links start with; empty for absolute paths
     * @param profiles that jobs may ask for
     * @param origins of pages that may use the API from a browser; {@code *} is any
     */
    public record Settings(
            String host,
            int port,
            String publicUrl,
            Duration idleTimeout,
            BodyLimits bodyLimits,
            Set<String> origins,
            SortedSet<String> profiles) {}

    /** Starts to answer; health alone where this process has not the role {@code api}. */
    public static HttpApi start(Settings settings, Parts parts, boolean healthOnly) throws IOException {
        Router router = new Router();
        new HealthRoutes(parts.readiness()).addTo(router);
        IdempotencyKeys keys =
                new IdempotencyKeys(parts.database(), SealedSecrets.open(parts.database(), "idempotency"));
        try {
            if (!healthOnly) {
                addRoutes(router, settings, parts, keys);
            }
            Cors cors = new Cors(settings.origins());
            HttpServer server = new HttpServer(
                    settings.host(),
                    settings.port(),
                    settings.idleTimeout(),
                    new RootHandler(router, parts.keys(), new Problems(), cors, settings.bodyLimits()),
                    new PlainErrors(cors));
            return new HttpApi(server, keys, parts.feed(), router.names());
        } catch (IOException | RuntimeException e) {
            keys.close();
            throw e;
        }
    }

    /** Where it listens. */
    public java.net.URI address() {
        return server.address();
    }

    /** Every route, such as {@code GET /videos/jobs/{job_id}}. */
    public List<String> routes() {
        return routes;
    }

    @Override
    public void close() {
        feed.close(); // Streams never end by themselves; the server would wait for them.
        server.close();
        idempotencyKeys.close();
    }

    private static void addRoutes(Router router, Settings settings, Parts parts, IdempotencyKeys keys) {
        JobJson json = new JobJson(parts.links(), parts.outlooks(), settings.publicUrl());
        StatusCache cache = new StatusCache(parts.jobs(), json, parts.changes(), parts.links(), parts.clock());
        StatusRoute status = new StatusRoute(cache, parts.clock());
        MediaRoute media = new MediaRoute(parts.links(), parts.jobs(), parts.store(), parts.clock());
        ProcessingReader processing = new ProcessingReader(settings.profiles(), parts.watermarks()::exists);
        UploadAnswers answers = new UploadAnswers(json, processing);
        Idempotency once = new Idempotency(keys, parts.ways().settings().maxSize());
        addUploads(router, settings, parts, answers, once);
        new WatermarkRoutes(parts.watermarks()).addTo(router, once);
        router.on("GET", "/videos/jobs/{job_id}/status", Router.Access.KEY, status::tryAnswer, status::answer)
                .on("GET", "/media/{token}/{job_id}/{path...}", Router.Access.OPEN, media::answer)
                .on(
                        "GET",
                        "/metrics",
                        Router.Access.KEY,
                        new MetricsRoute(parts.database(), parts.store(), parts.products(), parts.forecasts())::answer);
        JobAccess access = new JobAccess(parts.jobs());
        new JobListRoutes(parts.listing(), json, parts.clock()).addTo(router);
        new JobRoutes(parts.jobs(), parts.control(), parts.reprocessing(), access, answers, json, parts.clock())
                .addTo(router, once);
        new TimelineRoutes(
                        parts.timelines(),
                        parts.jobs(),
                        parts.control(),
                        access,
                        parts.links(),
                        json,
                        settings.publicUrl(),
                        parts.clock())
                .addTo(router, once);
        new EventRoutes(parts.log(), parts.feed(), parts.jobs(), access, cache).addTo(router);
        new OperationsRoutes(parts.operations(), parts.store(), parts.changes()).addTo(router, once);
        new WebhookRoutes(parts.webhooks()).addTo(router, once);
        new AccessRoutes(parts.keys(), parts.consoleLinks(), settings.publicUrl()).addTo(router, once);
        new ReferenceRoutes().addTo(router);
        new ConsoleRoutes().addTo(router);
    }

    private static void addUploads(
            Router router, Settings settings, Parts parts, UploadAnswers answers, Idempotency once) {
        UploadWays ways = parts.ways();
        long maxSize = ways.settings().maxSize();
        PresignedRoutes presigned =
                new PresignedRoutes(ways.presigned(), ways.signedPuts(), answers, settings.publicUrl(), maxSize);
        ChunkRoutes chunks = new ChunkRoutes(ways.chunked(), answers);
        S3MultipartRoutes multipart = new S3MultipartRoutes(chunks, ways.chunked(), answers);
        InstantRoutes instant = new InstantRoutes(ways.instant(), answers);
        TusRoutes tus = new TusRoutes(ways.resumable(), ways.settings(), answers, settings.publicUrl());
        ResumableRoutes resumable = new ResumableRoutes(ways.resumable(), ways.settings(), answers, tus, parts.clock());
        UploadRoute direct = new UploadRoute(parts.uploads(), answers, ways.settings());
        String chunk = "/videos/upload-chunk/{upload_id}/{chunk_number}";
        String session = "/videos/chunked-uploads/{upload_id}";
        String s3Multipart = S3MultipartRoutes.PATH + "/{upload_id}";
        String upload = TusRoutes.PATH + "/{upload_id}";
        router.on("POST", "/videos/upload", Router.Access.KEY, once.honoured(direct::answer))
                .on("POST", "/videos/upload-url", Router.Access.KEY, once.honoured(presigned::create))
                .on("PUT", "/videos/presigned/{token}", Router.Access.OPEN, presigned::put)
                .on("POST", "/videos/upload-complete", Router.Access.KEY, presigned::complete)
                .on("POST", "/videos/storage-events", Router.Access.KEY, presigned::events)
                .on("POST", "/videos/start-chunked-upload", Router.Access.KEY, once.honoured(chunks::start))
                .on("PUT", chunk, Router.Access.KEY, chunks::chunk)
                .on("POST", chunk, Router.Access.KEY, chunks::chunk)
                .on("GET", session, Router.Access.KEY, chunks::look)
                .on("DELETE", session, Router.Access.KEY, chunks::end)
                .on("POST", S3MultipartRoutes.PATH, Router.Access.KEY, once.honoured(multipart::create))
                .on("PUT", s3Multipart + "/{chunk_number}", Router.Access.KEY, chunks::chunk)
                .on("GET", s3Multipart, Router.Access.KEY, multipart::list)
                .on("POST", s3Multipart, Router.Access.KEY, multipart::complete)
                .on("DELETE", s3Multipart, Router.Access.KEY, chunks::end)
                .on("POST", "/videos/instant-upload", Router.Access.KEY, once.honoured(instant::ask))
                .on("POST", "/videos/instant-upload/{challenge_id}", Router.Access.KEY, once.honoured(instant::prove))
                .on("OPTIONS", TusRoutes.PATH, Router.Access.OPEN, resumable::options)
                .on("OPTIONS", upload, Router.Access.OPEN, resumable::options)
                .on("POST", TusRoutes.PATH, Router.Access.KEY, once.honoured(resumable::create))
                .on("HEAD", upload, Router.Access.KEY, resumable::head)
                .on("GET", upload, Router.Access.KEY, resumable::head)
                .on("PATCH", upload, Router.Access.KEY, resumable::patch)
                .on("DELETE", upload, Router.Access.KEY, resumable::delete);
    }
}

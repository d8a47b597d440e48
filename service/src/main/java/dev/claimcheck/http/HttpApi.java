package dev.claimcheck.http;

import dev.claimcheck.access.ApiKeys;
import dev.claimcheck.access.ConsoleLinks;
import dev.claimcheck.access.LinkSigner;
import dev.claimcheck.database.Database;
import dev.claimcheck.events.JobChanges;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.storage.LocalFiles;
import dev.claimcheck.upload.Uploads;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Every route, put together. Reading it is reading the interface. */
public final class HttpApi {
    private HttpApi() {}

    /** What the routes need. */
    public record Parts(
            ApiKeys keys,
            ConsoleLinks consoleLinks,
            LinkSigner links,
            Uploads uploads,
            JobQueries jobs,
            JobControl control,
            JobChanges changes,
            LocalFiles files,
            Database database,
            Map<String, BooleanSupplier> readiness,
            InstantSource clock) {}

    /**
     * How to listen.
     *
     * @param publicUrl what links start with; empty for absolute paths
     * @param maxUpload in bytes
     */
    public record Settings(String host, int port, String publicUrl, long maxUpload, Duration idleTimeout) {}

    /** Starts to answer; health alone where this process has not the role {@code api}. */
    public static HttpServer start(Settings settings, Parts parts, boolean healthOnly) throws IOException {
        Router router = new Router();
        new HealthRoutes(parts.readiness()).addTo(router);
        if (!healthOnly) {
            JobJson json = new JobJson(parts.links(), settings.publicUrl());
            StatusCache cache = new StatusCache(parts.jobs(), json, parts.changes(), parts.links(), parts.clock());
            StatusRoute status = new StatusRoute(cache, parts.clock());
            MediaRoute media = new MediaRoute(parts.links(), parts.jobs(), parts.files(), parts.clock());
            router.on(
                            "POST",
                            "/videos/upload",
                            Router.Access.KEY,
                            new UploadRoute(parts.uploads(), json, settings.maxUpload())::answer)
                    .on("GET", "/videos/jobs/{job_id}/status", Router.Access.KEY, status::tryAnswer, status::answer)
                    .on("GET", "/media/{token}/{job_id}/{path...}", Router.Access.OPEN, media::answer)
                    .on("OPTIONS", "/media/{token}/{job_id}/{path...}", Router.Access.OPEN, media::preflight)
                    .on("GET", "/metrics", Router.Access.KEY, new MetricsRoute(parts.database())::answer);
            new JobRoutes(parts.jobs(), parts.control(), json, parts.clock()).addTo(router);
            new AccessRoutes(parts.keys(), parts.consoleLinks(), settings.publicUrl()).addTo(router);
            new ConsoleRoutes().addTo(router);
        }
        return new HttpServer(
                settings.host(),
                settings.port(),
                settings.idleTimeout(),
                new RootHandler(router, parts.keys(), new Problems()));
    }
}

package dev.claimcheck;

import dev.claimcheck.access.AdminKeyFile;
import dev.claimcheck.access.ApiKeys;
import dev.claimcheck.access.ConsoleLinks;
import dev.claimcheck.access.InstallationSecrets;
import dev.claimcheck.access.LinkSigner;
import dev.claimcheck.access.Principal;
import dev.claimcheck.access.Role;
import dev.claimcheck.config.ServiceConfig;
import dev.claimcheck.database.Database;
import dev.claimcheck.database.EmbeddedPostgres;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.database.PostgresAddress;
import dev.claimcheck.estimate.ForecastLedger;
import dev.claimcheck.estimate.Outlooks;
import dev.claimcheck.estimate.WorkRecorder;
import dev.claimcheck.events.EventFeed;
import dev.claimcheck.events.EventLog;
import dev.claimcheck.events.EventRetention;
import dev.claimcheck.events.EventTail;
import dev.claimcheck.events.JobChanges;
import dev.claimcheck.http.BodyLimits;
import dev.claimcheck.http.HttpApi;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobIntake;
import dev.claimcheck.job.JobListing;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.Reprocessing;
import dev.claimcheck.job.RetryPolicy;
import dev.claimcheck.job.StepOutcomes;
import dev.claimcheck.job.Timelines;
import dev.claimcheck.job.WorkerRegistry;
import dev.claimcheck.media.FfmpegInstallation;
import dev.claimcheck.media.FfmpegSettings;
import dev.claimcheck.media.FfmpegTools;
import dev.claimcheck.media.Isolation;
import dev.claimcheck.media.MediaProbe;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.StrayProcesses;
import dev.claimcheck.operations.DataFolder;
import dev.claimcheck.operations.GarbageSweeper;
import dev.claimcheck.operations.Logging;
import dev.claimcheck.operations.Operations;
import dev.claimcheck.operations.QueueSampler;
import dev.claimcheck.pipeline.PictureSteps;
import dev.claimcheck.pipeline.PipelinePlanner;
import dev.claimcheck.pipeline.StepHandlers;
import dev.claimcheck.queue.postgres.PostgresStepQueue;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.upload.UploadSigner;
import dev.claimcheck.upload.UploadWays;
import dev.claimcheck.upload.Uploads;
import dev.claimcheck.watermark.Watermarks;
import dev.claimcheck.webhook.Webhooks;
import dev.claimcheck.worker.WorkerRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service: the one place where its parts are put together. */
public final class Application implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    private final Closing closing = new Closing();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ServiceConfig config;
    private final ConsoleLinks consoleLinks;
    private final FfmpegTools tools;
    private final String isolationWords;
    private final HttpApi http;
    private final boolean firstStart;

    /**
     * Starts the service and returns when it answers.
     *
     * @throws dev.claimcheck.config.ConfigProblems listing every problem of the configuration
     * @throws IOException when a part does not start; the message says which and why. What had started is stopped again
     */
    public static Application start(ServiceConfig config) throws IOException {
        Logging.configure(config.log().level(), config.log().json());
        return new Application(config);
    }

    private Application(ServiceConfig config) throws IOException {
        this.config = config;
        try {
            InstantSource clock = InstantSource.system();
            DataFolder data = closing.add("data folder", DataFolder.open(config.data()));
            PostgresAddress address = database(data);
            Database database = closing.add(
                    "database", Database.open(address, config.database().poolSize()));
            Notifications notifications = closing.add("notifications", new Notifications(address));
            ObjectStore store = ObjectStores.open(config, data.root());
            if (store instanceof AutoCloseable connected) {
                closing.add("object store", connected);
            }

            ApiKeys keys = new ApiKeys(database, notifications, clock);
            firstStart = AdminKeyFile.ensure(adminKeyFile(), keys);
            consoleLinks = new ConsoleLinks(database, keys);
            LinkSigner links = LinkSigner.open(database, config.linksValidFor());

            JobIntake intake = new JobIntake(database);
            JobControl control = new JobControl(database);
            JobQueries jobs = new JobQueries(database);
            Outlooks outlooks = new Outlooks(database);
            Leases leases = new Leases(database, config.lease().duration());
            StepOutcomes outcomes = new StepOutcomes(
                    database,
                    new RetryPolicy(config.retry().maxRetries(), config.retry().baseDelay()),
                    PartSettings.retention(config),
                    new SecureRandom());
            PostgresStepQueue queue = new PostgresStepQueue(
                    database, notifications, config.lease().duration());
            EventLog log = new EventLog(database);
            log.adopt();
            closing.add("event retention", new EventRetention(log, config.eventRetention()));
            EventTail tail = closing.add("event tail", new EventTail(log, notifications));
            JobChanges changes = new JobChanges(tail, notifications);
            EventFeed feed = closing.add("event feed", new EventFeed(database, log, tail, changes));
            Webhooks webhooks = new Webhooks(
                    database, notifications, tail, PartSettings.webhooks(config), data.workerName(), clock);
            if (config.roles().contains(ServiceConfig.Role.API)) {
                closing.add("webhooks", webhooks.start());
            }
            Uploads uploads = new Uploads(store, intake, PipelinePlanner::first, clock);
            UploadWays ways = closing.add(
                    "uploads",
                    UploadWays.open(
                            database,
                            store,
                            PartSettings.firstSteps(),
                            signer(database),
                            PartSettings.upload(config, data),
                            clock));

            tools = FfmpegInstallation.locate(
                    new FfmpegSettings(config.media().ffmpeg()), data.root().resolve("programs"));
            Isolation isolation = Isolation.choose(PartSettings.sandbox(config), tools, data.root());
            isolationWords = isolation.words();
            MediaProcesses processes = new MediaProcesses(tools, isolation, PartSettings.limits(config));
            MediaProbe probe = new MediaProbe(
                    processes,
                    config.media().maxDuration().toSeconds(),
                    config.media().maxPixels());

            Map<String, BooleanSupplier> readiness = new LinkedHashMap<>();
            readiness.put("database", database::isReachable);
            readiness.put("events", changes::current);
            closing.add("queue sampler", new QueueSampler(database));
            closing.add("sweeper", new GarbageSweeper(database, store, PartSettings.orphanAge(config), clock));
            if (config.roles().contains(ServiceConfig.Role.WORKER)) {
                Path scratch = data.root().resolve("scratch");
                StrayProcesses.endBelow(tools, scratch);
                WorkerRole.Settings settings = new WorkerRole.Settings(
                        data.workerName(),
                        host(),
                        config.concurrency(),
                        scratch,
                        config.lease().duration(),
                        config.lease().renewEvery(),
                        config.drainGrace());
                WorkRecorder recorder = closing.add("work recorder", new WorkRecorder(database, jobs, outlooks, clock));
                WorkerRole worker = closing.add(
                        "worker",
                        new WorkerRole(
                                settings,
                                queue,
                                notifications,
                                leases,
                                new WorkerRegistry(database, config.lease().duration()),
                                recorder,
                                outcomes,
                                jobs,
                                store,
                                StepHandlers.all(
                                        processes,
                                        probe,
                                        config.profiles(),
                                        new PictureSteps(config.media().waveform()))));
                readiness.put("worker", worker::isRunning);
            }
            http = closing.add(
                    "http",
                    HttpApi.start(
                            new HttpApi.Settings(
                                    config.http().host(),
                                    config.http().port(),
                                    config.http().publicUrl().orElse(""),
                                    config.upload().idleTimeout(),
                                    new BodyLimits(
                                            config.upload().minRate().bytes(),
                                            config.upload().minRateOver(),
                                            config.upload().maxTime()),
                                    config.http().corsOrigins(),
                                    config.profiles().names()),
                            new HttpApi.Parts(
                                    keys,
                                    consoleLinks,
                                    links,
                                    uploads,
                                    ways,
                                    new Watermarks(database, store),
                                    jobs,
                                    outlooks,
                                    new ForecastLedger(database),
                                    new JobListing(database, jobs),
                                    new Timelines(database),
                                    control,
                                    new Reprocessing(database, PipelinePlanner::first, clock),
                                    changes,
                                    outcomes.products(),
                                    Operations.of(database, control),
                                    log,
                                    feed,
                                    webhooks,
                                    store,
                                    database,
                                    readiness,
                                    clock),
                            !config.roles().contains(ServiceConfig.Role.API)));
            data.announce(http.address().toString());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        LOG.atInfo()
                .addKeyValue("address", http.address())
                .addKeyValue("ffmpeg", tools.version() + " (" + tools.origin() + ")")
                .addKeyValue("isolation", isolationWords)
                .addKeyValue("objects", config.storage().s3().isPresent() ? "s3" : "files")
                .addKeyValue("database", config.database().url().isPresent() ? "external" : "embedded")
                .log("ready");
    }

    /** Where it listens. */
    public URI address() {
        return http.address();
    }

    /** Every route that it answers, such as {@code GET /videos/jobs/{job_id}}. */
    public List<String> routes() {
        return http.routes();
    }

    /** The ffmpeg in use. */
    public FfmpegTools tools() {
        return tools;
    }

    /** The file with the admin's key. */
    public Path adminKeyFile() {
        return config.data().resolve("admin-key");
    }

    /** Whether the admin's key was just made. */
    public boolean isFirstStart() {
        return firstStart;
    }

    /** A fresh one-click link to the console; it works once, for a quarter of an hour. */
    public String consoleLink() {
        String base = config.http().publicUrl().orElse(address().toString());
        return base + "/#token=" + consoleLinks.createToken(new Principal(AdminKeyFile.OWNER, Role.ADMIN));
    }

    /** Waits until {@link #close} has been called. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Stops: no new requests, running steps get their grace period and then go back to the queue, the database ends last. */
    @Override
    public void close() {
        closing.close();
        stopped.countDown();
    }

    private PostgresAddress database(DataFolder data) throws IOException {
        Optional<String> url = config.database().url();
        if (url.isPresent()) {
            return PostgresAddress.parse(url.get());
        }
        return closing.add(
                        "postgres",
                        EmbeddedPostgres.start(
                                data.root().resolve("postgres"),
                                config.database().embeddedPort()))
                .address();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "unknown"; // Only for people to read.
        }
    }

    private static UploadSigner signer(Database database) {
        return new UploadSigner(InstallationSecrets.get(database, "uploads"));
    }
}

package dev.claimcheck.cli;

import dev.claimcheck.Application;
import dev.claimcheck.config.ServiceConfig;
import dev.claimcheck.config.Setting;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the service until it is stopped. */
@Command(
        name = "serve",
        description =
                "Run the service. With nothing configured it brings its own Postgres and ffmpeg and keeps everything in one folder.",
        footer = {
            "",
            "Examples:",
            "  claimcheck serve --data /var/lib/claimcheck --port 8080",
            "  claimcheck serve --roles worker --set queues.video_processing.concurrency=4"
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of everything the service keeps (default ./claimcheck-data).")
    private @Nullable String data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port to listen on; 0 takes any free one (default 8080).")
    private @Nullable String port;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Address to listen on (default 127.0.0.1).")
    private @Nullable String host;

    @Option(names = "--roles", paramLabel = "ROLES", description = "api, worker, or both (default both).")
    private @Nullable String roles;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file (default claimcheck.yaml here or in the data folder).")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any setting of docs/configuration.md; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        Application application =
                Application.start(ServiceConfig.load(flags(), System.getenv(), Optional.ofNullable(config)));
        Runtime.getRuntime().addShutdownHook(new Thread(application::close, "stop"));
        PrintWriter out = spec.commandLine().getOut();
        out.println("Claimcheck is ready at " + application.address());
        out.println("  Admin key: " + application.adminKeyFile() + (application.isFirstStart() ? " (just made)" : ""));
        out.println("  Console:   " + application.consoleLink() + "  (works once, within 15 minutes)");
        out.flush();
        application.awaitStop();
        return ExitCode.OK;
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>(settings);
        Optional.ofNullable(data).ifPresent(value -> flags.put(Setting.DATA.key(), value));
        Optional.ofNullable(port).ifPresent(value -> flags.put(Setting.PORT.key(), value));
        Optional.ofNullable(host).ifPresent(value -> flags.put(Setting.HOST.key(), value));
        Optional.ofNullable(roles).ifPresent(value -> flags.put(Setting.ROLES.key(), value));
        return flags;
    }
}

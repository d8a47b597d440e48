package dev.claimcheck.config;

import com.sun.management.OperatingSystemMXBean;
import dev.claimcheck.config.ServiceConfig.Role;
import dev.claimcheck.config.ServiceConfig.SourceRetention;
import dev.claimcheck.job.QueueName;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Turns texts into a {@link ServiceConfig}, collecting every problem instead of stopping at the first. */
final class ConfigReader {
    private final SettingSources sources;
    private final List<String> problems;

    ConfigReader(SettingSources sources) {
        this.sources = sources;
        this.problems = new ArrayList<>(sources.problems());
    }

    static Optional<Path> defaultFile(Map<String, String> flags, Map<String, String> environment) {
        String data = Optional.ofNullable(flags.get(Setting.DATA.key()))
                .or(() -> Optional.ofNullable(environment.get(Setting.DATA.environmentVariable())))
                .orElse(Setting.DATA.defaultText());
        return Stream.of(Path.of("claimcheck.yaml"), Path.of(data, "claimcheck.yaml"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    ServiceConfig read() {
        ServiceConfig config = new ServiceConfig(
                value(Setting.DATA, text -> Path.of(text).toAbsolutePath().normalize()),
                new ServiceConfig.Http(
                        value(Setting.HOST, ConfigReader::nonEmpty),
                        integer(Setting.PORT, 0, 65_535),
                        publicUrl(),
                        value(Setting.CORS_ORIGINS, ConfigReader::origins)),
                value(Setting.ROLES, ConfigReader::roles),
                new ServiceConfig.Database(
                        databaseUrl(),
                        integer(Setting.DATABASE_POOL_SIZE, 4, 1_000),
                        integer(Setting.DATABASE_EMBEDDED_PORT, 0, 65_535)),
                new ServiceConfig.Storage(
                        value(Setting.STORAGE_FSYNC, ConfigReader::yesOrNo), new S3Reader(this, problems).read()),
                new ServiceConfig.Upload(
                        value(Setting.UPLOAD_MAX_SIZE, ByteSize::parse),
                        value(Setting.UPLOAD_CONTENT_TYPES, ConfigReader::contentTypes),
                        value(Setting.UPLOAD_MIN_FREE_DISK, ByteSize::parse),
                        duration(Setting.UPLOAD_IDLE_TIMEOUT, Duration.ofSeconds(1)),
                        duration(Setting.UPLOAD_EXPIRES_AFTER, Duration.ofSeconds(1)),
                        value(Setting.UPLOAD_MIN_RATE, ByteSize::parse),
                        duration(Setting.UPLOAD_MIN_RATE_OVER, Duration.ofSeconds(1)),
                        duration(Setting.UPLOAD_MAX_TIME, Duration.ofSeconds(1)),
                        value(Setting.UPLOAD_HASH_WHILE_STREAMING, ConfigReader::yesOrNo)),
                value(Setting.RETENTION_SOURCE, ConfigReader::retention),
                duration(Setting.RETENTION_EVENTS, Duration.ofMinutes(1)),
                new ServiceConfig.Webhooks(
                        value(Setting.WEBHOOKS_ALLOW_PRIVATE, ConfigReader::yesOrNo),
                        duration(Setting.WEBHOOKS_TIMEOUT, Duration.ofMillis(100)),
                        duration(Setting.WEBHOOKS_BASE_DELAY, Duration.ofMillis(1)),
                        duration(Setting.WEBHOOKS_GIVE_UP_AFTER, Duration.ofSeconds(1)),
                        duration(Setting.WEBHOOKS_DISABLE_AFTER, Duration.ofSeconds(1)),
                        duration(Setting.WEBHOOKS_RETENTION, Duration.ofMinutes(1)),
                        integer(Setting.WEBHOOKS_CONCURRENCY, 1, 100)),
                duration(Setting.LINKS_VALID_FOR, Duration.ofMinutes(1)),
                Map.of(
                        QueueName.METADATA, integer(Setting.QUEUES_METADATA_CONCURRENCY, 1, 1_000),
                        QueueName.THUMBNAILS, integer(Setting.QUEUES_THUMBNAILS_CONCURRENCY, 1, 1_000),
                        QueueName.VIDEO_PROCESSING,
                                value(Setting.QUEUES_VIDEO_PROCESSING_CONCURRENCY, ConfigReader::transcodes)),
                lease(),
                new ServiceConfig.Retry(
                        integer(Setting.RETRY_MAX_RETRIES, 0, 100),
                        duration(Setting.RETRY_BASE_DELAY, Duration.ofMillis(1))),
                duration(Setting.WORKER_DRAIN_GRACE, Duration.ZERO),
                new ServiceConfig.Media(
                        value(Setting.MEDIA_FFMPEG, ConfigReader::nonEmpty),
                        value(
                                Setting.MEDIA_SANDBOX,
                                text -> ServiceConfig.Sandbox.valueOf(
                                        oneOf(text, "auto", "required", "off").toUpperCase(Locale.ROOT))),
                        value(Setting.MEDIA_NICE, ConfigReader::niceness),
                        duration(Setting.MEDIA_NO_PROGRESS_TIMEOUT, Duration.ofSeconds(1)),
                        duration(Setting.MEDIA_MAX_DURATION, Duration.ofSeconds(1)),
                        value(Setting.MEDIA_MAX_OUTPUT_SIZE, ByteSize::parse),
                        value(Setting.MEDIA_MAX_MEMORY, ConfigReader::memory),
                        duration(Setting.MEDIA_MAX_CPU_TIME, Duration.ofSeconds(1)),
                        integer(Setting.MEDIA_MAX_PIXELS, 1, Integer.MAX_VALUE),
                        value(Setting.MEDIA_WAVEFORM, ConfigReader::yesOrNo)),
                new ProfilesReader(problems).read(sources.profiles()),
                new ServiceConfig.Log(
                        value(Setting.LOG_LEVEL, text -> oneOf(text, "error", "warn", "info", "debug")),
                        value(Setting.LOG_FORMAT, text -> oneOf(text, "text", "json"))
                                .equals("json")));
        if (!problems.isEmpty()) {
            throw new ConfigProblems(problems);
        }
        return config;
    }

    private ServiceConfig.Lease lease() {
        Duration duration = duration(Setting.LEASE_DURATION, Duration.ofSeconds(1));
        Duration renewEvery = duration(Setting.LEASE_RENEW_EVERY, Duration.ofMillis(100));
        if (renewEvery.multipliedBy(3).compareTo(duration) > 0) {
            problems.add(Setting.LEASE_RENEW_EVERY.key() + ": must be at most a third of "
                    + Setting.LEASE_DURATION.key() + ", else one slow renewal loses the lease; example: "
                    + Setting.LEASE_RENEW_EVERY.example());
        }
        return new ServiceConfig.Lease(duration, renewEvery);
    }

    private Optional<String> publicUrl() {
        return optional(Setting.PUBLIC_URL, text -> {
            URI uri = URI.create(text);
            if (!Set.of("http", "https").contains(String.valueOf(uri.getScheme())) || uri.getHost() == null) {
                throw new IllegalArgumentException("is not an http or https address");
            }
            return text.replaceAll("/+$", "");
        });
    }

    private Optional<String> databaseUrl() {
        return optional(Setting.DATABASE_URL, text -> {
            if (!text.startsWith("postgres://")
                    && !text.startsWith("postgresql://")
                    && !text.startsWith("jdbc:postgresql://")) {
                throw new IllegalArgumentException("is not the address of a Postgres");
            }
            return text;
        });
    }

    private int integer(Setting setting, int least, int most) {
        return value(setting, text -> {
            String fault = "is not a whole number from " + least + " to " + most;
            try {
                int number = Integer.parseInt(text.strip());
                if (number < least || number > most) {
                    throw new IllegalArgumentException(fault);
                }
                return number;
            } catch (NumberFormatException _) {
                throw new IllegalArgumentException(fault);
            }
        });
    }

    private Duration duration(Setting setting, Duration least) {
        return value(setting, text -> {
            Duration duration = DurationText.parse(text);
            if (duration.compareTo(least) < 0) {
                throw new IllegalArgumentException("is too short");
            }
            return duration;
        });
    }

    <T> Optional<T> optional(Setting setting, Function<String, T> parser) {
        return sources.text(setting)
                        .map(SettingSources.Text::value)
                        .orElse(setting.defaultText())
                        .isEmpty()
                ? Optional.empty()
                : Optional.of(value(setting, parser));
    }

    /** The parsed value; where it is faulty the problem is noted and the example stands in, so that reading goes on. */
    <T> T value(Setting setting, Function<String, T> parser) {
        Optional<SettingSources.Text> text = sources.text(setting);
        try {
            return parser.apply(text.map(SettingSources.Text::value).orElse(setting.defaultText()));
        } catch (IllegalArgumentException e) {
            String origin = text.map(SettingSources.Text::origin).orElse("default");
            String shown = setting.isSecret()
                    ? "the value"
                    : "'" + text.map(SettingSources.Text::value).orElse("") + "'";
            problems.add(setting.key() + " (" + origin + "): " + shown + " " + e.getMessage() + "; example: "
                    + setting.example());
            return parser.apply(setting.example());
        }
    }

    static String nonEmpty(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("is empty");
        }
        return text.strip();
    }

    private static boolean yesOrNo(String text) {
        return oneOf(text, "true", "false").equals("true");
    }

    private static OptionalInt niceness(String text) {
        if (text.equals("idle")) {
            return OptionalInt.empty();
        }
        if (!text.matches("1?[0-9]")) {
            throw new IllegalArgumentException("must be 0 to 19, or idle");
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    static String oneOf(String text, String... allowed) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (!List.of(allowed).contains(word)) {
            throw new IllegalArgumentException("is none of " + String.join(", ", allowed));
        }
        return word;
    }

    private static Set<Role> roles(String text) {
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        Arrays.stream(text.split(",", -1))
                .map(word -> oneOf(word, "api", "worker"))
                .map(word -> Role.valueOf(word.toUpperCase(Locale.ROOT)))
                .forEach(roles::add);
        return roles;
    }

    private static Set<String> origins(String text) {
        Set<String> origins = new TreeSet<>();
        for (String origin : text.split(",", -1)) {
            String word = origin.strip().toLowerCase(Locale.ROOT); // as browsers write them
            if (!word.isEmpty() && !word.equals("*") && !word.matches("https?://[^/\\s]+")) {
                throw new IllegalArgumentException("is not a list of origins such as https://app.example.org");
            }
            if (!word.isEmpty()) {
                origins.add(word);
            }
        }
        return origins;
    }

    private static List<String> contentTypes(String text) {
        List<String> types = Arrays.stream(text.split(",", -1))
                .map(word -> word.strip().toLowerCase(Locale.ROOT))
                .toList();
        if (!types.stream().allMatch(type -> type.matches("\\*/\\*|[a-z0-9.+-]+/(\\*|[a-z0-9.+-]+)"))) {
            throw new IllegalArgumentException("is not a list of media types such as video/mp4 or video/*");
        }
        return types;
    }

    private static SourceRetention retention(String text) {
        return switch (text.strip()) {
            case "delete_after_success" -> new SourceRetention.DeleteAfter(Duration.ZERO);
            case "keep" -> new SourceRetention.Keep();
            default -> new SourceRetention.DeleteAfter(DurationText.parse(text));
        };
    }

    private static int transcodes(String text) {
        if (text.strip().equals("auto")) {
            return Runtime.getRuntime().availableProcessors();
        }
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= 1 && number <= 1_000) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below, in the same words as a number out of range.
        }
        throw new IllegalArgumentException("is neither `auto` nor a whole number from 1 to 1000");
    }

    /** {@code auto} leaves the other half to the rest, and is enough for a 4K encode where the machine has it. */
    private static ByteSize memory(String text) {
        if (!text.strip().equals("auto")) {
            return ByteSize.parse(text);
        }
        long half =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / 2;
        return new ByteSize(Math.clamp(half, 4L << 30, 16L << 30));
    }
}

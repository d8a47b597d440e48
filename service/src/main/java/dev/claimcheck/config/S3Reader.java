package dev.claimcheck.config;

import dev.claimcheck.config.ServiceConfig.S3;
import dev.claimcheck.config.ServiceConfig.S3Key;
import dev.claimcheck.config.ServiceConfig.Sse;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the settings of a bucket; those that only make sense together are checked together. */
final class S3Reader {
    private final ConfigReader reader;
    private final List<String> problems;

    S3Reader(ConfigReader reader, List<String> problems) {
        this.reader = reader;
        this.problems = problems;
    }

    /** The bucket, where one is given. */
    Optional<S3> read() {
        Optional<String> bucket = reader.optional(Setting.S3_BUCKET, S3Reader::bucket);
        Optional<URI> endpoint = reader.optional(Setting.S3_ENDPOINT, S3Reader::endpoint);
        Optional<String> region = reader.optional(Setting.S3_REGION, S3Reader::region);
        String style = reader.value(Setting.S3_PATH_STYLE, text -> ConfigReader.oneOf(text, "auto", "true", "false"));
        boolean pathStyle = style.equals("auto") ? endpoint.isPresent() : style.equals("true");
        Optional<String> id = reader.optional(Setting.S3_ACCESS_KEY_ID, ConfigReader::nonEmpty);
        Optional<String> secret = reader.optional(Setting.S3_SECRET_ACCESS_KEY, ConfigReader::nonEmpty);
        String prefix = reader.value(Setting.S3_PREFIX, S3Reader::prefix);
        Sse sse = reader.value(Setting.S3_SSE, S3Reader::sse);
        Optional<String> kmsKey = reader.optional(Setting.S3_SSE_KMS_KEY_ID, ConfigReader::nonEmpty);
        if (bucket.isEmpty()) {
            return Optional.empty();
        }
        if (id.isPresent() != secret.isPresent()) {
            Setting missing = id.isPresent() ? Setting.S3_SECRET_ACCESS_KEY : Setting.S3_ACCESS_KEY_ID;
            Setting given = id.isPresent() ? Setting.S3_ACCESS_KEY_ID : Setting.S3_SECRET_ACCESS_KEY;
            problems.add(missing.key() + ": is needed beside " + given.key() + "; example: " + missing.example());
        }
        if (kmsKey.isPresent() && sse != Sse.KMS) {
            problems.add(Setting.S3_SSE_KMS_KEY_ID.key() + ": needs " + Setting.S3_SSE.key()
                    + " to be aws:kms; example: " + Setting.S3_SSE.key() + ": aws:kms");
        }
        return Optional.of(new S3(
                bucket.get(),
                endpoint,
                region,
                pathStyle,
                id.flatMap(name -> secret.map(text -> new S3Key(name, text))),
                prefix,
                sse,
                kmsKey));
    }

    private static String bucket(String text) {
        if (!text.strip().matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw new IllegalArgumentException("is not a bucket's name (3 to 63 of a-z, 0-9, dot, hyphen)");
        }
        return text.strip();
    }

    private static URI endpoint(String text) {
        URI uri = URI.create(text.strip());
        if (!Set.of("http", "https").contains(String.valueOf(uri.getScheme())) || uri.getHost() == null) {
            throw new IllegalArgumentException("is not an http or https address");
        }
        return uri;
    }

    private static String region(String text) {
        if (!text.strip().matches("[A-Za-z0-9-]+")) {
            throw new IllegalArgumentException("is not a region's name");
        }
        return text.strip();
    }

    private static String prefix(String text) {
        String word = text.strip();
        if (!word.matches("([A-Za-z0-9._-]+/)*[A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("is not a prefix of letters, digits, dots, hyphens and slashes");
        }
        return word.isEmpty() || word.endsWith("/") ? word : word + "/";
    }

    private static Sse sse(String text) {
        return switch (ConfigReader.oneOf(text, "none", "aes256", "aws:kms")) {
            case "aes256" -> Sse.AES256;
            case "aws:kms" -> Sse.KMS;
            default -> Sse.NONE;
        };
    }
}

package dev.claimcheck.database;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Where a Postgres is and how to sign in. Prints without the password. */
public record PostgresAddress(String jdbcUrl, Optional<String> user, Optional<String> password) {

    /** Reads {@code postgres://user:password@host:port/database?options} or a {@code jdbc:postgresql:} URL. */
    public static PostgresAddress parse(String url) {
        if (url.startsWith("jdbc:")) {
            return new PostgresAddress(url, Optional.empty(), Optional.empty());
        }
        URI uri = URI.create(url);
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String[] credentials = uri.getRawUserInfo() == null
                ? new String[0]
                : uri.getRawUserInfo().split(":", 2);
        return new PostgresAddress(
                "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query,
                credentials.length > 0 ? Optional.of(decode(credentials[0])) : Optional.empty(),
                credentials.length > 1 ? Optional.of(decode(credentials[1])) : Optional.empty());
    }

    @Override
    public String toString() {
        return jdbcUrl.replaceAll("\\?.*", "");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}

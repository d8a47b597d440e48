package dev.claimcheck.media;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What ffmpeg reads a source from: a file, or a signed URL of the object store by ranged GETs. Either way it may open that one thing and nothing else. Why a URL
 * is faster than a copy: docs/decisions/0006.
 */
public sealed interface MediaInput {
    /** How ffmpeg is to name it. */
    String name();

    /** The options before {@code -i} that say which protocols may be spoken, and how patiently. */
    List<String> protocolOptions();

    /** A file of this machine. */
    record LocalFile(Path file) implements MediaInput {
        @Override
        public String name() {
            return "file:" + file;
        }

        @Override
        public List<String> protocolOptions() {
            return List.of("-protocol_whitelist", "file");
        }
    }

    /**
     * A URL that carries its own right to be read; never log it.
     *
     * @param url http or https
     * @param authorities the certificates by which a server is known; needed for https
     */
    record SignedUrl(URI url, Optional<Path> authorities) implements MediaInput {
        public SignedUrl {
            if (isSecure(url) && authorities.isEmpty()) {
                throw new IllegalArgumentException("a server that nobody vouches for cannot be trusted with https");
            }
        }

        @Override
        public String name() {
            return url.toString();
        }

        /** A lost connection is taken up again where it broke off, for some seconds; after that the attempt is lost, not the video. */
        @Override
        public List<String> protocolOptions() {
            List<String> options = new ArrayList<>(List.of(
                    "-protocol_whitelist",
                    isSecure(url) ? "https,tls,tcp" : "http,tcp",
                    "-rw_timeout",
                    "10000000",
                    "-reconnect",
                    "1",
                    "-reconnect_on_network_error",
                    "1",
                    "-reconnect_on_http_error",
                    "429,5xx",
                    "-reconnect_delay_max",
                    "4",
                    "-multiple_requests",
                    "1"));
            authorities.ifPresent(file -> options.addAll(List.of("-tls_verify", "1", "-ca_file", file.toString())));
            return List.copyOf(options);
        }

        @Override
        public String toString() {
            return "SignedUrl[" + url.getHost() + url.getPath() + "]";
        }
    }

    /** The URL as an input; empty where it is https and this system has no certificates that ffmpeg could check it against. */
    static Optional<MediaInput> ofSigned(URI url) {
        if (!isSecure(url)) {
            return Optional.of(new SignedUrl(url, Optional.empty()));
        }
        return Stream.of(
                        Optional.ofNullable(System.getenv("SSL_CERT_FILE")).orElse(""),
                        "/etc/ssl/certs/ca-certificates.crt",
                        "/etc/pki/tls/certs/ca-bundle.crt",
                        "/etc/ssl/cert.pem")
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .filter(Files::isReadable)
                .findFirst()
                .map(file -> new SignedUrl(url, Optional.of(file)));
    }

    private static boolean isSecure(URI url) {
        return "https".equals(url.getScheme());
    }
}

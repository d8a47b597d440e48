package dev.claimcheck.storage.s3;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * The connection to one bucket. A dead endpoint is noticed within seconds: connecting, each answer and each call as a whole have their limits, and there are
 * three tries at most. Thread-safe.
 */
final class S3Bucket implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 128;
    private static final int TRIES = 3;
    private static final Duration CONNECT = Duration.ofSeconds(2);
    /** Silence on a connection. */
    private static final Duration SILENCE = Duration.ofSeconds(20);
    /** One try of a call that moves no bytes, and all of its tries. */
    private static final Duration QUICK = Duration.ofSeconds(5);

    private static final Duration QUICK_IN_ALL = Duration.ofSeconds(12);
    /** A call that moves bytes may take as long as a slow line needs for them. */
    private static final long SLOWEST_BYTES_PER_SECOND = 256L << 10;

    private final S3Settings settings;
    private final S3Client client;
    private final S3Presigner presigner;

    private S3Bucket(S3Settings settings, S3Client client, S3Presigner presigner) {
        this.settings = settings;
        this.client = client;
        this.presigner = presigner;
    }

    /** Makes the connection; nothing is asked of the endpoint yet. */
    static S3Bucket connect(S3Settings settings) {
        AwsCredentialsProvider credentials = credentials(settings);
        Region region = region(settings);
        S3Configuration style = S3Configuration.builder()
                .pathStyleAccessEnabled(settings.pathStyle())
                .build();
        var client = S3Client.builder()
                .region(region)
                .credentialsProvider(credentials)
                .serviceConfiguration(style)
                // Many servers that are not Amazon's know no checksums in trailers. TLS, or the signature over the
                // payload
                // where there is no TLS, guards the bytes on their way.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(MOST_CONNECTIONS)
                        .connectionTimeout(CONNECT)
                        .connectionAcquisitionTimeout(SILENCE)
                        .socketTimeout(SILENCE))
                .overrideConfiguration(override -> override.retryStrategy(StandardRetryStrategy.builder()
                                .maxAttempts(TRIES)
                                .build())
                        .apiCallAttemptTimeout(QUICK)
                        .apiCallTimeout(QUICK_IN_ALL));
        var presigner = S3Presigner.builder()
                .region(region)
                .credentialsProvider(credentials)
                .serviceConfiguration(style);
        settings.endpoint().ifPresent(client::endpointOverride);
        settings.endpoint().ifPresent(presigner::endpointOverride);
        return new S3Bucket(settings, client.build(), presigner.build());
    }

    S3Client client() {
        return client;
    }

    S3Presigner presigner() {
        return presigner;
    }

    String name() {
        return settings.bucket();
    }

    S3Settings settings() {
        return settings;
    }

    /** The object's name in the bucket. */
    String nameOf(String key) {
        return settings.prefix() + key;
    }

    /** The key of an object of that name, which must begin with our prefix. */
    String keyOf(String name) {
        return name.substring(settings.prefix().length());
    }

    /** The limits for a call that moves that many bytes, here or inside S3. */
    static AwsRequestOverrideConfiguration moving(long bytes) {
        Duration one = SILENCE.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
        return AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(one)
                .apiCallTimeout(one.multipliedBy(TRIES))
                .build();
    }

    @Override
    public void close() {
        presigner.close();
        client.close();
    }

    private static AwsCredentialsProvider credentials(S3Settings settings) {
        return settings.credentials()
                .<AwsCredentialsProvider>map(key -> StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    private static Region region(S3Settings settings) {
        if (settings.region().isPresent()) {
            return Region.of(settings.region().get());
        }
        try {
            return settings.endpoint().map(URI::getHost).isPresent()
                    ? Region.US_EAST_1
                    : new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkClientException _) {
            return Region.US_EAST_1; // The bucket's check says so where it is another.
        }
    }
}

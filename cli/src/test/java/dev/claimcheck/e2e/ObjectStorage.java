package dev.claimcheck.e2e;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.JsonNode;

/** A real S3 server in this process, which verifies every signature and can go away for a while. */
final class ObjectStorage implements AutoCloseable {
    static final String BUCKET = "videos";
    private static final String KEY_ID = "test-key";
    private static final String SECRET = "test-secret-that-nobody-else-has";

    private final Path folder;
    private final int port = Server.freePort();
    private final SdkHttpClient http = Apache5HttpClient.create();
    private final S3Client client;
    private S3Proxy server;

    ObjectStorage() {
        try {
            folder = Files.createTempDirectory(Clip.WORK, "s3");
            Files.createDirectories(folder.resolve(BUCKET));
        } catch (IOException e) {
            throw new IllegalStateException("no folder for the S3 server", e);
        }
        server = started();
        client = S3Client.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY_ID, SECRET)))
                .httpClient(http)
                .build();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The settings that make a service use it, below a prefix. */
    Map<String, String> environment() {
        return new HashMap<>(Map.of(
                "CLAIMCHECK_S3_BUCKET", BUCKET,
                "CLAIMCHECK_S3_ENDPOINT", endpoint().toString(),
                "CLAIMCHECK_S3_ACCESS_KEY_ID", KEY_ID,
                "CLAIMCHECK_S3_SECRET_ACCESS_KEY", SECRET,
                "CLAIMCHECK_S3_PREFIX", "claimcheck"));
    }

    void goAway() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not stop", e);
        }
    }

    void comeBack() {
        server = started();
    }

    /** The names of all objects that contain {@code text}. */
    List<String> objects(String text) {
        return client.listObjectsV2Paginator(list -> list.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .filter(name -> name.contains(text))
                .toList();
    }

    /** The names of all multipart uploads under way that contain {@code text}. */
    List<String> uploads(String text) {
        return client.listMultipartUploadsPaginator(list -> list.bucket(BUCKET)).uploads().stream()
                .map(MultipartUpload::key)
                .filter(name -> name.contains(text))
                .toList();
    }

    /** The signed request with those bytes, and the status that it was answered with. */
    int put(SignedUpload upload, byte[] bytes) throws IOException {
        return send(SdkHttpMethod.fromValue(upload.method()), upload.url(), upload.headers(), bytes);
    }

    /** As any client of the AWS SDK would: method, URL and headers exactly as given, and the length that every client sends. Gives the status. */
    int send(SdkHttpMethod method, String url, JsonNode headers, byte[] bytes) throws IOException {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(method).uri(URI.create(url));
        headers.forEachEntry((name, value) -> request.putHeader(name, value.asString()));
        request.putHeader("Content-Length", Integer.toString(bytes.length));
        HttpExecuteResponse response = http.prepareRequest(HttpExecuteRequest.builder()
                        .request(request.build())
                        .contentStreamProvider(() -> new ByteArrayInputStream(bytes))
                        .build())
                .call();
        response.responseBody().ifPresent(body -> body.abort());
        return response.httpResponse().statusCode();
    }

    @Override
    public void close() {
        client.close();
        http.close();
        goAway();
    }

    private S3Proxy started() {
        try {
            S3Proxy begun = S3Proxy.builder()
                    .endpoint(endpoint())
                    .awsAuthentication(AuthenticationType.AWS_V4, KEY_ID, SECRET)
                    .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                    .stopTimeout(0)
                    .build();
            begun.start();
            return begun;
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not start", e);
        }
    }
}

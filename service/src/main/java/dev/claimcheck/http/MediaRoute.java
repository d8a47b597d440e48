package dev.claimcheck.http;

import dev.claimcheck.access.LinkSigner;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.JobView;
import dev.claimcheck.job.Output;
import dev.claimcheck.playback.EarlyPlayback;
import dev.claimcheck.playback.HlsPlaylists;
import dev.claimcheck.storage.LocalFiles;
import dev.claimcheck.storage.ObjectStore;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.content.HttpContent;
import org.eclipse.jetty.http.content.ResourceHttpContent;
import org.eclipse.jetty.server.ResourceService;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** {@code GET /media/{token}/{job_id}/{path…}}: results behind signed, expiring links, with ranges and conditional requests. */
final class MediaRoute {
    private final LinkSigner links;
    private final JobQueries jobs;
    private final EarlyPlayback early;
    private final ObjectStore store;
    private final InstantSource clock;
    private final ResourceService service = new ResourceService();

    MediaRoute(LinkSigner links, JobQueries jobs, ObjectStore store, InstantSource clock) {
        this.links = links;
        this.jobs = jobs;
        this.early = new EarlyPlayback(jobs);
        this.store = store;
        this.clock = clock;
        service.setAcceptRanges(true);
        service.setEtags(true);
        service.setDirAllowed(false);
    }

    Answer answer(Exchange exchange) {
        JobId job = JobId.parse(exchange.path("job_id")).orElseThrow(MediaRoute::notThere);
        if (!links.accepts(exchange.path("token"), job, clock.instant())) {
            throw new ApiException(
                    ErrorCode.LINK_EXPIRED,
                    "The link has expired or was changed. Ask for the job's status again: it carries fresh links.");
        }
        String path = exchange.path("path");
        if (EarlyPlayback.isPlaylist(path)) {
            return playlist(early.playlist(job, path).orElseThrow(MediaRoute::notThere));
        }
        Output output = jobs.output(job, path).orElseThrow(MediaRoute::notThere);
        HttpContent content = content(output);
        HttpFields.Mutable headers = exchange.response().getHeaders();
        headers.put("Cross-Origin-Resource-Policy", "cross-origin");
        headers.put("Cache-Control", output.path().endsWith(".m3u8") ? "private, no-cache" : "private, max-age=3600");
        if (exchange.query("download").isPresent()) {
            headers.put("Content-Disposition", attachment(job, output));
        }
        service.doGet(exchange.request(), exchange.response(), exchange.callback(), content);
        return new Answer.Written();
    }

    /** A playlist that grows is made anew at each request. */
    private static Answer playlist(String text) {
        return new Answer.InMemory(
                200,
                Map.of(
                        "Content-Type",
                        HlsPlaylists.CONTENT_TYPE,
                        "Cross-Origin-Resource-Policy",
                        "cross-origin",
                        "Cache-Control",
                        "private, no-cache"),
                Answer.utf8(text));
    }

    private HttpContent content(Output output) {
        if (store instanceof LocalFiles files) {
            Path file = files.file(output.objectKey()).orElseThrow(MediaRoute::notThere);
            return new ResourceHttpContent(ResourceFactory.root().newResource(file), output.contentType());
        }
        return new ObjectContent(store, output);
    }

    /** RFC 6266, with the user's name in the extended form only: percent-encoded, so that no letter of it can break the header. */
    private String attachment(JobId job, Output output) {
        String filename = jobs.find(job).map(JobView::filename).orElse("video");
        int dot = filename.lastIndexOf('.');
        String stem = dot > 0 ? filename.substring(0, dot) : filename;
        String extension = output.path().substring(output.path().lastIndexOf('.') + 1);
        String encoded = URLEncoder.encode(stem + "." + extension, StandardCharsets.UTF_8)
                .replace("+", "%20");
        return "attachment; filename=\"video." + extension + "\"; filename*=UTF-8''" + encoded;
    }

    private static ApiException notThere() {
        return new ApiException(
                ErrorCode.NOT_FOUND,
                "The job has no such result (any more). Ask for its status to see what it offers.");
    }
}

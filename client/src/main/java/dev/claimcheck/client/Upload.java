package dev.claimcheck.client;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One file on its way: what every way of sending it needs. For one upload. */
record Upload(
        HttpCalls calls,
        SourceFile file,
        String filename,
        UploadOptions options,
        UploadProgress progress,
        Optional<UploadJournal.Page> page,
        Optional<String> sha256) {

    /** The same, written down on that page. */
    Upload on(UploadJournal.Page written) {
        return new Upload(calls, file, filename, options, progress, Optional.of(written), sha256);
    }

    /** Tries of one step. */
    Attempts attempts() {
        return new Attempts(calls, progress, options.patience());
    }

    /** Sends a request until it is answered well; gives the answer's JSON. */
    JsonNode ask(HttpRequest request) throws InterruptedException {
        return attempts().until(() -> HttpCalls.body(calls.send(request)));
    }

    /** What every way of opening an upload says of it. */
    ObjectNode description() {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("filename", filename)
                .put("priority", options.priority().word());
        options.processing().members().forEach(json::put);
        sha256.ifPresent(hex -> json.put("sha256", hex));
        return json;
    }

    /** What an earlier run began on that way. */
    Optional<UploadJournal.Entry> begun(UploadWay way) {
        return page.flatMap(UploadJournal.Page::read).filter(entry -> entry.way() == way);
    }

    void remember(UploadJournal.Entry entry) {
        page.ifPresent(open -> open.write(entry));
    }

    void forget() {
        page.ifPresent(UploadJournal.Page::clear);
    }

    /** Sends one region once. Where that fails its bytes count as not sent. */
    HttpResponse<String> transfer(HttpRequest.Builder request, String method, long offset, long length)
            throws InterruptedException {
        file.requireUnchanged();
        UploadProgress.Transfer transfer = progress.transfer();
        boolean taken = false;
        try {
            FileRegion region = file.region(offset, length, transfer);
            HttpResponse<String> response =
                    calls.transfer(request.method(method, region).build(), region);
            HttpCalls.require(response);
            taken = true;
            return response;
        } finally {
            if (!taken) {
                transfer.takeBack();
            }
        }
    }
}

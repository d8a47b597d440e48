package dev.claimcheck.e2e;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.util.Callback;

/** HTTP/2 with prior knowledge, frame by frame: java.net.http hides interim responses. */
final class Http2 implements AutoCloseable {
    private final HTTP2Client client = new HTTP2Client();
    private final Api api;
    private final Session session;

    Http2(Api api) throws Exception {
        this.api = api;
        client.start();
        URI base = api.base();
        session = client.connect(new InetSocketAddress(base.getHost(), base.getPort()), new Session.Listener() {})
                .get(10, TimeUnit.SECONDS);
    }

    /** One request and the heads of its responses, interim ones first. */
    final class Exchange implements Stream.Listener {
        private final BlockingQueue<MetaData.Response> heads = new LinkedBlockingQueue<>();
        private final Stream stream;

        private Exchange(String method, String path, Map<String, String> headers, boolean ends) throws Exception {
            HttpFields.Mutable fields = HttpFields.build();
            fields.put("Authorization", "Bearer " + api.key());
            headers.forEach(fields::put);
            MetaData.Request request =
                    new MetaData.Request(method, HttpURI.from(api.base().resolve(path)), HttpVersion.HTTP_2, fields);
            stream = session.newStream(new HeadersFrame(request, null, ends), this)
                    .get(10, TimeUnit.SECONDS);
        }

        @Override
        public void onHeaders(Stream of, HeadersFrame frame) {
            if (frame.getMetaData() instanceof MetaData.Response response) {
                heads.add(response);
            }
            of.demand();
        }

        @Override
        public void onDataAvailable(Stream of) {
            Stream.Data data = of.readData();
            if (data != null) {
                data.release();
            }
            if (data == null || !data.frame().isEndStream()) {
                of.demand();
            }
        }

        void send(byte[] bytes, boolean last) throws Exception {
            stream.data(new DataFrame(stream.getId(), ByteBuffer.wrap(bytes), last))
                    .get(10, TimeUnit.SECONDS);
        }

        void cut() {
            stream.reset(new ResetFrame(stream.getId(), 8), Callback.NOOP);
        }

        MetaData.Response next() throws InterruptedException {
            MetaData.Response response = heads.poll(20, TimeUnit.SECONDS);
            if (response == null) {
                throw new AssertionError("no response came");
            }
            return response;
        }
    }

    Exchange open(String method, String path, Map<String, String> headers) throws Exception {
        return new Exchange(method, path, headers, false);
    }

    MetaData.Response bodiless(String method, String path, Map<String, String> headers) throws Exception {
        return new Exchange(method, path, headers, true).next();
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the client does not stop", e);
        }
    }
}

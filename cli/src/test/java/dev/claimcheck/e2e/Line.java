package dev.claimcheck.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The line between clients and a server, as a TCP proxy. It counts the bytes that go up, stops after as many as a test says, so that "in the middle" is a place and
 * no moment, and breaks.
 */
final class Line implements AutoCloseable {
    private static final long ANY = Long.MAX_VALUE / 2;
    private static final int BUFFER = 64 * 1024;

    private final InetSocketAddress server;
    private final ServerSocket listening;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final Object lock = new Object();
    private long allowed = ANY;
    private long sent;
    private volatile boolean down;

    private Line(InetSocketAddress server) throws IOException {
        this.server = server;
        this.listening = new ServerSocket();
        // What the line has not taken stays with the client: by itself the system would take another six megabytes.
        listening.setReceiveBufferSize(BUFFER);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        Thread.ofVirtual().start(this::accept);
    }

    static Line to(URI server) {
        try {
            return new Line(new InetSocketAddress(server.getHost(), server.getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients find the server. */
    URI address() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** Bytes that have gone up, headers included. */
    long sent() {
        synchronized (lock) {
            return sent;
        }
    }

    /** From so many more bytes on, nothing goes up. */
    void stopAfter(long bytes) {
        synchronized (lock) {
            allowed = bytes;
        }
    }

    /** Lets so many bytes more go up. */
    void allow(long bytes) {
        giveBack(bytes);
    }

    void awaitStop() {
        await("the line has stopped").until(() -> {
            synchronized (lock) {
                return allowed == 0;
            }
        });
    }

    /** Breaks every connection: the client sees a reset, the server an end, and what was on the way is lost. New connections work. */
    void cut() {
        List<Socket> broken = List.copyOf(clients);
        broken.forEach(clients::remove);
        broken.forEach(Line::reset);
        synchronized (lock) {
            allowed = ANY;
            lock.notifyAll();
        }
    }

    /** Breaks every connection and every new one, until {@link #repair}. */
    void breakDown() {
        down = true;
        cut();
    }

    void repair() {
        down = false;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                if (down) {
                    reset(client);
                    continue;
                }
                Socket upstream = new Socket(server.getAddress(), server.getPort());
                clients.add(client);
                Thread.ofVirtual().start(() -> up(client, upstream));
                Thread.ofVirtual().start(() -> down(client, upstream));
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void up(Socket client, Socket upstream) {
        byte[] buffer = new byte[16 << 10];
        try {
            while (true) {
                int most = claim(client, buffer.length);
                int read = most == 0 ? -1 : client.getInputStream().read(buffer, 0, most);
                if (read < most) {
                    giveBack(most - Math.max(0, read));
                }
                if (read < 0) {
                    upstream.shutdownOutput();
                    return;
                }
                upstream.getOutputStream().write(buffer, 0, read);
                synchronized (lock) {
                    sent += read;
                }
            }
        } catch (IOException _) {
            end(client, upstream); // One side has gone; so does the other.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void down(Socket client, Socket upstream) {
        try {
            upstream.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException _) {
            // Whichever side has gone, the line ends.
        }
        end(client, upstream);
    }

    /** Takes what may pass now, at most {@code wish} bytes; 0 where the connection has been cut meanwhile. */
    private int claim(Socket client, int wish) throws InterruptedException {
        synchronized (lock) {
            while (allowed == 0 && clients.contains(client)) {
                lock.wait();
            }
            if (!clients.contains(client)) {
                return 0;
            }
            int taken = (int) Math.min(wish, allowed);
            allowed -= taken;
            return taken;
        }
    }

    private void giveBack(long bytes) {
        synchronized (lock) {
            allowed += bytes;
            lock.notifyAll();
        }
    }

    private void end(Socket client, Socket upstream) {
        clients.remove(client);
        try {
            client.close();
            upstream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void reset(Socket client) {
        try {
            client.setSoLinger(true, 0);
            client.close();
        } catch (IOException e) {
            // Its own end may have come first: then it is gone as it should be.
            if (!client.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

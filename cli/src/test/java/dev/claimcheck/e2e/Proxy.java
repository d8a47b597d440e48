package dev.claimcheck.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The line between a client and a server, on this machine: counts what goes up, stops at a byte so that a test can strike in a certain middle, and cuts. Nothing is
 * left to timing.
 */
final class Proxy implements AutoCloseable {
    private static final int PIECE = 8 << 10;

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong sentUp = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();
    private final AtomicInteger answersToLose = new AtomicInteger();
    private long holdAt = Long.MAX_VALUE;
    private long cutEvery = Long.MAX_VALUE;
    private boolean holding;

    Proxy(URI server) {
        target = server.getPort();
        try {
            listening = new ServerSocket();
            listening.setReceiveBufferSize(64 << 10); // What a client has sent is not far from what has passed.
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new IllegalStateException("no proxy", e);
        }
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** Bytes that have been passed on to the server since the last {@link #count}. */
    long sentUp() {
        return sentUp.get();
    }

    /** Begins to count anew. */
    void count() {
        sentUp.set(0);
    }

    /** How often it has cut a connection by itself. */
    long cuts() {
        return cuts.get();
    }

    /** Passes nothing up any more once so many bytes have gone in all. */
    synchronized void holdAt(long bytes) {
        holdAt = bytes;
    }

    /** Each time so many bytes have gone up, the connection that brought the last one is cut. */
    synchronized void cutEvery(long bytes) {
        cutEvery = bytes;
    }

    /** Cuts the connection instead of passing on what the server answers, so many times: it has done what it was asked. */
    void loseAnswers(int number) {
        answersToLose.set(number);
    }

    synchronized boolean isHolding() {
        return holding;
    }

    /** Passes everything again, on new connections. */
    void cutAndLetGo() {
        synchronized (this) {
            holdAt = Long.MAX_VALUE;
            holding = false;
        }
        cut();
        synchronized (this) {
            notifyAll();
        }
    }

    /** Cuts every connection with a RST. */
    void cut() {
        open.forEach(Proxy::reset);
    }

    @Override
    public void close() {
        reset(listening);
        cutAndLetGo();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException _) {
                return; // Closed.
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        open.add(server);
        try {
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            Thread.ofVirtual().start(() -> pump(server, client, false));
        } catch (IOException _) {
            end(client, server); // As if nobody listened.
            return;
        }
        pump(client, server, true);
    }

    private void pump(Socket from, Socket to, boolean up) {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                if (!up && answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    cuts.incrementAndGet();
                    break;
                }
                boolean cut = up && pass(read);
                out.write(piece, 0, read);
                if (cut) {
                    cutBehindWhatPassed(from, to);
                    return;
                }
            }
        } catch (IOException _) {
            // One side has gone: so does the other.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        end(from, to);
    }

    /** A RST towards the server would take with it what the server has not read yet, so the bytes that go twice would depend on timing. */
    private void cutBehindWhatPassed(Socket client, Socket server) throws IOException {
        open.remove(client);
        reset(client);
        server.shutdownOutput(); // The other direction ends both once the server has read all and answered.
    }

    /** Waits where it is to hold; gives whether the connection is to be cut behind these bytes. */
    private synchronized boolean pass(int bytes) throws IOException, InterruptedException {
        long before = sentUp.get();
        if (before + bytes > holdAt) {
            holding = true;
            while (holding) {
                wait();
            }
            throw new IOException("cut while it was held");
        }
        long after = sentUp.addAndGet(bytes);
        boolean cut = before / cutEvery != after / cutEvery;
        if (cut) {
            cuts.incrementAndGet();
        }
        return cut;
    }

    private void end(Socket one, Socket other) {
        open.remove(one);
        open.remove(other);
        reset(one);
        reset(other);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException _) {
            // It was closed already.
        }
    }

    private static void reset(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

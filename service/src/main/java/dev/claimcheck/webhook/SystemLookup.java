package dev.claimcheck.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The system's look-up of names, with an end. It blocks in native code for as long as a name server wants, which would hold up every virtual thread of the process; so each look-up has a platform thread, up to a number of them.
 * Thread-safe.
 */
final class SystemLookup implements CheckedResolver.Lookup {
    private static final int MOST_AT_ONCE = 256;
    private static final long STACK = 256 << 10;

    private final Duration limit;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE, true);

    /** @param limit of one look-up; its thread stays until the name server has answered, or the system has given up */
    SystemLookup(Duration limit) {
        this.limit = limit;
    }

    @Override
    public InetAddress[] all(String host) throws UnknownHostException {
        CompletableFuture<InetAddress[]> found = new CompletableFuture<>();
        try {
            if (!free.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new UnknownHostException(host + ": too many names are being looked up");
            }
            Thread.ofPlatform().daemon().name("webhook-dns").stackSize(STACK).start(() -> look(host, found));
            return found.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new UnknownHostException(host + ": its name server does not answer");
        } catch (ExecutionException e) {
            UnknownHostException unknown = new UnknownHostException(host);
            unknown.initCause(e);
            throw unknown;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException(host + ": interrupted");
        }
    }

    private void look(String host, CompletableFuture<InetAddress[]> found) {
        try {
            found.complete(InetAddress.getAllByName(host));
        } catch (UnknownHostException | RuntimeException e) {
            found.completeExceptionally(e);
        } finally {
            free.release();
        }
    }
}

package dev.claimcheck.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks names up once for each connection, and hands on only addresses that the policy allows: these very addresses are then connected to, so that a name that leads elsewhere at its next look-up (rebinding) gains nothing. A name
 * of which one address is not allowed is refused as a whole. Thread-safe.
 */
final class CheckedResolver implements DnsResolver {
    /** Each is tried for the whole connect timeout. */
    private static final int MOST_ADDRESSES = 3;

    private final Lookup lookup;
    private final AddressPolicy policy;

    /** The system's look-up, or a test's. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    CheckedResolver(Lookup lookup, AddressPolicy policy) {
        this.lookup = lookup;
        this.policy = policy;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.all(host);
        for (InetAddress address : addresses) {
            if (!policy.allows(address)) {
                throw new AddressRefusedException(host);
            }
        }
        return Arrays.copyOf(addresses, Math.min(addresses.length, MOST_ADDRESSES));
    }

    /** Never asked for by our requests. */
    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    /** The name leads to an address that is not allowed; the message says no more, as it goes to the endpoint's owner. */
    static final class AddressRefusedException extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        AddressRefusedException(String host) {
            super(host + " leads to an address that is not on the public internet");
        }
    }
}

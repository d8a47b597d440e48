package dev.claimcheck.webhook;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where an endpoint is: an https URL without credentials, to port 443 or one from 1024 on, so that no other well-known service can be addressed. What can be seen to lead nowhere public is refused here already; what names lead to is
 * looked at by {@link AddressPolicy} when a connection is made.
 *
 * @param text as it was given
 */
public record WebhookUrl(String text) {
    private static final int MOST_CHARACTERS = 2_048;
    private static final int FIRST_FREE_PORT = 1_024;

    /**
     * Checks it.
     *
     * @throws InvalidWebhookException with what is wrong
     */
    public static WebhookUrl parse(String text, boolean allowPrivate) {
        if (text.length() > MOST_CHARACTERS) {
            throw new InvalidWebhookException("The URL is longer than " + MOST_CHARACTERS + " characters.");
        }
        URI uri = uri(text);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !(scheme.equals("http") && allowPrivate)) {
            throw new InvalidWebhookException(
                    "The URL must begin with https://. (For development, webhooks.allow_private takes http too.)");
        }
        if (uri.getRawAuthority().contains("@")) {
            throw new InvalidWebhookException(
                    "The URL must not carry a name or password. Requests are signed; check the signature instead.");
        }
        if (uri.getRawFragment() != null) {
            throw new InvalidWebhookException("The URL must not have a fragment (#…); it is never sent.");
        }
        checkPort(uri, scheme, allowPrivate);
        checkHost(uri.getHost(), allowPrivate ? AddressPolicy.PUBLIC_AND_PRIVATE : AddressPolicy.PUBLIC);
        return new WebhookUrl(text);
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // Said below, as for an address without a host.
        }
        throw new InvalidWebhookException("\"url\" must be an address such as https://example.org/hooks/claimcheck.");
    }

    private static void checkPort(URI uri, String scheme, boolean allowPrivate) {
        int usual = scheme.equals("https") ? 443 : 80;
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        int least = allowPrivate ? 1 : FIRST_FREE_PORT;
        boolean allowed = port == usual || (port >= least && port <= 65_535);
        if (!allowed) {
            throw new InvalidWebhookException(
                    "Port " + port + " is not allowed. Use 443, or one from " + FIRST_FREE_PORT + " on.");
        }
    }

    private static void checkHost(String host, AddressPolicy policy) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("[")) {
            String literal = name.substring(1, name.length() - 1);
            if (literal.contains("%") || !policy.allows(InetAddress.ofLiteral(literal))) {
                throw notPublic(host);
            }
            return;
        }
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (endsInNumber(bare)) {
            if (!bare.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}")) {
                throw new InvalidWebhookException(
                        "The host is a number in an unusual form. Write the address as 192.0.2.1 is written, or use a name.");
            }
            if (!policy.allows(literal(bare))) {
                throw notPublic(host);
            }
        }
        boolean local = bare.equals("localhost") || bare.endsWith(".localhost");
        if (local && policy == AddressPolicy.PUBLIC) {
            throw notPublic(host);
        }
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException _) {
            throw new InvalidWebhookException("The host is no address: a number in it is over 255.");
        }
    }

    /** What resolvers and browsers may take for an IPv4 address (WHATWG URL, "ends in a number"): decimal, octal or hexadecimal, in one to four parts. */
    private static boolean endsInNumber(String host) {
        String last = host.substring(host.lastIndexOf('.') + 1);
        return last.matches("[0-9]+|0[xX][0-9a-fA-F]*");
    }

    private static InvalidWebhookException notPublic(String host) {
        return new InvalidWebhookException(
                "The host " + host
                        + " is not on the public internet. (For development, webhooks.allow_private takes private addresses too.)");
    }
}

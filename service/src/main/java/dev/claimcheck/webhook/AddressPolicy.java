package dev.claimcheck.webhook;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses requests may go to: those of the public internet, by the registries of special-purpose addresses (RFC 6890, IANA). Looks at the bytes that are connected to, so it does not matter how they were written, or who
 * resolved a name to them.
 */
public enum AddressPolicy {
    /** Public addresses alone. */
    PUBLIC,
    /** Also loopback and private ones, for development. Link-local ones, where clouds keep their metadata, stay refused. */
    PUBLIC_AND_PRIVATE;

    private static final List<Block> PRIVATE = blocks(
            "127.0.0.0/8", // loopback
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10", // shared by a carrier's customers, RFC 6598
            "::1/128",
            "fc00::/7"); // unique local, RFC 4193

    private static final List<Block> NEVER = blocks(
            "0.0.0.0/8", // this host
            "169.254.0.0/16", // link-local, and metadata of clouds
            "168.63.129.16/32", // Azure's platform, at a public address
            "192.0.0.0/24", // IETF protocols
            "192.0.2.0/24", // documentation, as the next two
            "198.51.100.0/24",
            "203.0.113.0/24",
            "192.88.99.0/24", // relays of 6to4
            "198.18.0.0/15", // benchmarks
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, and broadcast

    /** Of IPv6 only what is given out as global unicast counts as public; that leaves out unspecified, compatible, link-local and multicast addresses. */
    private static final Block GLOBAL_UNICAST = block("2000::/3");

    private static final List<Block> NEVER_IN_GLOBAL_UNICAST = blocks(
            "2001::/23", // IETF protocols, with Teredo
            "2001:db8::/32", // documentation, as the last
            "2002::/16", // 6to4: any IPv4 address in disguise
            "3fff::/20");

    /** Behind it is an IPv4 address, which decides (RFC 6052). */
    private static final Block NAT64 = block("64:ff9b::/96");

    /** Whether requests may go to that address. */
    public boolean allows(InetAddress address) {
        byte[] bytes = embedded(address.getAddress());
        if (in(PRIVATE, bytes)) {
            return this == PUBLIC_AND_PRIVATE;
        }
        return bytes.length == 4
                ? !in(NEVER, bytes)
                : GLOBAL_UNICAST.contains(bytes) && !in(NEVER_IN_GLOBAL_UNICAST, bytes);
    }

    /** The IPv4 address inside of a mapped or translated one; else the bytes themselves. */
    private static byte[] embedded(byte[] bytes) {
        return bytes.length == 16 && (isMapped(bytes) || NAT64.contains(bytes))
                ? Arrays.copyOfRange(bytes, 12, 16)
                : bytes;
    }

    /** {@code ::ffff:0:0/96}. The JDK mostly turns such addresses into IPv4 ones by itself, so there is no literal for it. */
    private static boolean isMapped(byte[] bytes) {
        for (int index = 0; index < 10; index++) {
            if (bytes[index] != 0) {
                return false;
            }
        }
        return bytes[10] == (byte) 0xff && bytes[11] == (byte) 0xff;
    }

    private static boolean in(List<Block> blocks, byte[] address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    private static List<Block> blocks(String... texts) {
        return Arrays.stream(texts).map(AddressPolicy::block).toList();
    }

    private static Block block(String text) {
        int slash = text.indexOf('/');
        return new Block(InetAddress.ofLiteral(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** Addresses that begin with the same bits. */
    private record Block(InetAddress first, int bits) {
        boolean contains(byte[] address) {
            byte[] wanted = first.getAddress();
            if (address.length != wanted.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (wanted[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}

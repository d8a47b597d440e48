package dev.claimcheck.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where requests may go, by address, by notation, and by what a name leads to when it is asked. */
class AddressPolicyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "1.1.1.1",
                "93.184.216.34",
                "172.15.255.255",
                "172.32.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "169.253.1.1",
                "192.167.1.1",
                "198.17.1.1",
                "198.20.0.1",
                "223.255.255.254",
                "2606:4700::1111",
                "2a00:1450::1",
                "64:ff9b::808:808"
            })
    void publicAddressesMayBeConnectedTo(String literal) {
        assertThat(AddressPolicy.PUBLIC.allows(InetAddress.ofLiteral(literal))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // loopback, unspecified, broadcast
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "0.1.2.3",
                "255.255.255.255",
                "::1",
                "::",
                // private, carriers', unique local
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "100.127.255.254",
                "fc00::1",
                "fdff::1",
                // link-local and metadata
                "169.254.169.254",
                "169.254.0.1",
                "fe80::1",
                "fd00:ec2::254",
                "168.63.129.16",
                "100.100.100.200",
                "192.0.0.192",
                // multicast, reserved, documentation, benchmarks, site-local
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "ff02::1",
                "192.0.2.1",
                "198.51.100.1",
                "203.0.113.1",
                "198.18.0.1",
                "198.19.255.255",
                "2001:db8::1",
                "3fff::1",
                "fec0::1",
                // IPv4 in disguise: compatible, mapped, NAT64, local NAT64, 6to4, Teredo
                "::7f00:1",
                "::a9fe:a9fe",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::a00:1",
                "64:ff9b:1::7f00:1",
                "2002:7f00:1::",
                "2002:808:808::",
                "2001:0:7f00:1::",
                "192.88.99.1"
            })
    void whatIsNotPublicMayNot(String literal) {
        assertThat(AddressPolicy.PUBLIC.allows(InetAddress.ofLiteral(literal))).isFalse();
    }

    /** The JDK makes IPv4 addresses of these, unless somebody insists. */
    @Test
    void anIpv4AddressThatStaysInsideOfAnIpv6OneDoesNotPass() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 10, 0, 0, 1};
        InetAddress address = Inet6Address.getByAddress("internal", mapped, 0);
        assertThat(address).isInstanceOf(Inet6Address.class);
        assertThat(AddressPolicy.PUBLIC.allows(address)).isFalse();
        assertThat(AddressPolicy.PUBLIC_AND_PRIVATE.allows(address)).isTrue();
    }

    @Test
    void developmentMayUsePrivateAddressesButNotMetadata() {
        for (String literal : new String[] {"127.0.0.1", "10.1.2.3", "192.168.0.1", "::1", "fd12::1", "8.8.8.8"}) {
            assertThat(AddressPolicy.PUBLIC_AND_PRIVATE.allows(InetAddress.ofLiteral(literal)))
                    .as(literal)
                    .isTrue();
        }
        for (String literal : new String[] {"169.254.169.254", "0.0.0.0", "224.0.0.1", "fe80::1", "::"}) {
            assertThat(AddressPolicy.PUBLIC_AND_PRIVATE.allows(InetAddress.ofLiteral(literal)))
                    .as(literal)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.org/",
                "ftp://example.org/",
                "https://",
                "https:///x",
                "//example.org",
                "example.org",
                "https://user:pass@example.org/",
                "https://user@example.org/",
                "https://example.org/#part",
                "https://example.org:22/",
                "https://example.org:25/",
                "https://example.org:80/",
                "https://example.org:0/",
                "https://example.org:65536/",
                "https://localhost/",
                "https://LOCALHOST./",
                "https://api.localhost/",
                // every way to write 127.0.0.1, 10.0.0.1 and 169.254.169.254
                "https://127.0.0.1/",
                "https://127.1/",
                "https://127.0.1/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0x7f.0.0.1/",
                "https://0177.0.0.1/",
                "https://017700000001/",
                "https://127.0.0.01/",
                "https://0x7f.1/",
                "https://10.0.0.1./",
                "https://2852039166/",
                "https://0xa9fea9fe/",
                "https://169.254.169.254/",
                "https://0/",
                "https://0.0.0.0/",
                "https://999.1.1.1/",
                "https://[::1]/",
                "https://[::]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::ffff:7f00:1]/",
                "https://[::127.0.0.1]/",
                "https://[64:ff9b::7f00:1]/",
                "https://[2002:7f00:1::]/",
                "https://[fe80::1%25eth0]/",
                "https://[fe80::1]/",
                "https://[fd00::1]/",
                "https://①②⑦.0.0.1/",
                "https://exa mple.org/",
                "https://example.org\\@127.0.0.1/",
                "https://example.org\r\nX: y/"
            })
    void aUrlThatLeadsNowherePublicIsRefusedAtOnce(String url) {
        assertThatThrownBy(() -> WebhookUrl.parse(url, false)).isInstanceOf(InvalidWebhookException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org",
                "https://example.org/hooks?token=1",
                "HTTPS://Example.ORG:443/",
                "https://hooks.example.org:8443/a/b",
                "https://8.8.8.8/",
                "https://[2606:4700::1111]/x",
                "https://xn--bcher-kva.example/"
            })
    void aPublicUrlIsTaken(String url) {
        assertThat(WebhookUrl.parse(url, false).text()).isEqualTo(url);
    }

    @Test
    void developmentMayUseHttpAndAnyPort() {
        assertThat(WebhookUrl.parse("http://127.0.0.1:99/x", true).text()).isNotEmpty();
        assertThat(WebhookUrl.parse("http://localhost:80/x", true).text()).isNotEmpty();
        assertThatThrownBy(() -> WebhookUrl.parse("http://169.254.169.254/", true))
                .isInstanceOf(InvalidWebhookException.class);
        assertThatThrownBy(() -> WebhookUrl.parse("http://u:p@127.0.0.1/", true))
                .isInstanceOf(InvalidWebhookException.class);
    }

    /** A name is looked up once for a connection; what it leads to then is what is judged, each time anew. */
    @Test
    void aNameThatLeadsElsewhereLaterGainsNothing() throws UnknownHostException {
        AtomicInteger asked = new AtomicInteger();
        CheckedResolver resolver = new CheckedResolver(
                _ -> new InetAddress[] {
                    InetAddress.ofLiteral(asked.incrementAndGet() == 1 ? "8.8.8.8" : "169.254.169.254")
                },
                AddressPolicy.PUBLIC);

        assertThat(resolver.resolve("rebinding.example", 443))
                .singleElement()
                .satisfies(address -> assertThat(address.getAddress()).isEqualTo(InetAddress.ofLiteral("8.8.8.8")));
        assertThat(asked).as("look-ups for one connection").hasValue(1);
        assertThatThrownBy(() -> resolver.resolve("rebinding.example", 443))
                .isInstanceOf(CheckedResolver.AddressRefusedException.class)
                .hasMessageNotContaining("169.254");
    }

    @Test
    void onePrivateAddressAmongPublicOnesRefusesTheName() {
        CheckedResolver resolver = new CheckedResolver(
                _ -> new InetAddress[] {InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("10.0.0.1")},
                AddressPolicy.PUBLIC);

        assertThatThrownBy(() -> resolver.resolve("both.example"))
                .isInstanceOf(CheckedResolver.AddressRefusedException.class);
    }

    /** However the system's resolver reads an odd notation, it ends in an address that is judged. */
    @ParameterizedTest
    @ValueSource(strings = {"127.1", "2130706433", "localhost", "127.0.0.1", "::1"})
    void whatTheSystemTakesForLoopbackIsRefusedWhenItIsConnectedTo(String host) {
        CheckedResolver resolver = new CheckedResolver(new SystemLookup(Duration.ofSeconds(5)), AddressPolicy.PUBLIC);

        assertThatThrownBy(() -> resolver.resolve(host)).isInstanceOf(UnknownHostException.class);
    }
}

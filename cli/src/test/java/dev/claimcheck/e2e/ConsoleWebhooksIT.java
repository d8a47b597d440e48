package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.ConsolePage.View.DESK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The console's pages of webhooks, in a real browser and with a receiver that fails once. */
class ConsoleWebhooksIT {
    @Test
    void anEndpointIsAddedTestedAndItsDeliveriesAreSeen() throws IOException {
        List<String> received = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = "<script>alert(6)</script> taken".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(received.size() == 1 ? 500 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        receiver.start();
        try (ConsolePage console = ConsoleHouse.enter().signedIn(DESK)) {
            console.open("/hooks");
            Page page = console.page();
            page.getByText("No endpoint yet").waitFor();
            console.assertAccessible();
            page.getByText("Add an endpoint").first().click();
            page.getByLabel("Address").fill("ftp://example.com/");
            page.getByText("Add", new Page.GetByTextOptions().setExact(true)).click();
            page.getByRole(AriaRole.DIALOG)
                    .getByRole(AriaRole.ALERT)
                    .waitFor(); // Refused in the service's words, where it was typed.
            page.getByLabel("Address")
                    .fill("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook");
            page.getByLabel("Description").fill("Web shop");
            console.assertAccessible();
            page.getByText("Add", new Page.GetByTextOptions().setExact(true)).click();
            page.getByText("The signing secret").waitFor();
            assertThat(page.locator("[aria-label='Signing secret']").textContent())
                    .startsWith("whsec_");
            page.getByText("I have copied it").click();
            page.locator("[data-endpoint] a").click();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send a test"))
                    .click();
            page.getByText("webhook.test").first().waitFor();
            await().atMost(Duration.ofSeconds(30)).until(() -> received.size() >= 2);
            page.getByText("Delivered", new Page.GetByTextOptions().setExact(true))
                    .last()
                    .waitFor();
            page.locator("[data-delivery] button").first().click();
            page.getByText("Try 2").first().waitFor();
            assertThat(page.getByRole(AriaRole.DIALOG).textContent())
                    .contains("webhook-signature", "<script>alert(6)</script> taken", "500");
            console.assertAccessible();
            console.picture("webhook-delivery-desktop.png");
            int before = received.size();
            page.getByText("Send it again").click();
            await().atMost(Duration.ofSeconds(30)).until(() -> received.size() > before);
            page.keyboard().press("Escape");
            console.picture("webhook-desktop.png");
            assertThat(console.complaints())
                    .allMatch(complaint -> complaint.contains("400")); // The address that was refused.
        } finally {
            receiver.stop(0);
        }
    }
}

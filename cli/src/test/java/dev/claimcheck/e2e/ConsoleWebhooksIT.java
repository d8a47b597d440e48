package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.ConsolePage.View.DESK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console's pages of webhooks, in a real browser and with a receiver that fails once. */
@ExtendWith(SharedInJvm.class)
class ConsoleWebhooksIT {
    private final ConsoleHouse house;

    ConsoleWebhooksIT(ConsoleHouse house) {
        this.house = house;
    }

    @Test
    void anEndpointIsAddedTestedAndItsDeliveriesAreSeen() throws IOException {
        Receiver receiver = new Receiver();
        receiver.answer(_ -> receiver.messages().isEmpty() ? 500 : 200, "<script>alert(6)</script> taken");
        try (receiver;
                ConsolePage console = house.signedIn(DESK)) {
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
            page.getByLabel("Address").fill(receiver.url());
            page.getByLabel("Description").fill("Web shop");
            console.assertAccessible();
            page.getByText("Add", new Page.GetByTextOptions().setExact(true)).click();
            page.getByText("The signing secret").waitFor();
            ConsolePage.awaitWords(page.locator("[aria-label='Signing secret']"), "whsec_");
            page.getByText("I have copied it").click();
            page.locator("[data-endpoint] a").click();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send a test"))
                    .click();
            page.getByText("webhook.test").first().waitFor();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> receiver.messages().size() >= 2);
            page.getByText("Delivered", new Page.GetByTextOptions().setExact(true))
                    .last()
                    .waitFor();
            page.locator("[data-delivery] button").first().click();
            page.getByText("Try 2").first().waitFor();
            ConsolePage.awaitWords(
                    page.getByRole(AriaRole.DIALOG), "webhook-signature", "<script>alert(6)</script> taken", "500");
            console.assertAccessible();
            console.picture("webhook-delivery-desktop.png");
            int before = receiver.messages().size();
            page.getByText("Send it again").click();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> receiver.messages().size() > before);
            page.keyboard().press("Escape");
            console.picture("webhook-desktop.png");
            assertThat(console.complaints())
                    .allMatch(complaint -> complaint.contains("400")); // The address that was refused.
        }
    }
}

package dev.claimcheck.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A command about one webhook endpoint, which its first parameter names. */
@Command
abstract class EndpointCommand extends ServiceCommand {
    static final String ENDPOINT = "Id of the endpoint (claimcheck webhooks lists them).";

    @Parameters(index = "0", paramLabel = "ENDPOINT", description = ENDPOINT)
    private String endpoint = "";

    /** The endpoint's id, as it was typed. */
    final String endpoint() {
        return endpoint;
    }
}

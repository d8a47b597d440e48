package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.ClaimcheckException;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Does one thing to several jobs: each is tried, though the service refused one before. The exit code is the highest. */
record EachJob(ClaimcheckClient client, ServiceCommand command) {
    /** What is done to one. */
    interface Deed {
        JsonNode to(String jobId) throws InterruptedException;
    }

    int run(List<String> jobs, Deed deed, Function<JsonNode, String> words) throws InterruptedException {
        ArrayNode answers = JsonMapper.shared().createArrayNode();
        int exit = ExitCode.OK;
        for (String job : jobs) {
            try {
                JsonNode answer = deed.to(JobIds.whole(client, job));
                answers.add(answer);
                if (!command.json()) {
                    command.say((jobs.size() > 1 ? job + ": " : "") + words.apply(answer));
                }
            } catch (ClaimcheckException e) {
                if (jobs.size() == 1 || e.isUnreachable()) {
                    throw e;
                }
                command.err().println("claimcheck: " + job + ": " + e.getMessage());
                ObjectNode refused = answers.addObject().put("job_id", job);
                refused.putObject("error").put("code", e.code()).put("message", e.getMessage());
                exit = Math.max(exit, Main.exitCode(e));
            }
        }
        if (command.json()) {
            command.out().println(answers.size() == 1 ? answers.get(0) : answers);
        }
        return exit;
    }
}

package dev.claimcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.cli.FakeService.Ran;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What commands ask a service, and what they make of its answers. */
class CommandsTest {
    private static final String JOB = "0199f2c4-0000-7000-8000-00001f3a9c20";
    private static final String ENDPOINT = """
            {"endpoint_id":"e1","url":"https://example.org/hooks","description":"production","events":["job.*"],"status":"disabled",
             "disabled_reason":"It failed for 24 hours.","circuit":"open","created_at":"2026-11-25T08:00:00Z","updated_at":"2026-11-25T08:00:00Z",
             "last_delivery_at":"2026-11-25T09:00:00Z","last_status_code":500,"delivered_24h":12,"failed_24h":3,"waiting":1,
             "secrets":[{"created_at":"2026-11-25T08:00:00Z","expires_at":null}]}""";
    private static final String DELIVERY = """
            {"delivery_id":"d1","endpoint_id":"e1","event_id":"41","type":"job.completed","job_id":"%s","status":"failed","attempts":2,
             "created_at":"2026-11-25T08:00:00Z","next_attempt_at":null,"finished_at":null,"last_status_code":500,"last_error":"answered 500"}""".formatted(JOB);

    private final FakeService service = new FakeService();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void everyCommandExplainsItselfWithExamplesAndExitCodes() {
        Deque<CommandLine> left = new ArrayDeque<>(List.of(Main.commandLine()));
        List<String> seen = new ArrayList<>();
        while (!left.isEmpty()) {
            CommandLine command = left.pop();
            left.addAll(command.getSubcommands().values());
            seen.add(command.getCommandSpec().qualifiedName());
            String usage = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
            assertThat(usage)
                    .as(command.getCommandSpec().qualifiedName())
                    .contains(
                            "Example",
                            "claimcheck " + String.join(" ", names(command)),
                            "Exit codes:",
                            "130",
                            "--help");
            assertThat(command.getCommandSpec().usageMessage().footer())
                    .as("examples fit a line")
                    .filteredOn(line -> line.startsWith("  "))
                    .allSatisfy(line -> assertThat(line.length()).as(line).isLessThan(80));
        }
        assertThat(seen).hasSizeGreaterThan(35).doesNotHaveDuplicates();
    }

    @Test
    void everyCommandThatAsksTheServiceSpeaksJson() {
        Deque<CommandLine> left = new ArrayDeque<>(List.of(Main.commandLine()));
        while (!left.isEmpty()) {
            CommandLine command = left.pop();
            left.addAll(command.getSubcommands().values());
            if (command.getCommand() instanceof ServiceCommand) {
                assertThat(command.getCommandSpec().findOption("--json"))
                        .as(command.getCommandSpec().qualifiedName())
                        .isNotNull();
            }
        }
    }

    @Test
    void jobsAreFilteredAndSearched() {
        service.on(
                "GET /videos/jobs?limit=20&status=FAILED%2CIN_PROGRESS&q=my%20holiday&owner=alice", """
                {"jobs":[{"job_id":"%s","status":"FAILED","filename":"my holiday\\u001b[2J.mp4","created_at":"2026-11-25T08:00:00Z",
                 "error":{"code":"undecodable"}}],"next_cursor":"c"}""".formatted(JOB));

        Ran ran = service.run("jobs", "--status", "FAILED,IN_PROGRESS", "--search", "my holiday", "--owner", "alice");

        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.lines().getFirst()).startsWith(JOB + "  FAILED").contains("undecodable", "my holiday�[2J.mp4");
        assertThat(ran.out()).doesNotContain("\u001b").contains("--cursor c");
    }

    /** A program that ends while a thread waits in a system call waits 300 ms for it: longer than a command takes. Threads that are idle do not matter. */
    @Test
    void aCommandLeavesNobodyWaitingAtItsConnections() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        service.on("GET /videos/jobs?limit=20", "{\"jobs\":[],\"next_cursor\":null}");

        assertThat(service.run("jobs").exit()).isZero();

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("HttpClient") && name.endsWith("SelectorManager"));
    }

    @Test
    void allJobsAreReadPageByPage() {
        service.on(
                        "GET /videos/jobs?limit=200",
                        "{\"jobs\":[{\"job_id\":\"a\"},{\"job_id\":\"b\"}],\"next_cursor\":\"b\"}")
                .on("GET /videos/jobs?limit=200&cursor=b", "{\"jobs\":[{\"job_id\":\"c\"}],\"next_cursor\":null}");

        assertThat(service.run("jobs", "--all", "--ids").lines()).containsExactly("a", "b", "c");
    }

    @Test
    void aJobIsNamedByItsLastDigits() {
        service.on(
                        "GET /videos/jobs?limit=200&q=1f3a9c20",
                        "{\"jobs\":[{\"job_id\":\"%s\"},{\"job_id\":\"other\"}]}".formatted(JOB))
                .on(
                        "POST /videos/jobs/" + JOB + "/cancel",
                        "{\"job_id\":\"" + JOB + "\",\"message\":\"The job was cancelled.\"}");

        assertThat(service.run("cancel", "1F3A9C20").out()).isEqualTo("The job was cancelled.\n");

        service.on(
                "GET /videos/jobs?limit=200&q=1f3a9c20",
                "{\"jobs\":[{\"job_id\":\"%s\"},{\"job_id\":\"x%s\"}]}".formatted(JOB, JOB));
        Ran ambiguous = service.run("cancel", "1f3a9c20");
        assertThat(ambiguous.exit()).isEqualTo(2);
        assertThat(ambiguous.err()).contains("Several jobs end with 1f3a9c20", JOB);
    }

    @Test
    void ofSeveralJobsEachIsTried() {
        service.on("POST /videos/jobs/a/retry", "{\"job_id\":\"a\",\"message\":\"The job was retried.\"}")
                .on("POST /videos/jobs/c/retry", "{\"job_id\":\"c\",\"message\":\"The job was retried.\"}");

        Ran ran = service.run("retry", "a", "b", "c", "--json");

        assertThat(ran.exit()).isEqualTo(4);
        assertThat(ran.json()).hasSize(3);
        assertThat(ran.json().path(1).path("error").path("code").asString()).isEqualTo("not_found");
        assertThat(ran.err()).contains("b: There is nothing like that.");
    }

    @Test
    void aStepIsRetriedByItsName() {
        service.on(
                "POST /videos/jobs/a/steps/transcode/001/retry",
                "{\"job_id\":\"a\",\"message\":\"The step is done again.\"}");

        assertThat(service.run("retry", "a", "--step", "transcode/001").exit()).isZero();
    }

    @Test
    void aFileIsProcessedWithOtherOptions() {
        service.on("POST /videos/jobs/a/process", "{\"job_id\":\"b\",\"message\":\"Processing has started.\"}");

        Ran ran = service.run("process", "a", "--profile", "web-av1", "--clip-start", "1.5", "--priority", "HIGH");

        assertThat(ran.out()).contains("Job b");
        assertThat(service.only().json().toString())
                .isEqualTo("{\"profile\":\"web-av1\",\"clip_start\":\"1.5\",\"priority\":\"high\"}");
    }

    @Test
    void webhooksAreKept() {
        service.on("GET /webhooks", "{\"webhooks\":[" + ENDPOINT + "]}")
                .on("GET /webhooks/e1", ENDPOINT)
                .on("POST /webhooks", ENDPOINT.replaceFirst("}$", ",\"secret\":\"whsec_abc\"}"))
                .on("PATCH /webhooks/e1", ENDPOINT)
                .on(
                        "POST /webhooks/e1/rotate-secret",
                        "{\"secret\":\"whsec_new\",\"previous_expires_at\":\"2026-11-26T08:00:00Z\"}")
                .on("POST /webhooks/e1/test", DELIVERY)
                .on("DELETE /webhooks/e1", "");

        assertThat(service.run("webhooks").out()).contains("e1  disabled  https://example.org/hooks", "job.*");
        assertThat(service.run("webhooks", "show", "e1").out())
                .contains(
                        "Status:     disabled: It failed for 24 hours., circuit open",
                        "12 in the last 24 hours, 3 failed, 1 waiting");
        Ran added = service.run(
                "webhooks",
                "add",
                "https://example.org/hooks",
                "--events",
                "job.*,step.failed",
                "--description",
                "production");
        assertThat(added.out()).contains("whsec_abc");
        assertThat(added.err()).contains("not shown again");
        assertThat(service.asked().getLast().body())
                .isEqualTo(
                        "{\"url\":\"https://example.org/hooks\",\"events\":[\"job.*\",\"step.failed\"],\"description\":\"production\"}");
        assertThat(service.run("webhooks", "update", "e1", "--enable", "--to", "https://example.org/new")
                        .exit())
                .isZero();
        assertThat(service.asked().getLast().body())
                .isEqualTo("{\"url\":\"https://example.org/new\",\"status\":\"enabled\"}");
        assertThat(service.run("webhooks", "update", "e1", "--enable", "--disable")
                        .exit())
                .isEqualTo(2);
        assertThat(service.run("webhooks", "rotate", "e1", "--overlap", "24h").out())
                .contains("whsec_new", "2026-11-26T08:00:00Z");
        assertThat(service.asked().getLast().body()).isEqualTo("{\"overlap\":\"24h\"}");
        assertThat(service.run("webhooks", "test", "e1").out()).contains("claimcheck webhooks deliveries e1 d1");
        assertThat(service.run("webhooks", "remove", "e1", "--json")
                        .json()
                        .path("removed")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void deliveriesAreSeenAndSentAgain() {
        service.on(
                        "GET /webhooks/e1/deliveries?limit=20&status=failed",
                        "{\"deliveries\":[" + DELIVERY + "],\"next_cursor\":\"n\"}")
                .on("GET /webhooks/e1/deliveries/d1", DELIVERY.replaceFirst("}$", """
                        ,"attempts_log":[{"attempt":1,"at":"2026-11-25T08:00:01Z","duration_ms":12,"request":{"url":"https://example.org/hooks",
                        "headers":{"webhook-id":"41"},"body":"{}"},"response":{"status_code":500,"headers":{},"body":"oh\\\\u001b[31m"},"error":null}]}"""))
                .on("POST /webhooks/e1/deliveries/d1/replay", DELIVERY)
                .on("POST /webhooks/e1/replay", "{\"deliveries\":7}");

        assertThat(service.run("webhooks", "deliveries", "e1", "--status", "failed")
                        .out())
                .contains("d1  failed  2  job.completed", "answered 500", "--cursor n");
        assertThat(service.run("webhooks", "deliveries", "e1", "d1").out())
                .contains("Attempt 1", "webhook-id: 41", "Answer 500", "oh�[31m");
        assertThat(service.run("webhooks", "replay", "e1", "d1").exit()).isZero();
        assertThat(service.run(
                                "webhooks",
                                "replay",
                                "e1",
                                "--from",
                                "2026-11-25T08:00:00Z",
                                "--to",
                                "2026-11-25T09:00:00Z",
                                "--events",
                                "job.*")
                        .out())
                .isEqualTo("7 deliveries are sent again.\n");
        assertThat(service.asked().getLast().body())
                .isEqualTo(
                        "{\"from\":\"2026-11-25T08:00:00Z\",\"to\":\"2026-11-25T09:00:00Z\",\"events\":[\"job.*\"]}");
        assertThat(service.run("webhooks", "replay", "e1").exit())
                .as("neither one nor a time")
                .isEqualTo(2);
    }

    @Test
    void keysAreMadeAndTheirTextAloneIsPrinted() {
        service.on("POST /access/keys", "{\"key_id\":\"k1\",\"owner\":\"alice\",\"key\":\"cc_abc\"}")
                .on(
                        "GET /access/keys",
                        "{\"keys\":[{\"key_id\":\"k1\",\"owner\":\"alice\",\"name\":\"ci\",\"role\":\"OWNER\",\"expires_at\":\"2027-02-25T08:00:00Z\",\"last_used_at\":null}]}")
                .on("DELETE /access/keys/k1", "");

        Ran made = service.run("keys", "create", "--owner", "alice", "--name", "ci", "--expires-in", "90d");
        assertThat(made.out()).isEqualTo("cc_abc\n");
        assertThat(service.only().body())
                .isEqualTo("{\"owner\":\"alice\",\"name\":\"ci\",\"role\":\"owner\",\"expires_in\":\"90d\"}");
        assertThat(service.run("keys").out()).isEqualTo("k1  alice  ci  owner  never  2027-02-25\n");
        assertThat(service.run("keys", "list").out())
                .isEqualTo(service.run("keys").out());
        assertThat(service.run("keys", "revoke", "k1").exit()).isZero();
        assertThat(service.run("keys", "create", "--owner", "alice").exit())
                .as("without a name")
                .isEqualTo(2);
    }

    @Test
    void deadLettersAreListedAndRetried() {
        service.on("GET /operations/dead-letters?limit=20", """
                {"dead_letters":[{"job_id":"%s","owner":"alice","filename":"a.mp4","step":"transcode/000","queue":"video_processing","attempts":4,
                 "failed_at":"2026-11-25T08:00:00Z","error":{"code":"process_killed","message":"m","detail":"d"},"retry_allowed":true}],"next_cursor":null}""".formatted(JOB))
                .on("POST /operations/dead-letters/retry", "{\"retried\":1,\"more\":true}");

        assertThat(service.run("dead-letters").out()).contains(JOB, "transcode/000", "process_killed", "may help");
        assertThat(service.run("dead-letters", "retry", "--code", "process_killed", "--queue", "video_processing", JOB)
                        .out())
                .isEqualTo("1 step is done again.\nThere are more: run the same command again.\n");
        assertThat(service.asked().getLast().body())
                .isEqualTo(
                        "{\"queue\":\"video_processing\",\"code\":\"process_killed\",\"job_ids\":[\"" + JOB + "\"]}");
    }

    @Test
    void eventsAreOneLineEach() {
        service.on("GET /events?after=0&limit=1000", """
                {"events":[{"id":"1","type":"job.created","job_id":"j","at":"2026-11-25T08:00:00Z","data":{}},
                 {"id":"2","type":"step.failed","job_id":"j","at":"2026-11-25T08:00:01Z","data":{"step":"audio","message":"two words"}}],"next":"2"}""")
                .on("GET /events?after=2&limit=1000", "{\"events\":[],\"next\":\"2\"}");

        assertThat(service.run("events").lines())
                .containsExactly(
                        "2026-11-25T08:00:00Z  1  job.created  j",
                        "2026-11-25T08:00:01Z  2  step.failed  j  step=audio message=\"two words\"");
        assertThat(service.run("events", "--type", "step.*", "--json").lines()).hasSize(1);
        assertThat(service.run("events", "--limit", "1").lines()).hasSize(1);
        assertThat(EventsCommand.pattern(List.of("job.*", "step.failed"))
                        .matcher("jobs")
                        .matches())
                .isFalse();
        assertThat(EventsCommand.pattern(List.of("job.*", "step.failed"))
                        .matcher("step.failed")
                        .matches())
                .isTrue();
    }

    @Test
    void theTimelineSaysWhatRanWhen() {
        service.on("GET /videos/jobs/a/timeline", """
                {"job_id":"a","created_at":"2026-11-25T08:00:00Z","now":"2026-11-25T08:01:00Z","steps":[
                 {"name":"metadata","status":"RUNNING","attempts":[
                  {"attempt":1,"host":"h","started_at":"2026-11-25T08:00:01Z","finished_at":"2026-11-25T08:00:03Z","outcome":"retrying",
                   "error":{"code":"process_killed","detail":"exit code 137"},"log":"line one\\nline two"},
                  {"attempt":2,"host":"h","started_at":"2026-11-25T08:00:10Z","finished_at":null,"outcome":null,"error":null,"log":null}]},
                 {"name":"finish","status":"WAITING","attempts":[]}]}""");

        assertThat(service.run("timeline", "a", "--logs").lines())
                .containsExactly(
                        "metadata  1  retrying   +1.0 s   2.0 s  h  process_killed: exit code 137",
                        "metadata  2  running   +10.0 s  50.0 s  h",
                        "finish       waiting",
                        "",
                        "metadata, attempt 1:",
                        "  line one",
                        "  line two");
    }

    @Test
    void completionKnowsEveryCommand() {
        Ran bash = FakeService.command("completion", "bash");
        assertThat(bash.out()).startsWith("#!/usr/bin/env bash").contains("dead-letters", "--search", "complete -F");
        assertThat(FakeService.command("completion", "zsh").out())
                .startsWith("autoload")
                .endsWith(bash.out());
        assertThat(FakeService.command("completion", "fish").exit()).isEqualTo(2);
    }

    private static List<String> names(CommandLine command) {
        List<String> names = new ArrayList<>();
        for (CommandLine one = command; one.getParent() != null; one = one.getParent()) {
            names.addFirst(one.getCommandName());
        }
        return names;
    }
}

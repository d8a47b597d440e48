package dev.claimcheck.cli;

import dev.claimcheck.cli.Table.Column;
import dev.claimcheck.client.ClaimcheckClient;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pictures that may be laid over videos. */
@Command(
        name = "watermarks",
        description = "Pictures that may be laid over videos. Without a further word they are listed.",
        subcommands = {
            WatermarksCommand.ListWatermarks.class,
            WatermarksCommand.Add.class,
            WatermarksCommand.Remove.class
        },
        footer = {
            "",
            "Examples:",
            "  claimcheck watermarks add logo.png",
            "  claimcheck upload a.mp4 --watermark 7b0e… --watermark-position center",
            "  claimcheck watermarks remove 7b0e…"
        })
final class WatermarksCommand extends ServiceCommand {
    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        return list(this, client);
    }

    private static int list(ServiceCommand command, ClaimcheckClient client) throws InterruptedException {
        JsonNode answer = client.watermarks().list();
        return command.print(answer, () -> {
            if (answer.path("watermarks").isEmpty()) {
                command.say("No watermarks yet. Add one with: claimcheck watermarks add logo.png");
                return;
            }
            Table table = new Table(
                    Column.fixed("WATERMARK"), Column.fixed("TYPE"), Column.fixed("SIZE"), Column.optional("CREATED"));
            answer.path("watermarks")
                    .forEach(one -> table.row(
                            text(one, "watermark_id"),
                            text(one, "content_type"),
                            text(one, "width") + " × " + text(one, "height"),
                            text(one, "created_at")));
            command.print(table);
        });
    }

    /** Lists them. */
    @Command(
            name = "list",
            description = "List your watermarks.",
            footer = {"", "Example:", "  claimcheck watermarks list --json"})
    static final class ListWatermarks extends ServiceCommand {
        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            return list(this, client);
        }
    }

    /** Uploads one. */
    @Command(
            name = "add",
            description = "Upload a PNG, JPEG or WebP of at most 5 MB and 4,096 pixels a side, and print its id.",
            footer = {"", "Example:", "  claimcheck upload a.mp4 --watermark $(claimcheck watermarks add logo.png)"})
    static final class Add extends ServiceCommand {
        @Parameters(paramLabel = "FILE", description = "The picture.")
        private Path file = Path.of("");

        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            JsonNode added = client.watermarks().add(file);
            return print(added, () -> say(text(added, "watermark_id")));
        }
    }

    /** Removes some. */
    @Command(
            name = "remove",
            description = "Remove watermarks; videos that have them keep them.",
            footer = {"", "Example:", "  claimcheck watermarks remove 7b0e…"})
    static final class Remove extends ServiceCommand {
        @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids of watermarks.")
        private List<String> ids = List.of();

        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            for (String id : ids) {
                client.watermarks().delete(id);
                print(
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("watermark_id", id)
                                .put("removed", true),
                        () -> say("The watermark was removed."));
            }
            return ExitCode.OK;
        }
    }
}

package dev.claimcheck.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a shell needs to complete commands and options. */
@Command(
        name = "completion",
        description = "Print what a shell needs to complete commands, options and their values.",
        footer = {
            "",
            "Examples:",
            "  source <(claimcheck completion bash)                      for this shell",
            "  d=~/.local/share/bash-completion/completions; mkdir -p $d",
            "  claimcheck completion bash > $d/claimcheck               for every one",
            "  echo 'source <(claimcheck completion zsh)' >> ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells that can be served. */
    enum Shell {
        bash,
        zsh
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell = Shell.bash;

    @Override
    public Integer call() {
        String script = AutoComplete.bash("claimcheck", spec.root().commandLine());
        // It loads bash's way of completing where zsh runs it; only that has to be there first.
        spec.commandLine()
                .getOut()
                .print(shell == Shell.zsh ? "autoload -U +X compinit && compinit -u\n" + script : script);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}

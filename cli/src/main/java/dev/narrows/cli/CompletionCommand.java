package dev.narrows.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: what a shell needs to complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Prints a script by which a shell completes commands, options and files after a tab:",
      "bash: source <(./narrows completion bash), in ~/.bashrc for every shell to come.",
      "zsh: the same with zsh, in ~/.zshrc."
    })
final class CompletionCommand implements Callable<Integer> {
  /** Shells that are served; zsh reads the script of bash. */
  enum Shell {
    bash,
    zsh
  }

  @Parameters(paramLabel = "bash|zsh", description = "The shell.")
  private Shell shell = Shell.bash;

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Commands commands;

  CompletionCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() {
    String script = AutoComplete.bash("narrows", spec.root().commandLine());
    // zsh has bash's way of completing once it is told so, which the script does itself
    commands
        .terminal()
        .out()
        .print(shell == Shell.zsh ? "autoload -U compinit\n" + script : script);
    commands.terminal().out().flush();
    return ExitCode.DONE;
  }
}

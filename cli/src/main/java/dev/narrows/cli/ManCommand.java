package dev.narrows.cli;

import dev.narrows.data.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code man}: the help of all commands as manual pages. */
@Command(
    name = "man",
    description = {
      "Writes the help of every command as a manual page, for man(1): into",
      "~/.local/share/man/man1, for example."
    })
final class ManCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder for narrows.1, narrows-analyze.1 and so on.")
  private Path out = Path.of("");

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Commands commands;

  ManCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    Map<String, String> pages = new TreeMap<>();
    ManualPage.collect(spec.root().commandLine(), pages);
    Files.createDirectories(out);
    for (Map.Entry<String, String> page : pages.entrySet()) {
      AtomicFile.write(out.resolve(page.getKey()), page.getValue());
    }
    commands.terminal().note("%d pages in %s".formatted(pages.size(), out));
    return ExitCode.DONE;
  }
}

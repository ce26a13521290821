package dev.narrows.cli;

import dev.narrows.experiments.input.BadInputException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** In the list of commands for {@code --help}; the launcher script carries it out. */
@Command(
    name = "package",
    description = {
      "Makes a release of this checkout in target/release: the tool in an archive with a Java",
      "runtime of its own, which needs nothing else installed, and each room that it leaves out",
      "(training, hosted, charts) in an archive beside it."
    })
final class PackageCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PART",
      arity = "0..*",
      description = {
        "What to make: tool, training, hosted, charts, wheel (the tool as a Python package), maven",
        "(artifacts of core, kernels, network and verify in a folder repository). Default: tool",
        "and wheel."
      })
  private List<String> parts = List.of();

  @Override
  public Integer call() {
    throw new BadInputException(
        "package: run it in a checkout through the launcher, as ./narrows package "
            + String.join(" ", parts));
  }
}

package dev.narrows.cli;

import dev.narrows.experiments.input.BadInputException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** In the list of commands for {@code --help}; the launcher script carries it out. */
@Command(
    name = "test",
    description = {
      "Runs the project's tests, without slow ones (mvn verify), with a JDK 25 that it finds.",
      "Further words go to Maven: -Pci runs the slow ones, too."
    })
final class TestCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new BadInputException("test: run it through the launcher, as ./narrows test");
  }
}

package dev.narrows.cli;

import dev.narrows.cli.doctor.Examination;
import dev.narrows.cli.doctor.Finding;
import dev.narrows.report.ListingResult;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code doctor}: a self-test of this installation. */
@Command(
    name = "doctor",
    description = {
      "Looks at this installation: JDK, vectors, memory, libraries, what is built, data sets; and",
      "compares every kernel with the reference, bit for bit, on this processor. A few seconds.",
      "Ends with 1 if something is wrong. A report of a problem should carry what it prints."
    })
final class DoctorCommand implements Callable<Integer> {
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private DataOptions.RootOptions roots = new DataOptions.RootOptions();

  private final Commands commands;

  DoctorCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    return tell(Examination.here(roots.roots()));
  }

  /** Prints findings; those that are wrong also as errors, a line each. */
  int tell(List<Finding> findings) throws IOException {
    List<Finding> wrong = findings.stream().filter(Finding::wrong).toList();
    ListingResult result =
        new ListingResult(
            "doctor",
            verdict(wrong),
            List.of("what", "state", "found"),
            findings.stream().map(DoctorCommand::item).toList());
    output.tell(commands, result, "doctor");
    for (Finding one : wrong) {
      commands.terminal().note("narrows: " + one.what() + ": " + one.found());
    }
    return wrong.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static String verdict(List<Finding> wrong) {
    return wrong.isEmpty()
        ? "Nothing is wrong with this installation."
        : "Wrong with this installation: "
            + wrong.stream().map(Finding::what).collect(Collectors.joining(", "))
            + ".";
  }

  private static Map<String, Object> item(Finding finding) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("what", finding.what());
    item.put("state", finding.state().toString());
    item.put("found", finding.found());
    return item;
  }
}

package dev.narrows.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in a user's words instead of a programmer's. */
final class UsageProblem {
  private UsageProblem() {}

  /** One line without a full stop. */
  static String of(ParameterException problem) {
    if (problem instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched);
    }
    return String.valueOf(problem.getMessage())
        .strip()
        .replaceAll("\\s*\\n\\s*", " ")
        .replaceFirst("' is not an? (int|long|short|byte)$", "' is no whole number")
        .replaceFirst("' is not a (double|float)$", "' is no number");
  }

  private static String unmatched(UnmatchedArgumentException problem) {
    List<String> words = problem.getUnmatched();
    String first = words.getFirst();
    if (first.startsWith("-")) {
      return "no option " + first;
    }
    if (!problem.getCommandLine().getSubcommands().isEmpty()) {
      return "no command " + first;
    }
    return words.stream()
        .map(word -> '"' + word + '"')
        .collect(Collectors.joining(" ", "more words than expected: ", ""));
  }
}

package dev.narrows.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What somebody who mistyped a command or an option may have meant. */
final class NearWords {
  private static final int MOST_EDITS = 2;
  private static final int MOST_WORDS = 3;

  private NearWords() {}

  /** A question such as {@code ; did you mean analyze?}, or nothing. */
  static String question(ParameterException problem) {
    if (!(problem instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().isEmpty()) {
      return "";
    }
    String typed = unmatched.getUnmatched().getFirst().replaceFirst("=.*", "");
    List<String> near = of(typed, words(problem.getCommandLine().getCommandSpec(), typed));
    return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
  }

  private static Collection<String> words(CommandSpec command, String typed) {
    return typed.startsWith("-")
        ? command.options().stream()
            .filter(option -> !option.hidden())
            .map(OptionSpec::longestName)
            .toList()
        : command.subcommands().keySet();
  }

  /**
   * The words that the fewest edits make of what was typed, or, if none is near, those that it
   * begins. The fewer letters, the fewer edits: a third of them, at most two.
   */
  static List<String> of(String typed, Collection<String> words) {
    String lower = typed.toLowerCase(Locale.ROOT);
    int letters = lower.replaceFirst("^-+", "").length();
    int least = words.stream().mapToInt(word -> edits(lower, word)).min().orElse(letters);
    boolean near = least <= Math.min(MOST_EDITS, letters / 3);
    return words.stream()
        .filter(word -> near ? edits(lower, word) == least : letters > 2 && word.startsWith(lower))
        .sorted()
        .limit(MOST_WORDS)
        .toList();
  }

  /**
   * The fewest letters to add, drop, replace, or swap with their neighbour, no letter twice:
   * optimal string alignment.
   */
  static int edits(String from, String to) {
    int[] before = new int[to.length() + 1]; // of two letters ago
    int[] last = new int[to.length() + 1];
    int[] row = new int[to.length() + 1];
    Arrays.setAll(last, j -> j);
    for (int i = 1; i <= from.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + replaced);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      int[] free = before;
      before = last;
      last = row;
      row = free;
    }
    return last[to.length()];
  }
}

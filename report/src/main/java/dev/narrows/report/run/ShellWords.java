package dev.narrows.report.run;

import java.util.List;
import java.util.stream.Collectors;

/** Words as a POSIX shell needs them: what it could take for something else is quoted. */
final class ShellWords {
  private ShellWords() {}

  static String join(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}

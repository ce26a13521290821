package dev.narrows.network;

/** Names of a file that nobody has looked at, as they may stand on a terminal or a page. */
public final class PrintableName {
  private PrintableName() {}

  /** The name with a question mark for each control character, line end and unassigned code. */
  public static String of(String name) {
    return name.replaceAll("\\p{C}", "?");
  }
}

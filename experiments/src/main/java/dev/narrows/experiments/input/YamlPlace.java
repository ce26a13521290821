package dev.narrows.experiments.input;

/**
 * Where a value stands in a file.
 *
 * @param file as the user named it
 * @param line counted from 1
 * @param column counted from 1
 * @param key the keys that lead to the value, joined by dots; empty for the document itself
 */
public record YamlPlace(String file, int line, int column, String key) {
  /** An error at this place: {@code file:line:column: key: problem}. */
  public BadInputException error(String problem) {
    return new BadInputException(message(problem));
  }

  /** {@link #error(String)} with what brought it to light. */
  public BadInputException error(String problem, Throwable cause) {
    return new BadInputException(message(problem), cause);
  }

  private String message(String problem) {
    String where = file + ":" + line + ":" + column + ": ";
    return where + (key.isEmpty() ? "" : key + ": ") + problem;
  }

  YamlPlace under(String name, int newLine, int newColumn) {
    return new YamlPlace(file, newLine, newColumn, key.isEmpty() ? name : key + "." + name);
  }

  YamlPlace at(int index, int newLine, int newColumn) {
    return new YamlPlace(file, newLine, newColumn, key + "[" + index + "]");
  }
}

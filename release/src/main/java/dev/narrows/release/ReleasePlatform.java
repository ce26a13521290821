package dev.narrows.release;

import java.util.Locale;

/**
 * The operating system and processor that a release is for: those of the JDK that makes it.
 *
 * @param system linux or macos
 * @param processor x86_64 or aarch64
 */
public record ReleasePlatform(String system, String processor) {
  /**
   * This machine's.
   *
   * @throws ReleaseException if there are no releases for it
   */
  public static ReleasePlatform here() {
    return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  /**
   * Reads what a JVM says of its machine.
   *
   * @param name as {@code os.name} has it
   * @param architecture as {@code os.arch} has it
   * @throws ReleaseException if there are no releases for it
   */
  public static ReleasePlatform of(String name, String architecture) {
    String lower = name.toLowerCase(Locale.ROOT);
    String system = lower.equals("linux") ? "linux" : lower.startsWith("mac") ? "macos" : "";
    String processor =
        switch (architecture) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "aarch64";
          default -> "";
        };
    if (system.isEmpty() || processor.isEmpty()) {
      throw new ReleaseException(
          "releases are made on Linux and macOS, on x86-64 and AArch64; this is %s on %s"
              .formatted(name, architecture));
    }
    return new ReleasePlatform(system, processor);
  }

  /** The folder in sqlite-jdbc's jar that holds this platform's library. */
  String sqliteFolder() {
    return "org/sqlite/native/" + (system.equals("linux") ? "Linux/" : "Mac/") + processor + "/";
  }

  /** Such as {@code linux-x86_64}. */
  @Override
  public String toString() {
    return system + "-" + processor;
  }
}

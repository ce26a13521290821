package dev.narrows.experiments.sweep;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a JVM of this very program is started once more: the same Java, flags and class path. Sent to
 * other machines, which must have all of it at the same places.
 *
 * @param java the command
 * @param flags of the JVM, without what belongs to one process alone: a debugger's port, and
 *     settings of Spark, among which there may be secrets
 * @param classPath as for {@code -cp}
 * @param mainClass its name
 */
public record ProgramStart(String java, List<String> flags, String classPath, String mainClass)
    implements Serializable {
  /** Copies the flags. */
  public ProgramStart {
    flags = List.copyOf(flags);
  }

  /** This process's own. */
  public static ProgramStart ofThisProcess(Class<?> mainClass) {
    return new ProgramStart(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !flag.startsWith("-agentlib:") && !flag.startsWith("-Dspark."))
            .toList(),
        System.getProperty("java.class.path"),
        mainClass.getName());
  }

  /** The words that start it with these arguments. */
  public List<String> command(List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(java);
    words.addAll(flags);
    words.addAll(List.of("-cp", classPath, mainClass));
    words.addAll(arguments);
    return words;
  }
}

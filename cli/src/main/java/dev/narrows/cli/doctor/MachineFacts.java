package dev.narrows.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import dev.narrows.experiments.run.Environment;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a machine is, and what is wrong with it for this program.
 *
 * @param java the JDK's feature version, such as 25
 * @param jdk its version and vendor
 * @param system operating system and architecture
 * @param cpu model name
 * @param processors that the JVM may use
 * @param vectorBits that the JVM prefers; 0 if it has no vectors
 * @param heap the most bytes that the JVM will take for objects
 * @param memory bytes of this machine, or of its container; 0 if unknown
 * @param temporary the folder for temporary files
 * @param searchPath where programs are looked for, as in {@code PATH}
 */
record MachineFacts(
    int java,
    String jdk,
    String system,
    String cpu,
    int processors,
    int vectorBits,
    long heap,
    long memory,
    Path temporary,
    String searchPath) {
  private static final int OLDEST_JAVA = 25;
  private static final int NARROWEST_VECTORS = 128;
  private static final long LEAST_SPACE = 100L << 20;

  /** Programs that some commands start. */
  private static final List<String> PROGRAMS =
      List.of("gcc", "yosys", "iverilog", "python3", "git");

  /** This one. */
  static MachineFacts here() {
    Environment here = Environment.here(List.of());
    return new MachineFacts(
        Runtime.version().feature(),
        here.jdk(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        here.cpu(),
        here.processors(),
        here.vectorBits(),
        Runtime.getRuntime().maxMemory(),
        ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0,
        Path.of(System.getProperty("java.io.tmpdir", ".")),
        System.getenv().getOrDefault("PATH", ""));
  }

  List<Finding> findings() {
    return List.of(jvm(), processor(), vectors(), space(), scratch(), programs());
  }

  private Finding jvm() {
    return java < OLDEST_JAVA
        ? Finding.wrong("JDK", jdk + ": install a JDK 25, or set JAVA_HOME to one")
        : Finding.ok("JDK", jdk);
  }

  private Finding processor() {
    return Finding.ok("processor", "%s, %s, %d to work with".formatted(system, cpu, processors));
  }

  private Finding vectors() {
    if (vectorBits == 0) {
      return Finding.wrong(
          "vectors", "the module jdk.incubator.vector is not loaded: start through ./narrows");
    }
    return vectorBits < NARROWEST_VECTORS
        ? Finding.wrong("vectors", vectorBits + " bits; kernels need 128")
        : Finding.ok("vectors", vectorBits + " bits");
  }

  private Finding space() {
    String found = "%d MiB of heap, %d MiB in all".formatted(heap >> 20, memory >> 20);
    return memory > 0 && heap > memory
        ? Finding.wrong("memory", found + ": set NARROWS_HEAP, as in NARROWS_HEAP=1g")
        : Finding.ok("memory", found);
  }

  private Finding scratch() {
    try {
      Files.delete(Files.createTempFile(temporary, "narrows", ".doctor"));
      long free = Files.getFileStore(temporary).getUsableSpace();
      String found = "%s, %d MiB free".formatted(temporary, free >> 20);
      return free < LEAST_SPACE
          ? Finding.wrong("temporary files", found + "; expected at least 100")
          : Finding.ok("temporary files", found);
    } catch (IOException e) {
      return Finding.wrong("temporary files", "nothing can be written in " + temporary);
    }
  }

  private Finding programs() {
    List<String> there = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String program : PROGRAMS) {
      boolean found =
          Stream.of(searchPath.split(File.pathSeparator))
              .filter(folder -> !folder.isEmpty())
              .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
      (found ? there : missing).add(program);
    }
    String found = there.isEmpty() ? "none" : String.join(", ", there);
    return missing.isEmpty()
        ? Finding.ok("programs", found)
        : Finding.absent(
            "programs",
            "%s, which few commands need; there: %s".formatted(String.join(", ", missing), found));
  }
}

package dev.narrows.hosted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.onnx.read.OnnxMutants;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What mutated files become is called in processes of its own: it runs or is refused by a typed
 * exception, and no process ends. Property {@code narrows.mutants} says how many
 * (interop/onnx/mutants.sh makes 200,000; stopped, it goes on where it was), {@code narrows.seed}
 * from which seed.
 */
class HostedMutantsTest {
  /** What a process may reserve, KiB: a call that wants more is refused by the library. */
  private static final long MOST_MEMORY = 12L << 20;

  @Test
  void call_mutants_runOrFailByTypedExceptions() throws IOException, InterruptedException {
    int count = Integer.getInteger("narrows.mutants", 1_000);
    long seed = Long.getLong("narrows.seed", 20261128L);
    Path folder = Files.createDirectories(Path.of("target", "mutants"));
    Path state = folder.resolve("state-" + seed + "-" + count);
    Path findings = folder.resolve("findings-" + seed + "-" + count + ".txt");
    if (System.getProperty("narrows.mutants") == null) {
      Files.deleteIfExists(state);
      Files.deleteIfExists(findings);
    }
    try (MutantTally tally = MutantTally.open(state)) {
      while (tally.at() < count) {
        int rc = child(state, findings, seed, count);
        if (tally.at() < count) {
          boolean slow = rc == MutantCalls.TOO_LONG;
          Files.writeString(
              findings,
              "mutant of seed %d: %s%n"
                  .formatted(
                      seed + tally.at(), slow ? "takes too long" : "ends its process, " + rc),
              StandardOpenOption.CREATE,
              StandardOpenOption.APPEND);
          tally.ended(slow ? MutantTally.End.TOO_LONG : MutantTally.End.CRASHED);
        }
      }
      System.out.println("seed " + seed + ": " + tally.describe());
      assertThat(findings).doesNotExist();
      if (OnnxMutants.haveNodeTests()) { // other sources have no subgraphs
        assertThat(tally.of(MutantTally.End.PROGRAM)).isGreaterThan(count / 100);
      }
    }
  }

  private static int child(Path state, Path findings, long seed, int count)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", "ulimit -v " + MOST_MEMORY + "; exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:CompressedClassSpaceSize=256m"));
    command.addAll(List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=target/mutants/hs_err_%p"));
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(MutantCalls.class.getName());
    command.addAll(List.of(state.toString(), findings.toString(), "" + seed, "" + count));
    Process child =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/mutants/output.txt")))
            .start();
    return child.waitFor();
  }
}

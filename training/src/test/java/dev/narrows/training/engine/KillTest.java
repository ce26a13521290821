package dev.narrows.training.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.experiments.training.TrainedNetwork;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.network.safetensors.SafetensorsFile;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a training process with SIGKILL inside epochs and inside checkpoint writes, then lets the
 * run finish.
 */
@Tag("slow")
@Isolated("kills at chosen moments of a training")
class KillTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"everything", "imported"})
  @Timeout(900)
  void train_killedAnywhereAndResumed_endsInTheBitsOfAnUninterruptedRun(String job)
      throws Exception {
    Path whole = Files.createDirectory(temporary.resolve("whole"));
    TrainedNetwork expected = Engine.run(TinyJobs.named(job, whole), TrainingListener.SILENT);

    Path killed = Files.createDirectory(temporary.resolve("killed"));
    int seed = ThreadLocalRandom.current().nextInt(100);
    if (job.equals("everything")) { // one of them is enough: what is killed there is the same code
      kill(runUntil(job, killed, 120 + seed)); // per mille of the whole run
    }
    boolean inside = false;
    for (int attempt = 0; attempt < 6 && !inside; attempt++) {
      inside =
          killInsideACheckpointWrite(job, killed, 1); // a busy machine may notice a write too late
    }
    assertThat(inside).as("killed before a write was complete").isTrue();
    terminate(runUntil(job, killed, 550 + 2 * seed));
    List<String> notes = new ArrayList<>();
    TrainedNetwork resumed =
        Engine.run(
            TinyJobs.named(job, killed),
            new TrainingListener() {
              @Override
              public void note(String line) {
                notes.add(line);
              }
            });

    assertThat(notes.getFirst()).startsWith("resuming phase");
    assertThat(arrays(killed)).as("kill points from %d", seed).isEqualTo(arrays(whole));
    assertThat(resumed.network()).isEqualTo(expected.network());
    assertThat(resumed.quantizedTestPredictions()).isEqualTo(expected.quantizedTestPredictions());
    assertThat(resumed.floatTestPredictions().orElseThrow())
        .isEqualTo(expected.floatTestPredictions().orElseThrow());
    assertThat(resumed.metrics()).hasSameSizeAs(expected.metrics());
    for (int i = 0; i < resumed.metrics().size(); i++) {
      assertThat(resumed.metrics().get(i).loss()).isEqualTo(expected.metrics().get(i).loss());
    }
    try (var files = Files.list(killed)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .as("nothing half-written is left")
          .containsExactly("state.safetensors");
    }
  }

  private static Process runUntil(String job, Path folder, int perMille) throws IOException {
    Process process = start(job, folder);
    BufferedReader lines = process.inputReader();
    String line = lines.readLine();
    while (line != null && !(line.startsWith("step ") && share(line) >= perMille)) {
      line = lines.readLine();
    }
    assertThat(line).as("the process ended before it could be killed").isNotNull();
    return process;
  }

  private static int share(String line) {
    return Integer.parseInt(line.substring("step ".length()));
  }

  /** Whether the process died with a checkpoint half-written. */
  private static boolean killInsideACheckpointWrite(String job, Path folder, int afterWrites)
      throws Exception {
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Process process = start(job, folder);
      int writes = 0;
      while (writes <= afterWrites) {
        WatchKey key = watch.poll(180, TimeUnit.SECONDS);
        assertThat(key).as("no checkpoint is being written").isNotNull();
        for (WatchEvent<?> event : key.pollEvents()) {
          writes += String.valueOf(event.context()).endsWith(".tmp") ? 1 : 0;
        }
        key.reset();
      }
      kill(process);
    }
    try (var files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".tmp"));
    }
  }

  private static Process start(String job, Path folder) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-Xmx1g",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            TrainInThisProcess.class.getName(),
            folder.toString(),
            job)
        .redirectError(new File("/dev/null"))
        .start();
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("SIGKILL").isEqualTo(137);
  }

  /** Asked to end, a run saves itself, and nothing native is left running when the process goes. */
  private static void terminate(Process process) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("SIGTERM, not a crash").isEqualTo(143);
  }

  /** Every array but wall times. */
  private static Map<String, List<Number>> arrays(Path folder) throws IOException {
    Map<String, List<Number>> arrays = new LinkedHashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("state.safetensors"))) {
      for (String name : file.entries().keySet()) {
        List<Number> values = new ArrayList<>();
        if (name.startsWith("model.") || name.startsWith("optimizer.")) {
          for (float value : file.floats(name)) {
            values.add(Float.floatToRawIntBits(value));
          }
        } else if (name.startsWith("mask.")) {
          for (int value : file.ints(name)) {
            values.add(value);
          }
        }
        arrays.put(name, values);
      }
    }
    return arrays;
  }
}

package dev.narrows.cluster.plan;

import dev.narrows.experiments.sweep.PlannedTrial;
import dev.narrows.experiments.sweep.Sweep;
import dev.narrows.experiments.sweep.SweepFolder;
import dev.narrows.experiments.sweep.SweepSummary;
import dev.narrows.report.SweepAccuracy;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the driver of a large sweep does beside waiting: the rows of all trials are read once, and
 * the table, the front and the database are written after every trial. Figures are generated.
 */
public final class ManyTrials {
  private static final int ROUNDS = 5;

  private ManyTrials() {}

  /**
   * Measures.
   *
   * @param words the number of trials, and a folder
   */
  public static void main(String[] words) throws IOException {
    int trials = Integer.parseInt(words[0]);
    Path folder = Files.createDirectories(Path.of(words[1]));
    Path file =
        Files.writeString(
            folder.resolve("many.yaml"),
            """
            name: many
            base:
              model: resnet20
              data: {set: cifar10, validation: 5000}
              preprocess: unit
              threads: 1
              quantization: {weights: 4, activations: 4}
              phases: {float: {epochs: 1}, quantize: {epochs: 3}}
            grid:
              P: [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]
              seed: [%s]
            methods:
              - {label: a2q, set: {quantization.constraint: {method: a2q, bits: $P}}}
              - {label: a2q+, set: {quantization.constraint: {method: a2q+, bits: $P}}}
            accumulators: ['int${P}:saturate', 'int${P}:saturate:sorted', 'int${P}:wrap']
            """
                .formatted(seeds(trials / 32)));
    Sweep sweep;
    try (Meter _ = new Meter("reading a sweep")) {
      sweep = Sweep.read(file);
    }
    SweepFolder sweepFolder = new SweepFolder(folder.resolve("out"));
    Random random = new Random(1);
    for (PlannedTrial trial : sweep.trials()) {
      Path run = Files.createDirectories(sweepFolder.trial(trial));
      SweepFolder.write(run, invented(trial, random));
    }
    List<SweepTrial> rows = new ArrayList<>();
    try (Meter _ = new Meter("reading " + sweep.trials().size() + " rows")) {
      for (PlannedTrial trial : sweep.trials()) {
        rows.add(sweepFolder.known(trial));
      }
    }
    for (int i = 0; i < ROUNDS; i++) {
      try (Meter _ = new Meter("table, front and database of " + rows.size() + " rows")) {
        SweepResult result = SweepSummary.of(sweep.name(), rows);
        sweepFolder.publish(result);
      }
    }
    for (String name : List.of("trials.csv", "sweep.json", SweepFolder.DATABASE)) {
      System.out.printf(
          Locale.ROOT, "%s: %d bytes%n", name, Files.size(sweepFolder.path().resolve(name)));
    }
  }

  private static String seeds(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", "));
  }

  private static SweepTrial invented(PlannedTrial trial, Random random) {
    List<SweepAccuracy> registers =
        trial.accumulators().stream()
            .map(one ->
                new SweepAccuracy(
                    one.toString(),
                    one.accumulator().bits(),
                    90 * random.nextDouble(),
                    90 * random.nextDouble(),
                    random.nextInt(10_000)))
            .toList();
    return trial
        .pending()
        .with(
            SweepTrial.DONE,
            Optional.empty(),
            Optional.of(
                new SweepTrial.TrialFigures(
                    "cifar10/test",
                    Optional.of(91.73),
                    90 * random.nextDouble(),
                    90 * random.nextDouble(),
                    registers,
                    Optional.of(12),
                    Optional.of(8),
                    90 * random.nextDouble(),
                    Optional.of(1 + random.nextDouble()),
                    300 * random.nextDouble())));
  }
}

package dev.narrows.experiments.sweep;

import dev.narrows.core.dot.Summation;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.run.FolderLock;
import dev.narrows.report.ResultJson;
import dev.narrows.report.SweepAccuracy;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A sweep on disk: {@code sweep.yaml} as it was asked for, a run folder for each trial below {@code
 * trials}, and what is known of all of them as {@code trials.csv}, {@code sweep.json} and {@code
 * sweep.db}. A trial's own {@code trial.json} is the truth; the three files can be made again from
 * those.
 *
 * @param path need not exist yet
 */
public record SweepFolder(Path path) {
  private static final String TRIAL = "trial.json";

  /** The name of the database in a sweep's folder. */
  public static final String DATABASE = "sweep.db";

  /** The same folder by a path that other machines understand too. */
  public SweepFolder absolute() {
    return new SweepFolder(path.toAbsolutePath().normalize());
  }

  /** The run folder of a trial. */
  public Path trial(PlannedTrial trial) {
    return path.resolve("trials").resolve(trial.folder());
  }

  /**
   * Keeps other sweeps from working in this folder until closed.
   *
   * @throws BadInputException if one already does
   */
  public FolderLock lock() throws IOException {
    Files.createDirectories(path);
    return FolderLock.take(path);
  }

  /** What is known of a trial; one that has not begun is pending. */
  public SweepTrial known(PlannedTrial trial) throws IOException {
    Path file = trial(trial).resolve(TRIAL);
    if (!Files.isRegularFile(file)) {
      return trial.pending();
    }
    SweepTrial stored = read(trial(trial));
    boolean finished = finished(stored, trial.accumulators());
    return trial
        .pending()
        .with(
            finished || stored.status().equals(SweepTrial.FAILED)
                ? stored.status()
                : SweepTrial.PENDING,
            stored.error(),
            stored.figures());
  }

  /** Whether nothing is left to do: trained, and evaluated in all these registers. */
  static boolean finished(SweepTrial trial, List<Summation> accumulators) {
    Set<String> known =
        trial.figures().stream()
            .flatMap(figures -> figures.accumulators().stream())
            .map(SweepAccuracy::accumulator)
            .collect(Collectors.toSet());
    return trial.figures().isPresent()
        && accumulators.stream().allMatch(one -> known.contains(one.toString()))
        && (trial.status().equals(SweepTrial.DONE)
            || trial.status().equals(SweepTrial.UNCERTIFIED));
  }

  /**
   * The {@code trial.json} of a run folder.
   *
   * @throws BadInputException if it cannot be read
   */
  public static SweepTrial read(Path run) throws IOException {
    Path file = run.resolve(TRIAL);
    try {
      return ResultJson.readTrial(file.toString(), Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Writes the {@code trial.json} of a run folder. */
  public static void write(Path run, SweepTrial trial) throws IOException {
    AtomicFile.write(run.resolve(TRIAL), ResultJson.write(trial));
  }

  /** Writes the table, the JSON with the front, and the database. */
  public void publish(SweepResult result) throws IOException {
    Files.createDirectories(path);
    AtomicFile.write(path.resolve("trials.csv"), result.table().csv());
    AtomicFile.write(path.resolve("sweep.json"), ResultJson.write(result));
    SweepStore.write(path.resolve(DATABASE), result);
  }
}

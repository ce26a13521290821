package dev.narrows.experiments.sweep;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.report.SweepAccuracy;
import dev.narrows.report.SweepResult;
import dev.narrows.report.SweepTrial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Several tables as one. */
public final class SweepMerge {
  private SweepMerge() {}

  /**
   * The trials of several sweeps' databases. One that is in several is taken from where it got
   * furthest, from the first of equals, with the registers of all that finished it.
   *
   * @param name of the result; by default that of the first
   * @throws BadInputException if a folder has no database, or they saw different data
   */
  public static SweepResult of(Optional<String> name, List<Path> folders) {
    List<SweepResult> results =
        folders.stream()
            .map(folder -> SweepStore.read(folder.resolve(SweepFolder.DATABASE)))
            .toList();
    Map<String, SweepTrial> trials = new LinkedHashMap<>();
    Map<String, Path> dataset = new LinkedHashMap<>();
    for (int i = 0; i < folders.size(); i++) {
      for (SweepTrial trial : results.get(i).trials()) {
        trials.merge(trial.hash(), trial, SweepMerge::further);
        Path folder = folders.get(i);
        trial.figures().ifPresent(figures -> dataset.putIfAbsent(figures.dataset(), folder));
      }
    }
    if (dataset.size() > 1) {
      throw new BadInputException(
          "sweeps on different data cannot be compared: "
              + dataset.entrySet().stream()
                  .map(one -> one.getKey() + " in " + one.getValue())
                  .collect(Collectors.joining(", ")));
    }
    return SweepSummary.of(
        name.orElseGet(() -> results.getFirst().name()), List.copyOf(trials.values()));
  }

  private static SweepTrial further(SweepTrial first, SweepTrial second) {
    SweepTrial better = rank(second) < rank(first) ? second : first;
    SweepTrial other = better == first ? second : first;
    if (better.figures().isEmpty() || other.figures().isEmpty()) {
      return better;
    }
    List<SweepAccuracy> all = new ArrayList<>(better.figures().get().accumulators());
    Set<String> known = all.stream().map(SweepAccuracy::accumulator).collect(Collectors.toSet());
    // on another machine the same recipe may end in other bits: only the same network counts
    if (network(better).equals(network(other))) {
      other.figures().get().accumulators().stream()
          .filter(one -> !known.contains(one.accumulator()))
          .forEach(all::add);
    }
    return better.with(
        better.status(), better.error(), better.figures().map(f -> f.withAccumulators(all)));
  }

  /** What two trainings that ended in the same network agree on. */
  private static List<Object> network(SweepTrial trial) {
    SweepTrial.TrialFigures figures = trial.figures().orElseThrow();
    return List.of(
        figures.exactAccuracy(),
        figures.exactValidation(),
        figures.certifiedBits(),
        figures.sparsity(),
        figures.compression());
  }

  private static int rank(SweepTrial trial) {
    return List.of(SweepTrial.DONE, SweepTrial.UNCERTIFIED, SweepTrial.FAILED, SweepTrial.PENDING)
        .indexOf(trial.status());
  }
}

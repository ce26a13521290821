package dev.narrows.experiments.sweep;

import dev.narrows.experiments.input.BadInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a sweep file asks for, every trial resolved; see docs/sweeps.md for the form of the file.
 *
 * @param beside the folder that paths in the base recipe are relative to
 * @param source the text of the file
 * @param trials in the order of the file: methods, then the grid with its last key fastest
 */
public record Sweep(String name, Path beside, String source, List<PlannedTrial> trials) {
  /** Copies the list. */
  public Sweep {
    trials = List.copyOf(trials);
  }

  /**
   * Reads a sweep and the recipe of every trial.
   *
   * @throws BadInputException naming file, line, column, key and what was expected
   */
  public static Sweep read(Path file) {
    return SweepReader.read(file);
  }

  /**
   * Every {@code of}th trial from number {@code number}, counted from 1: the share of one machine
   * of several.
   */
  public Sweep shard(int number, int of) {
    return new Sweep(
        name,
        beside,
        source,
        IntStream.range(0, trials.size())
            .filter(i -> i % of == number - 1)
            .mapToObj(trials::get)
            .toList());
  }
}

package dev.narrows.experiments.sweep;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.recipe.Phase;
import dev.narrows.experiments.recipe.Phases;
import dev.narrows.experiments.recipe.Recipe;
import dev.narrows.report.SweepTrial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One trial that a sweep file asks for.
 *
 * @param label of its method
 * @param keys what the grid varies, seed left out, in text form
 * @param hash of the resolved recipe, name and checkpointing left out: 12 hexadecimal digits
 * @param recipe resolved; its name is that of the run folder
 * @param accumulators that the finished network is evaluated in, exact registers aside
 */
public record PlannedTrial(
    String label,
    Map<String, String> keys,
    String hash,
    Recipe recipe,
    List<Summation> accumulators) {
  /** Copies the collections, the order kept. */
  public PlannedTrial {
    keys = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    accumulators = List.copyOf(accumulators);
  }

  /** The name of the run folder: label, keys, seed and hash. */
  public String folder() {
    return recipe.name();
  }

  /** A row that says nothing yet. */
  public SweepTrial pending() {
    return new SweepTrial(
        label, keys, recipe.seed(), hash, SweepTrial.PENDING, Optional.empty(), Optional.empty());
  }

  /** Epochs of all its phases. */
  public int epochs() {
    Phases phases = recipe.phases();
    int plain =
        Stream.of(phases.floating(), phases.prune(), phases.quantize())
            .flatMap(Optional::stream)
            .mapToInt(Phase::epochs)
            .sum();
    return plain + phases.register().map(r -> r.phase().epochs() * r.steps().size()).orElse(0);
  }

  /** {@code a2q P=12 seed=1}: what people call it. */
  public String title() {
    return pending().configuration() + " seed=" + recipe.seed();
  }
}

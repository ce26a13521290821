package dev.narrows.experiments.narrow;

import static dev.narrows.repair.plan.PlanTrials.EXACT;

import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.repair.Repairs;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.repair.network.CannotRepairException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A network that is repaired for the registers first, in which no input overflows then. */
final class RepairPredictions implements TrialPredictions {
  /** Networks that are kept until their other images are run. */
  private static final int MOST_KEPT = 16;

  private final Network original;
  private final Repairs repairs;
  private final Repairs quick;
  private final List<String> layers; // that are repaired, or empty texts
  private final PlanRequest request;
  private final EvaluationListener listener;
  private final Map<List<Integer>, Optional<Network>> kept = new LinkedHashMap<>();

  /**
   * Networks to come.
   *
   * @param quick a cheaper way to repair, which is enough to see what a layer alone costs
   * @param layers that have a register, by name; empty where the layer stays as it is
   */
  RepairPredictions(
      Network original,
      Repairs repairs,
      Repairs quick,
      List<String> layers,
      PlanRequest request,
      EvaluationListener listener) {
    this.original = original;
    this.repairs = repairs;
    this.quick = quick;
    this.layers = List.copyOf(layers);
    this.request = request;
    this.listener = listener;
  }

  @Override
  public int[] exact(String what, NetworkInputs images) {
    return run(what, original, images);
  }

  @Override
  public List<int[]> of(
      String what, NetworkInputs images, List<Integer> base, List<List<Integer>> choices) {
    List<int[]> classes = new ArrayList<>();
    for (List<Integer> choice : choices) {
      String told =
          choices.size() == 1 ? what : what + ", " + (classes.size() + 1) + " of " + choices.size();
      classes.add(
          network(told, choice)
              .map(network -> run(told, network, images))
              .orElseGet(() -> new int[0]));
    }
    return classes;
  }

  private int[] run(String what, Network network, NetworkInputs images) {
    return RegisterPredictions.alone(
        network,
        images,
        LayerRegisters.exact(),
        request.threads(),
        done -> listener.progress(what, done, images.images()));
  }

  /** The network that is repaired for a choice; empty if channels would lose all their weights. */
  private Optional<Network> network(String what, List<Integer> choice) {
    Optional<Network> known = kept.get(choice);
    if (known != null) {
      return known;
    }
    Repairs way = choice.contains(EXACT) ? quick : repairs;
    Optional<Network> made;
    try {
      made =
          Optional.of(
              way.network(
                  registers(choice),
                  (name, done, all) -> listener.progress(what + ", repairing " + name, done, all)));
    } catch (CannotRepairException e) {
      made = Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (kept.size() == MOST_KEPT) {
      kept.remove(kept.keySet().iterator().next());
    }
    kept.put(List.copyOf(choice), made);
    return made;
  }

  /** The registers that layers are repaired for; the others stay as they are. */
  LayerRegisters registers(List<Integer> widths) {
    Map<String, Summation> rules = new LinkedHashMap<>();
    for (int i = 0; i < widths.size(); i++) {
      if (widths.get(i) != EXACT && !layers.get(i).isEmpty()) {
        rules.put(layers.get(i), request.offered().register(widths.get(i)));
      }
    }
    return LayerRegisters.of(Summation.exact(), rules);
  }
}

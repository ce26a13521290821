package dev.narrows.experiments.evaluate;

import dev.narrows.experiments.evaluate.FittedBiases.Room;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.LlamaRange;
import dev.narrows.network.llama.LlamaTrial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A factor for each product of a language model that gives back what its register takes on average:
 * a register that truncates makes every sum too small. The factor is of the scale that the sum is
 * multiplied by afterwards, or of weights, so it costs nothing.
 *
 * @see "docs/language.md, What truncation takes"
 */
public final class Compensation {
  /** What registers with biases of their own are tried to hold; the widest first. */
  private static final List<Room> ROOMS =
      List.of(Room.ENOUGH, new Room(1, 1), new Room(0.5f, 1), new Room(0.5f, 0.5f));

  private Compensation() {}

  /**
   * The registers with factors.
   *
   * @param tokens of a text that shows what registers do
   * @param length tokens of a window
   */
  public static LayerRegisters of(
      LlamaModel model, LayerRegisters registers, int[] tokens, int length, int threads) {
    return of(model, List.of(registers), tokens, length, threads);
  }

  /**
   * The registers with biases of each layer's own and factors: of biases which hold the largest
   * product and twice the largest sum, and less, those that leave the smallest error.
   *
   * @param ranges of all layers that sum
   */
  public static LayerRegisters fitted(
      LlamaModel model,
      LayerRegisters registers,
      List<LlamaRange> ranges,
      int[] tokens,
      int length,
      int threads) {
    List<LayerRegisters> choices =
        ROOMS.stream().map(room -> FittedBiases.of(registers, model.sums(), ranges, room)).toList();
    return of(model, choices, tokens, length, threads);
  }

  private static LayerRegisters of(
      LlamaModel model, List<LayerRegisters> choices, int[] tokens, int length, int threads) {
    List<List<LlamaTrial>> trials = LlamaTrial.of(model, choices, tokens, length, threads);
    LayerRegisters first = choices.getFirst();
    List<LayerRegisters.Rule> rules = new ArrayList<>();
    Map<String, Float> factors = new HashMap<>();
    for (int i = 0; i < trials.getFirst().size(); i++) {
      LlamaTrial best = trials.getFirst().get(i);
      for (List<LlamaTrial> each : trials) {
        best = each.get(i).left() < best.left() ? each.get(i) : best;
      }
      if (choices.size() > 1) {
        rules.add(new LayerRegisters.Rule(best.layer(), best.register()));
      }
      if (best.factor() != 1) {
        factors.put(best.layer(), best.factor());
      }
    }
    rules.addAll(first.rules());
    return new LayerRegisters(first.base(), rules, factors);
  }
}

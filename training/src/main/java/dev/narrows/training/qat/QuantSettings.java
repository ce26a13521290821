package dev.narrows.training.qat;

import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node.Dot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a recipe quantises.
 *
 * @param weightBits W of the narrow dot layers, 2 … 8
 * @param activationBits A of the narrow dot layers' inputs, 2 … 8
 * @param wideLayers dot layers that keep 8-bit weights and inputs, no pruning and an exact
 *     register; usually the first and the last
 * @param learnWeightScales true: scales of weights are trained; false: absmax of each channel at
 *     every step
 * @param learnActivationScales true: scales of activations are trained; false: they stay as
 *     observed
 */
public record QuantSettings(
    int weightBits,
    int activationBits,
    Set<String> wideLayers,
    boolean learnWeightScales,
    boolean learnActivationScales,
    Observer observer) {
  public QuantSettings {
    requireBits("weight", weightBits);
    requireBits("activation", activationBits);
    wideLayers = Set.copyOf(wideLayers);
  }

  /** Learned scales, MSE start, first and last dot layer wide. */
  public static QuantSettings of(ModelSpec model, int weightBits, int activationBits) {
    List<Dot> dots = model.dots();
    Set<String> wide = new HashSet<>();
    wide.add(dots.getFirst().name());
    wide.add(dots.getLast().name());
    return new QuantSettings(weightBits, activationBits, wide, true, true, Observer.MSE);
  }

  private static void requireBits(String what, int bits) {
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException(what + " bits must be in [2, 8], got " + bits);
    }
  }
}

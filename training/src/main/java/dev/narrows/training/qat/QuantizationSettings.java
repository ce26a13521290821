package dev.narrows.training.qat;

import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node.DotNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a recipe quantises.
 *
 * @param weightBits W of dot layers between the first and the last, 2 … 8
 * @param activationBits A of those layers' inputs, 2 … 8
 * @param firstLastBits W and A of the first and the last dot layer, 2 … 8
 * @param excluded dot layers that are not pruned and keep an exact register
 * @param learnScales true: scales are trained; false: weights take the largest magnitude of each
 *     channel at every step, activations what the observer saw
 * @param observer gives start scales
 * @param constraint norm limit of the weights of layers that are not excluded; needs learned scales
 */
public record QuantizationSettings(
    int weightBits,
    int activationBits,
    int firstLastBits,
    Set<String> excluded,
    boolean learnScales,
    ScaleObserver observer,
    Optional<WeightConstraint> constraint) {
  public QuantizationSettings {
    if (constraint.isPresent() && !learnScales) {
      throw new IllegalArgumentException("constrained weights need learned scales");
    }
    requireBits("weight", weightBits);
    requireBits("activation", activationBits);
    requireBits("first and last layer's", firstLastBits);
    excluded = Set.copyOf(excluded);
  }

  /** Without a norm limit. */
  public QuantizationSettings(
      int weightBits,
      int activationBits,
      int firstLastBits,
      Set<String> excluded,
      boolean learnScales,
      ScaleObserver observer) {
    this(
        weightBits,
        activationBits,
        firstLastBits,
        excluded,
        learnScales,
        observer,
        Optional.empty());
  }

  /** These settings with a norm limit. */
  public QuantizationSettings with(WeightConstraint limit) {
    return new QuantizationSettings(
        weightBits,
        activationBits,
        firstLastBits,
        excluded,
        learnScales,
        observer,
        Optional.of(limit));
  }

  /** Learned scales, MSE start; first and last dot layer have 8 bits and are excluded. */
  public static QuantizationSettings of(ModelSpec model, int weightBits, int activationBits) {
    List<DotNode> dots = model.dots();
    Set<String> ends = new HashSet<>();
    ends.add(dots.getFirst().name());
    ends.add(dots.getLast().name());
    return new QuantizationSettings(weightBits, activationBits, 8, ends, true, ScaleObserver.MSE);
  }

  private static void requireBits(String what, int bits) {
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException(what + " bits must be in [2, 8], got " + bits);
    }
  }
}

package dev.narrows.network.layer;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.tensor.TensorType;
import java.util.Optional;

/**
 * A layer whose output elements are sums of {@link #terms} products or values, each in a register
 * of its own: what runs choose registers for, bounds look at and certificates cover.
 */
public sealed interface SummingLayer extends Layer
    permits DotLayer, ActivationProduct, AveragePool {
  /**
   * K, the number of terms of each sum.
   *
   * @param first the type of the first tensor read
   */
  int terms(TensorType first);

  /** Whether floats are summed, not integers. */
  boolean isFloat();

  /** The convention of the layer's own register; a run may ask for the other. */
  default ZeroPointConvention registerZero() {
    return ZeroPointConvention.OFFSET;
  }

  /** Where the layer's own register takes its bias in; a run may ask for the other placement. */
  default BiasPlacement registerBias() {
    return BiasPlacement.AFTER;
  }

  /** The register it runs in whatever a run asks for, unless the run names the layer. */
  default Optional<Summation> pinned() {
    return Optional.empty();
  }

  /**
   * From a sum of integers, bias included, to the output's code.
   *
   * @throws FloatLayersException if floats are summed
   */
  Requantization requantization();

  /**
   * The codes it can make. Nothing is concluded from the sums: a register that overflows can end
   * anywhere.
   *
   * @throws FloatLayersException if floats are summed
   */
  default IntegerRange codes() {
    return new IntegerRange(requantization().min(), requantization().max());
  }
}

package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.tensor.TensorType;
import java.util.Optional;

/**
 * What a layer may find in a tensor that it reads.
 *
 * @param stored the codes; empty for floats, which can be any
 */
public record TensorRange(TensorType type, Optional<IntegerRange> stored) {
  /**
   * The stored codes.
   *
   * @throws IllegalArgumentException if the tensor holds floats
   */
  public IntegerRange codes() {
    return stored.orElseThrow(
        () -> new IllegalArgumentException("expected a range of codes, got " + type.describe()));
  }

  /** The codes less their zero point. */
  public IntegerRange values() {
    return codes().minus(type.quantization().zeroPoint());
  }

  /** The codes, and real zero. */
  public IntegerRange padded() {
    int zero = type.quantization().zeroPoint();
    return codes().union(new IntegerRange(zero, zero));
  }
}

package dev.narrows.network.weights;

import dev.narrows.core.dot.Summation;
import java.util.Optional;

/** What the dot products of a layer multiply with and what becomes of their sums. */
public sealed interface Operands permits IntegerOperands, FloatOperands {
  /** Output channels. */
  int channels();

  /** K, the number of terms of each dot product. */
  int terms();

  /**
   * The register this layer always runs in, whatever a run asks for, unless the run names the
   * layer; reported as such.
   */
  Optional<Summation> pinned();

  /** The same operands in a register that no run changes unless it names the layer. */
  Operands pinnedTo(Summation summation);
}

package dev.narrows.network.llama;

import dev.narrows.network.Network;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A decoder of the llama family, whichever file it comes from: normalisation by the root mean
 * square, rotary positions on pairs of neighbouring channels, queries that may share keys and
 * values, and a gated feed-forward part. What it multiplies with is read where it is needed.
 */
public interface LlamaModel {
  LlamaShape shape();

  /** ε of every normalisation. */
  float epsilon();

  /** The base of rotary positions, see {@link dev.narrows.network.layer.Rotary}. */
  float rotaryBase();

  /** The token before every text, if the model wants one. */
  OptionalInt begin();

  /**
   * The gains of a normalisation, [dim].
   *
   * @param layer 0 for {@link LlamaNorm#LAST}
   * @throws UncheckedIOException if the file holds numbers that are not finite
   */
  float[] gains(LlamaNorm norm, int layer);

  /** What is added to every sum of a matrix, [rows]; empty if nothing is. */
  float[] bias(LlamaMatrix matrix, int layer);

  /**
   * Rows of a matrix in binary32.
   *
   * @param layer 0 where the matrix is not one of the layers'
   * @param to gets [rows][terms], from its beginning
   * @throws UncheckedIOException if the file holds numbers that are not finite
   */
  void rows(LlamaMatrix matrix, int layer, int first, int rows, float[] to);

  /**
   * A matrix in integers, if the model multiplies integers there: its activations become codes
   * then, token by token.
   *
   * @param layer 0 where the matrix is not one of the layers'
   */
  default Optional<IntegerMatrix> integers(LlamaMatrix matrix, int layer) {
    return Optional.empty();
  }

  /**
   * A network of nothing but the layers that sum, by their names in {@link #network}: what choices
   * of registers are checked on before any weight is read.
   */
  default Network sums() {
    return LlamaProduct.named(shape());
  }

  /**
   * The model as a network on sequences of {@code length} tokens, all weights in memory: ids
   * [1][T][1] to scores [vocabulary][T][1], where those of position t depend on the ids up to t.
   *
   * @param length from 1 to {@link LlamaShape#length}
   */
  default Network network(int length) {
    return LlamaNetwork.of(this, length);
  }
}

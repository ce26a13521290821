package dev.narrows.network.llama;

import dev.narrows.network.Network;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * A decoder of the llama family, whichever file it comes from: normalisation by the root mean
 * square, rotary positions on pairs of neighbouring channels, queries that may share keys and
 * values, and a gated feed-forward part. What it multiplies with is read where it is needed.
 */
public interface LlamaModel extends LanguageModel {
  /** The sizes of the model. */
  LlamaShape shape();

  @Override
  default int longest() {
    return shape().length();
  }

  @Override
  default int vocabulary() {
    return shape().vocabulary();
  }

  /** ε of every normalisation. */
  float epsilon();

  /** The base of rotary positions, see {@link dev.narrows.network.layer.Rotary}. */
  float rotaryBase();

  /** By what the frequency of each pair is divided, [headSize / 2]; empty where none is. */
  default List<Float> rotaryDivisors() {
    return List.of();
  }

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

  /** Of nothing but the layers that sum; no weight is read. */
  @Override
  default Network sums() {
    return LlamaProduct.named(shape());
  }

  @Override
  default Network network(int length) {
    return LlamaNetwork.of(this, length);
  }
}

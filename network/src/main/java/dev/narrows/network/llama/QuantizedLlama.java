package dev.narrows.network.llama;

import dev.narrows.network.Network;
import java.util.Map;
import java.util.Optional;

/**
 * A model whose matrices multiply integers, each token's activations as codes of its own scale.
 * What is not a matrix, and matrices that are left out, are another model's: the embedding, gains,
 * biases, and attention's two products of activations, which stay in real numbers.
 */
public final class QuantizedLlama extends ForwardingLlama {
  private final LlamaModel real;
  private final Map<String, IntegerMatrix> matrices;

  /**
   * A model.
   *
   * @param real the model in real numbers
   * @param matrices by their names, {@link LlamaMatrix#name}; those left out stay real. The map may
   *     change between runs
   */
  public QuantizedLlama(LlamaModel real, Map<String, IntegerMatrix> matrices) {
    super(real);
    this.real = real;
    this.matrices = matrices;
  }

  /** The model in real numbers. */
  public LlamaModel real() {
    return real;
  }

  /** The matrices in integers, by their names. */
  public Map<String, IntegerMatrix> matrices() {
    return matrices;
  }

  @Override
  public Optional<IntegerMatrix> integers(LlamaMatrix matrix, int layer) {
    return matrix == LlamaMatrix.EMBEDDING
        ? Optional.empty()
        : Optional.ofNullable(matrices.get(matrix.name(layer)));
  }

  /** Real weights; of a matrix in integers, those that its codes stand for. */
  @Override
  public void rows(LlamaMatrix matrix, int layer, int first, int rows, float[] to) {
    Optional<IntegerMatrix> integers = integers(matrix, layer);
    if (integers.isEmpty()) {
      super.rows(matrix, layer, first, rows, to);
      return;
    }
    int terms = integers.get().terms();
    for (int r = 0; r < rows; r++) {
      System.arraycopy(integers.get().weights(first + r), 0, to, r * terms, terms);
    }
  }

  @Override
  public Network sums() {
    return LlamaProduct.named(shape(), matrices::containsKey);
  }

  /** Tokens have scales of their own, which the layers of a network have not. */
  @Override
  public Network network(int length) {
    throw new UnsupportedOperationException(
        "a model in integers with scales for each token is run, it is no network");
  }
}

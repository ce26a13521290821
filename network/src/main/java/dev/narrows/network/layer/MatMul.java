package dev.narrows.network.layer;

import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * Products of two activations, head by head, as attention has them: dot products in the register of
 * the run. Head h of the left reads head h · rightHeads / heads of the right.
 *
 * <p>{@link Role#SCORES}: out[h][t][s] = Σ_k left[h·d + k][t] · right[g·d + k][s], K = d.
 *
 * <p>{@link Role#MIX}: out[h·d + k][t] = Σ_s left[h][t][s] · right[g·d + k][s], K = the number of
 * s.
 *
 * @param heads H, of the left; a multiple of {@code rightHeads}
 * @param rightHeads of the right: less than H where several queries share keys and values
 */
public record MatMul(
    String name, int left, int right, TensorType output, Role form, int heads, int rightHeads)
    implements ActivationProduct {
  /** What is multiplied with what. */
  public enum Role {
    /** Queries [H·d][T][1] and keys [G·d][S][1] to [H][T][S]. */
    SCORES,
    /** Scores [H][T][S] and values [G·d][S][1] to [H·d][T][1]. */
    MIX
  }

  public MatMul {
    Checks.require(
        heads >= 1 && rightHeads >= 1 && heads % rightHeads == 0,
        "heads must be a positive multiple of right heads, got %d and %d",
        heads,
        rightHeads);
  }

  /** Which head of the right head {@code h} of the left is multiplied with. */
  public int rightHead(int h) {
    return h / (heads / rightHeads);
  }

  @Override
  public int terms(TensorType leftType) {
    return switch (form) {
      case SCORES -> leftType.channels() / heads;
      case MIX -> leftType.width();
    };
  }

  @Override
  public boolean isFloat() {
    return true;
  }

  @Override
  public Requantization requantization() {
    throw new FloatLayersException("a sum of integers", List.of(name));
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    TensorType a = sources.get(0);
    TensorType b = sources.get(1);
    sources.forEach(LayerChecks::floats);
    LayerChecks.floats(output);
    Checks.require(b.width() == 1, "the right input must be 1 wide, got %s", b.describe());
    Checks.require(
        b.channels() % rightHeads == 0,
        "%d heads must divide the right input %s",
        rightHeads,
        b.describe());
    int size = b.channels() / rightHeads;
    switch (form) {
      case SCORES -> {
        shaped("left input", a, (long) heads * size, a.height(), 1);
        shaped("output", output, heads, a.height(), b.height());
      }
      case MIX -> {
        shaped("left input", a, heads, a.height(), b.height());
        shaped("output", output, (long) heads * size, a.height(), 1);
      }
    }
  }

  private static void shaped(String what, TensorType type, long channels, int height, int width) {
    Checks.require(
        type.channels() == channels && type.height() == height && type.width() == width,
        "%s must be %dx%dx%d, got %s",
        what,
        channels,
        height,
        width,
        type.describe());
  }
}

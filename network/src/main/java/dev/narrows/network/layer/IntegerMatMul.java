package dev.narrows.network.layer;

import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.List;

/**
 * Products of two activations of codes, head by head: out[h][t][s] = Σ_k left[h·K + k][t] ·
 * right[h·K + k][s], each operand less its zero point, requantised. The integer form of {@link
 * MatMul.Role#SCORES}; there is no bias.
 *
 * <p>Under the raw convention the register sees both stored codes. The correction −z_r·Σx − z_l·Σy
 * + K·z_l·z_r depends on the operands, so it is always added afterwards.
 *
 * @param left [H·K][T][1]
 * @param right [H·K][S][1]
 * @param output [H][T][S]
 * @param heads H
 */
public record IntegerMatMul(
    String name, int left, int right, TensorType output, int heads, Requantization requantization)
    implements ActivationProduct {
  public IntegerMatMul {
    Checks.require(heads >= 1, "heads must be at least 1, got %d", heads);
  }

  @Override
  public int terms(TensorType leftType) {
    return leftType.channels() / heads;
  }

  @Override
  public boolean isFloat() {
    return false;
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    TensorType a = sources.get(0);
    TensorType b = sources.get(1);
    for (TensorType source : sources) {
      LayerChecks.summable(source);
      Checks.require(source.width() == 1, "inputs must be 1 wide, got %s", source.describe());
    }
    Checks.require(
        a.channels() == b.channels() && a.channels() % heads == 0,
        "inputs must have the same channels, a multiple of %d heads, got %s and %s",
        heads,
        a.describe(),
        b.describe());
    LayerChecks.channels(output, heads);
    LayerChecks.size(output, a.height(), b.height());
    LayerChecks.requantization(requantization, output);
    Checks.require(
        requantization.channels() == 1,
        "requantization must have 1 channel, got %d",
        requantization.channels());
  }
}

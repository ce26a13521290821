package dev.narrows.network.onnx.read;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Means of windows of codes as ONNX Runtime's QLinearAveragePool computes them: dequantised numbers
 * are added in binary32 by ascending row and column, divided by their number and by the scale, and
 * the zero point is added before rounding. What lies halfway between two codes is the rule here
 * rather than the exception, so that no other order will do; and it is no sum of integers.
 */
record CodePools(LoweringNode node, NodeLowering plain) implements Deferred {
  /** The operator on codes with its scales and zero points as inputs. */
  static void lower(LoweringNode node) throws NotNativeException {
    LoweredValue in = IntegerOperators.codes(node, 0, 1, 2);
    CodeTarget to = IntegerOperators.target(node, 3, 4);
    if (node.attributes().integer("channels_last", 0) == 0) {
      node.put(0, pooled(node, in, to));
      return;
    }
    int[] order = Axes.channelsFirst(in.rank());
    LoweredValue made = pooled(node, MoveLayers.transposed(node, in, order), to);
    node.put(0, MoveLayers.transposed(node, made, Axes.inverse(order)));
  }

  /** A pool of a value of codes waits for its QuantizeLinear: the runtime makes one operator. */
  static Optional<Deferred> of(LoweringNode node, NodeLowering plain) throws NotNativeException {
    return FusedCodes.isBytes(node, 0) ? Optional.of(new CodePools(node, plain)) : Optional.empty();
  }

  @Override
  public Optional<LoweredValue> quantized(CodeTarget to, List<LoweringNode> steps)
      throws NotNativeException {
    Optional<FusedCodes> fused = FusedCodes.of(node, to, steps);
    return fused.isEmpty()
        ? Optional.empty()
        : Optional.of(fused.get().finished(pooled(node, node.value(0), fused.get().made())));
  }

  @Override
  public int rank() throws NotNativeException {
    return node.value(0).rank();
  }

  @Override
  public void settle() throws NotNativeException {
    plain.lower(node);
  }

  private static LoweredValue pooled(LoweringNode node, LoweredValue in, CodeTarget to)
      throws NotNativeException {
    TensorType codes = node.type(in.tensor());
    TensorType numbers = TensorType.floats(codes.channels(), codes.height(), codes.width());
    int from = node.add(new Dequantize(node.unique("numbers"), in.tensor(), numbers));
    LoweredValue given = new LoweredValue(from, in.dims(), NdType.FLOAT);
    LoweredValue means = PoolLowering.means(node, given, MeanPool.MeanOrder.ROWS);
    TensorType shape = node.type(means.tensor());
    Quantization made = to.quantization();
    int tensor =
        node.add(
            new RoundedQuantize(
                node.unique("codes"),
                means.tensor(),
                new TensorType(shape.channels(), shape.height(), shape.width(), made),
                Rounding.HALF_EVEN,
                true,
                to.min(),
                to.max()));
    return to.value(tensor, means.dims());
  }
}

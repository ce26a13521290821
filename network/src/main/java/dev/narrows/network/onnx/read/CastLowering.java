package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.IntegerFunction.IntegerRule;
import dev.narrows.network.tensor.TensorType;
import java.util.Map;

/** Elements as those of another type. */
final class CastLowering {
  static final Map<String, NodeLowering> ALL =
      Map.of("Cast", CastLowering::cast, "CastLike", CastLowering::castLike);

  private CastLowering() {}

  private static void cast(LoweringNode node) throws NotNativeException {
    int number = node.attributes().int32("to", 0);
    NdType to =
        NdType.of(number)
            .orElseThrow(() -> new NotNativeException("type " + number + " is not known"));
    if (to == NdType.INT64 && (WideScores.lower(node) || WideRequantization.lower(node))) {
      return;
    }
    node.putAs(0, cast(node, to));
  }

  private static void castLike(LoweringNode node) throws NotNativeException {
    NdType to = node.constant(1).isPresent() ? node.constant(1).get().type() : node.value(1).type();
    node.putAs(0, cast(node, to));
  }

  private static LoweredValue cast(LoweringNode node, NdType to) throws NotNativeException {
    LoweredValue in = node.value(0);
    if (in.type() == to) {
      return in;
    }
    if (to == NdType.FLOAT && in.type().isInteger() && in.type().bits() <= 16) {
      LoweredValue codes = IntegerLayers.integers(node, in); // they stand for numbers
      return new LoweredValue(codes.tensor(), codes.dims(), to, true);
    }
    if (to.isFloating()) {
      GraphLowering.kind(to); // refuses what no layer holds
      LoweredValue numbers =
          in.type().isFloating()
              ? node.floats(0)
              : numbers(node, "cast", IntegerLayers.integers(node, in));
      boolean saturates = node.attributes().integer("saturate", 1) != 0;
      return FloatTypes.rounded(node, numbers, to, saturates);
    }
    LoweredValue from = in.type().isFloating() ? node.floats(0) : IntegerLayers.integers(node, in);
    IntegerRule rule = to == NdType.BOOL ? IntegerRule.TRUTH : IntegerRule.KEEP;
    return IntegerLayers.function(node, node.unique(), from, rule, to);
  }

  /** Integers as numbers. */
  static LoweredValue numbers(LoweringNode node, String suffix, LoweredValue in) {
    TensorType from = node.type(in.tensor());
    TensorType to = TensorType.floats(from.channels(), from.height(), from.width());
    int made = node.add(new Dequantize(node.unique(suffix), in.tensor(), to));
    return new LoweredValue(made, in.dims(), NdType.FLOAT);
  }
}

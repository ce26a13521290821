package dev.narrows.network.onnx.read;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.RoundTo;
import java.util.Optional;

/** Numbers of other types than binary32, which are carried in it. */
final class FloatTypes {
  private FloatTypes() {}

  /** A result in the type that a node computes in, which is that of its first numbers. */
  static LoweredValue computed(LoweringNode node, LoweredValue made) throws NotNativeException {
    if (made.type() != NdType.FLOAT || made.dequantized()) {
      return made;
    }
    for (int i = 0; i < node.node().inputs().size(); i++) {
      if (node.has(i)) {
        Optional<NdTensor> constant = node.constant(i);
        NdType type = constant.isPresent() ? constant.get().type() : node.value(i).type();
        switch (type) {
          case FLOAT16, BFLOAT16, DOUBLE -> {
            return rounded(node, made, type, false);
          }
          case FLOAT -> {
            return made;
          }
          default -> {}
        }
      }
    }
    return made;
  }

  /** Numbers rounded to a type, and said to be of it. */
  static LoweredValue rounded(LoweringNode node, LoweredValue in, NdType type, boolean saturates) {
    Optional<RoundTo.RoundingGrid> grid = grid(type);
    if (grid.isEmpty()) {
      return new LoweredValue(in.tensor(), in.dims(), type);
    }
    boolean wide = type == NdType.FLOAT16 || type == NdType.BFLOAT16;
    boolean bounded = type == NdType.FLOAT4E2M1 || saturates && !wide;
    int made =
        node.add(
            new RoundTo(
                node.unique("rounded"), in.tensor(), node.type(in.tensor()), grid.get(), bounded));
    return new LoweredValue(made, in.dims(), type);
  }

  private static Optional<RoundTo.RoundingGrid> grid(NdType type) {
    return switch (type) {
      case FLOAT16 -> Optional.of(RoundTo.RoundingGrid.FLOAT16);
      case BFLOAT16 -> Optional.of(RoundTo.RoundingGrid.BFLOAT16);
      case FLOAT8E4M3FN -> Optional.of(RoundTo.RoundingGrid.FLOAT8E4M3FN);
      case FLOAT8E4M3FNUZ -> Optional.of(RoundTo.RoundingGrid.FLOAT8E4M3FNUZ);
      case FLOAT8E5M2 -> Optional.of(RoundTo.RoundingGrid.FLOAT8E5M2);
      case FLOAT8E5M2FNUZ -> Optional.of(RoundTo.RoundingGrid.FLOAT8E5M2FNUZ);
      case FLOAT4E2M1 -> Optional.of(RoundTo.RoundingGrid.FLOAT4E2M1);
      default -> Optional.empty();
    };
  }
}

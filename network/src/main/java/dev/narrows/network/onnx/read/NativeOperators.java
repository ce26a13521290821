package dev.narrows.network.onnx.read;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operators that become layers, by name; those of other domains with their domain. */
public final class NativeOperators {
  private static final Map<String, NodeLowering> ALL =
      gathered(
          List.of(
              PointwiseLowering.ALL,
              PairLowering.ALL,
              CastLowering.ALL,
              ShapeLowering.ALL,
              MoveLowering.ALL,
              JoinLowering.ALL,
              GatherLowering.ALL,
              ConvolutionLowering.ALL,
              MatrixLowering.ALL,
              PoolLowering.ALL,
              ReduceLowering.ALL,
              SoftmaxLowering.ALL,
              NormalizationLowering.ALL,
              ResizeLowering.ALL,
              AttentionLowering.ALL,
              MicrosoftAttention.ALL,
              EinsumLowering.ALL,
              RecurrentLowering.ALL,
              QuantizeLowering.ALL,
              IntegerOperators.ALL,
              MicrosoftOperators.ALL,
              QonnxLowering.ALL,
              ChannelsLast.ALL));

  private NativeOperators() {}

  /**
   * How an operator is lowered, if it is.
   *
   * @param key as {@link dev.narrows.network.onnx.graph.OnnxNode#key} gives it
   */
  public static Optional<NodeLowering> of(String key) {
    return Optional.ofNullable(ALL.get(key));
  }

  /** Where the operands are codes they may stay so. */
  private static NodeLowering asCodes(NodeLowering plain) {
    return node -> {
      if (!QuantizedForms.lower(node, plain)) {
        plain.lower(node);
      }
    };
  }

  private static Map<String, NodeLowering> gathered(List<Map<String, NodeLowering>> families) {
    Map<String, NodeLowering> all = new HashMap<>();
    for (Map<String, NodeLowering> family : families) {
      family.forEach((key, lowering) -> {
        if (all.put(key, asCodes(lowering)) != null) {
          throw new IllegalStateException("two lowerings of " + key);
        }
      });
    }
    return Map.copyOf(all);
  }
}

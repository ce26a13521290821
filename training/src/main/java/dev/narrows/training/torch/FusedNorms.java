package dev.narrows.training.torch;

import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.AddNode;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.model.Rectifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * Which batch norms of a network are computed together with what follows them: the layer's own
 * rectifier, or the addition that alone reads the layer, and its rectifier.
 */
final class FusedNorms {
  private final ParameterStore store;
  private final FusedBatchNorm fused;

  /** The layer whose batch norm an addition does, by the addition's name. */
  private final Map<String, DotNode> joined = new HashMap<>();

  FusedNorms(ModelSpec model, ParameterStore store, CustomGradient custom, Workers workers) {
    this.store = store;
    this.fused = new FusedBatchNorm(custom, workers);
    Map<String, Long> readers = new HashMap<>();
    Map<String, DotNode> bare = new HashMap<>();
    for (Node node : model.nodes()) {
      node.inputs().forEach(input -> readers.merge(input, 1L, Long::sum));
      if (node instanceof DotNode dot && dot.norm().isPresent() && !dot.relu()) {
        bare.put(dot.name(), dot);
      }
    }
    for (Node node : model.nodes()) {
      if (node instanceof AddNode add) {
        Stream.of(add.left(), add.right())
            .filter(input -> readers.getOrDefault(input, 0L) == 1)
            .flatMap(input -> Stream.ofNullable(bare.get(input)))
            .findFirst()
            .ifPresent(dot -> joined.put(add.name(), dot));
      }
    }
  }

  /** A layer's output, or its bare sums where an addition does the rest. */
  Tensor output(DotNode dot, Tensor sums) {
    return joined.containsValue(dot)
        ? sums
        : normalised(dot.norm().orElseThrow(), sums, dot.rectifier());
  }

  Tensor normalised(BatchNorm norm, Tensor sums, Rectifier rectifier) {
    return fused.apply(
        sums, FusedBatchNorm.NormArrays.of(store, norm), Optional.empty(), rectifier);
  }

  /** The layer whose sums an addition gets, not yet normalised. */
  Optional<DotNode> joined(AddNode add) {
    return Optional.ofNullable(joined.get(add.name()));
  }

  /** An addition of such sums and of another tensor. */
  Tensor added(DotNode dot, Tensor sums, Tensor other, boolean relu) {
    Tensor residual = FloatGraph.alike(other, sums).to(sums.scalar_type());
    return fused.apply(
        sums,
        FusedBatchNorm.NormArrays.of(store, dot.norm().orElseThrow()),
        Optional.of(residual),
        relu ? Rectifier.RELU : Rectifier.NONE);
  }
}

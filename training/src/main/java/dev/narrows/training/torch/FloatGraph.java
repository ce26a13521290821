package dev.narrows.training.torch;

import dev.narrows.training.model.ModelSpec;
import dev.narrows.training.model.Node;
import dev.narrows.training.model.Node.Add;
import dev.narrows.training.model.Node.Convolution;
import dev.narrows.training.model.Node.Dense;
import dev.narrows.training.model.Node.Dot;
import dev.narrows.training.model.Node.Flatten;
import dev.narrows.training.model.Node.GlobalAveragePool;
import dev.narrows.training.model.Node.Input;
import dev.narrows.training.model.Node.Shortcut;
import dev.narrows.training.model.Node.TransposedConvolution;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** The forward pass in float32. */
final class FloatGraph {
  private final ModelSpec model;
  private final ParameterStore store;

  FloatGraph(ModelSpec model, ParameterStore store) {
    this.model = model;
    this.store = store;
  }

  /** Class scores [N][classes]. */
  Tensor scores(Tensor images, boolean training) {
    return scores(images, training, (_, _) -> {});
  }

  /** Class scores; {@code watcher} sees every node's output. */
  Tensor scores(Tensor images, boolean training, BiConsumer<String, Tensor> watcher) {
    Map<String, Tensor> outputs = new HashMap<>();
    for (Node node : model.nodes()) {
      Tensor output =
          switch (node) {
            case Input _ -> images;
            case Dot dot -> dot(dot, get(outputs, dot.input()), training);
            case Add add -> {
              Tensor sum = get(outputs, add.left()).add(get(outputs, add.right()));
              yield add.relu() ? sum.relu_() : sum;
            }
            case Shortcut cut -> shortcut(cut, get(outputs, cut.input()));
            case GlobalAveragePool pool -> Torch.spatialMean(get(outputs, pool.input()));
            case Flatten flatten -> Torch.flatten(get(outputs, flatten.input()));
          };
      watcher.accept(node.name(), output);
      outputs.put(node.name(), output);
    }
    return get(outputs, model.output().name());
  }

  private Tensor dot(Dot dot, Tensor input, boolean training) {
    Tensor weights = store.tensor(dot.name() + ".weight");
    Tensor sums = products(dot, input, weights);
    Tensor output =
        dot.norm().isPresent()
            ? normalise(store, dot.norm().get(), sums, training)
            : sums.add(perChannel(store.tensor(dot.name() + ".bias"), dot));
    return dot.relu() ? output.relu_() : output;
  }

  /** The bare sums of products of a dot layer. */
  static Tensor products(Dot dot, Tensor input, Tensor weights) {
    return switch (dot) {
      case Convolution conv -> {
        var pad = conv.padding();
        Tensor padded =
            pad.symmetric()
                ? input
                : Torch.pad(input, pad.left(), pad.right(), pad.top(), pad.bottom());
        UnaryOperator<Tensor> convolution =
            x ->
                Torch.convolve(
                    x,
                    weights,
                    conv.stride(),
                    pad.symmetric() ? pad.top() : 0,
                    pad.symmetric() ? pad.left() : 0,
                    conv.groups());
        yield conv.stride() > 1
            ? Autocast.exactIfCast(padded, convolution)
            : convolution.apply(padded);
      }
      case TransposedConvolution conv ->
          Autocast.exactIfCast(
              input, x -> Torch.convolveTransposed(x, weights, conv.stride(), conv.padding()));
      case Dense _ -> Torch.linear(input, weights);
    };
  }

  static Tensor normalise(ParameterStore store, String norm, Tensor sums, boolean training) {
    return Torch.batchNorm(
        sums,
        store.tensor(norm + ".weight"),
        store.tensor(norm + ".bias"),
        store.tensor(norm + ".running_mean"),
        store.tensor(norm + ".running_var"),
        training);
  }

  /** A [C] tensor in a shape that broadcasts over a dot layer's output. */
  static Tensor perChannel(Tensor vector, Dot dot) {
    return dot instanceof Dense ? vector : vector.view(1, -1, 1, 1);
  }

  static Tensor shortcut(Shortcut cut, Tensor input) {
    Tensor picked = cut.stride() == 1 ? input : Torch.everyNth(input, cut.stride());
    return Torch.pad(picked, 0, 0, 0, 0, cut.channelsBefore(), cut.channelsAfter());
  }

  private static Tensor get(Map<String, Tensor> outputs, String name) {
    Tensor output = outputs.get(name);
    if (output == null) {
      throw new IllegalStateException("node " + name + " has not run yet");
    }
    return output;
  }
}

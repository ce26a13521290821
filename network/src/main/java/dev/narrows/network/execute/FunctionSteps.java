package dev.narrows.network.execute;

import dev.narrows.core.format.FloatingFormat;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeFunction;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.MovingLayer;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.PointwiseLayer;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Store;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.ArrayList;
import java.util.List;

/** The steps of layers without a register; tensors are [C][H][W][batch]. */
final class FunctionSteps {
  private FunctionSteps() {}

  /**
   * The fastest step there is for a layer. One that is not named here runs by its shape (a function
   * of each element, each pair, each column), else by its own plain code, image by image.
   */
  static Step of(int index, FunctionLayer layer, List<TensorType> sources) {
    TensorType from = sources.isEmpty() ? layer.output() : sources.getFirst();
    return switch (layer) {
      case Add add -> new AddStep(index, add, from, sources.get(1));
      case Rescale rescale -> MoveSteps.of(index, rescale, from);
      case Clamp clamp -> MoveSteps.of(index, clamp);
      case Subsample subsample -> MoveSteps.of(index, subsample, from);
      case ChannelPad pad -> MoveSteps.of(index, pad, from);
      case MaxPool pool ->
          from.isFloat() ? FloatLayerSteps.of(index, pool, from) : PoolStep.of(index, pool, from);
      case Resize resize -> new ResizeStep(index, resize, from);
      case Constant constant -> CodeSteps.of(index, constant);
      case Rearrange moved when moved.keepsOrder() -> MoveSteps.kept(index, moved);
      case MovingLayer moved -> CodeSteps.moved(index, moved, moved.places(), sources);
      case Flatten _ -> (workspace, tensors, batch) -> {}; // the same buffer, read otherwise
      case Elementwise e -> FloatLayerSteps.of(index, e);
      case MeanPool pool -> FloatLayerSteps.of(index, pool, from);
      case Softmax softmax -> FloatLayerSteps.of(index, softmax, from);
      case Normalization norm -> FloatLayerSteps.of(index, norm, from);
      case Rotary rotary -> FloatLayerSteps.of(index, rotary, from);
      case Embedding embedding -> FloatLayerSteps.of(index, embedding, from);
      case Positions positions -> FloatLayerSteps.of(index, positions, from);
      case Store store -> FloatLayerSteps.of(index, store, from);
      case CodePair pair -> CodeSteps.of(index, pair, from, sources.get(1));
      case CodeFunction function -> CodeSteps.of(index, function);
      case PointwiseLayer function -> pointwise(index, function, from);
      default -> plain(index, layer, sources);
    };
  }

  /** A step whose output is rounded to the format it is stored in, if it is. */
  static Step stored(int index, Step step, TensorType to) {
    if (to.stored().isEmpty()) {
      return step;
    }
    FloatingFormat format = to.stored().get();
    return (workspace, tensors, batch) -> {
      step.run(workspace, tensors, batch);
      Words.round(format, tensors[index], to.elements() * batch);
    };
  }

  static Step pointwise(int index, PointwiseLayer layer, TensorType from) {
    return (workspace, tensors, batch) -> {
      int[] in = tensors[layer.input()];
      int[] out = tensors[index];
      int count = from.positions() * batch;
      for (int c = 0; c < from.channels(); c++) {
        for (int i = c * count; i < (c + 1) * count; i++) {
          out[i] = layer.apply(from, c, in[i]);
        }
      }
    };
  }

  static Step plain(int index, FunctionLayer layer, List<TensorType> sources) {
    return (workspace, tensors, batch) -> {
      for (int image = 0; image < batch; image++) {
        List<ImageTensor> in = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
          int[] words = new int[sources.get(i).elements()];
          for (int e = 0; e < words.length; e++) {
            words[e] = tensors[layer.inputs().get(i)][e * batch + image];
          }
          in.add(new ImageTensor(sources.get(i), words));
        }
        int[] made = layer.run(in);
        for (int e = 0; e < made.length; e++) {
          tensors[index][e * batch + image] = made[e];
        }
      }
    };
  }
}

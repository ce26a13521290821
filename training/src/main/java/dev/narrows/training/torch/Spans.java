package dev.narrows.training.torch;

import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Span;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Functions of all elements along some axes. */
final class Spans {
  private Spans() {}

  /** The dimensions of [N][C][H][W] that a layer takes together. */
  private static long[] dimensions(Span over) {
    return Arrays.stream(over.axes()).mapToLong(axis -> axis + 1).toArray();
  }

  static Tensor reduced(Reduce layer, List<Tensor> in) {
    Tensor x = in.getFirst();
    long[] over = dimensions(layer.over());
    return switch (layer.reduction()) {
      case SUM -> x.sum(over, true, Torch.NO_TYPE);
      case MEAN -> x.mean(over, true, Torch.NO_TYPE);
      case PRODUCT -> {
        for (long dimension : over) {
          x = x.prod(dimension, true, Torch.NO_TYPE);
        }
        yield x;
      }
    };
  }

  static Tensor extremum(Extremum layer, List<Tensor> in) {
    long[] over = dimensions(layer.over());
    return layer.least()
        ? torch.amin(in.getFirst(), over, true)
        : torch.amax(in.getFirst(), over, true);
  }

  /** Over columns; a causal one sees column s of row t where s ≤ t. */
  static Tensor softmax(Softmax layer, List<Tensor> in) {
    Tensor x = in.getFirst();
    Tensor scores = layer.scale() == 1 ? x : x.mul(new Scalar(layer.scale()));
    if (layer.causal()) {
      Tensor hidden = torch.triu(torch.ones(x.size(2), x.size(3)), 1).to(torch.ScalarType.Bool);
      scores = scores.masked_fill(hidden, new Scalar(Float.NEGATIVE_INFINITY));
    }
    return Torch.softmax(scores, 3);
  }

  /** Over channels. */
  static Tensor normalized(Normalization layer, List<Tensor> in) {
    Tensor columns = in.getFirst().permute(0, 2, 3, 1);
    Tensor gain = Torch.vector(layer.gain());
    Tensor made =
        switch (layer.form()) {
          case LAYER -> Torch.layerNorm(columns, gain, torch.zeros_like(gain), layer.epsilon());
          case RMS -> {
            long[] last = {3};
            Tensor mean = torch.square(columns).mean(last, true, Torch.NO_TYPE);
            yield columns.mul(torch.rsqrt(mean.add(new Scalar(layer.epsilon())))).mul(gain);
          }
        };
    Tensor shifted = layer.shift().length == 0 ? made : made.add(Torch.vector(layer.shift()));
    return shifted.permute(0, 3, 1, 2);
  }
}

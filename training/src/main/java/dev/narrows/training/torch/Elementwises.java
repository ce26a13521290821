package dev.narrows.training.torch;

import dev.narrows.network.layer.Elementwise;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Functions of two elements. */
final class Elementwises implements LayerOutputs.ForwardPass<Elementwise> {
  @Override
  public Tensor of(Elementwise layer, List<Tensor> in) {
    Tensor left = in.get(0);
    Tensor right = in.get(1);
    return switch (layer.operation()) {
      case ADD -> left.add(right);
      case SUBTRACT -> left.sub(right);
      case MULTIPLY -> left.mul(right);
      case DIVIDE -> left.div(right);
      case MAXIMUM -> torch.maximum(left, right);
      case MINIMUM -> torch.minimum(left, right);
      case SQUARED_DIFFERENCE -> torch.square(left.sub(right));
      case POWER -> left.pow(right);
      case ARCTANGENT -> torch.atan2(left, right);
      case SLOPE -> torch.relu(left).add(Torch.clamp(left, Double.NEGATIVE_INFINITY, 0).mul(right));
      case FLOOR_DIVIDE,
          FLOOR_REMAINDER,
          REMAINDER,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          EQUAL,
          NOT_EQUAL ->
          throw new IllegalArgumentException(
              layer.name() + " (" + layer.kind() + ") has no gradient");
    };
  }

  @Override
  public boolean trains(Elementwise layer) {
    return switch (layer.operation()) {
      case ADD,
          SUBTRACT,
          MULTIPLY,
          DIVIDE,
          MAXIMUM,
          MINIMUM,
          SQUARED_DIFFERENCE,
          POWER,
          ARCTANGENT,
          SLOPE ->
          true;
      case FLOOR_DIVIDE,
          FLOOR_REMAINDER,
          REMAINDER,
          LESS,
          LESS_OR_EQUAL,
          GREATER,
          GREATER_OR_EQUAL,
          EQUAL,
          NOT_EQUAL ->
          false;
    };
  }
}

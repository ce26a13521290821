package dev.narrows.training.model;

import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.MovingLayer;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Subsample;

/** What quantisation needs to know of layers that no register belongs to. */
public final class LayerTraits {
  private LayerTraits() {}

  /** Whether output elements are elements of the inputs, or real zeros: codes stay codes. */
  static boolean moves(FunctionLayer layer) {
    return switch (layer) {
      case MovingLayer _, MaxPool _, Extremum _, Subsample _, ChannelPad _ -> true;
      case Resize resize -> resize.method() == Resize.Interpolation.NEAREST;
      default -> false;
    };
  }

  /** Whether no output is negative as long as no input is. */
  public static boolean keepsSign(FunctionLayer layer) {
    return switch (layer) {
      case MeanPool _, Reduce _, Resize _ -> true;
      case Elementwise pair ->
          switch (pair.operation()) {
            case ADD, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM -> true;
            default -> false;
          };
      case Activation activation ->
          switch (activation.function()) {
            case HARD_SWISH, SILU, GELU, GELU_TANH, GELU_ERF, MISH, TANH -> true;
            default -> false;
          };
      case ShapedActivation shaped ->
          switch (shaped.formula()) {
            case LEAKY_RELU, ELU, THRESHOLDED_RELU, SWISH -> true;
            case LINEAR -> shaped.alpha() >= 0 && shaped.beta() >= 0;
            default -> false;
          };
      default -> moves(layer);
    };
  }

  /** Whether no output is negative, whatever the inputs are. */
  public static boolean neverNegative(FunctionLayer layer) {
    return switch (layer) {
      case Softmax _ -> true;
      case Activation activation ->
          switch (activation.function()) {
            case RELU,
                RELU6,
                RELU_0_TO_1,
                LOGISTIC,
                SIGMOID,
                ABSOLUTE,
                SQUARE,
                SQUARE_ROOT,
                RECIPROCAL_SQUARE_ROOT,
                EXPONENTIAL,
                SOFTPLUS ->
                true;
            default -> false;
          };
      case ShapedActivation shaped ->
          switch (shaped.formula()) {
            case HARD_SIGMOID -> true;
            case CLIP -> shaped.alpha() >= 0;
            default -> false;
          };
      case Constant constant -> {
        for (float number : constant.numbers()) {
          if (number < 0) {
            yield false;
          }
        }
        yield true;
      }
      default -> false;
    };
  }
}

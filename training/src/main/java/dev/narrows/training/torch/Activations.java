package dev.narrows.training.torch;

import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Activation.Function;
import dev.narrows.network.layer.ShapedActivation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Functions of each element by itself. */
final class Activations implements LayerOutputs.ForwardPass<Activation> {
  private static final Map<Function, UnaryOperator<Tensor>> FUNCTIONS =
      new EnumMap<>(Function.class);

  static {
    FUNCTIONS.put(Function.RELU, torch::relu);
    FUNCTIONS.put(Function.RELU6, x -> Torch.clamp(x, 0, 6));
    FUNCTIONS.put(Function.RELU_N1_TO_1, x -> Torch.clamp(x, -1, 1));
    FUNCTIONS.put(Function.RELU_0_TO_1, x -> Torch.clamp(x, 0, 1));
    FUNCTIONS.put(Function.HARD_SWISH, torch::hardswish);
    FUNCTIONS.put(Function.LOGISTIC, torch::sigmoid);
    FUNCTIONS.put(Function.SIGMOID, torch::sigmoid);
    FUNCTIONS.put(Function.TANH, torch::tanh);
    FUNCTIONS.put(Function.GELU, x -> torch.gelu(x, "tanh"));
    FUNCTIONS.put(Function.GELU_TANH, x -> torch.gelu(x, "tanh"));
    FUNCTIONS.put(Function.GELU_ERF, torch::gelu);
    FUNCTIONS.put(Function.SILU, torch::silu);
    FUNCTIONS.put(Function.MISH, torch::mish);
    FUNCTIONS.put(Function.ERF, torch::erf);
    FUNCTIONS.put(Function.ABSOLUTE, torch::abs);
    FUNCTIONS.put(Function.NEGATIVE, torch::neg);
    FUNCTIONS.put(Function.SQUARE, torch::square);
    FUNCTIONS.put(Function.SQUARE_ROOT, torch::sqrt);
    FUNCTIONS.put(Function.RECIPROCAL_SQUARE_ROOT, torch::rsqrt);
    FUNCTIONS.put(Function.RECIPROCAL, torch::reciprocal);
    FUNCTIONS.put(Function.EXPONENTIAL, torch::exp);
    FUNCTIONS.put(Function.LOGARITHM, torch::log);
    FUNCTIONS.put(Function.SOFTPLUS, torch::softplus);
    FUNCTIONS.put(Function.SOFTSIGN, x -> x.div(torch.abs(x).add(new Scalar(1))));
    FUNCTIONS.put(Function.SINE, torch::sin);
    FUNCTIONS.put(Function.COSINE, torch::cos);
    FUNCTIONS.put(Function.TANGENT, torch::tan);
    FUNCTIONS.put(Function.ARC_SINE, torch::asin);
    FUNCTIONS.put(Function.ARC_COSINE, torch::acos);
    FUNCTIONS.put(Function.ARC_TANGENT, torch::atan);
    FUNCTIONS.put(Function.HYPERBOLIC_SINE, torch::sinh);
    FUNCTIONS.put(Function.HYPERBOLIC_COSINE, torch::cosh);
    FUNCTIONS.put(Function.AREA_SINE, torch::asinh);
    FUNCTIONS.put(Function.AREA_COSINE, torch::acosh);
    FUNCTIONS.put(Function.AREA_TANGENT, torch::atanh);
  }

  @Override
  public Tensor of(Activation layer, List<Tensor> in) {
    UnaryOperator<Tensor> function = FUNCTIONS.get(layer.function());
    if (function == null) {
      throw new IllegalArgumentException(layer.name() + " (" + layer.kind() + ") has no gradient");
    }
    return function.apply(in.getFirst());
  }

  @Override
  public boolean trains(Activation layer) {
    return FUNCTIONS.containsKey(layer.function());
  }

  static Tensor shaped(ShapedActivation layer, List<Tensor> in) {
    Tensor x = in.getFirst();
    float alpha = layer.alpha();
    float beta = layer.beta();
    return switch (layer.formula()) {
      case LEAKY_RELU -> torch.leaky_relu(x, new Scalar(alpha));
      case ELU -> torch.elu(x, new Scalar(alpha), new Scalar(1), new Scalar(1));
      case SELU -> torch.elu(x, new Scalar(alpha), new Scalar(beta), new Scalar(1));
      case CELU -> torch.celu(x, new Scalar(alpha));
      case HARD_SIGMOID -> Torch.clamp(linear(x, alpha, beta), 0, 1);
      case THRESHOLDED_RELU -> x.mul(torch.gt(x, new Scalar(alpha)).to(x.scalar_type()));
      case CLIP -> Torch.clamp(x, alpha, beta);
      case LINEAR -> linear(x, alpha, beta);
      case SHRINK ->
          torch
              .relu(linear(x, 1, -alpha))
              .sub(torch.relu(linear(x, -1, -alpha)))
              .add(torch.sign(shrunk(x, alpha)).mul(new Scalar(alpha - beta)));
      case SWISH -> x.mul(torch.sigmoid(x.mul(new Scalar(alpha))));
    };
  }

  /** x beyond ±α, else 0, without a gradient. */
  private static Tensor shrunk(Tensor x, float alpha) {
    Tensor values = x.detach();
    return values.mul(torch.gt(torch.abs(values), new Scalar(alpha)).to(x.scalar_type()));
  }

  private static Tensor linear(Tensor x, float factor, float offset) {
    Tensor scaled = factor == 1 ? x : x.mul(new Scalar(factor));
    return offset == 0 ? scaled : scaled.add(new Scalar(offset));
  }
}

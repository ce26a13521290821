package dev.narrows.training.torch;

import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Blend;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Pick;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.training.model.FeatureMapShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The forward pass of imported layers, which libtorch differentiates: one {@link ForwardPass} a
 * layer. Tensors are [N][C][H][W]; N is 1 where a tensor is the same for all examples.
 */
final class LayerOutputs {
  /** What libtorch computes where the network has a layer. */
  interface ForwardPass<L extends FunctionLayer> {
    /**
     * The layer's output.
     *
     * @param in as {@link FunctionLayer#inputs()} lists them
     */
    Tensor of(L layer, List<Tensor> in);

    /** Whether this layer has a gradient; some of a kind have none, such as roundings. */
    default boolean trains(L layer) {
      return true;
    }
  }

  private static final Map<Class<? extends FunctionLayer>, ForwardPass<?>> FORMS = new HashMap<>();

  private static <L extends FunctionLayer> void put(Class<L> layer, ForwardPass<L> form) {
    FORMS.put(layer, form);
  }

  static {
    put(Activation.class, new Activations());
    put(ShapedActivation.class, Activations::shaped);
    put(Elementwise.class, new Elementwises());
    put(Constant.class, (constant, _) -> numbers(constant));
    put(Rearrange.class, MoveOutputs::rearranged);
    put(Pick.class, (pick, in) -> MoveOutputs.picked(in, pick.places(), pick.output()));
    put(Subsample.class, MoveOutputs::subsampled);
    put(
        ChannelPad.class,
        (pad, in) -> Torch.pad(in.getFirst(), 0, 0, 0, 0, pad.before(), pad.after()));
    put(MaxPool.class, Pools::largest);
    put(MeanPool.class, Pools::mean);
    put(Reduce.class, Spans::reduced);
    put(Extremum.class, Spans::extremum);
    put(Resize.class, Resizes::resized);
    put(Blend.class, Resizes::blended);
    put(Softmax.class, Spans::softmax);
    put(Normalization.class, Spans::normalized);
  }

  private LayerOutputs() {}

  /** Whether there is a gradient for a layer. */
  static boolean trains(FunctionLayer layer) {
    return FORMS.containsKey(layer.getClass()) && form(layer).trains(layer);
  }

  /** The output of a layer. */
  static Tensor of(FunctionLayer layer, List<Tensor> in) {
    return form(layer).of(layer, in);
  }

  @SuppressWarnings("unchecked") // put() holds classes and forms together
  private static ForwardPass<FunctionLayer> form(FunctionLayer layer) {
    ForwardPass<?> form = FORMS.get(layer.getClass());
    if (form == null) {
      throw new IllegalArgumentException(layer.name() + " (" + layer.kind() + ") has no gradient");
    }
    return (ForwardPass<FunctionLayer>) form;
  }

  private static Tensor numbers(Constant constant) {
    return shaped(
        Torch.vector(constant.numbers()).view(1, -1), FeatureMapShape.of(constant.output()));
  }

  /** Elements in the order [C][H][W], in another shape. */
  static Tensor shaped(Tensor tensor, FeatureMapShape shape) {
    return tensor.reshape(tensor.size(0), shape.channels(), shape.height(), shape.width());
  }

  static Tensor shaped(Tensor tensor, TensorType type) {
    return shaped(tensor, FeatureMapShape.of(type));
  }
}

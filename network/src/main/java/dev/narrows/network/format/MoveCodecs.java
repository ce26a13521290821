package dev.narrows.network.format;

import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.Pick;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/** Layers whose elements are elements of their inputs, or between them, and constants. */
final class MoveCodecs {
  static final LayerCodec<Constant> CONSTANT =
      LayerCodec.of(Constant.class, "constant", 0, MoveCodecs::constant, MoveCodecs::constant);

  static final LayerCodec<Resize> RESIZE =
      LayerCodec.of(
          Resize.class,
          List.of("resizeNearest", "resizeBilinear"),
          1,
          in ->
              new Resize(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.kind().equals("resizeNearest")
                      ? Resize.Interpolation.NEAREST
                      : Resize.Interpolation.BILINEAR,
                  in.fields().flag("alignCorners"),
                  in.fields().flag("halfPixelCenters")),
          (out, layer) ->
              out.node()
                  .put("alignCorners", layer.alignCorners())
                  .put("halfPixelCenters", layer.halfPixelCenters()));

  static final LayerCodec<Subsample> SUBSAMPLE =
      LayerCodec.of(
          Subsample.class,
          "subsample",
          1,
          in -> {
            int[] stride = in.fields().integers("stride", 2);
            return new Subsample(in.name(), in.input(), in.output(), stride[0], stride[1]);
          },
          (out, layer) -> out.integers("stride", layer.strideHeight(), layer.strideWidth()));

  static final LayerCodec<ChannelPad> CHANNEL_PAD =
      LayerCodec.of(
          ChannelPad.class,
          "channelPad",
          1,
          in ->
              new ChannelPad(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.fields().integer("before"),
                  in.fields().integer("after")),
          (out, layer) -> out.node().put("before", layer.before()).put("after", layer.after()));

  static final LayerCodec<Flatten> FLATTEN =
      LayerCodec.of(
          Flatten.class,
          "flatten",
          1,
          in -> new Flatten(in.name(), in.input(), in.output()),
          (out, layer) -> {});

  static final LayerCodec<Rearrange> REARRANGE =
      LayerCodec.of(
          Rearrange.class,
          "rearrange",
          LayerCodec.ANY,
          in -> {
            List<Rearrange.Axis> axes = new ArrayList<>();
            for (Fields field : in.fields().objects("axes")) {
              int[] axis = field.integers("axis", 4);
              field.end();
              axes.add(new Rearrange.Axis(axis[0], axis[1], axis[2], axis[3]));
            }
            List<Integer> inputs = Arrays.stream(in.inputs()).boxed().toList();
            int base = in.fields().integer("base");
            return new Rearrange(in.name(), inputs, in.output(), base, axes);
          },
          (out, layer) -> {
            out.node().put("base", layer.base());
            ArrayNode axes = out.node().putArray("axes");
            for (Rearrange.Axis axis : layer.axes()) {
              int[] counts = {axis.size(), axis.before(), axis.inside(), axis.step()};
              LayerNode.integers(axes.addObject(), "axis", counts);
            }
          });

  static final LayerCodec<Pick> PICK =
      LayerCodec.of(
          Pick.class,
          "pick",
          LayerCodec.ANY,
          in -> {
            TensorType to = in.output();
            int[] places = in.words(".places", to.channels(), to.height(), to.width());
            return new Pick(in.name(), Arrays.stream(in.inputs()).boxed().toList(), to, places);
          },
          (out, layer) -> {
            TensorType to = layer.output();
            out.words(".places", layer.places(), to.channels(), to.height(), to.width());
          });

  private MoveCodecs() {}

  private static Constant constant(LayerFields in) throws IOException {
    TensorType type = in.output();
    int[] shape = {type.channels(), type.height(), type.width()};
    return type.isFloat()
        ? Constant.of(in.name(), type, in.floats(".words", shape))
        : new Constant(in.name(), type, in.words(".words", shape));
  }

  private static void constant(LayerNode out, Constant layer) {
    TensorType type = layer.output();
    int[] shape = {type.channels(), type.height(), type.width()};
    if (type.isFloat()) {
      out.floats(".words", layer.numbers(), shape);
    } else {
      out.words(".words", layer.words(), shape);
    }
  }
}

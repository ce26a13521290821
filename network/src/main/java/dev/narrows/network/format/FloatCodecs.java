package dev.narrows.network.format;

import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Blend;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.RoundTo;
import dev.narrows.network.layer.RoundToFloat;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Store;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Layers that make floats. */
final class FloatCodecs {
  static final LayerCodec<Activation> ACTIVATION =
      LayerCodec.of(
          Activation.class,
          Arrays.stream(Activation.Function.values()).map(Object::toString).toList(),
          1,
          in ->
              new Activation(
                  in.name(), in.input(), in.output(), in.choice(Activation.Function.values())),
          (out, layer) -> {});

  static final LayerCodec<ShapedActivation> SHAPED_ACTIVATION =
      LayerCodec.of(
          ShapedActivation.class,
          Arrays.stream(ShapedActivation.Formula.values()).map(Object::toString).toList(),
          1,
          in -> {
            float[] numbers = in.floats(".numbers", 2); // infinities are no JSON
            return new ShapedActivation(
                in.name(),
                in.input(),
                in.output(),
                in.choice(ShapedActivation.Formula.values()),
                numbers[0],
                numbers[1]);
          },
          (out, layer) -> out.floats(".numbers", new float[] {layer.alpha(), layer.beta()}, 2));

  static final LayerCodec<Blend> BLEND =
      LayerCodec.of(
          Blend.class,
          "blend",
          1,
          in -> {
            int taps = in.fields().integer("taps");
            int height = in.output().height();
            int[] rows = in.words(".rows", height, taps);
            float[] weights = in.floats(".weights", height, taps);
            boolean wide = !in.fields().has("wide") || in.fields().flag("wide");
            return new Blend(in.name(), in.input(), in.output(), taps, rows, weights, wide);
          },
          (out, layer) -> {
            out.node().put("taps", layer.taps());
            out.words(".rows", layer.rows(), layer.output().height(), layer.taps());
            out.floats(".weights", layer.weights(), layer.output().height(), layer.taps());
            if (!layer.wide()) { // older programs read the default
              out.node().put("wide", false);
            }
          });

  static final LayerCodec<RoundTo> ROUND_TO =
      LayerCodec.of(
          RoundTo.class,
          Arrays.stream(RoundTo.RoundingGrid.values()).map(Object::toString).toList(),
          1,
          in ->
              new RoundTo(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.choice(RoundTo.RoundingGrid.values()),
                  in.fields().flag("saturates")),
          (out, layer) -> out.node().put("saturates", layer.saturates()));

  static final LayerCodec<RoundToFloat> ROUND_TO_FLOAT =
      LayerCodec.of(
          RoundToFloat.class,
          "roundToFloat",
          1,
          in ->
              new RoundToFloat(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.fields().integer("mantissa"),
                  in.fields().integer("leastExponent"),
                  (float) in.fields().number("largest"),
                  in.fields().choice("rounding", RoundedQuantize.Rounding.values()),
                  in.fields().choice("beyond", RoundToFloat.Beyond.values())),
          (out, layer) ->
              out.node()
                  .put("mantissa", layer.mantissa())
                  .put("leastExponent", layer.leastExponent())
                  .put("largest", layer.largest())
                  .put("rounding", layer.rounding().toString())
                  .put("beyond", layer.beyond().toString()));

  static final LayerCodec<Softmax> SOFTMAX =
      LayerCodec.of(
          Softmax.class,
          "softmax",
          1,
          in ->
              new Softmax(
                  in.name(),
                  in.input(),
                  in.output(),
                  (float) in.fields().number("scale"),
                  in.fields().flag("causal")),
          (out, layer) -> out.node().put("scale", layer.scale()).put("causal", layer.causal()));

  static final LayerCodec<Normalization> NORMALIZATION =
      LayerCodec.of(
          Normalization.class,
          Arrays.stream(Normalization.Form.values()).map(Object::toString).toList(),
          1,
          in -> {
            int channels = in.output().channels();
            float epsilon = (float) in.fields().number("epsilon");
            boolean shifted = in.fields().flag("shifted");
            return new Normalization(
                in.name(),
                in.input(),
                in.output(),
                in.choice(Normalization.Form.values()),
                in.floats(".gain", channels),
                shifted ? in.floats(".shift", channels) : new float[0],
                epsilon);
          },
          (out, layer) -> {
            out.node().put("epsilon", layer.epsilon());
            out.node().put("shifted", layer.shift().length > 0);
            out.floats(".gain", layer.gain(), layer.gain().length);
            if (layer.shift().length > 0) {
              out.floats(".shift", layer.shift(), layer.shift().length);
            }
          });

  static final LayerCodec<Rotary> ROTARY =
      LayerCodec.of(
          Rotary.class,
          "rotary",
          1,
          in -> {
            int headSize = in.fields().integer("headSize");
            List<Float> divisors = new ArrayList<>();
            if (in.fields().has("divided") && in.fields().flag("divided")) {
              for (float divisor : in.floats(".divisors", headSize / 2)) {
                divisors.add(divisor);
              }
            }
            return new Rotary(
                in.name(),
                in.input(),
                in.output(),
                headSize,
                (float) in.fields().number("base"),
                divisors);
          },
          (out, layer) -> {
            out.node().put("headSize", layer.headSize()).put("base", layer.base());
            if (!layer.divisors().isEmpty()) {
              float[] divisors = new float[layer.divisors().size()];
              for (int i = 0; i < divisors.length; i++) {
                divisors[i] = layer.divisors().get(i);
              }
              out.node().put("divided", true);
              out.floats(".divisors", divisors, divisors.length);
            }
          });

  static final LayerCodec<Embedding> EMBEDDING =
      LayerCodec.of(
          Embedding.class,
          "embedding",
          1,
          in -> {
            int rows = in.fields().integer("rows");
            float[] table = in.floats(".table", rows, in.output().channels());
            return new Embedding(in.name(), in.input(), in.output(), table);
          },
          (out, layer) -> {
            out.node().put("rows", layer.rows());
            out.floats(".table", layer.table(), layer.rows(), layer.output().channels());
          });

  static final LayerCodec<Positions> POSITIONS =
      LayerCodec.of(
          Positions.class,
          "positions",
          1,
          in ->
              new Positions(
                  in.name(), in.input(), in.output(), in.floats(".table", shape(in.output()))),
          (out, layer) -> out.floats(".table", layer.table(), shape(layer.output())));

  static final LayerCodec<Store> STORE =
      LayerCodec.of(
          Store.class,
          "store",
          1,
          in -> new Store(in.name(), in.input(), in.output()),
          (out, layer) -> {});

  static final LayerCodec<Dequantize> DEQUANTIZE =
      LayerCodec.of(
          Dequantize.class,
          "dequantize",
          1,
          in -> new Dequantize(in.name(), in.input(), in.output()),
          (out, layer) -> {});

  private FloatCodecs() {}

  private static int[] shape(TensorType type) {
    return new int[] {type.channels(), type.height(), type.width()};
  }
}

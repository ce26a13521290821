package dev.narrows.network.format;

import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The codecs of all layers: every type once. */
final class LayerCodecs {
  /** One a layer. */
  static final List<LayerCodec<?>> ALL =
      List.of(
          DotCodecs.CONVOLUTION,
          DotCodecs.TRANSPOSED_CONVOLUTION,
          DotCodecs.DENSE,
          ProductCodecs.FLOATS,
          ProductCodecs.INTEGERS,
          PoolCodecs.MAX,
          PoolCodecs.AVERAGE,
          PoolCodecs.MEAN,
          SpanCodecs.REDUCE,
          SpanCodecs.EXTREMUM,
          SpanCodecs.EXTREMUM_INDEX,
          PairCodecs.ADD,
          PairCodecs.MULTIPLY,
          PairCodecs.CODE_EXTREMUM,
          PairCodecs.CODE_QUOTIENT,
          PairCodecs.CODE_SQUARED_DIFFERENCE,
          PairCodecs.CODE_SLOPE,
          PairCodecs.FLOAT_SCALED_ADD,
          PairCodecs.FLOAT_SCALED_MULTIPLY,
          PairCodecs.ELEMENTWISE,
          PairCodecs.CHOOSE,
          CodeCodecs.CLAMP,
          CodeCodecs.RESCALE,
          CodeCodecs.CODE_TABLE,
          CodeCodecs.INTEGER_SOFTMAX,
          CodeCodecs.WIDE_SOFTMAX,
          CodeCodecs.INTEGER_SIGMOID,
          CodeCodecs.UNIT_LENGTH,
          CodeCodecs.INTEGER_LOG_SOFTMAX,
          CodeCodecs.TABLE_SOFTMAX,
          CodeCodecs.QUANTIZE,
          CodeCodecs.ROUNDED_QUANTIZE,
          CodeCodecs.RELABEL,
          CodeCodecs.SCALED_CODES,
          InputCodecs.INPUT,
          MoveCodecs.CONSTANT,
          MoveCodecs.RESIZE,
          MoveCodecs.SUBSAMPLE,
          MoveCodecs.CHANNEL_PAD,
          MoveCodecs.FLATTEN,
          MoveCodecs.REARRANGE,
          MoveCodecs.PICK,
          IntegerCodecs.TAKE_ALONG,
          IntegerCodecs.TOP_INDEX,
          IntegerCodecs.RUNNING_SUM,
          IntegerCodecs.ELEMENTWISE,
          IntegerCodecs.FUNCTION,
          FloatCodecs.ACTIVATION,
          FloatCodecs.SHAPED_ACTIVATION,
          FloatCodecs.BLEND,
          FloatCodecs.ROUND_TO,
          FloatCodecs.ROUND_TO_FLOAT,
          FloatCodecs.SOFTMAX,
          FloatCodecs.NORMALIZATION,
          FloatCodecs.ROTARY,
          FloatCodecs.EMBEDDING,
          FloatCodecs.POSITIONS,
          FloatCodecs.STORE,
          FloatCodecs.DEQUANTIZE,
          DynamicCodecs.SCALE,
          DynamicCodecs.CODES,
          DynamicCodecs.SUMS);

  private static final Map<Class<?>, LayerCodec<?>> BY_TYPE =
      ALL.stream().collect(Collectors.toUnmodifiableMap(LayerCodec::type, Function.identity()));

  private LayerCodecs() {}

  /**
   * The codec of a layer.
   *
   * @throws IllegalStateException if none is listed, which a test holds for no layer
   */
  static LayerCodec<?> of(Layer layer) {
    LayerCodec<?> codec = BY_TYPE.get(layer.getClass());
    if (codec == null) {
      throw new IllegalStateException("no codec of " + layer.getClass());
    }
    return codec;
  }

  /** The codec that reads a kind of layer with this output, if there is one. */
  static Optional<LayerCodec<?>> named(String kind, TensorType output) {
    for (LayerCodec<?> codec : ALL) {
      if (codec.kinds().contains(kind) && codec.makes().test(output)) {
        return Optional.of(codec);
      }
    }
    return Optional.empty();
  }
}

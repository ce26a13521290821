package dev.narrows.network.format;

import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.RunningSum;
import dev.narrows.network.layer.TakeAlong;
import dev.narrows.network.layer.TopIndex;
import java.util.Arrays;

/** Layers that compute with integers, or take elements by them. */
final class IntegerCodecs {
  static final LayerCodec<IntegerElementwise> ELEMENTWISE =
      LayerCodec.of(
          IntegerElementwise.class,
          Arrays.stream(IntegerElementwise.IntegerOperation.values())
              .map(Object::toString)
              .toList(),
          2,
          in ->
              new IntegerElementwise(
                  in.name(),
                  in.inputs()[0],
                  in.inputs()[1],
                  in.output(),
                  in.choice(IntegerElementwise.IntegerOperation.values()),
                  in.fields().flag("exact")),
          (out, layer) -> out.node().put("exact", layer.exact()));

  static final LayerCodec<IntegerFunction> FUNCTION =
      LayerCodec.of(
          IntegerFunction.class,
          Arrays.stream(IntegerFunction.IntegerRule.values()).map(Object::toString).toList(),
          1,
          in ->
              new IntegerFunction(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.choice(IntegerFunction.IntegerRule.values()),
                  in.fields().flag("exact")),
          (out, layer) -> out.node().put("exact", layer.exact()));

  static final LayerCodec<TakeAlong> TAKE_ALONG =
      LayerCodec.of(
          TakeAlong.class,
          "takeAlong",
          2,
          in -> new TakeAlong(in.name(), in.inputs()[0], in.inputs()[1], in.output()),
          (out, layer) -> {});

  static final LayerCodec<TopIndex> TOP_INDEX =
      LayerCodec.of(
          TopIndex.class,
          "topIndex",
          1,
          in -> new TopIndex(in.name(), in.input(), in.output()),
          (out, layer) -> {});

  static final LayerCodec<RunningSum> RUNNING_SUM =
      LayerCodec.of(
          RunningSum.class,
          "runningSum",
          1,
          in ->
              new RunningSum(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.fields().flag("exclusive"),
                  in.fields().flag("reverse")),
          (out, layer) -> {
            out.node().put("exclusive", layer.exclusive());
            out.node().put("reverse", layer.reverse());
          });

  private IntegerCodecs() {}
}

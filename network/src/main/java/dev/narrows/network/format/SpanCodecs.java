package dev.narrows.network.format;

import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.ExtremumIndex;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Span;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Layers that take the elements along some axes together. */
final class SpanCodecs {
  static final LayerCodec<Reduce> REDUCE =
      LayerCodec.of(
          Reduce.class,
          Arrays.stream(Reduce.Reduction.values()).map(Object::toString).toList(),
          1,
          in ->
              new Reduce(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.choice(Reduce.Reduction.values()),
                  over(in),
                  in.fields().flag("wide")),
          (out, layer) -> {
            out.integers("over", layer.over().axes());
            out.node().put("wide", layer.wide());
          });

  static final LayerCodec<Extremum> EXTREMUM =
      LayerCodec.of(
          Extremum.class,
          List.of("largest", "smallest"),
          1,
          in ->
              new Extremum(
                  in.name(), in.input(), in.output(), over(in), in.kind().equals("smallest")),
          (out, layer) -> out.integers("over", layer.over().axes()));

  static final LayerCodec<ExtremumIndex> EXTREMUM_INDEX =
      LayerCodec.of(
          ExtremumIndex.class,
          List.of("largestIndex", "smallestIndex"),
          1,
          in ->
              new ExtremumIndex(
                  in.name(),
                  in.input(),
                  in.output(),
                  over(in),
                  in.kind().equals("smallestIndex"),
                  in.fields().flag("last")),
          (out, layer) -> {
            out.integers("over", layer.over().axes());
            out.node().put("last", layer.last());
          });

  private SpanCodecs() {}

  private static Span over(LayerFields in) throws IOException {
    return Span.of(in.fields().integers("over"));
  }
}

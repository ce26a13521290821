package dev.narrows.network.format;

import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.WideSoftmax;

/** Layers that make codes of codes, or of floats, without a register. */
final class CodeCodecs {
  static final LayerCodec<Clamp> CLAMP =
      LayerCodec.of(
          Clamp.class,
          "clamp",
          1,
          in ->
              new Clamp(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.fields().integer("min"),
                  in.fields().integer("max")),
          (out, layer) -> out.node().put("min", layer.min()).put("max", layer.max()));

  static final LayerCodec<Rescale> RESCALE =
      LayerCodec.of(
          Rescale.class,
          "rescale",
          1,
          in -> new Rescale(in.name(), in.input(), in.output(), in.requantization()),
          (out, layer) -> out.requantization(layer.requantization()));

  /** A table of 16-bit codes is a tensor, a shorter one stands in the graph. */
  static final LayerCodec<CodeTable> CODE_TABLE =
      LayerCodec.of(
          CodeTable.class,
          "codeTable",
          1,
          in ->
              new CodeTable(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.fields().flag("signed"),
                  in.fields().has("table")
                      ? in.fields().integers("table")
                      : in.words(".table", CodeTable.LONG)),
          (out, layer) -> {
            int[] table = layer.table();
            out.node().put("signed", layer.signed());
            if (table.length > CodeTable.SHORT) {
              out.words(".table", table, table.length);
            } else {
              out.integers("table", table);
            }
          });

  static final LayerCodec<IntegerSoftmax> INTEGER_SOFTMAX =
      LayerCodec.of(
          IntegerSoftmax.class,
          "integerSoftmax",
          1,
          in ->
              new IntegerSoftmax(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.factor("factor"),
                  in.fields().integer("least")),
          (out, layer) -> {
            out.factor("factor", layer.factor());
            out.node().put("least", layer.least());
          });

  static final LayerCodec<WideSoftmax> WIDE_SOFTMAX =
      LayerCodec.of(
          WideSoftmax.class,
          "wideSoftmax",
          1,
          in -> new WideSoftmax(in.name(), in.input(), in.output(), in.factor("factor")),
          (out, layer) -> out.factor("factor", layer.factor()));

  static final LayerCodec<Quantize> QUANTIZE =
      LayerCodec.of(
          Quantize.class,
          "quantize",
          1,
          in -> new Quantize(in.name(), in.input(), in.output()),
          (out, layer) -> {});

  private CodeCodecs() {}
}

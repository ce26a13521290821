package dev.narrows.network.format;

import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.IntegerLogSoftmax;
import dev.narrows.network.layer.IntegerSigmoid;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Relabel;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.RoundedQuantize.Rounding;
import dev.narrows.network.layer.ScaledCodes;
import dev.narrows.network.layer.TableSoftmax;
import dev.narrows.network.layer.UnitLength;
import dev.narrows.network.layer.WideSoftmax;
import java.util.Arrays;

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

  static final LayerCodec<IntegerSigmoid> INTEGER_SIGMOID =
      LayerCodec.of(
          IntegerSigmoid.class,
          Arrays.stream(IntegerSigmoid.SigmoidCurve.values()).map(Object::toString).toList(),
          1,
          in ->
              new IntegerSigmoid(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.choice(IntegerSigmoid.SigmoidCurve.values()),
                  in.fields().integer("integerBits")),
          (out, layer) -> out.node().put("integerBits", layer.integerBits()));

  static final LayerCodec<IntegerLogSoftmax> INTEGER_LOG_SOFTMAX =
      LayerCodec.of(
          IntegerLogSoftmax.class,
          "integerLogSoftmax",
          1,
          in ->
              new IntegerLogSoftmax(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.factor("factor"),
                  in.fields().integer("least"),
                  in.factor("inverse")),
          (out, layer) -> {
            out.factor("factor", layer.factor());
            out.node().put("least", layer.least());
            out.factor("inverse", layer.inverse());
          });

  static final LayerCodec<TableSoftmax> TABLE_SOFTMAX =
      LayerCodec.of(
          TableSoftmax.class,
          "tableSoftmax",
          1,
          in ->
              new TableSoftmax(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.floats(".exponentials", 256),
                  in.fields().integer("steps")),
          (out, layer) -> {
            out.floats(".exponentials", layer.exponentials(), 256);
            out.node().put("steps", (int) layer.steps());
          });

  static final LayerCodec<UnitLength> UNIT_LENGTH =
      LayerCodec.of(
          UnitLength.class,
          "unitLength",
          1,
          in -> new UnitLength(in.name(), in.input(), in.output(), in.fields().integer("zero")),
          (out, layer) -> out.node().put("zero", layer.zero()));

  static final LayerCodec<Quantize> QUANTIZE =
      LayerCodec.of(
          Quantize.class,
          "quantize",
          1,
          in -> new Quantize(in.name(), in.input(), in.output()),
          (out, layer) -> {});

  static final LayerCodec<RoundedQuantize> ROUNDED_QUANTIZE =
      LayerCodec.of(
          RoundedQuantize.class,
          "roundedQuantize",
          1,
          in ->
              new RoundedQuantize(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.fields().choice("rounding", Rounding.values()),
                  in.fields().flag("zeroFirst"),
                  in.fields().integer("min"),
                  in.fields().integer("max")),
          (out, layer) -> {
            out.node().put("rounding", layer.rounding().toString());
            out.node().put("zeroFirst", layer.zeroFirst());
            out.node().put("min", layer.min()).put("max", layer.max());
          });

  static final LayerCodec<Relabel> RELABEL =
      LayerCodec.of(
          Relabel.class,
          "relabel",
          1,
          in -> new Relabel(in.name(), in.input(), in.output()),
          (out, layer) -> {});

  /** Scales of one, or of every channel. */
  static final LayerCodec<ScaledCodes> SCALED_CODES =
      LayerCodec.of(
          ScaledCodes.class,
          "scaledCodes",
          1,
          in ->
              new ScaledCodes(
                  in.name(),
                  in.input(),
                  in.output(),
                  in.floats(".scales", in.fields().flag("perChannel") ? in.output().channels() : 1),
                  in.fields().flag("shifted")
                      ? in.floats(".offsets", in.output().channels())
                      : new float[0]),
          (out, layer) -> {
            out.node().put("perChannel", layer.scales().length == layer.output().channels());
            out.node().put("shifted", layer.offsets().length > 0);
            out.floats(".scales", layer.scales(), layer.scales().length);
            if (layer.offsets().length > 0) {
              out.floats(".offsets", layer.offsets(), layer.offsets().length);
            }
          });

  private CodeCodecs() {}
}

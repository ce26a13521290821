package dev.narrows.network.tflite;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.Operands;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A dense layer in two factors: each filter multiplies a call's input with its features, keeps what
 * it made in the last M calls, and multiplies that with its weights in time; a unit adds its
 * filters. The memory is a state, the oldest call first, [M · filter] of it.
 */
record SvdfOperator(OperatorImport in, GraphValue value, int filters, int memory, int rank) {
  private static final int FEATURE = 1;
  private static final int TIME = 2;
  private static final int BIAS = 3;
  private static final int STATE = 4;
  private static final int NO_BIAS = 1000; // an input that no operator has

  static void svdf(OperatorImport in) throws NetworkFileException, Unsupported {
    GraphValue value = in.value(0);
    FileShape feature = in.constant(FEATURE, "feature weights").shape();
    FileShape time = in.constant(TIME, "time weights").shape();
    int rank = in.options().i32(0, 0, "rank");
    if (feature.rank() != 2
        || time.rank() != 2
        || time.dim(0) != feature.dim(0)
        || rank < 1
        || feature.dim(0) % rank != 0
        || value.shape().rank() != 2
        || value.shape().dim(1) != feature.dim(1)) {
      throw in.bad(
          "weights %s and %s of rank %d do not take %s"
              .formatted(feature, time, rank, value.shape()));
    }
    new SvdfOperator(in, value, feature.dim(0), time.dim(1), rank).add();
  }

  private int batch() {
    return value.shape().dim(0);
  }

  private int units() {
    return filters / rank;
  }

  private void add() throws NetworkFileException, Unsupported {
    in.requireShape(FileShape.of(batch(), units()));
    String name = in.name();
    int state = in.operator().input(STATE);
    if (state < 0) {
      throw in.bad("its state is missing");
    }
    GraphValue held = in.graph().variables().updated(in, state);
    TensorType kept = held.type().shaped(Math.multiplyExact(memory, filters), batch(), 1);
    if (!kept.equals(held.type())) {
      throw in.bad("keeps %s, expected %s".formatted(held.type().describe(), kept.describe()));
    }
    int made = features(name, kept);
    int block = filters * batch();
    int next =
        in.add(
            new Rearrange(
                in.graph().unique(name + "/memory"),
                List.of(held.tensor(), made),
                kept,
                block,
                List.of(Axis.of(kept.elements(), 1))));
    in.graph().variables().update(state, new GraphValue(next, held.shape(), kept));
    int byFilter =
        in.add(
            new Rearrange(
                in.graph().unique(name + "/filters"),
                List.of(next),
                kept,
                0,
                List.of(Axis.of(filters, batch()), Axis.of(memory, block), Axis.of(batch(), 1))));
    if (kept.isFloat()) {
      floats(name, byFilter);
    } else {
      integers(name, byFilter, kept);
    }
  }

  /** [filters][batch] of what the input makes. */
  private int features(String name, TensorType kept) throws NetworkFileException, Unsupported {
    TfliteTensorEntry entry = in.constant(FEATURE, "feature weights");
    FilterOperands weights =
        new FilterOperands(
            in, value, entry, 0, filters, false, NO_BIAS, RuntimeRegister.always(value));
    String layer = in.graph().unique(name + "/features");
    TensorType type = kept.shaped(filters, batch(), 1);
    if (weights.hybrid()) {
      boolean asymmetric = in.options().flag(2, "asymmetric_quantize_inputs");
      return new HybridOperators(in, weights, FusedActivation.NONE).rows(layer, value, asymmetric);
    }
    if (value.type().isFloat()) {
      Operands operands = weights.operands(type, FusedActivation.NONE);
      return in.add(new Convolution(layer, value.tensor(), type, Window.point(), 1, operands));
    }
    if (kept.isFloat() || kept.quantization().format().bits() != 16) {
      throw new Unsupported("a state of " + kept.kind());
    }
    float factor =
        (float) value.type().quantization().scale()
            * entry.scale(0)
            / (float) kept.quantization().scale();
    IntegerFormat format = kept.quantization().format();
    Requantization requantization =
        FixedPointMultiplier.fromReals(
            new double[] {factor}, 0, (int) format.min(), (int) format.max());
    return in.add(
        new Convolution(
            layer,
            value.tensor(),
            type,
            Window.point(),
            1,
            operands(entry, filters, 8, new int[filters], requantization)));
  }

  private IntegerOperands operands(
      TfliteTensorEntry entry, int channels, int bits, int[] bias, Requantization requantization)
      throws NetworkFileException {
    int[] values = in.graph().constants().integers(entry, 0);
    double[] scales = new double[channels];
    Arrays.fill(scales, entry.scale(0));
    return new IntegerOperands(
        new DenseWeights(channels, values.length / channels, bits, scales, values),
        bias,
        requantization,
        ZeroPointConvention.OFFSET,
        BiasPlacement.AFTER,
        Optional.empty());
  }

  /** LiteRT adds a unit's filters in the same 32 bits, so they are one sum here. */
  private void integers(String name, int byFilter, TensorType kept)
      throws NetworkFileException, Unsupported {
    TensorType to = in.made().made();
    TfliteTensorEntry entry = in.constant(TIME, "time weights");
    if (to.isFloat() || entry.type() != FileElementType.INT16) {
      throw new Unsupported("%s to %s".formatted(entry.type(), to.kind()));
    }
    float factor =
        (float) kept.quantization().scale() * entry.scale(0) / (float) to.quantization().scale();
    IntegerFormat format = to.quantization().format();
    int[] bias =
        in.has(BIAS)
            ? in.graph().constants().integers(in.constant(BIAS, "bias"), 0)
            : new int[units()];
    Requantization requantization =
        FixedPointMultiplier.fromReals(
            new double[] {factor},
            to.quantization().zeroPoint(),
            (int) format.min(),
            (int) format.max());
    in.finish(
        new Convolution(
            name,
            byFilter,
            to,
            Window.point(),
            units(),
            operands(entry, units(), 16, bias, requantization)));
  }

  private void floats(String name, int byFilter) throws NetworkFileException, Unsupported {
    TfliteTensorEntry entry = in.constant(TIME, "time weights");
    float[] weights = in.graph().constants().reals(entry);
    TensorType type = TensorType.floats(filters, batch(), 1);
    FloatOperands operands =
        new FloatOperands(new FloatDotWeights(filters, memory, weights), new float[filters], false);
    int sums =
        in.add(
            new Convolution(
                rank == 1 && !in.has(BIAS) ? name : in.graph().unique(name + "/time"),
                byFilter,
                type,
                Window.point(),
                filters,
                operands));
    TensorType to = TensorType.floats(units(), batch(), 1);
    int total = rank == 1 ? sums : part(name, sums, to, 0);
    for (int r = 1; r < rank; r++) {
      total = added(name, total, part(name, sums, to, r), to);
    }
    if (in.has(BIAS)) {
      float[] bias = in.graph().constants().floats(in.constant(BIAS, "bias"));
      if (bias.length != units()) {
        throw in.bad("a bias of %d for %d units".formatted(bias.length, units()));
      }
      in.graph().constants().take(in.made(), to.elements(), Float.BYTES);
      float[] all = new float[to.elements()];
      for (int i = 0; i < all.length; i++) {
        all[i] = bias[i / batch()];
      }
      int constant = in.add(Constant.of(in.graph().unique(name + "/bias"), to, all));
      total = added(name, total, constant, to);
    }
    FusedActivation activation = FusedActivation.of(in.options().i8(1, 0, "activation"));
    int made = PointOperators.activated(in, name, total, to, activation);
    in.finish(new GraphValue(made, in.made().shape(), to));
  }

  /** The r-th filter of each unit. */
  private int part(String name, int sums, TensorType to, int r) {
    List<Axis> axes = List.of(Axis.of(units(), rank * batch()), Axis.of(batch(), 1));
    return in.add(
        new Rearrange(in.graph().unique(name + "/rank"), List.of(sums), to, r * batch(), axes));
  }

  private int added(String name, int left, int right, TensorType to) {
    return in.add(
        new Elementwise(
            in.graph().unique(name + "/sum"), left, right, to, Elementwise.Operation.ADD));
  }
}

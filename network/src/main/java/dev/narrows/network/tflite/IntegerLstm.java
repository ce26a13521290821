package dev.narrows.network.tflite;

import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.IntegerSigmoid;
import dev.narrows.network.layer.IntegerSigmoid.SigmoidCurve;
import dev.narrows.network.layer.Multiply;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A recurrent operator on 8-bit codes with gates and a cell of 16 bits, as LiteRT's integer kernel
 * computes it: gates are multiples of 2^−12 before their functions and of 2^−15 after them.
 *
 * @param exponent of the power of two that is the cell's scale
 * @param hidden how what the output gate lets through reads, before it is projected
 */
record IntegerLstm(LstmOperator lstm, int exponent, Quantization hidden) {
  private static final IntegerFormat SHORT = IntegerFormat.signed(16);
  private static final IntegerFormat WIDE = IntegerFormat.signed(18);
  private static final float GATE = 0x1p-12f;
  private static final Quantization GATES = new Quantization(SHORT, GATE, 0);
  private static final Quantization MORE = new Quantization(WIDE, GATE, 0);
  private static final FixedPoint ONE = FixedPoint.fromReal(1);
  private static final FixedPoint HALF = new FixedPoint(1 << 30, 0);
  private static final int HIDDEN = 4; // of the intermediate tensors

  static void add(LstmOperator lstm) throws NetworkFileException, Unsupported {
    OperatorImport in = lstm.in();
    int[] between = in.operator().intermediates();
    if (between.length <= HIDDEN) {
      throw in.bad("its intermediate tensors are missing");
    }
    TensorType hidden = in.graph().model().tensor(between[HIDDEN]).made();
    TfliteTensorEntry cell =
        in.graph().model().tensor(in.operator().input(LstmOperator.CELL_STATE));
    PowerOfTwo scale = PowerOfTwo.near(cell.scale(0));
    if (!scale.close() || hidden.isFloat() || cell.type() != FileElementType.INT16) {
      throw in.bad("its cell must be INT16 of a scale that is a power of two");
    }
    if (in.has(LstmOperator.NORMS + LstmOperator.FORGET)) {
      throw new Unsupported("layer norms of integers");
    }
    if (in.options().i8(0, 0, "activation") != 4) {
      throw new Unsupported("fused activations other than tanh on integers");
    }
    new IntegerLstm(lstm, scale.exponent(), hidden.quantization()).add();
  }

  private OperatorImport in() {
    return lstm.in();
  }

  private TensorType type(int channels, Quantization codes) {
    return new TensorType(channels, lstm.batch(), 1, codes);
  }

  private void add() throws NetworkFileException, Unsupported {
    String name = in().name();
    GraphValue value = lstm.value();
    Quantization given = value.type().quantization();
    TensorType held = lstm.stateType(LstmOperator.OUTPUT_STATE, lstm.outputs());
    TensorType kept = lstm.stateType(LstmOperator.CELL_STATE, lstm.cells());
    int h = lstm.state(LstmOperator.OUTPUT_STATE, held);
    int c = lstm.state(LstmOperator.CELL_STATE, kept);
    TensorType from = value.type();
    int channels = lstm.present().size() * lstm.cells();
    TensorType rows = new TensorType(channels, from.height(), from.width(), GATES);
    IntegerOperands inputs =
        weights(
            LstmOperator.INPUT_WEIGHTS, value.shape().last(), (float) given.scale(), true, SHORT);
    IntegerOperands recurrent =
        weights(
            LstmOperator.RECURRENT_WEIGHTS,
            lstm.outputs(),
            (float) held.quantization().scale(),
            false,
            WIDE);
    int all = dot(name + "/input", value.tensor(), rows, inputs);
    GraphValue seen = new GraphValue(all, value.shape(), rows);
    Optional<IntegerOperands> projection = projection(held);
    List<Integer> made = new ArrayList<>();
    for (int t = 0; t < lstm.steps(); t++) {
      TensorType gates = type(channels, GATES);
      int last = dot(name + "/recurrent", h, type(channels, MORE), recurrent);
      int sums = sum(lstm.step(name, seen, t, gates), last, gates);
      int forget = gate(sums, LstmOperator.FORGET, c, SigmoidCurve.LOGISTIC);
      int update = gate(sums, LstmOperator.CELL, -1, SigmoidCurve.TANH);
      int input = coupled() ? rest(forget) : gate(sums, 0, c, SigmoidCurve.LOGISTIC);
      int old = halved(forget, c, 15, kept);
      c = sum(old, halved(input, update, 30 + exponent, kept), kept);
      c =
          clipped(
              c, in().options().f32(1, 0, "cell_clip") / (float) kept.quantization().scale(), kept);
      int output = gate(sums, LstmOperator.OUTPUT, c, SigmoidCurve.LOGISTIC);
      TensorType small = type(lstm.cells(), IntegerSigmoid.MADE);
      int curve =
          in().add(new IntegerSigmoid(unique("/cell"), c, small, SigmoidCurve.TANH, 15 + exponent));
      h = hidden(output, curve);
      if (projection.isPresent()) {
        h = dot(name + "/projection", h, held, projection.get());
        float scale = (float) held.quantization().scale();
        h = clipped(h, in().options().f32(2, 0, "proj_clip") / scale, held);
      } else {
        h = relabelled(h, type(lstm.cells(), hidden), held);
      }
      made.add(h);
    }
    in().finish(lstm.finish(name, made, h, held, c, kept));
  }

  private boolean coupled() {
    return lstm.present().size() < 4;
  }

  private int dot(String name, int tensor, TensorType type, IntegerOperands operands) {
    return in().add(
            new Convolution(in().graph().unique(name), tensor, type, Window.point(), 1, operands));
  }

  /** The weights of all gates. */
  private IntegerOperands weights(
      int first, int terms, float scale, boolean biased, IntegerFormat format)
      throws NetworkFileException, Unsupported {
    int cells = lstm.cells();
    int gates = lstm.present().size();
    FileShape expected = FileShape.of(cells, terms);
    for (int gate : lstm.present()) { // before anything of that size is made
      FileShape shape = in().constant(first + gate, "weights").shape();
      if (!shape.equals(expected)) {
        throw in().bad("weights must be %s, got %s".formatted(expected, shape));
      }
    }
    int[] values = new int[Math.multiplyExact(Math.multiplyExact(gates, cells), terms)];
    int[] bias = new int[gates * cells];
    double[] factors = new double[bias.length];
    double[] scales = new double[bias.length];
    for (int i = 0; i < gates; i++) {
      int gate = lstm.present().get(i);
      TfliteTensorEntry entry = in().constant(first + gate, "weights");
      int[] one = codes(entry, cells * terms);
      System.arraycopy(one, 0, values, i * one.length, one.length);
      Arrays.fill(scales, i * cells, (i + 1) * cells, entry.scale(0));
      Arrays.fill(factors, i * cells, (i + 1) * cells, entry.scale(0) * scale / GATE);
      if (biased && in().has(LstmOperator.BIASES + gate)) {
        int[] own = codes(in().constant(LstmOperator.BIASES + gate, "bias"), cells);
        System.arraycopy(own, 0, bias, i * cells, cells);
      }
    }
    Requantization requantization =
        FixedPointMultiplier.fromReals(factors, 0, (int) format.min(), (int) format.max());
    return operands(values, scales, bias, requantization);
  }

  private Optional<IntegerOperands> projection(TensorType held)
      throws NetworkFileException, Unsupported {
    if (!in().has(LstmOperator.PROJECTION)) {
      if (lstm.cells() != lstm.outputs()) {
        throw in().bad("%d outputs of %d cells".formatted(lstm.outputs(), lstm.cells()));
      }
      return Optional.empty();
    }
    TfliteTensorEntry entry = in().constant(LstmOperator.PROJECTION, "projection");
    int[] bias =
        in().has(LstmOperator.PROJECTION_BIAS)
            ? codes(in().constant(LstmOperator.PROJECTION_BIAS, "bias"), lstm.outputs())
            : new int[lstm.outputs()];
    double[] scales = new double[lstm.outputs()];
    Arrays.fill(scales, entry.scale(0));
    Quantization made = held.quantization();
    float factor = entry.scale(0) * (float) hidden.scale() / (float) made.scale();
    Requantization requantization =
        FixedPointMultiplier.fromReals(
            new double[] {factor},
            made.zeroPoint(),
            (int) made.format().min(),
            (int) made.format().max());
    int[] values = codes(entry, lstm.outputs() * lstm.cells());
    return Optional.of(operands(values, scales, bias, requantization));
  }

  /** LiteRT puts what the zero point adds into the bias, with which sums begin. */
  private static IntegerOperands operands(
      int[] values, double[] scales, int[] bias, Requantization requantization) {
    return new IntegerOperands(
        new DenseWeights(bias.length, values.length / bias.length, 8, scales, values),
        bias,
        requantization,
        ZeroPointConvention.RAW,
        BiasPlacement.PRELOAD,
        Optional.empty());
  }

  private int[] codes(TfliteTensorEntry entry, int count) throws NetworkFileException, Unsupported {
    boolean known =
        switch (entry.type()) {
          case INT8, INT16, INT32 -> true;
          default -> false;
        };
    if (!known) {
      throw new Unsupported("weights of " + entry.type());
    }
    int[] codes = in().graph().constants().integers(entry, 0);
    if (codes.length != count) {
      throw entry.bad("expected %d elements, got %d".formatted(count, codes.length));
    }
    return codes;
  }

  private int gate(int sums, int gate, int cell, SigmoidCurve curve)
      throws NetworkFileException, Unsupported {
    TensorType type = type(lstm.cells(), GATES);
    int tensor =
        in().add(
                new Rearrange(
                    unique("/gate"),
                    List.of(sums),
                    type,
                    lstm.present().indexOf(gate) * type.elements(),
                    List.of(Axis.of(type.elements(), 1))));
    int peephole = LstmOperator.PEEPHOLES + (gate == LstmOperator.OUTPUT ? 2 : gate);
    if (cell >= 0 && in().has(peephole)) {
      TfliteTensorEntry entry = in().constant(peephole, "peephole weights");
      int[] weights = codes(entry, lstm.cells());
      int[] all = peepholes(weights);
      TensorType constant = type(lstm.cells(), new Quantization(SHORT, entry.scale(0), 0));
      int held = in().add(new Constant(unique("/peephole"), constant, all));
      float factor = (float) (Math.scalb(1.0, exponent) * entry.scale(0) / GATE);
      int product =
          in().add(
                  new Multiply(
                      unique("/product"),
                      held,
                      cell,
                      type(lstm.cells(), MORE),
                      FixedPoint.fromReal(factor),
                      (int) WIDE.min(),
                      (int) WIDE.max()));
      tensor = sum(tensor, product, type);
    }
    TensorType made = type(lstm.cells(), IntegerSigmoid.MADE);
    return in().add(new IntegerSigmoid(unique("/" + curve), tensor, made, curve, 3));
  }

  /**
   * The weights by cell and batch. LiteRT takes the number of outputs for that of cells: where a
   * projection leaves fewer outputs, the first of them repeat, and the last cells have none.
   */
  private int[] peepholes(int[] weights) throws NetworkFileException {
    in().graph().constants().take(in().made(), (long) weights.length * lstm.batch(), Integer.BYTES);
    int batch = lstm.batch();
    int together = lstm.form().timeFirst() ? batch : 1; // else a batch after the other
    int[] all = new int[weights.length * batch];
    for (int i = 0; i < all.length; i++) {
      int place = i % batch % together * weights.length + i / batch;
      all[i] = place < lstm.outputs() * together ? weights[place % lstm.outputs()] : 0;
    }
    return all;
  }

  /** A sum of 16 bits that saturates. */
  private int sum(int left, int right, TensorType type) throws NetworkFileException {
    return added(left, right, type, false);
  }

  private int added(int left, int right, TensorType type, boolean subtracts)
      throws NetworkFileException {
    IntegerFormat format = type.quantization().format();
    return in().add(
            new Add(
                unique("/sum"),
                left,
                right,
                type,
                HALF,
                HALF,
                ONE,
                1, // shifted left by one and halved again: nothing rounds
                subtracts,
                (int) format.min(),
                (int) format.max()));
  }

  /** What a gate leaves of 1. */
  private int rest(int gate) throws NetworkFileException {
    TensorType type = type(lstm.cells(), IntegerSigmoid.MADE);
    in().graph().constants().take(in().made(), type.elements(), Integer.BYTES);
    int[] ones = new int[type.elements()];
    Arrays.fill(ones, Short.MAX_VALUE);
    int one = in().add(new Constant(unique("/one"), type, ones));
    return added(one, gate, type, true);
  }

  /** A product divided by 2^{@code shift}, rounded half away from zero. */
  private int halved(int left, int right, int shift, TensorType to)
      throws NetworkFileException, Unsupported {
    if (shift < 1 || shift > 30) {
      throw new Unsupported("a cell of scale 2^" + exponent);
    }
    IntegerFormat word = IntegerFormat.signed(32);
    TensorType products =
        type(
            lstm.cells(), new Quantization(word, Math.scalb(to.quantization().scale(), -shift), 0));
    int product =
        in().add(
                new Multiply(
                    unique("/product"),
                    left,
                    right,
                    products,
                    ONE,
                    Integer.MIN_VALUE,
                    Integer.MAX_VALUE));
    IntegerFormat format = to.quantization().format();
    Requantization mean = new IntegerMean(1 << shift, 0, (int) format.min(), (int) format.max());
    return in().add(new Rescale(unique("/halved"), product, to, mean));
  }

  /** What the output gate lets through of the cell. */
  private int hidden(int gate, int curve) throws NetworkFileException {
    float factor = (float) (0x1p-15 / (float) hidden.scale() * 0x1p-15);
    IntegerFormat format = hidden.format();
    return in().add(
            new Multiply(
                unique("/hidden"),
                gate,
                curve,
                type(lstm.cells(), hidden),
                FixedPoint.fromReal(factor),
                (int) format.min(),
                (int) format.max()));
  }

  /** The same codes, called otherwise. */
  private int relabelled(int tensor, TensorType from, TensorType to) throws NetworkFileException {
    if (from.equals(to)) {
      return tensor;
    }
    Quantization codes = from.quantization();
    Requantization same =
        new DoubleScale(
            new double[] {1},
            codes.zeroPoint(),
            (int) codes.format().min(),
            (int) codes.format().max());
    return in().add(new Rescale(unique("/codes"), tensor, to, same));
  }

  private int clipped(int tensor, float steps, TensorType type) throws NetworkFileException {
    IntegerFormat format = type.quantization().format();
    int clip = (int) Math.clamp(steps, (float) format.min(), (float) format.max());
    return clip > 0 ? in().add(new Clamp(unique("/clip"), tensor, type, -clip, clip)) : tensor;
  }

  private String unique(String suffix) throws NetworkFileException {
    return in().graph().unique(in().made().name() + suffix);
  }
}

package dev.narrows.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Multiply;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.WideSoftmax;
import dev.narrows.network.layer.Window;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What layers make stays in the ranges that the checker and the network's own pass claim. */
class EmittedCodesTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 3;
  private static final int WIDTH = 4;

  /** A layer that reads tensor 1, tensor 0 clamped, and perhaps tensor 0. */
  private interface Kind {
    Layer of(Random random, TensorType from);
  }

  private static TensorType type(IntegerFormat format, int zeroPoint) {
    return new TensorType(CHANNELS, HEIGHT, WIDTH, new Quantization(format, 0.5, zeroPoint));
  }

  private static TensorType any(Random random) {
    IntegerFormat format = new IntegerFormat(1 + random.nextInt(31), random.nextBoolean());
    return type(format, code(random, format));
  }

  private static int code(Random random, IntegerFormat format) {
    return switch (random.nextInt(6)) {
      case 0 -> (int) format.min();
      case 1 -> (int) format.max();
      default -> (int) random.nextLong(format.min(), format.max() + 1);
    };
  }

  private static int[] codes(Random random, TensorType type) {
    int[] codes = new int[type.elements()];
    int same = code(random, type.quantization().format());
    boolean constant = random.nextInt(3) == 0;
    Arrays.setAll(codes, i -> constant ? same : code(random, type.quantization().format()));
    return codes;
  }

  private static int[] ends(Random random, IntegerFormat format) {
    int[] ends = {code(random, format), code(random, format)};
    Arrays.sort(ends);
    return ends;
  }

  private static Requantization requantization(Random random, TensorType to, int channels) {
    IntegerFormat format = to.quantization().format();
    int[] ends = ends(random, format);
    int zero = to.quantization().zeroPoint();
    double[] factors = new double[channels];
    Arrays.setAll(factors, c -> Math.scalb(random.nextDouble(), random.nextInt(50) - 40));
    switch (random.nextInt(6)) {
      case 0 -> {
        return FixedPointMultiplier.fromReals(factors, zero, ends[0], ends[1]);
      }
      case 1 -> {
        float[] scales = new float[channels];
        for (int c = 0; c < channels; c++) {
          scales[c] = (float) factors[c];
        }
        return new FloatScale(scales, zero, ends[0], ends[1]);
      }
      case 2 -> {
        return new DoubleScale(factors, zero, ends[0], ends[1]);
      }
      case 3 -> {
        Arrays.setAll(factors, c -> Math.min(factors[c], 100));
        return ShortMultiplier.fromReals(factors, zero, ends[0], ends[1]);
      }
      case 4 -> {
        return new IntegerMean(1 + random.nextInt(9), zero, ends[0], ends[1]);
      }
      default -> {
        int count = (int) Math.min(5, format.max() - ends[0]);
        long[][] rows = new long[channels][count];
        for (long[] row : rows) {
          Arrays.setAll(row, i -> random.nextInt());
          Arrays.sort(row);
        }
        return new Thresholds(rows, ends[0]);
      }
    }
  }

  private static Layer resize(Random random, TensorType from) {
    TensorType to =
        new TensorType(CHANNELS, 2 + random.nextInt(6), 1 + random.nextInt(9), from.kind());
    boolean aligned = random.nextBoolean();
    return new Resize(
        "made",
        1,
        to,
        Resize.Interpolation.values()[random.nextInt(2)],
        aligned,
        !aligned && random.nextBoolean());
  }

  private static Layer add(Random random, TensorType from) {
    TensorType to = any(random);
    int[] ends = ends(random, to.quantization().format());
    return new Add(
        "made",
        1,
        0,
        to,
        FixedPoint.fromReal(random.nextBoolean() ? 0.5 : random.nextDouble() / 2),
        FixedPoint.fromReal(random.nextBoolean() ? 0.5 : random.nextDouble() / 2),
        FixedPoint.fromReal(Math.scalb(random.nextDouble(), random.nextInt(30) - 25)),
        Math.min(30, random.nextInt(Math.max(1, 32 - from.quantization().format().bits()))),
        random.nextBoolean(),
        ends[0],
        ends[1]);
  }

  private static Layer multiply(Random random, TensorType from) {
    TensorType to = any(random);
    int[] ends = ends(random, to.quantization().format());
    double factor = Math.scalb(random.nextDouble(), random.nextInt(30) - 25);
    return new Multiply("made", 1, 0, to, FixedPoint.fromReal(factor), ends[0], ends[1]);
  }

  private static Layer moved(Random random, TensorType from) {
    TensorType to = from.shaped(1, 1, 2 * from.elements() + 3);
    List<Rearrange.Axis> axes =
        List.of(new Rearrange.Axis(2 * from.elements() + 3, 2, 2 * from.elements(), 1));
    return new Rearrange("made", List.of(1, 0), to, 0, axes);
  }

  private static Layer table(Random random, TensorType from) {
    IntegerFormat format = from.quantization().format();
    TensorType to = any(random);
    int[] table = new int[1 << Math.min(16, format.bits())];
    Arrays.setAll(table, i -> code(random, to.quantization().format()));
    return new CodeTable("made", 1, to, format.signed(), table);
  }

  private static Layer softmax(Random random, TensorType from) {
    TensorType to = type(new IntegerFormat(8, from.quantization().format().signed()), 0);
    return IntegerSoftmax.of("made", 1, from, to, 1 + random.nextInt(40));
  }

  private static Layer dense(Random random, TensorType from) {
    int[] weights = new int[from.channels()];
    Arrays.setAll(weights, k -> random.nextInt(256) - 128);
    DenseWeights all = new DenseWeights(1, weights.length, 8, new double[] {1}, weights);
    TensorType to = any(random).shaped(1, 1, 1);
    return new Dense(
        "made", 1, to, new IntegerOperands(all, new int[] {7}, requantization(random, to, 1)));
  }

  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("resize", EmittedCodesTest::resize),
          Map.entry("add", EmittedCodesTest::add),
          Map.entry("multiply", EmittedCodesTest::multiply),
          Map.entry("moved", EmittedCodesTest::moved),
          Map.entry("table", EmittedCodesTest::table),
          Map.entry("softmax", EmittedCodesTest::softmax),
          Map.entry(
              "wideSoftmax",
              (random, from) ->
                  new WideSoftmax(
                      "made",
                      1,
                      type(IntegerFormat.signed(16), 0),
                      FixedPoint.fromReal(random.nextDouble() * 20))),
          Map.entry(
              "rescale",
              (random, from) -> {
                TensorType to = any(random);
                int channels = random.nextBoolean() ? 1 : CHANNELS;
                Requantization how = requantization(random, to, channels);
                return new Rescale("made", 1, to, how);
              }),
          Map.entry(
              "clamp",
              (random, from) -> {
                int[] ends = ends(random, from.quantization().format());
                return new Clamp("made", 1, from, ends[0], ends[1]);
              }),
          Map.entry(
              "channelPad",
              (random, from) ->
                  new ChannelPad("made", 1, from.shaped(CHANNELS + 3, HEIGHT, WIDTH), 1, 2)),
          Map.entry(
              "averagePool",
              (random, from) -> {
                TensorType to = any(random);
                return new AveragePool(
                    "made", 1, to, Window.square(3, 1, 1), requantization(random, to, 1));
              }),
          Map.entry(
              "maxPool", (random, from) -> new MaxPool("made", 1, from, Window.square(3, 1, 1))),
          Map.entry(
              "subsample",
              (random, from) -> new Subsample("made", 1, from.shaped(CHANNELS, 2, 2), 2, 2)),
          Map.entry(
              "flatten",
              (random, from) -> new Flatten("made", 1, from.shaped(from.elements(), 1, 1))));

  private static void requireInside(Network network, int[] input, String place) {
    List<int[]> tensors = new ReferenceExecutor(network, LayerRegisters.exact()).tensors(input);
    CodeRanges checkers = CodeRanges.of(network);
    InputRanges own = InputRanges.of(network);
    for (int t = 0; t < tensors.size(); t++) {
      TensorType type = network.tensor(t);
      IntegerRange format = IntegerRange.of(type.quantization().format());
      for (int i = 0; i < tensors.get(t).length; i++) {
        int code = tensors.get(t)[i];
        String where = "%s: tensor %d, element %d, code %d".formatted(place, t, i, code);
        assertThat(format.contains(code)).as(where + " in " + format).isTrue();
        assertThat(own.tensor(t).contains(code)).as(where + " in " + own.tensor(t)).isTrue();
        CodeInterval range = checkers.tensor(t)[i / type.positions()];
        assertThat(range.holds(code)).as(where + " in " + range).isTrue();
      }
    }
  }

  /** Inputs of every width that the kind takes; networks that are refused do not count. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "resize",
        "add",
        "multiply",
        "moved",
        "table",
        "softmax",
        "wideSoftmax",
        "rescale",
        "clamp",
        "channelPad",
        "averagePool",
        "maxPool",
        "subsample",
        "flatten"
      })
  @Tag("slow")
  void layer_everyFormat_makesCodesInsideBothRanges(String kind) {
    long seed = 7100;
    int run = 0;
    for (int round = 0; round < 3000; round++) {
      Random random = new Random(seed + round);
      TensorType in = any(random);
      if (kind.endsWith("oftmax")) {
        int bits = kind.equals("softmax") ? 8 : 16;
        boolean signed = bits == 16 || random.nextBoolean();
        IntegerFormat format = new IntegerFormat(bits, signed);
        in = type(format, code(random, format));
      }
      Optional<Network> network = network(random, kind, in);
      if (network.isPresent()) {
        run++;
        for (int image = 0; image < 3; image++) {
          requireInside(network.get(), codes(random, in), kind + ", seed " + (seed + round));
        }
      }
    }
    assertThat(run).isGreaterThan(kind.equals("wideSoftmax") ? 2000 : 300);
  }

  private static Optional<Network> network(Random random, String kind, TensorType in) {
    int[] ends = ends(random, in.quantization().format());
    List<Layer> layers = new ArrayList<>(List.of(new Clamp("held", 0, in, ends[0], ends[1])));
    try {
      layers.add(Objects.requireNonNull(KINDS.get(kind)).of(random, in));
      return Optional.of(new Network(kind, in, layers, Map.of()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Test
  void dense_anyRegister_makesCodesInsideBothRanges() {
    long seed = 7300;
    for (int round = 0; round < 500; round++) {
      Random random = new Random(seed + round);
      IntegerFormat format = new IntegerFormat(1 + random.nextInt(24), random.nextBoolean());
      TensorType in = type(format, code(random, format)).shaped(5, 1, 1);
      Network network =
          new Network(
              "dense", in, List.of(new Clamp("held", 0, in, 0, 0), dense(random, in)), Map.of());
      String register = List.of("int7:saturate", "int6:wrap", "exact").get(round % 3);
      int[] codes =
          new ReferenceExecutor(network, LayerRegisters.of(Summation.parse(register)))
              .run(codes(random, in));
      assertThat(CodeRanges.of(network).tensor(2)[0].holds(codes[0])).isTrue();
      assertThat(InputRanges.of(network).tensor(2).contains(codes[0])).isTrue();
    }
  }

  @Test
  void matMul_everyFormat_makesCodesInsideBothRanges() {
    long seed = 7400;
    for (int round = 0; round < 500; round++) {
      Random random = new Random(seed + round);
      IntegerFormat format = new IntegerFormat(1 + random.nextInt(24), random.nextBoolean());
      TensorType in = type(format, code(random, format)).shaped(4, 3, 1);
      TensorType to = any(random).shaped(2, 3, 3);
      Layer product = new IntegerMatMul("made", 1, 0, to, 2, requantization(random, to, 1));
      Network network =
          new Network(
              "product",
              in,
              List.of(new Rescale("held", 0, in, requantization(random, in, 1)), product),
              Map.of());
      requireInside(network, codes(random, in), "seed " + (seed + round));
    }
  }

  /** A constant image of 2097149 became 2097150, and the largest code left its format. */
  @ParameterizedTest
  @ValueSource(ints = {8, 16, 20, 21, 22, 24, 25, 28, 31})
  void bilinear_constantImageOfUnsignedCodes_staysConstant(int bits) {
    IntegerFormat format = IntegerFormat.unsigned(bits);
    TensorType in = type(format, 0);
    for (int code :
        new int[] {(int) format.max(), (int) format.max() - 2, (int) format.max() / 3}) {
      for (int size = 1; size < 40; size++) {
        TensorType to = new TensorType(CHANNELS, size, 41 - size, in.kind());
        Network network =
            new Network(
                "resize",
                in,
                List.of(
                    new Resize("made", 0, to, Resize.Interpolation.BILINEAR, false, size % 2 == 0)),
                Map.of());
        int[] image = new int[in.elements()];
        Arrays.fill(image, code);
        assertThat(new ReferenceExecutor(network, LayerRegisters.exact()).run(image))
            .as("%d bits, size %d", bits, size)
            .containsOnly(code);
      }
    }
  }

  private static Add halves(TensorType left, TensorType right, int shift, boolean subtracts) {
    FixedPoint half = FixedPoint.fromReal(0.5);
    TensorType to = type(IntegerFormat.signed(8), 0);
    return new Add("sum", 0, 0, to, half, half, half, shift, subtracts, -128, 127);
  }

  /** 2^31 − 1 halved is 2^30 when rounded, and two of them are 2^31. */
  @Test
  void add_valuesWhoseSumLeaves32Bits_isRefused() {
    TensorType wide = type(IntegerFormat.unsigned(31), 0);
    TensorType less = type(IntegerFormat.unsigned(31), 1);
    assertThatThrownBy(() -> halves(wide, wide, 0, false).check(List.of(wide, wide)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sums must fit 32 bits");
    halves(wide, less, 0, false).check(List.of(wide, less));
    halves(wide, wide, 0, true).check(List.of(wide, wide));
    assertThat(
            halves(wide, less, 0, false)
                .codes(
                    new IntegerRange(0, Integer.MAX_VALUE), new IntegerRange(0, Integer.MAX_VALUE)))
        .as("any code, where the sum wraps")
        .isEqualTo(new IntegerRange(-128, 127));
  }

  /** A multiplier may bring a left shift of its own. */
  @Test
  void add_multiplierWithALeftShift_needsRoomForBoth() {
    TensorType in = type(IntegerFormat.signed(8), 0);
    FixedPoint tenth = new FixedPoint(1 << 17, 10);
    Add add = new Add("sum", 0, 0, in, tenth, tenth, tenth, 20, false, -128, 127);
    assertThatThrownBy(() -> add.check(List.of(in, in)))
        .hasMessageContaining("values must leave 30 bits of head room");
  }
}

package dev.narrows.network.layer;

import static dev.narrows.network.check.Checks.require;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.Operands;
import java.util.List;

/** What layers check about shapes and formats, with one wording for each. */
final class LayerChecks {
  private LayerChecks() {}

  static TensorType only(List<TensorType> sources) {
    if (sources.size() != 1) {
      throw new IllegalArgumentException("needs one input, got " + sources.size());
    }
    return sources.getFirst();
  }

  static void two(List<TensorType> sources) {
    require(sources.size() == 2, "needs two inputs, got %d", sources.size());
  }

  /** The only input, which holds real numbers in the output's shape, as the output does. */
  static TensorType sameFloats(List<TensorType> sources, TensorType output) {
    TensorType source = only(sources);
    floats(source);
    floats(output);
    sameShape(source, output);
    return source;
  }

  static void channels(TensorType output, long expected) {
    require(
        output.channels() == expected,
        "output must have %d channels, got %d",
        expected,
        output.channels());
  }

  static void size(TensorType output, int height, int width) {
    require(
        output.height() == height && output.width() == width,
        "output must be %dx%d in space, got %dx%d",
        height,
        width,
        output.height(),
        output.width());
  }

  static void sameShape(TensorType source, TensorType output) {
    require(
        source.sameShape(output),
        "output must have the input's shape, got %s from %s",
        output.describe(),
        source.describe());
  }

  /** Layers that only move elements cannot change what an element means. */
  static void sameKind(TensorType source, TensorType output) {
    require(
        source.kind().equals(output.kind()),
        "output must keep the input's %s %s, got %s",
        source.isFloat() ? "elements" : "quantization",
        meaning(source),
        meaning(output));
  }

  private static Object meaning(TensorType type) {
    return switch (type.kind()) {
      case ElementKind.Codes(Quantization quantization) -> quantization;
      case ElementKind.Binary32 floats -> floats;
    };
  }

  /** Codes that are the integers they stand for. */
  static void integers(TensorType type) {
    Quantization codes = type.quantization();
    require(
        codes.scale() == 1 && codes.zeroPoint() == 0,
        "integers must have scale 1 and zero point 0, got %s",
        codes);
  }

  static void floats(TensorType type) {
    require(type.isFloat(), "expected a tensor of real numbers, got %s", type.describe());
  }

  static void range(TensorType output, long min, long max) {
    IntegerFormat format = output.quantization().format();
    require(
        format.min() <= min && min <= max && max <= format.max(),
        "range [%d, %d] must lie inside the output's %s",
        min,
        max,
        format);
  }

  static void groups(TensorType output, int groups, Operands operands) {
    require(groups >= 1, "groups must be at least 1, got %d", groups);
    require(
        output.channels() % groups == 0,
        "groups must divide the %d output channels, got %d",
        output.channels(),
        groups);
    require(
        operands.channels() == output.channels(),
        "weights must have %d output channels, got %d",
        output.channels(),
        operands.channels());
    switch (operands) {
      case IntegerOperands integers -> requantization(integers.requantization(), output);
      case FloatOperands _ -> floats(output);
    }
  }

  static void terms(TensorType source, Window window, int groups, Operands operands) {
    require(
        source.channels() % groups == 0,
        "groups must divide the %d input channels, got %d",
        source.channels(),
        groups);
    switch (operands) {
      case IntegerOperands _ -> summable(source);
      case FloatOperands _ -> floats(source);
    }
    long terms = (long) window.taps() * (source.channels() / groups);
    require(
        operands.terms() == terms,
        "weights must have %d terms a channel, got %d",
        terms,
        operands.terms());
  }

  /** Keeps code − zero point, and its product with a weight, well inside 64 bits. */
  static void summable(TensorType source) {
    require(
        source.quantization().format().bits() <= 24,
        "sums take codes of at most 24 bits, got %s",
        source.quantization().format());
  }

  /** What a code less its zero point can be. */
  static IntegerRange values(TensorType source) {
    return IntegerRange.of(source.quantization().format()).minus(source.quantization().zeroPoint());
  }

  /** Whether 32 bits hold all values, shifted to the left. */
  static boolean word(IntegerRange values, int shift) {
    return values.min() >= (long) Integer.MIN_VALUE >> shift
        && values.max() <= (long) Integer.MAX_VALUE >> shift;
  }

  /** Whether 32 bits hold all that is computed on the way from sums to codes of {@code output}. */
  static boolean scaled(IntegerRange sums, FixedPoint factor, TensorType output) {
    if (!word(sums, Math.max(0, factor.shift()))) {
      return false;
    }
    IntegerRange codes =
        new IntegerRange(factor.multiply((int) sums.min()), factor.multiply((int) sums.max()));
    return word(codes.minus(-output.quantization().zeroPoint()), 0);
  }

  /** The largest magnitude that a code less its zero point can have. */
  static long largestValue(TensorType source) {
    IntegerRange values = values(source);
    return Math.max(values.max(), -values.min());
  }

  static void pooled(TensorType source, TensorType output, Window window) {
    size(output, window.outputHeight(source.height()), window.outputWidth(source.width()));
    require(
        window.reachesInto(source.height(), source.width()),
        "every pooling window must have an element of the image");
  }

  /** A factor that keeps the order of what it multiplies. */
  static void ratio(float ratio) {
    require(
        ratio >= 0 && Float.isFinite(ratio),
        "ratios must be finite and not negative, got %s",
        ratio);
  }

  /** Two tensors of the output's shape whose codes binary32 holds, and so their products. */
  static void floatScaled(List<TensorType> sources, TensorType output) {
    two(sources);
    for (TensorType source : sources) {
      sameShape(source, output);
      require(
          source.quantization().format().bits() <= 16,
          "codes must have at most 16 bits, got %s",
          source.quantization().format());
    }
  }

  /** The codes a requantisation can make must be codes of the output. */
  static void requantization(Requantization requantization, TensorType output) {
    require(
        requantization.channels() == 1 || requantization.channels() == output.channels(),
        "requantization must have 1 or %d channels, got %d",
        output.channels(),
        requantization.channels());
    range(output, requantization.min(), requantization.max());
  }
}

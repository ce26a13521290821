package dev.narrows.network.files;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.FixedPoint;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.IntegerMean;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.ShortMultiplier;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.ConstantForm;
import dev.narrows.network.FileConstants;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.PackedWeights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The constants of our own format, and of any network in memory: scales are binary64, and factors
 * of requantisation change by as much as scales do, in the form that they have.
 */
public record OwnConstants(Network network) implements FileConstants {
  @Override
  public Optional<ConstantForm> form(String name) {
    return network.layers().stream()
        .filter(layer -> layer.name().equals(name))
        .filter(layer -> layer instanceof DotLayer dot && !dot.isFloat())
        .map(layer -> form(((DotLayer) layer).integers()))
        .findFirst();
  }

  private static ConstantForm form(IntegerOperands operands) {
    IntegerFormat format = IntegerFormat.signed(operands.weights().bits());
    boolean fixed =
        operands.requantization() instanceof Thresholds
            || operands.requantization() instanceof IntegerMean;
    return new ConstantForm(
        new IntegerRange(Math.min(-format.max(), -1), format.max()),
        new IntegerRange(Integer.MIN_VALUE, Integer.MAX_VALUE),
        fixed ? ConstantForm.HeldScales.FIXED : ConstantForm.HeldScales.CHANNELS);
  }

  @Override
  public Network with(Map<String, LayerConstants> changes) {
    Map<String, LayerConstants> left = new HashMap<>(changes);
    Network made = network;
    for (int i = 0; i < network.layers().size(); i++) {
      LayerConstants wanted = left.remove(network.layers().get(i).name());
      if (wanted == null) {
        continue;
      }
      if (!(network.layers().get(i) instanceof DotLayer dot) || dot.isFloat()) {
        throw new IllegalArgumentException(
            "layer \"%s\" has no integer weights".formatted(network.layers().get(i).name()));
      }
      try {
        made = made.withLayer(i, dot.withOperands(operands(dot.integers(), wanted)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "layer \"%s\": %s".formatted(dot.name(), e.getMessage()), e);
      }
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("the network has no layers " + left.keySet());
    }
    return made;
  }

  @Override
  public Network write(Map<String, LayerConstants> changes, Path out) throws IOException {
    Network made = with(changes);
    NarrowsWriter.write(made, out);
    return made;
  }

  private static IntegerOperands operands(IntegerOperands given, LayerConstants wanted) {
    DotWeights old = given.weights();
    double[] scales = wanted.scales();
    DotWeights weights =
        switch (old) {
          case DenseWeights dense ->
              new DenseWeights(
                  dense.channels(), dense.terms(), dense.bits(), scales, wanted.weights());
          case PackedWeights packed -> packed(packed, wanted);
        };
    Requantization requantization =
        Arrays.equals(scales, old.scales())
            ? given.requantization()
            : scaled(given.requantization(), scales.length, c -> scales[c] / old.scales()[c]);
    return new IntegerOperands(
        weights,
        wanted.bias(),
        requantization,
        given.zero(),
        given.biasPlacement(),
        given.pinned());
  }

  private static PackedWeights packed(PackedWeights given, LayerConstants wanted) {
    int kept = PackedWeights.kept(given.terms(), given.keep(), given.group());
    int[] values = new int[given.values().length];
    int[] left = wanted.weights().clone();
    for (int i = 0; i < values.length; i++) {
      int at = i / kept * given.terms() + given.indices()[i];
      values[i] = left[at];
      left[at] = 0;
    }
    if (Arrays.stream(left).anyMatch(weight -> weight != 0)) {
      throw new IllegalArgumentException("weights that were pruned must stay 0");
    }
    return new PackedWeights(
        given.channels(),
        given.terms(),
        given.bits(),
        wanted.scales(),
        given.keep(),
        given.group(),
        values,
        given.indices());
  }

  private static Requantization scaled(
      Requantization given, int channels, IntToDoubleFunction ratio) {
    int min = given.min();
    int max = given.max();
    return switch (given) {
      case FixedPointMultiplier fixed -> {
        double[] reals = reals(channels, c -> fixed.realMultiplier(c) * ratio.applyAsDouble(c));
        List<FixedPoint> old = fixed.factors();
        boolean once = old.stream().allMatch(f -> FixedPoint.singleRounding(f.real()).equals(f));
        yield once
            ? FixedPointMultiplier.singleRounding(reals, fixed.zeroPoint(), min, max)
            : FixedPointMultiplier.fromReals(reals, fixed.zeroPoint(), min, max);
      }
      case ShortMultiplier fixed ->
          ShortMultiplier.fromReals(
              reals(
                  channels,
                  c -> {
                    int at = fixed.channels() == 1 ? 0 : c;
                    double real =
                        Math.scalb((double) fixed.multipliers()[at], fixed.shifts()[at] - 15);
                    return real * ratio.applyAsDouble(c);
                  }),
              fixed.zeroPoint(),
              min,
              max);
      case FloatScale scale -> {
        float[] scales = new float[channels];
        for (int c = 0; c < channels; c++) {
          scales[c] = (float) (scale.realMultiplier(c) * ratio.applyAsDouble(c));
        }
        yield new FloatScale(scales, scale.zeroPoint(), min, max);
      }
      case DoubleScale scale -> {
        double[] old = scale.scales();
        yield new DoubleScale(
            reals(channels, c -> old[old.length == 1 ? 0 : c] * ratio.applyAsDouble(c)),
            scale.zeroPoint(),
            min,
            max);
      }
      case Thresholds _, IntegerMean _ ->
          throw new IllegalArgumentException("codes are found by comparison: scales must stay");
    };
  }

  private static double[] reals(int channels, IntToDoubleFunction real) {
    return IntStream.range(0, channels).mapToDouble(real).toArray();
  }
}

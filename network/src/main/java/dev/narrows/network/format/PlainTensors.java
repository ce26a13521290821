package dev.narrows.network.format;

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
import dev.narrows.network.UnsupportedLayersException;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeFunction;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Multiply;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.safetensors.SafetensorsWriter;
import dev.narrows.network.weights.IntegerOperands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes a network's integers as plain safetensors, in PyTorch's shapes, for programs that bring
 * their own graph; {@link NarrowsWriter} keeps the graph. Zeros of pruned layers are written out.
 *
 * <p>A layer L with weights has {@code L.weight} (I8 or I16; [out][in/groups][row][column], dense
 * [out][in]), {@code L.weight_scale} (F64 [out]) and {@code L.bias} (I32 [out], in units of input
 * scale · weight scale). Where codes are requantised there are {@code L.multiplier} and {@code
 * L.shift} (code = sum · multiplier · 2^(shift − 31), or 2^(shift − 15) for multipliers in I16),
 * {@code L.factor} or {@code L.thresholds}, and {@code L.output_range} (I32 [2]); an addition has a
 * multiplier and a shift for left, right and output each. Every tensor L has {@code L.output_scale}
 * (F64) and {@code L.output_zero_point} (I32), the network's input by the name {@code input}.
 */
public final class PlainTensors {
  /** What messages call the format. */
  private static final String FORMAT = "plain safetensors of integers";

  private final SafetensorsWriter tensors = new SafetensorsWriter();

  private PlainTensors() {}

  /**
   * Writes atomically: a crash leaves the old file or the new one.
   *
   * @throws UnsupportedLayersException if the network holds floats, or a layer that has no form
   *     here
   */
  public static void write(Network network, Path file) throws IOException {
    UnsupportedLayersException.requireCodes(FORMAT, network);
    PlainTensors plain = new PlainTensors();
    plain.tensors.metadata("format", "narrows-integers").metadata("network", network.name());
    new TreeMap<>(network.metadata()).forEach(plain.tensors::metadata);
    boolean taken = network.layers().stream().anyMatch(layer -> layer.name().equals("input"));
    plain.quantization(taken ? "network.input" : "input", network.input().quantization());
    List<String> unsupported = new ArrayList<>();
    for (Layer layer : network.layers()) {
      if (!plain.layer(layer)) {
        unsupported.add(
            "\"%s\" (%s) has numbers without a name here".formatted(layer.name(), layer.kind()));
      }
    }
    if (!unsupported.isEmpty()) {
      throw new UnsupportedLayersException(FORMAT, unsupported);
    }
    plain.tensors.write(file);
  }

  /** Whether the layer could be written. */
  private boolean layer(Layer layer) {
    String name = layer.name();
    quantization(name, layer.output().quantization());
    switch (layer) {
      case DotLayer dot -> operands(dot);
      case SummingLayer sums -> requantization(name, sums.requantization());
      case Rescale rescale -> requantization(name, rescale.requantization());
      case Add add -> {
        factor(name + ".left", add.leftMultiplier());
        factor(name + ".right", add.rightMultiplier());
        factor(name + ".output", add.outputMultiplier());
        range(name, add.min(), add.max());
      }
      case Multiply product -> {
        factor(name + ".product", product.multiplier());
        range(name, product.min(), product.max());
      }
      case Constant constant ->
          tensors.ints(
              name + ".value", SafetensorsType.I32, constant.words(), constant.words().length);
      case MaxPool _, Clamp _, Subsample _, ChannelPad _, Flatten _, Rearrange _ -> {}
      case CodeFunction _, Quantize _, Resize _ -> {}
      default -> {
        return false;
      }
    }
    return true;
  }

  private void operands(DotLayer dot) {
    String name = dot.name();
    IntegerOperands operands = dot.integers();
    int channels = operands.weights().channels();
    int inputs = dot.terms() / dot.window().taps();
    Window w = dot.window();
    int[] shape =
        switch (dot) {
          case Dense dense -> new int[] {channels, dense.terms()};
          case Convolution _, TransposedConvolution _ ->
              new int[] {channels, inputs, w.kernelHeight(), w.kernelWidth()};
        };
    tensors.ints(
        name + ".weight",
        operands.weights().bits() <= 8 ? SafetensorsType.I8 : SafetensorsType.I16,
        channelsFirst(operands.weights().dense(), inputs, w.taps()),
        shape);
    tensors.doubles(name + ".weight_scale", operands.weights().scales(), channels);
    tensors.ints(name + ".bias", SafetensorsType.I32, operands.bias(), channels);
    requantization(name, operands.requantization());
  }

  /** [channel][tap][input] to [channel][input][tap]. */
  private static int[] channelsFirst(int[] dense, int inputs, int taps) {
    int[] moved = new int[dense.length];
    for (int i = 0; i < dense.length; i++) {
      int channel = i / (taps * inputs);
      moved[(channel * inputs + i % inputs) * taps + i / inputs % taps] = dense[i];
    }
    return moved;
  }

  private void requantization(String name, Requantization requantization) {
    switch (requantization) {
      case FixedPointMultiplier fixed -> {
        tensors.ints(
            name + ".multiplier", SafetensorsType.I32, fixed.multipliers(), fixed.channels());
        tensors.ints(name + ".shift", SafetensorsType.I8, fixed.shifts(), fixed.channels());
      }
      case ShortMultiplier factor -> {
        int channels = factor.channels();
        tensors.ints(name + ".multiplier", SafetensorsType.I16, factor.multipliers(), channels);
        tensors.ints(name + ".shift", SafetensorsType.I8, factor.shifts(), channels);
      }
      case FloatScale scale -> tensors.floats(name + ".factor", scale.scales(), scale.channels());
      case DoubleScale scale -> tensors.doubles(name + ".factor", scale.scales(), scale.channels());
      case IntegerMean mean ->
          tensors.ints(name + ".count", SafetensorsType.I32, new int[] {mean.count()}, 1);
      case Thresholds rows -> {
        long[] flat = Arrays.stream(rows.thresholds()).flatMapToLong(Arrays::stream).toArray();
        tensors.longs(name + ".thresholds", flat, rows.channels(), flat.length / rows.channels());
      }
    }
    range(name, requantization.min(), requantization.max());
  }

  private void factor(String name, FixedPoint factor) {
    tensors.ints(name + "_multiplier", SafetensorsType.I32, new int[] {factor.multiplier()}, 1);
    tensors.ints(name + "_shift", SafetensorsType.I8, new int[] {factor.shift()}, 1);
  }

  private void range(String name, int min, int max) {
    tensors.ints(name + ".output_range", SafetensorsType.I32, new int[] {min, max}, 2);
  }

  private void quantization(String name, Quantization quantization) {
    tensors.doubles(name + ".output_scale", new double[] {quantization.scale()});
    tensors.ints(
        name + ".output_zero_point", SafetensorsType.I32, new int[] {quantization.zeroPoint()});
  }
}

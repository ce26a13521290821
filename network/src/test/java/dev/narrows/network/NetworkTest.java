package dev.narrows.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkTest {
  private static final Quantization CODES = new Quantization(IntegerFormat.unsigned(4), 0.1, 0);

  private static TensorType type(int channels, int height, int width) {
    return new TensorType(channels, height, width, CODES);
  }

  private static IntegerOperands operands(int channels, int terms) {
    double[] scales = new double[channels];
    Arrays.fill(scales, 0.01);
    return new IntegerOperands(
        new DenseWeights(channels, terms, 4, scales, new int[channels * terms]),
        new int[channels],
        FixedPointMultiplier.fromReals(new double[] {0.1}, 0, 0, 15));
  }

  private static Network network(TensorType input, Layer... layers) {
    return new Network("test", input, List.of(layers), Map.of());
  }

  @Test
  void network_chainOfLayers_tensorsAreInputThenOutputs() {
    Convolution first =
        new Convolution("first", 0, type(8, 4, 4), Window.square(3, 2, 1), 1, operands(8, 27));
    Flatten flat = new Flatten("flat", 1, type(128, 1, 1));
    Dense last = new Dense("last", 2, type(10, 1, 1), operands(10, 128));
    Network network = network(type(3, 8, 8), first, flat, last);

    assertThat(network.tensor(0)).isEqualTo(type(3, 8, 8));
    assertThat(network.tensor(2)).isEqualTo(type(128, 1, 1));
    assertThat(network.output()).isEqualTo(type(10, 1, 1));
    assertThat(network.dotLayers()).containsExactly(first, last);
    assertThat(first.terms()).isEqualTo(27);
    assertThat(first.kind()).isEqualTo("conv2d");
  }

  @Test
  void network_twoLayersOfOneName_isRefusedNamingTheLayer() {
    Clamp clamp = new Clamp("same", 0, type(3, 8, 8), 0, 15);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(type(3, 8, 8), clamp, new Clamp("same", 1, clamp.output(), 0, 7)))
        .withMessage("layer 1 \"same\" (clamp): another layer has the same name");
  }

  @Test
  void network_layerReadingItself_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(type(3, 8, 8), new Clamp("loop", 1, type(3, 8, 8), 0, 15)))
        .withMessageContaining("must read tensors 0 to 0");
  }

  @Test
  void convolution_wrongTerms_isRefused() {
    Convolution layer =
        new Convolution("c", 0, type(8, 8, 8), Window.square(3, 1, 1), 1, operands(8, 26));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(type(3, 8, 8), layer))
        .withMessageContaining("weights must have 27 terms a channel, got 26");
  }

  @Test
  void convolution_wrongOutputSize_isRefused() {
    Convolution layer =
        new Convolution("c", 0, type(8, 7, 8), Window.square(3, 1, 1), 1, operands(8, 27));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(type(3, 8, 8), layer))
        .withMessageContaining("output must be 8x8 in space, got 7x8");
  }

  @Test
  void convolution_groupsOfOneChannel_isDepthwise() {
    Convolution layer =
        new Convolution("c", 0, type(6, 8, 8), Window.square(3, 1, 1), 3, operands(6, 9));
    assertThat(network(type(3, 8, 8), layer).layers().getFirst().kind())
        .isEqualTo("depthwiseConv2d");
  }

  @Test
  void transposedConvolution_outputPadding_isAcceptedBelowTheStride() {
    Window window = Window.square(3, 2, 1); // 4 rows become 7, or 8 with output padding
    for (int size = 6; size <= 9; size++) {
      TransposedConvolution layer =
          new TransposedConvolution("t", 0, type(2, size, size), window, 1, operands(2, 27));
      if (size == 7 || size == 8) {
        assertThat(network(type(3, 4, 4), layer).output().height()).isEqualTo(size);
      } else {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> network(type(3, 4, 4), layer))
            .withMessageContaining("output height must be in [7, 8], got " + size);
      }
    }
  }

  @Test
  void requantization_codesOutsideTheOutputFormat_isRefused() {
    TensorType narrow =
        new TensorType(8, 8, 8, new Quantization(IntegerFormat.unsigned(3), 0.1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Convolution("c", 0, narrow, Window.square(3, 1, 1), 1, operands(8, 27)))
        .withMessageContaining("range [0, 15] must lie inside the output's uint3");
  }

  @Test
  void maxPool_otherQuantization_isRefused() {
    TensorType other = new TensorType(3, 4, 4, new Quantization(CODES.format(), 0.2, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> network(type(3, 8, 8), new MaxPool("p", 0, other, Window.square(2, 2, 0))))
        .withMessageContaining("output must keep the input's quantization");
  }

  @Test
  void maxPool_windowInsideThePadding_isRefused() {
    Window window = new Window(2, 2, 2, 2, 1, 1, 2, 0, 0, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(type(3, 8, 8), new MaxPool("p", 0, type(3, 5, 4), window)))
        .withMessageContaining("must have an element of the image");
  }

  @Test
  void add_inputsOfOtherShapes_isRefused() {
    TensorType half = type(3, 4, 4);
    Subsample subsample = new Subsample("half", 0, half, 2, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            network(
                type(3, 8, 8), subsample, Add.of("sum", 0, type(3, 8, 8), 1, half, type(3, 8, 8))))
        .withMessageContaining("output must have the input's shape");
  }

  @Test
  void add_equalScales_addsRealValues() {
    TensorType wide = new TensorType(1, 1, 1, new Quantization(IntegerFormat.signed(8), 0.2, -3));
    Add add = Add.of("sum", 0, type(1, 1, 1), 0, type(1, 1, 1), wide);
    for (int a = 0; a < 16; a++) {
      for (int b = 0; b < 16; b++) {
        int twice = a + b; // in units of 0.1; a code of the output is worth two of them
        assertThat(add.apply(a, b)).isBetween(twice / 2 - 3, (twice + 1) / 2 - 3);
      }
    }
  }
}

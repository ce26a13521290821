package dev.narrows.network.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.ChannelTerms;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.bound.TermBound;
import dev.narrows.core.bound.Witness;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.Widths;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bounds of transposed convolutions against all outputs and inputs of small layers. */
class TransposedBoundTest {
  private static final int CHANNELS = 2;
  private static final int ZERO = 3;
  private static final IntegerFormat FORMAT = IntegerFormat.unsigned(4);

  /** Inputs of 0 … 15 with zero point 3, weights of −7 … 7, biases preloaded. */
  private static Network network(
      int inputs, int rows, Window window, int spareRows, int spareColumns) {
    int terms = window.taps() * inputs;
    Random random = new Random(terms);
    int[] weights = random.ints((long) CHANNELS * terms, -7, 8).toArray();
    TensorType from = new TensorType(inputs, rows, rows, new Quantization(FORMAT, 0.5, ZERO));
    TensorType to =
        new TensorType(
            CHANNELS,
            (int) window.transposedHeight(rows) + spareRows,
            (int) window.transposedWidth(rows) + spareColumns,
            new Quantization(IntegerFormat.signed(8), 0.5, 0));
    IntegerOperands operands =
        new IntegerOperands(
            new DenseWeights(CHANNELS, terms, 4, new double[] {1, 1}, weights),
            new int[] {9, -14},
            FixedPointMultiplier.fromReals(new double[] {0.1}, 0, -128, 127),
            ZeroPointConvention.OFFSET,
            BiasPlacement.PRELOAD,
            Optional.empty());
    return new Network(
        "up", from, List.of(new TransposedConvolution("up", 0, to, window, 1, operands)), Map.of());
  }

  private static Window window(int kernel, int across, int stride, int along, int dilation) {
    return new Window(kernel, across, stride, along, dilation, 1, 1, 0, 0, 1);
  }

  @ParameterizedTest
  @CsvSource({
    // input channels, rows; kernel; stride; dilation; output padding
    "1,3, 3,3, 2,2, 1, 0,0",
    "1,3, 3,3, 2,2, 1, 1,1",
    "1,3, 2,4, 2,3, 1, 0,2",
    "1,3, 4,4, 2,2, 1, 0,0",
    "1,3, 2,3, 1,1, 1, 0,0",
    "1,3, 2,2, 3,3, 1, 2,0",
    "1,3, 3,2, 2,2, 2, 0,1",
    "1,3, 3,1, 3,1, 2, 0,0",
    "2,2, 4,3, 3,2, 1, 1,0",
    "2,2, 3,2, 4,5, 1, 0,0"
  })
  void signSum_everyOutputAndCornerInput_isReachedAndNotExceeded(
      int inputs,
      int rows,
      int kernel,
      int across,
      int stride,
      int along,
      int dilation,
      int spareRows,
      int spareColumns) {
    Network network =
        network(
            inputs, rows, window(kernel, across, stride, along, dilation), spareRows, spareColumns);
    for (String zero : List.of("offset", "raw")) {
      Summation conventions = Summation.parse("int16:wrap:zero(" + zero + ")");
      TransposedConvolution layer = (TransposedConvolution) network.layers().getFirst();
      LayerChannels channels =
          LayerChannels.of(
              network, InputRanges.of(network), layer, LayerRegisters.of(conventions).of(layer));
      Certificate certificate = CertifyNetwork.of(network, 16, conventions);
      assertThat(certificate.conventions()).containsEntry("taps", "phase");
      for (int c = 0; c < CHANNELS; c++) {
        ChannelTerms channel = channels.channels().get(c);
        List<long[]> outputs = outputs(network, layer, c, zero.equals("offset"));
        SignSumBound reached = extremes(outputs, network, channel, zero.equals("offset"));
        assertThat(SignSumBound.of(channel)).as("%s, channel %d", zero, c).isEqualTo(reached);
        assertThat(TermBound.of(channel).bits()).isLessThanOrEqualTo(reached.bits());
        requireWitness(certificate.layers().getFirst().channels().get(c), layer, channels, c);
      }
    }
  }

  /** Of each output the weights of taps that meet an input, by input, then Σ of the others. */
  private static List<long[]> outputs(
      Network network, TransposedConvolution layer, int channel, boolean offset) {
    Window w = layer.window();
    TensorType from = network.input();
    int[] weights = layer.integers().weights().dense();
    List<long[]> outputs = new ArrayList<>();
    for (int y = 0; y < layer.output().height(); y++) {
      for (int x = 0; x < layer.output().width(); x++) {
        long[] met = new long[from.elements() + 2];
        for (int tap = 0; tap < w.taps(); tap++) {
          int row = tap / w.kernelWidth();
          int column = tap % w.kernelWidth();
          for (int i = 0; i < from.channels(); i++) {
            int q = weights[(channel * w.taps() + tap) * from.channels() + i];
            int at = scattered(w, from, row, column, y, x);
            if (at >= 0) {
              met[i * from.positions() + at] = q;
            } else if (!offset) {
              met[from.elements() + (q < 0 ? 0 : 1)] += (long) q * ZERO;
            }
          }
        }
        outputs.add(met);
      }
    }
    return outputs;
  }

  /** The input whose tap (row, column) adds to output (y, x), by trying all; −1 if none. */
  private static int scattered(Window w, TensorType from, int row, int column, int y, int x) {
    for (int i = 0; i < from.height(); i++) {
      for (int j = 0; j < from.width(); j++) {
        if (i * w.strideHeight() - w.padTop() + row * w.dilationHeight() == y
            && j * w.strideWidth() - w.padLeft() + column * w.dilationWidth() == x) {
          return i * from.width() + j;
        }
      }
    }
    return -1;
  }

  /** The extreme subset sums over all outputs and all inputs at the ends of their range. */
  private static SignSumBound extremes(
      List<long[]> outputs, Network network, ChannelTerms channel, boolean offset) {
    int elements = network.input().elements();
    long least = 0;
    long greatest = 0;
    for (int corner = 0; corner < 1 << elements; corner++) {
      for (long[] met : outputs) {
        long lo = met[elements];
        long hi = met[elements + 1];
        for (int e = 0; e < elements; e++) {
          long code = (corner >> e & 1) == 0 ? FORMAT.min() : FORMAT.max();
          long term = met[e] * (offset ? code - ZERO : code);
          lo += Math.min(term, 0);
          hi += Math.max(term, 0);
        }
        least = Math.min(least, lo);
        greatest = Math.max(greatest, hi);
      }
    }
    long preload = channel.preload();
    return new SignSumBound(least + Math.min(0, preload), greatest + Math.max(0, preload));
  }

  private static void requireWitness(
      ChannelCertificate certificate, TransposedConvolution layer, LayerChannels channels, int c) {
    Witness witness = certificate.witness().orElseThrow();
    int[] weights = layer.integers().weights().dense();
    long held = witness.start();
    int widest = Widths.of(held);
    for (int k : witness.order()) {
      long x = witness.input()[k] - channels.stored().input();
      held += x * weights[c * layer.terms() + k];
      widest = Math.max(widest, Widths.of(held));
    }
    assertThat(widest).isEqualTo(certificate.bits());
    assertThat(Widths.of(witness.write())).isEqualTo(widest);
  }
}

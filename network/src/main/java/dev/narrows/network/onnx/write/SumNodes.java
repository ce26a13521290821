package dev.narrows.network.onnx.write;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.Network;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Convolution;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import dev.narrows.network.layer.Window;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Layers that sum: Conv, ConvTranspose and MatMul on integers in float32, which is exact because no
 * sum of any subset of the terms leaves ±2^24. Biases are part of the thresholds that follow.
 */
final class SumNodes {
  private final Network network;
  private final OnnxTensors tensors;
  private final GraphBuilder graph;
  private final CodeNodes codes;

  SumNodes(Network network, OnnxTensors tensors, CodeNodes codes) {
    this.network = network;
    this.tensors = tensors;
    this.graph = tensors.graph();
    this.codes = codes;
  }

  /** A dense layer or a convolution. */
  OnnxValue dot(DotLayer layer, int tensor) {
    IntegerOperands operands = layer.integers();
    operands
        .pinned()
        .filter(register -> !(register.accumulator() instanceof Exact))
        .ifPresent(register -> {
          throw new CannotExpress("runs in the register " + register + ", and sums here are exact");
        });
    int channels = layer.output().channels();
    int terms = layer.terms();
    int[] dense = operands.weights().dense();
    IntegerRange inputs = tensors.ranges().multiplied(network, layer, ZeroPointConvention.OFFSET);
    List<IntegerRange> sums = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      sums.add(writes(Arrays.copyOfRange(dense, c * terms, (c + 1) * terms), inputs));
    }
    IntegerRange all = CodeNodes.carried(sums);
    Window w = layer.window();
    String name = layer.name() + ".weights";
    IntegerRange held = IntegerRange.of(IntegerFormat.signed(operands.weights().bits()));
    OnnxValue in = tensors.get(layer.input());
    OnnxValue sum =
        switch (layer) {
          case Dense d ->
              graph.node(
                  d.name(),
                  "",
                  "MatMul",
                  List.of(
                      tensors.flat(in),
                      graph.floats(
                          name, held, WeightLayout.byTerm(dense, channels), terms, channels)),
                  OnnxValue.of(graph.free(d.name() + ".sums"), DataType.FLOAT, all, 1, channels));
          case Convolution c ->
              graph.node(
                  c.name(),
                  "",
                  "Conv",
                  List.of(
                      tensors.spatial(in),
                      graph.floats(
                          name,
                          held,
                          WeightLayout.byInput(dense, channels, w.taps()),
                          channels,
                          terms / w.taps(),
                          w.kernelHeight(),
                          w.kernelWidth())),
                  sums(c.name(), c.output(), all),
                  window(w, c.groups()));
          case TransposedConvolution t -> {
            TensorType from = network.tensor(t.input());
            AttributeProto[] attributes = window(w, t.groups());
            attributes = Arrays.copyOf(attributes, attributes.length + 1);
            attributes[attributes.length - 1] =
                Attributes.integers(
                    "output_padding",
                    t.output().height() - w.transposedHeight(from.height()),
                    t.output().width() - w.transposedWidth(from.width()));
            yield graph.node(
                t.name(),
                "",
                "ConvTranspose",
                List.of(
                    tensors.spatial(in),
                    graph.floats(
                        name,
                        held,
                        WeightLayout.transposed(dense, channels, t.groups(), w.taps()),
                        from.channels(),
                        channels / t.groups(),
                        w.kernelHeight(),
                        w.kernelWidth())),
                sums(t.name(), t.output(), all),
                attributes);
          }
        };
    return codes.of(sum, tensor, operands.requantization(), operands.bias(), sums);
  }

  /** Average pooling: each channel's sum by a convolution with ones, the divisor by thresholds. */
  OnnxValue pool(AveragePool pool, int tensor) {
    if (pool.inside()) {
      throw new CannotExpress("divides by the number of elements inside the image");
    }
    int channels = pool.output().channels();
    Window w = pool.window();
    long[] ones = new long[channels * pool.terms()];
    Arrays.fill(ones, 1);
    int[] row = new int[pool.terms()];
    Arrays.fill(row, 1);
    IntegerRange inputs = tensors.ranges().multiplied(network, pool, ZeroPointConvention.OFFSET);
    List<IntegerRange> sums = List.of(writes(row, inputs));
    OnnxValue sum =
        graph.node(
            "Conv",
            List.of(
                tensors.spatial(tensors.get(pool.input())),
                graph.floats(
                    pool.name() + ".weights",
                    new IntegerRange(0, 1),
                    ones,
                    channels,
                    1,
                    w.kernelHeight(),
                    w.kernelWidth())),
            sums(pool.name(), pool.output(), CodeNodes.carried(sums)),
            window(w, channels));
    return codes.of(sum, tensor, pool.requantization(), new int[1], sums);
  }

  /** Every write that any order of a dot product's terms can make. */
  private static IntegerRange writes(int[] weights, IntegerRange inputs) {
    SignSumBound bound = SignSumBound.of(new DotChannel(weights, inputs));
    return new IntegerRange(bound.lo(), bound.hi());
  }

  private OnnxValue sums(String name, TensorType to, IntegerRange range) {
    return OnnxValue.of(
        graph.free(name + ".sums"),
        DataType.FLOAT,
        range,
        1,
        to.channels(),
        to.height(),
        to.width());
  }

  private static AttributeProto[] window(Window w, int groups) {
    return new AttributeProto[] {
      Attributes.kernel(w),
      Attributes.strides(w),
      Attributes.dilations(w),
      Attributes.pads(w),
      Attributes.integer("group", groups)
    };
  }
}

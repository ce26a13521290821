package dev.narrows.network.onnx.write;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodeFunction;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.FloatFunction;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Multiply;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;

/** Translates the layers of a network, each into nodes that compute the same integers. */
final class QonnxGraph {
  private final Network network;
  private final OnnxTensors tensors;
  private final GraphBuilder graph;
  private final CodeNodes codes;
  private final SumNodes sums;
  private final AddNodes additions;

  private QonnxGraph(Network network) {
    this.network = network;
    this.tensors = new OnnxTensors(network);
    this.graph = tensors.graph();
    this.codes = new CodeNodes(network, tensors);
    this.sums = new SumNodes(network, tensors, codes);
    this.additions = new AddNodes(tensors, codes);
  }

  /** A network's graph, or what stands in the way. */
  sealed interface Translation {
    /** Computes the network's integers. */
    record Whole(GraphProto graph) implements Translation {}

    /** One text a layer. */
    record Impossible(List<String> layers) implements Translation {}
  }

  static Translation of(Network network) {
    return new QonnxGraph(network).translate();
  }

  private Translation translate() {
    List<String> unsupported = new ArrayList<>();
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      try {
        tensors.add(nodes(layer, i + 1));
      } catch (CannotExpress e) {
        unsupported.add("\"%s\" (%s) %s".formatted(layer.name(), layer.kind(), e.getMessage()));
        // a stand-in, for the layers that follow are looked at too
        tensors.add(tensors.made(i + 1, DataType.FLOAT, 4));
      }
    }
    return unsupported.isEmpty()
        ? new Translation.Whole(graph.build(tensors.input(), tensors.output()))
        : new Translation.Impossible(unsupported);
  }

  private OnnxValue nodes(Layer layer, int tensor) {
    for (int input : layer.inputs()) {
      if (tensors.get(input).type() != DataType.FLOAT) {
        throw new CannotExpress("reads class scores, which are carried in 64-bit integers");
      }
      CodeNodes.carried(List.of(tensors.centred(input)));
    }
    OnnxValue in = tensors.get(layer.inputs().isEmpty() ? 0 : layer.inputs().getFirst());
    return switch (layer) {
      case DotLayer dot -> sums.dot(dot, tensor);
      case MatMul _, FloatFunction _ -> throw new CannotExpress("makes real numbers");
      case AveragePool pool -> sums.pool(pool, tensor);
      case Add add -> additions.of(add, tensor);
      case Rescale rescale ->
          codes.of(
              in,
              tensor,
              rescale.requantization(),
              new int[1],
              List.of(tensors.centred(rescale.input())));
      case MaxPool pool ->
          graph.node(
              "MaxPool",
              List.of(tensors.spatial(in)),
              tensors.made(tensor, DataType.FLOAT, 4),
              Attributes.kernel(pool.window()),
              Attributes.strides(pool.window()),
              Attributes.pads(pool.window()));
      case Subsample sub -> // the largest of one element
          graph.node(
              "MaxPool",
              List.of(tensors.spatial(in)),
              tensors.made(tensor, DataType.FLOAT, 4),
              Attributes.integers("kernel_shape", 1, 1),
              Attributes.integers("strides", sub.strideHeight(), sub.strideWidth()));
      case Clamp clamp -> {
        int zero = clamp.output().quantization().zeroPoint();
        yield graph.node(
            "Clip",
            List.of(
                in,
                scalar(clamp.name() + ".min", (long) clamp.min() - zero),
                scalar(clamp.name() + ".max", (long) clamp.max() - zero)),
            tensors.made(tensor, DataType.FLOAT, in.rank()));
      }
      case ChannelPad pad -> {
        long[] pads = new long[2 * in.rank()]; // all begins, then all ends
        pads[1] = pad.before();
        pads[in.rank() + 1] = pad.after();
        yield graph.node(
            "Pad",
            List.of(in, graph.longs(pad.name() + ".pads", pads, pads.length)),
            tensors.made(tensor, DataType.FLOAT, in.rank()));
      }
      case Multiply _, Constant _, Resize _, IntegerMatMul _ ->
          throw new CannotExpress("is one of TFLite's operators");
      case Quantize _ -> throw new CannotExpress("reads real numbers");
      case Rearrange join when MoveNodes.joinsChannels(network, join) ->
          graph.node(
              "Concat",
              join.inputs().stream().map(tensors::get).map(tensors::spatial).toList(),
              tensors.made(tensor, DataType.FLOAT, 4),
              Attributes.integer("axis", 1));
      case Rearrange _ -> throw new CannotExpress("moves elements freely");
      case CodeFunction _ -> throw new CannotExpress("is fixed-point arithmetic of its own");
      case Flatten flatten ->
          graph.node(
              "Flatten",
              List.of(in),
              tensors.made(tensor, DataType.FLOAT, 2),
              Attributes.integer("axis", 1));
      default -> throw new CannotExpress("has no form in QONNX");
    };
  }

  private OnnxValue scalar(String name, long value) {
    return graph.floats(name, new IntegerRange(value, value), new long[] {value});
  }
}

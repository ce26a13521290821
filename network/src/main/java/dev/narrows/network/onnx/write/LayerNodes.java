package dev.narrows.network.onnx.write;

import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.quantize.Requantization;
import dev.narrows.core.quantize.Thresholds;
import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Blend;
import dev.narrows.network.layer.ChannelPad;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Dequantize;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.Embedding;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.ExtremumIndex;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.MeanPool;
import dev.narrows.network.layer.Normalization;
import dev.narrows.network.layer.Pick;
import dev.narrows.network.layer.Positions;
import dev.narrows.network.layer.Quantize;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Reduce;
import dev.narrows.network.layer.Relabel;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Rotary;
import dev.narrows.network.layer.RoundTo;
import dev.narrows.network.layer.RoundedQuantize;
import dev.narrows.network.layer.ScaledCodes;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.layer.Softmax;
import dev.narrows.network.layer.Store;
import dev.narrows.network.layer.Subsample;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.layer.TableSoftmax;
import dev.narrows.network.layer.TakeAlong;
import dev.narrows.network.layer.WideSoftmax;
import dev.narrows.network.onnx.proto.TensorProto.DataType;
import dev.narrows.network.weights.FloatOperands;
import dev.narrows.network.weights.IntegerOperands;
import java.util.List;
import java.util.Optional;

/** The layers of a network as nodes of ONNX. */
final class LayerNodes {
  private final Network network;
  private final GraphTensors tensors;
  private final OnnxOptions options;
  private final DotNodes dots;
  private final FloatDotNodes floatDots;
  private final IntegerSums integerSums;
  private final PoolNodes pools;
  private final PairNodes pairs;
  private final MoveNodes moves;
  private final NumberNodes numbers;
  private final TransformerNodes transformers;
  private final TableNodes tables;
  private final CodeStepNodes steps;

  LayerNodes(GraphTensors tensors, ExportNotes notes) {
    this.network = tensors.network();
    this.tensors = tensors;
    this.options = tensors.options();
    this.dots = new DotNodes(tensors, notes);
    this.floatDots = new FloatDotNodes(tensors, dots);
    this.integerSums = new IntegerSums(tensors, dots);
    this.pools = new PoolNodes(tensors, notes);
    this.pairs = new PairNodes(tensors, notes);
    this.moves = new MoveNodes(tensors);
    this.numbers = new NumberNodes(tensors);
    this.transformers = new TransformerNodes(tensors, moves);
    this.tables = new TableNodes(tensors);
    this.steps = new CodeStepNodes(tensors, notes, moves, tables);
  }

  /**
   * The nodes of a layer, which are added to the graph.
   *
   * @return the layer's tensor
   * @throws CannotExpress if there are none
   */
  OnnxValue of(Layer layer, int tensor) {
    TransformerNodes.requireBinary32(layer.output());
    if (layer instanceof SummingLayer sums && !sums.isFloat()) {
      DotIntegers.requireExact(
          sums.pinned(),
          Optional.ofNullable(tensors.contracts().get(layer.name()))
              .map(AccumulatorContract::bits)
              .orElse(Integer.MAX_VALUE));
    }
    return switch (layer) {
      case DotLayer dot ->
          switch (dot.operands()) {
            case FloatOperands operands -> floatDots.of(dot, tensor, operands);
            case IntegerOperands operands ->
                IntegerSums.isWhole(operands.requantization())
                    ? integerSums.whole(dot, tensor)
                    : exactly(tensor, operands.requantization())
                        ? integerSums.dot(dot, tensor)
                        : dots.of(dot, tensor);
          };
      case AveragePool pool ->
          exactly(tensor, pool.requantization()) || !pools.isMean(pool)
              ? integerSums.pool(pool, tensor)
              : pools.average(pool, tensor);
      case IntegerMatMul product -> product(product, tensor);
      case MatMul product -> floatDots.product(product, tensor);
      case CodePair pair ->
          options.exact() || !pairs.isUsual(pair, tensor)
              ? tables.pair(pair, tensor)
              : pairs.of(pair, tensor);
      case MaxPool pool -> moves.maxPool(pool, tensor);
      case Subsample sub -> moves.subsample(sub, tensor);
      case ChannelPad pad -> moves.channelPad(pad, tensor);
      case Flatten flatten -> moves.flatten(flatten, tensor);
      case Rearrange rearrange -> moves.rearrange(rearrange, tensor);
      case Pick pick -> moves.pick(pick, pick.places(), tensor);
      case Choose choose -> moves.choose(choose, tensor);
      case Extremum extremum -> moves.extremum(extremum, tensor);
      case ExtremumIndex index -> steps.index(index, tensor);
      case Clamp clamp -> steps.clamp(clamp, tensor);
      case Rescale rescale -> steps.rescale(rescale, tensor);
      case Quantize quantize -> steps.quantize(quantize, tensor);
      case IntegerFunction function -> new IntegerNodes(tensors).function(function, tensor);
      case IntegerElementwise pair -> new IntegerNodes(tensors).elementwise(pair, tensor);
      case RoundedQuantize quantize -> steps.rounded(quantize, tensor);
      case Relabel relabel -> steps.relabel(relabel, tensor);
      case ScaledCodes scaled -> steps.scaled(scaled, tensor);
      case Dequantize dequantize -> dequantize(dequantize, tensor);
      case CodeTable table -> tables.table(table, tensor);
      case IntegerSoftmax softmax ->
          options.exact()
              ? new SoftmaxNodes(tensors, softmax, tensor).of()
              : steps.softmax(softmax, tensor);
      case WideSoftmax softmax -> steps.softmax(softmax, tensor);
      case TableSoftmax softmax -> steps.softmax(softmax, tensor);
      case Resize resize -> steps.resize(resize, tensor);
      case Constant constant -> steps.constant(constant);
      case InputLayer input -> input(input, tensor);
      case Activation activation -> numbers.activation(activation, tensor);
      case ShapedActivation activation -> numbers.shaped(activation, tensor);
      case Elementwise elementwise -> numbers.elementwise(elementwise, tensor);
      case RoundTo rounded -> numbers.rounded(rounded, tensor);
      case Blend blend -> numbers.blend(blend, tensor);
      case TakeAlong taken -> moves.takeAlong(taken, tensor);
      case Positions positions -> numbers.positions(positions, tensor);
      case MeanPool pool -> pools.mean(pool, tensor);
      case Softmax softmax -> transformers.softmax(softmax, tensor);
      case Normalization normalization -> transformers.normalization(normalization, tensor);
      case Reduce reduce -> transformers.reduce(reduce, tensor);
      case Rotary rotary -> transformers.rotary(rotary, tensor);
      case Embedding embedding -> transformers.embedding(embedding, tensor);
      case Store _ -> throw new CannotExpress("rounds numbers as no operator does");
      default -> throw new CannotExpress("has no form in ONNX");
    };
  }

  /** Whether sums are requantised by integer arithmetic: asked for, or no other way. */
  private boolean exactly(int tensor, Requantization requantization) {
    return options.exact()
        || requantization instanceof Thresholds
        || network.tensor(tensor).quantization().format().bits() > 16
        || (long) requantization.max() - requantization.min() >= 1 << 16;
  }

  private OnnxValue product(IntegerMatMul product, int tensor) {
    if (options.exact()) {
      throw new CannotExpress("multiplies activations, which --exact does not write yet");
    }
    return pairs.product(product, tensor);
  }

  /**
   * Not the shared one, as this tensor has a name. Whole numbers of 32 bits are cast: ONNX Runtime
   * moves a DequantizeLinear behind a Reshape, beside a QuantizeLinear that has no such type.
   */
  private OnnxValue dequantize(Dequantize layer, int tensor) {
    OnnxValue codes = tensors.get(layer.input());
    Quantization quantization = network.tensor(layer.input()).quantization();
    if (codes.type() == DataType.INT32
        && quantization.scale() == 1
        && quantization.zeroPoint() == 0) {
      return tensors
          .graph()
          .node(
              "Cast",
              List.of(codes),
              tensors.made(tensor, codes.rank()),
              Attributes.integer("to", DataType.FLOAT.getNumber()));
    }
    return tensors
        .graph()
        .node(
            "DequantizeLinear",
            List.of(codes, tensors.scale(layer.input()), tensors.zeroPoint(layer.input())),
            tensors.made(tensor, codes.rank()));
  }

  private OnnxValue input(InputLayer input, int tensor) {
    return tensors.held(tensors.graph().declare(tensors.made(tensor, 4)), tensor);
  }
}

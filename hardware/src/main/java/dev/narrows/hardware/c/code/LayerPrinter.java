package dev.narrows.hardware.c.code;

import dev.narrows.hardware.c.sum.NoSumForm;
import dev.narrows.network.Network;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Choose;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Extremum;
import dev.narrows.network.layer.ExtremumIndex;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.IntegerLogSoftmax;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.IntegerSigmoid;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Relabel;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.Resize;
import dev.narrows.network.layer.Store;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.layer.TableSoftmax;
import dev.narrows.network.layer.UnitLength;
import dev.narrows.network.layer.WideSoftmax;
import dev.narrows.network.tensor.TensorType;
import java.util.Optional;

/** Which text a layer becomes. */
public final class LayerPrinter {
  private LayerPrinter() {}

  /** Whether a layer's output is its input's bytes as they are, so that nothing has to be done. */
  static boolean keepsBytes(Network network, Layer layer) {
    return switch (layer) {
      case Relabel relabel ->
          Scene.type(network.tensor(relabel.input())) == Scene.type(layer.output());
      case Store store -> store.output().stored().isEmpty();
      case FunctionLayer function ->
          MoveCode.of(network, function).map(MoveCode::keeps).orElse(false);
      default -> false;
    };
  }

  /** How a layer's output lies to the tensors that it reads. */
  private static LayerCode.Reading reading(Network network, Layer layer) {
    if (keepsBytes(network, layer)) {
      return LayerCode.Reading.AS_IT_IS;
    }
    return switch (layer) {
      case CodePair _,
          Clamp _,
          Rescale _,
          Relabel _,
          CodeTable _,
          IntegerSigmoid _,
          IntegerFunction _,
          IntegerElementwise _ ->
          LayerCode.Reading.IN_PLACE;
      default -> LayerCode.Reading.APART;
    };
  }

  /**
   * The layer that makes a tensor, as C.
   *
   * @param id what its function is named, and its constants begin with
   * @throws CannotPrint saying why there is no such text
   */
  public static LayerCode of(Scene scene, int tensor, String id) {
    Network network = scene.network();
    Layer layer = network.layers().get(tensor - 1);
    boolean numbers =
        layer.output().isFloat() || network.sources(layer).stream().anyMatch(TensorType::isFloat);
    Optional<int[]> constant = numbers ? scene.images().constant(tensor) : Optional.empty();
    try {
      return switch (layer) {
        case FunctionLayer _ when constant.isPresent() ->
            PointCode.constant(layer.output(), constant.get(), id);
        case SummingLayer _ when numbers -> throw new CannotPrint("sums real numbers");
        case SummingLayer sums ->
            sums(scene, sums, id).from(layer.inputs(), LayerCode.Reading.APART);
        case FunctionLayer function when numbers && MoveCode.of(network, function).isEmpty() ->
            FloatCode.of(scene, function, id);
        case FunctionLayer function -> function(scene, function, id);
        case InputLayer input -> throw new IllegalStateException(input.name() + " is given");
      };
    } catch (NoSumForm e) {
      throw new CannotPrint("has " + e.getMessage());
    } catch (ArithmeticException e) {
      throw new CannotPrint("has sums that can leave 64 bits");
    }
  }

  private static LayerCode sums(Scene scene, SummingLayer layer, String id) {
    return switch (layer) {
      case DotLayer dot -> DotCode.of(scene, dot, id);
      case AveragePool pool -> PoolCode.average(scene, pool, id);
      case IntegerMatMul product -> ProductCode.of(scene, product, id);
      case MatMul _ -> throw new CannotPrint("sums real numbers");
    };
  }

  private static LayerCode function(Scene scene, FunctionLayer layer, String id) {
    return switch (layer) {
      case TableSoftmax softmax -> SoftmaxCode.table(scene, softmax, id);
      case Extremum extremum -> SpanCode.extremum(scene, extremum, id);
      case ExtremumIndex index -> SpanCode.index(scene, index, id);
      case Choose choose -> FloatPointCode.choose(scene, choose, id);
      case Resize resize when resize.method() == Resize.Interpolation.BILINEAR ->
          MixtureCode.resize(scene, resize, id);
      default -> codes(scene, layer, id).from(layer.inputs(), reading(scene.network(), layer));
    };
  }

  /** Layers whose parameters are their inputs, one by one. */
  private static LayerCode codes(Scene scene, FunctionLayer layer, String id) {
    return switch (layer) {
      case CodePair pair -> PairCode.of(scene, pair, id);
      case MaxPool pool -> PoolCode.largest(scene, pool, id);
      case Clamp clamp -> PointCode.clamp(scene, clamp, id);
      case Relabel relabel -> PointCode.relabel(scene, relabel, id);
      case Rescale rescale -> PointCode.rescale(scene, rescale, id);
      case CodeTable table -> PointCode.table(scene, table, id);
      case IntegerSigmoid sigmoid -> PointCode.table(scene, sigmoid, id);
      case IntegerFunction rule -> PointCode.function(scene, rule, id);
      case IntegerElementwise pair -> IntegerPairCode.of(scene, pair, id);
      case Constant constant -> PointCode.constant(constant.output(), constant.words(), id);
      case IntegerSoftmax softmax -> PointCode.softmax(scene, softmax, id);
      case WideSoftmax softmax -> ColumnCode.softmax(scene, softmax, id);
      case IntegerLogSoftmax softmax -> ColumnCode.logarithm(scene, softmax, id);
      case UnitLength length -> ColumnCode.length(scene, length, id);
      default ->
          MoveCode.of(scene.network(), layer)
              .map(move -> move.code(id))
              .orElseThrow(() -> new CannotPrint("has no form in C yet"));
    };
  }
}

package dev.narrows.hardware.c.code;

import dev.narrows.hardware.c.sum.NoSumForm;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.CodePair;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.FunctionLayer;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.IntegerSoftmax;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.MatMul;
import dev.narrows.network.layer.MaxPool;
import dev.narrows.network.layer.Relabel;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.layer.SummingLayer;

/** Which text a layer becomes. */
public final class LayerPrinter {
  private LayerPrinter() {}

  /**
   * Whether a layer's output is its input's bytes as they are, so that nothing has to be done.
   *
   * @param scene what it is printed from
   */
  public static boolean keepsBytes(Scene scene, Layer layer) {
    if (layer.output().isFloat()) {
      return false;
    }
    return switch (layer) {
      case Relabel relabel ->
          Scene.type(scene.network().tensor(relabel.input())) == Scene.type(layer.output());
      case FunctionLayer function ->
          MoveCode.of(scene, function).map(MoveCode::keeps).orElse(false);
      default -> false;
    };
  }

  /** Whether element i of the output depends on elements i of the inputs alone. */
  public static boolean elementwise(Layer layer) {
    return switch (layer) {
      case CodePair _, Clamp _, Rescale _, Relabel _, CodeTable _, IntegerFunction _ -> true;
      default -> false;
    };
  }

  /**
   * The layer as C.
   *
   * @param id what its function is named, and its constants begin with
   * @throws CannotPrint saying why there is no such text
   */
  public static LayerCode of(Scene scene, Layer layer, String id) {
    for (int input : layer.inputs()) {
      if (scene.network().tensor(input).isFloat()) {
        throw new CannotPrint("reads real numbers");
      }
    }
    if (layer.output().isFloat()) {
      throw new CannotPrint("makes real numbers");
    }
    try {
      return switch (layer) {
        case SummingLayer sums -> sums(scene, sums, id);
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
      case CodePair pair -> PairCode.of(scene, pair, id);
      case MaxPool pool -> PoolCode.largest(scene, pool, id);
      case Clamp clamp -> PointCode.clamp(scene, clamp, id);
      case Relabel relabel -> PointCode.relabel(scene, relabel, id);
      case Rescale rescale -> PointCode.rescale(scene, rescale, id);
      case CodeTable table -> PointCode.table(scene, table, id);
      case IntegerFunction rule -> PointCode.function(scene, rule, id);
      case Constant constant -> PointCode.constant(constant, id);
      case IntegerSoftmax softmax -> PointCode.softmax(scene, softmax, id);
      default ->
          MoveCode.of(scene, layer)
              .map(move -> move.code(id))
              .orElseThrow(() -> new CannotPrint("has no form in C yet"));
    };
  }
}

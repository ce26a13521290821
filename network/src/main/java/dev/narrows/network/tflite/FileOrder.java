package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.layer.Rearrange.Axis;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Tensors whose elements lie in the file's own order, for operators that count along one axis. */
final class FileOrder {
  private FileOrder() {}

  /** A value as [a][b][c] in the file's order; its tensor. */
  static int of(OperatorImport in, GraphValue value, int a, int b, int c)
      throws NetworkFileException {
    TensorType type = value.type().shaped(a, b, c);
    if (value.shape().inFileOrder() && type.equals(value.type())) {
      return value.tensor();
    }
    FileShape shape = value.shape();
    int[] strides = shape.strides();
    List<Axis> axes = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      axes.add(Axis.of(shape.dim(axis), strides[axis]));
    }
    return in.add(new Rearrange(name(in, "/order"), List.of(value.tensor()), type, 0, of(axes)));
  }

  /** No axes are one of size 1. */
  private static List<Axis> of(List<Axis> axes) {
    return axes.isEmpty() ? List.of(Axis.of(1, 1)) : axes;
  }

  /** A tensor in the file's order as [a][b][c], of which it has some dimensions only. */
  static int spread(OperatorImport in, int tensor, TensorType to, List<Axis> axes)
      throws NetworkFileException {
    return in.add(new Rearrange(name(in, "/spread"), List.of(tensor), to, 0, axes));
  }

  /** Integers that count along the middle of [a][b][c]: {@code first} + i · {@code step}. */
  static int counted(OperatorImport in, TensorType to, int first, int step)
      throws NetworkFileException {
    in.graph().constants().take(in.made(0), to.height(), Integer.BYTES);
    int[] words = new int[to.height()];
    for (int i = 0; i < words.length; i++) {
      words[i] = first + i * step;
    }
    TensorType row = to.shaped(1, to.height(), 1);
    int constant = in.add(new Constant(name(in, "/count"), row, words));
    List<Axis> axes =
        List.of(Axis.of(to.channels(), 0), Axis.of(to.height(), 1), Axis.of(to.width(), 0));
    return row.equals(to) ? constant : spread(in, constant, to, axes);
  }

  /** One integer everywhere. */
  static int repeated(OperatorImport in, TensorType to, int word) throws NetworkFileException {
    TensorType one = to.shaped(1, 1, 1);
    int constant = in.add(new Constant(name(in, "/constant"), one, new int[] {word}));
    return one.equals(to) ? constant : spread(in, constant, to, List.of(Axis.of(to.elements(), 0)));
  }

  /** Output {@code number} of an operator, from a tensor in the file's order. */
  static void finish(OperatorImport in, int number, int tensor)
      throws NetworkFileException, Unsupported {
    TfliteTensorEntry made = in.made(number);
    TensorType type = made.made();
    TensorType from = in.graph().type(tensor);
    if (from.elements() != type.elements()) {
      throw in.bad("makes %s, the file says %s".formatted(from.describe(), made.shape()));
    }
    if (!from.kind().equals(type.kind())) {
      throw new Unsupported("%s to %s".formatted(from.kind(), type.kind()));
    }
    String name = in.graph().unique(made.name());
    Rearrange layer =
        made.shape().inFileOrder()
            ? Rearrange.joined(name, List.of(tensor), type)
            : MoveOperators.fromFileOrder(name, tensor, 0, made.shape(), type);
    in.finish(number, layer);
  }

  /** The product of some dimensions. */
  static int product(List<Integer> dims) {
    return dims.stream().reduce(1, Math::multiplyExact);
  }

  static String name(OperatorImport in, String suffix) throws NetworkFileException {
    return in.graph().unique(in.made(0).name() + suffix);
  }
}

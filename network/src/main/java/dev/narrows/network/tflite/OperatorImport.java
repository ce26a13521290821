package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One operator on its way into a network: what it reads and where its layers go. */
record OperatorImport(GraphImport graph, FileOperator operator) {
  FlatTable options() {
    return operator.options();
  }

  /** The value that input {@code number} is: what an operator makes, or a constant. */
  GraphValue value(int number) throws NetworkFileException, Unsupported {
    int tensor = operator.input(number);
    if (tensor < 0) {
      throw bad("input %d is missing".formatted(number));
    }
    return graph.value(operator, tensor);
  }

  /** The constant that input {@code number} is. */
  TfliteTensorEntry constant(int number, String what) throws NetworkFileException, Unsupported {
    int tensor = operator.input(number);
    if (tensor < 0) {
      throw bad("%s is missing".formatted(what));
    }
    TfliteTensorEntry entry = graph.tensor(tensor);
    if (graph.made(tensor) || !entry.constant()) {
      throw new Unsupported("%s is no constant".formatted(what));
    }
    return entry;
  }

  /** Whether input {@code number} is a constant. */
  boolean isConstant(int number) throws NetworkFileException {
    int tensor = operator.input(number);
    return tensor >= 0 && !graph.made(tensor) && graph.tensor(tensor).constant();
  }

  boolean has(int number) {
    return operator.input(number) >= 0;
  }

  /** The same operator with its inputs in another order, −1 for none. */
  OperatorImport turned(int... order) {
    int[] inputs = Arrays.stream(order).map(i -> i < 0 ? -1 : operator.input(i)).toArray();
    return new OperatorImport(graph, operator.with(inputs));
  }

  /** The only tensor that the operator makes. */
  TfliteTensorEntry made() throws NetworkFileException {
    if (operator.outputs().length != 1) {
      throw bad("expected one output, got " + operator.outputs().length);
    }
    return graph.stated(operator.outputs()[0]);
  }

  /** A layer's name, from the tensor that the operator makes. */
  String name() throws NetworkFileException {
    return graph.unique(made().name());
  }

  /** Adds a layer between; the index of its tensor. */
  int add(Layer layer) {
    return graph.add(layer);
  }

  /** The whole numbers of a constant vector. */
  int[] integers(int number, String what) throws NetworkFileException, Unsupported {
    TfliteTensorEntry entry = constant(number, what);
    if (entry.type() != FileElementType.INT32 && entry.type() != FileElementType.INT64) {
      throw new Unsupported("%s of %s".formatted(what, entry.type()));
    }
    return graph.constants().integers(entry, 0);
  }

  /** The tensor that is output {@code number}. */
  TfliteTensorEntry made(int number) throws NetworkFileException {
    if (number >= operator.outputs().length) {
      throw bad("output %d is missing".formatted(number));
    }
    return graph.stated(operator.outputs()[number]);
  }

  /** Adds the layer that makes one of several outputs. */
  void finish(int number, Layer layer) throws NetworkFileException {
    TfliteTensorEntry entry = made(number);
    int tensor = graph.add(layer);
    graph.put(operator, entry.index(), new GraphValue(tensor, entry.shape(), layer.output()));
  }

  /** Adds the layer that makes the operator's output. */
  void finish(Layer layer) throws NetworkFileException {
    int tensor = graph.add(layer);
    finish(new GraphValue(tensor, made().shape(), layer.output()));
  }

  /** The operator's output is a tensor that there is already. */
  void finish(GraphValue value) throws NetworkFileException {
    graph.put(operator, made().index(), value);
  }

  /** Requires what the file says of a shape to be what the operator makes. */
  void requireShape(FileShape expected) throws NetworkFileException {
    FileShape stated = made().shape();
    if (!stated.equals(expected)) {
      throw bad("its output must be %s, the file says %s".formatted(expected, stated));
    }
  }

  /** Requires a value of rank 4 with a batch of one. */
  TensorType image(GraphValue value) throws Unsupported {
    FileShape shape = value.shape();
    if (shape.rank() != 4 || shape.dim(0) != 1) {
      throw new Unsupported("input of shape " + shape);
    }
    return value.type();
  }

  /** The only whole number of a constant. */
  int integer(int number, String what) throws NetworkFileException, Unsupported {
    int[] values = integers(number, what);
    if (values.length != 1) {
      throw bad("%s must be one number, got %d".formatted(what, values.length));
    }
    return values[0];
  }

  /** The dimensions that a constant names, counted from the front, each once. */
  boolean[] axes(int number, FileShape of) throws NetworkFileException, Unsupported {
    boolean[] axes = new boolean[of.rank()];
    for (int axis : integers(number, "dimensions")) {
      axes[axis(axis, of)] = true;
    }
    return axes;
  }

  /** A dimension, which may be counted from behind. */
  int axis(int asked, FileShape of) throws NetworkFileException {
    int axis = asked < 0 ? asked + of.rank() : asked;
    if (axis < 0 || axis >= of.rank()) {
      throw bad("has no dimension %d of %s".formatted(asked, of));
    }
    return axis;
  }

  /** What it reads, in words. */
  String operands() throws NetworkFileException {
    List<String> kinds = new ArrayList<>();
    for (int tensor : operator.inputs()) {
      kinds.add(tensor < 0 ? "none" : String.valueOf(graph.model().type(tensor)));
    }
    return String.join(", ", kinds);
  }

  NetworkFileException bad(String problem) {
    return graph.model().bytes().bad(operator.place(), problem);
  }
}

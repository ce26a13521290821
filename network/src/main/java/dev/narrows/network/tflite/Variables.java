package dev.narrows.network.tflite;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.DoubleScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Rescale;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a file keeps from call to call: variables, which are read and assigned by name, and tensors
 * that some operators update. Each is a state, made where it is first read; what it holds when the
 * last operator has run becomes its words at the next call. One that nothing assigns is a constant.
 */
final class Variables {
  private static final int LONGEST = 4096; // characters of a name

  private final GraphImport graph;
  private final Map<Integer, String> handles = new HashMap<>(); // by tensor
  private final Map<String, TfliteTensorEntry> initial = new HashMap<>();
  private final Map<String, State> states = new LinkedHashMap<>();
  private final Map<String, GraphValue> held = new HashMap<>(); // at this point of a call

  private record State(String name, int tensor, FileShape shape, TensorType type, int[] words) {}

  Variables(GraphImport graph) {
    this.graph = graph;
  }

  /** Reads the subgraph that is run before anything else, once. */
  void once(OperatorImport in) throws NetworkFileException, Unsupported {
    FlatModel first = graph.model().subgraph(in.options().i32(0, 0, "init_subgraph_index"));
    Map<Integer, String> named = new HashMap<>();
    for (int i = 0; i < first.operators(); i++) {
      FileOperator operator = first.operator(i);
      if (operator.code() == Operator.VAR_HANDLE.code()) {
        for (int made : operator.outputs()) {
          named.put(made, name(operator));
        }
      } else if (operator.code() == Operator.ASSIGN_VARIABLE.code()) {
        String name = named(named, operator, first);
        TfliteTensorEntry entry = first.tensor(operator.input(1));
        if (!entry.constant()) {
          throw new Unsupported("a variable begins as what an operator makes");
        }
        initial.put(name, entry);
      } else {
        throw new Unsupported("%s in an initialisation".formatted(operator.name()));
      }
    }
  }

  /** Names a variable; the tensor stands for it. */
  void handle(OperatorImport in) throws NetworkFileException {
    for (int made : in.operator().outputs()) {
      handles.put(made, name(in.operator()));
    }
  }

  private static String name(FileOperator operator) throws NetworkFileException {
    FlatTable options = operator.options();
    return options.text(0, LONGEST, "container") + "/" + options.text(1, LONGEST, "shared_name");
  }

  private static String named(Map<Integer, String> names, FileOperator operator, FlatModel model)
      throws NetworkFileException {
    String name = names.get(operator.input(0));
    if (name == null || operator.input(1) < 0 && operator.outputs().length == 0) {
      throw model.bytes().bad(operator.place(), "expected a variable and a value");
    }
    return name;
  }

  void read(OperatorImport in) throws NetworkFileException, Unsupported {
    String name = named(handles, in.operator(), graph.model());
    TfliteTensorEntry made = in.made();
    if (!held.containsKey(name)) {
      TfliteTensorEntry first = initial.get(name);
      if (first == null) {
        throw in.bad("reads variable \"%s\" before anything assigns it".formatted(name));
      }
      if (first.type() != made.type()) {
        throw in.bad("reads %s from a variable of %s".formatted(made.type(), first.type()));
      }
      TensorType type = first.shape().type(made.kind());
      String layer = graph.unique(made.name());
      int[] words = graph.constants().layer(layer, first, type).words();
      begin(name, layer, first.shape(), type, words);
    }
    GraphValue value = retyped(in, value(name), made.kind());
    if (value.shape().elements() != made.shape().elements()) {
      throw in.bad("reads %s from a variable of %s".formatted(made.shape(), value.shape()));
    }
    in.finish(MoveOperators.reshaped(in, value, made.shape()));
  }

  void assign(OperatorImport in) throws NetworkFileException, Unsupported {
    assign(in, named(handles, in.operator(), graph.model()), in.value(1));
  }

  private void assign(OperatorImport in, String name, GraphValue value)
      throws NetworkFileException {
    TfliteTensorEntry first = initial.get(name);
    if (first == null) {
      held.put(name, value);
      return;
    }
    FileShape shape = first.shape();
    if (shape.elements() != value.shape().elements()) {
      throw in.bad("assigns %s to a variable of %s".formatted(value.shape(), shape));
    }
    held.put(name, MoveOperators.reshaped(in, value, shape));
  }

  /**
   * What a tensor holds that operators update; at the first call, real zero.
   *
   * @throws Unsupported if the file does not say that it is such a tensor
   */
  GraphValue updated(OperatorImport in, int tensor) throws NetworkFileException, Unsupported {
    String name = updatedName(tensor);
    if (!held.containsKey(name)) {
      if (!graph.model().variable(tensor)) {
        throw new Unsupported("tensor %d is no variable".formatted(tensor));
      }
      TfliteTensorEntry entry = graph.model().tensor(tensor);
      TensorType type = entry.made();
      graph.constants().take(entry, type.elements(), 2 * Integer.BYTES);
      int[] words = new int[type.elements()];
      Arrays.fill(words, type.isFloat() ? Words.ZERO : zero(type.quantization()));
      begin(name, graph.unique(entry.name()), entry.shape(), type, words);
    }
    return value(name);
  }

  /** LiteRT clears bytes, of 8-bit codes to their zero point. */
  private static int zero(Quantization codes) {
    return codes.format().equals(IntegerFormat.signed(8)) ? codes.zeroPoint() : 0;
  }

  /** Says what such a tensor holds from now on. */
  void update(int tensor, GraphValue value) {
    held.put(updatedName(tensor), value);
  }

  private static String updatedName(int tensor) {
    return "tensor " + tensor; // no name of a variable, which has a slash
  }

  private void begin(String name, String layer, FileShape shape, TensorType type, int[] words) {
    int tensor = graph.add(InputLayer.state(layer, type, words, 0)); // fed by what is known later
    states.put(name, new State(layer, tensor, shape, type, words));
    held.put(name, new GraphValue(tensor, shape, type));
  }

  private GraphValue value(String name) {
    GraphValue value = held.get(name);
    if (value == null) {
      throw new IllegalStateException(name);
    }
    return value;
  }

  /** The same codes where a tensor calls them by another scale. */
  private GraphValue retyped(OperatorImport in, GraphValue value, ElementKind kind)
      throws NetworkFileException, Unsupported {
    TensorType type = value.shape().type(kind);
    if (type.equals(value.type())) {
      return value;
    }
    if (type.isFloat()
        || value.type().isFloat()
        || !type.quantization().format().equals(value.type().quantization().format())) {
      throw new Unsupported("a variable of %s and %s".formatted(value.type().kind(), kind));
    }
    return new GraphValue(
        retyped(graph.unique(in.made().name() + "/codes"), value, type), value.shape(), type);
  }

  private int retyped(String name, GraphValue value, TensorType type) {
    Quantization from = value.type().quantization();
    IntegerFormat format = from.format();
    DoubleScale same =
        new DoubleScale(new double[] {1}, from.zeroPoint(), (int) format.min(), (int) format.max());
    return graph.add(new Rescale(name, value.tensor(), type, same));
  }

  /** Feeds the states, when all operators have run. */
  void finish() throws NetworkFileException {
    for (Map.Entry<String, State> entry : states.entrySet()) {
      State state = entry.getValue();
      GraphValue last = value(entry.getKey());
      if (last.tensor() == state.tensor()) {
        graph.replace(state.tensor(), new Constant(state.name(), state.type(), state.words()));
        continue;
      }
      TensorType type = state.type();
      int tensor = last.tensor();
      if (!last.type().equals(type)) {
        if (type.isFloat()
            || last.type().isFloat()
            || !type.sameShape(last.type())
            || !type.quantization().format().equals(last.type().quantization().format())) {
          throw graph
              .model()
              .bytes()
              .bad(
                  entry.getKey(),
                  "holds %s, is assigned %s".formatted(type.describe(), last.type().describe()));
        }
        tensor = retyped(graph.unique(state.name() + "/codes"), last, type);
      }
      graph.replace(state.tensor(), InputLayer.state(state.name(), type, state.words(), tensor));
    }
  }
}

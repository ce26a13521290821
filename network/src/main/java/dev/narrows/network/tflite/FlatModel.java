package dev.narrows.network.tflite;

import dev.narrows.network.FileShape;
import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parts of a TFLite file that make a network, read when asked for. */
final class FlatModel {
  private static final String IDENTIFIER = "TFL3";
  private static final int SCHEMA = 3;
  private static final int CUSTOM = 32;
  private static final int MAX_OPERATORS = 8192;
  private static final int MAX_RANK = 8;
  private static final int MAX_ARGUMENTS = 1024; // of one operator
  private static final int MAX_NAME = 256;
  private static final long ALLOWANCE = 1 << 23;

  private final FlatBytes bytes;
  private final FlatVector codes;
  private final FlatVector buffers;
  private final FlatVector subgraphs;
  private final FlatTable graph;
  private final FlatVector tensors;
  private final FlatVector operators;
  private final int[] inputs;
  private final int[] outputs;
  private final Map<Integer, FlatVector> densified = new HashMap<>();
  private long left; // bytes that sparse tensors may become

  private FlatModel(FlatBytes bytes, int subgraph, int least) throws NetworkFileException {
    this.bytes = bytes;
    this.left = 16L * bytes.size() + ALLOWANCE;
    FlatTable model = bytes.root(IDENTIFIER);
    int version = model.i32(0, 0, "version");
    if (version != SCHEMA) {
      throw model.bad("version", "expected schema %d, got %d".formatted(SCHEMA, version));
    }
    codes = model.vector(1, 4, "operator_codes");
    subgraphs = model.vector(2, 4, "subgraphs");
    buffers = model.vector(4, 4, "buffers");
    if (subgraphs.count() < 1) {
      throw model.bad("subgraphs", "expected at least one, got none");
    }
    graph = subgraphs.table(subgraph);
    tensors = graph.vector(0, 4, "tensors");
    inputs = graph.vector(1, 4, "inputs").ints(MAX_ARGUMENTS);
    outputs = graph.vector(2, 4, "outputs").ints(MAX_ARGUMENTS);
    operators = graph.vector(3, 4, "operators");
    if (operators.count() < least || operators.count() > MAX_OPERATORS) {
      throw graph.bad(
          "operators",
          "expected %d to %d, got %d".formatted(least, MAX_OPERATORS, operators.count()));
    }
    for (int i = 0; i < inputs.length + outputs.length; i++) {
      int tensor = i < inputs.length ? inputs[i] : outputs[i - inputs.length];
      if (tensor < 0 || tensor >= tensors.count()) {
        throw graph.bad(
            i < inputs.length ? "inputs" : "outputs",
            "tensor %d; there are %d".formatted(tensor, tensors.count()));
      }
    }
  }

  static FlatModel open(Path file) throws IOException {
    return of(FlatBytes.map(file));
  }

  static FlatModel of(FlatBytes bytes) throws NetworkFileException {
    return new FlatModel(bytes, 0, 1);
  }

  /**
   * Another of the file's subgraphs; its first is the one that a call runs.
   *
   * @throws NetworkFileException if there is none of this number
   */
  FlatModel subgraph(int index) throws NetworkFileException {
    if (index < 0 || index >= subgraphs.count()) {
      throw bytes.bad("subgraphs", "%d; there are %d".formatted(index, subgraphs.count()));
    }
    return new FlatModel(bytes, index, 0); // a branch may only pass on what it is given
  }

  /** Whether operators update a tensor, which then keeps what it holds until the next call. */
  boolean variable(int tensor) throws NetworkFileException {
    return tensors.table(tensor).flag(5, "is_variable");
  }

  FlatBytes bytes() {
    return bytes;
  }

  List<Integer> inputs() {
    return Arrays.stream(inputs).boxed().toList();
  }

  List<Integer> outputs() {
    return Arrays.stream(outputs).boxed().toList();
  }

  int operators() {
    return operators.count();
  }

  FileOperator operator(int index) throws NetworkFileException {
    FlatTable table = operators.table(index);
    int opcode = table.i32(0, 0, "opcode_index");
    if (opcode < 0 || opcode >= codes.count()) {
      throw table.bad("opcode_index", "%d; there are %d".formatted(opcode, codes.count()));
    }
    FlatTable kind = codes.table(opcode);
    // files from before code 127 have it in the first field only, later ones in both
    int code = Math.max(kind.i8(0, 0, "deprecated_builtin_code"), kind.i32(3, 0, "builtin_code"));
    String name =
        code == CUSTOM
            ? "CUSTOM \"" + kind.text(1, MAX_NAME, "custom_code") + "\""
            : BuiltinNames.of(code);
    int[] in = arguments(table, 1, "inputs", -1);
    int[] out = arguments(table, 2, "outputs", 0);
    int[] between = arguments(table, 8, "intermediates", 0);
    FlatTable options =
        table.has(4, "builtin_options")
            ? table.table(4, "builtin_options")
            : new FlatTable(bytes, table.place() + ".builtin_options", 0, 0, 0, 4);
    return new FileOperator(
        index,
        name,
        code,
        kind.i32(2, 1, "version"),
        in,
        out,
        between,
        table.i8(3, 0, "builtin_options_type"),
        options);
  }

  private int[] arguments(FlatTable table, int field, String name, int least)
      throws NetworkFileException {
    int[] arguments = table.vector(field, 4, name).ints(MAX_ARGUMENTS);
    for (int tensor : arguments) {
      if (tensor < least || tensor >= tensors.count()) {
        throw table.bad(name, "tensor %d; there are %d".formatted(tensor, tensors.count()));
      }
    }
    return arguments;
  }

  /** The type of a tensor's elements. */
  FileElementType type(int index) throws NetworkFileException {
    return type(tensors.table(index));
  }

  private static FileElementType type(FlatTable tensor) throws NetworkFileException {
    int type = tensor.i8(1, 0, "type");
    FileElementType[] types = FileElementType.values();
    if (type < 0 || type >= types.length) {
      throw tensor.bad("type", "%d is not a known type".formatted(type));
    }
    return types[type];
  }

  TfliteTensorEntry tensor(int index) throws NetworkFileException {
    FlatTable table = tensors.table(index);
    int[] dims = table.vector(0, 4, "shape").ints(MAX_RANK);
    FileElementType type = type(table);
    FileShape shape;
    try {
      shape = FileShape.of(dims);
    } catch (IllegalArgumentException e) {
      throw table.bad("shape", String.valueOf(e.getMessage()));
    }
    FlatVector data =
        table.has(6, "sparsity") ? dense(index, table, shape, type) : whole(table, shape, type);
    FlatVector none = new FlatVector(bytes, table.place(), 0, 0, 1);
    boolean quantized = table.has(4, "quantization");
    FlatTable how = quantized ? table.table(4, "quantization") : table;
    FlatVector scales = quantized ? how.vector(2, 4, "scale") : none;
    FlatVector zeros = quantized ? how.vector(3, 8, "zero_point") : none;
    int dimension = quantized ? how.i32(6, 0, "quantized_dimension") : 0;
    if (scales.count() > 1) {
      // a vector has one dimension, whatever number a converter gave it
      int axis = dims.length == 1 ? 0 : dimension;
      int channels = axis >= 0 && axis < dims.length ? dims[axis] : -1;
      if (channels != scales.count()) {
        throw how.bad(
            "scale",
            "%d of them for dimension %d of %s".formatted(scales.count(), dimension, shape));
      }
    }
    if (zeros.count() > 1 && zeros.count() != scales.count()) {
      throw how.bad(
          "zero_point", "%d of them for %d scales".formatted(zeros.count(), scales.count()));
    }
    return new TfliteTensorEntry(
        "tensor " + index,
        index,
        table.text(3, MAX_NAME, "name"),
        type,
        shape,
        data,
        scales,
        zeros,
        dimension);
  }

  /** The root table. */
  FlatTable root() throws NetworkFileException {
    return bytes.root(IDENTIFIER);
  }

  /** The table of this subgraph. */
  FlatTable graph() {
    return graph;
  }

  FlatVector tensors() {
    return tensors;
  }

  FlatVector operatorTables() {
    return operators;
  }

  FlatVector buffers() {
    return buffers;
  }

  /** The tables of all subgraphs. */
  FlatVector graphs() {
    return subgraphs;
  }

  /** The buffer of a tensor. */
  int buffer(int tensor) throws NetworkFileException {
    return tensors.table(tensor).i32(2, 0, "buffer");
  }

  /** The scales of a tensor. */
  FlatVector scales(int tensor) throws NetworkFileException {
    FlatTable table = tensors.table(tensor);
    return table.has(4, "quantization")
        ? table.table(4, "quantization").vector(2, 4, "scale")
        : new FlatVector(bytes, table.place(), 0, 0, 4);
  }

  /** Whether a buffer is one that describes the model, not a tensor's. */
  boolean describes(int buffer) throws NetworkFileException {
    FlatTable root = root();
    for (int other : root.vector(5, 4, "metadata_buffer").ints(Integer.MAX_VALUE)) {
      if (other == buffer) {
        return true;
      }
    }
    FlatVector metadata = root.vector(6, 4, "metadata");
    for (int i = 0; i < metadata.count(); i++) {
      if (metadata.table(i).i32(1, 0, "buffer") == buffer) {
        return true;
      }
    }
    return false;
  }

  int subgraphs() {
    return subgraphs.count();
  }

  /** The bytes of a constant tensor; an empty vector for what operators make. */
  private FlatVector whole(FlatTable tensor, FileShape shape, FileElementType type)
      throws NetworkFileException {
    FlatVector data = content(tensor);
    long expected = type.bytes(shape.elements());
    if (data.count() > 0 && expected > 0 && data.count() != expected) {
      throw tensor.bad(
          "buffer",
          "%d bytes for %d elements of %s".formatted(data.count(), shape.elements(), type));
    }
    return data;
  }

  /** A tensor of which the file holds some elements only. */
  private FlatVector dense(int index, FlatTable tensor, FileShape shape, FileElementType type)
      throws NetworkFileException {
    FlatVector known = densified.get(index);
    if (known != null) {
      return known;
    }
    FlatVector data = content(tensor);
    if (data.count() == 0) {
      return data;
    }
    if (type.bytes() == 0) {
      throw tensor.bad("sparsity", "elements of %s are not read".formatted(type));
    }
    long size = type.bytes(shape.elements());
    left -= size;
    if (left < 0 || size > Integer.MAX_VALUE - 8) {
      throw tensor.bad("sparsity", "the file is too small for %s".formatted(shape));
    }
    FlatTable how = tensor.table(6, "sparsity");
    FlatVector made = SparseContent.dense(how, shape, data, type.bytes());
    densified.put(index, made);
    return made;
  }

  private FlatVector content(FlatTable tensor) throws NetworkFileException {
    int index = tensor.i32(2, 0, "buffer");
    if (index < 0 || index >= buffers.count()) {
      throw tensor.bad("buffer", "%d; there are %d".formatted(index, buffers.count()));
    }
    FlatTable buffer = buffers.table(index);
    FlatVector data = buffer.vector(0, 1, "data");
    if (data.count() == 0 && buffer.i64(1, 0, "offset") > 1) {
      long offset = buffer.i64(1, 0, "offset");
      long size = buffer.i64(2, 0, "size");
      bytes.require(offset, size, buffer.place());
      data = new FlatVector(bytes, buffer.place(), (int) offset, (int) size, 1);
    }
    return data;
  }
}

package dev.narrows.network.onnx.read;

import static dev.narrows.network.onnx.graph.SmallOnnx.floats;
import static dev.narrows.network.onnx.graph.SmallOnnx.graph;
import static dev.narrows.network.onnx.graph.SmallOnnx.integer;
import static dev.narrows.network.onnx.graph.SmallOnnx.longs;
import static dev.narrows.network.onnx.graph.SmallOnnx.model;
import static dev.narrows.network.onnx.graph.SmallOnnx.node;
import static dev.narrows.network.onnx.graph.SmallOnnx.product;
import static dev.narrows.network.onnx.graph.SmallOnnx.tensor;
import static dev.narrows.network.onnx.graph.SmallOnnx.value;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.AttributeProto.AttributeType;
import dev.narrows.network.onnx.proto.FunctionProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.OperatorSetIdProto;
import dev.narrows.network.onnx.proto.SparseTensorProto;
import dev.narrows.network.onnx.proto.TensorProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Small files of many operators, and what becomes of files by chance. */
public final class OnnxMutants {
  private static final long[] INTERESTING = {
    0,
    1,
    -1,
    2,
    3,
    4,
    7,
    8,
    64,
    127,
    128,
    255,
    256,
    1 << 16,
    1 << 20,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final List<String> OPERATORS =
      List.of(
          "Conv",
          "MatMul",
          "Gemm",
          "Relu",
          "Add",
          "Mul",
          "Sub",
          "Div",
          "Reshape",
          "Transpose",
          "Concat",
          "Slice",
          "Gather",
          "Squeeze",
          "Unsqueeze",
          "Flatten",
          "MaxPool",
          "AveragePool",
          "Softmax",
          "GlobalAveragePool",
          "Clip",
          "Expand",
          "Tile",
          "Split",
          "Pad",
          "Identity",
          "Constant",
          "Shape",
          "ConstantOfShape",
          "Cast",
          "Range",
          "Where",
          "Equal",
          "Less",
          "And",
          "Not",
          "Pow",
          "Mod",
          "Min",
          "ReduceSum",
          "ReduceMean",
          "ReduceMax",
          "ReduceProd",
          "GatherElements",
          "GatherND",
          "ScatterND",
          "ScatterElements",
          "Trilu",
          "DequantizeLinear",
          "QuantizeLinear",
          "QLinearConv",
          "QLinearMatMul",
          "ConvInteger",
          "MatMulInteger",
          "DynamicQuantizeLinear",
          "BatchNormalization",
          "Resize",
          "LayerNormalization",
          "ConvTranspose",
          "LeakyRelu",
          "PRelu",
          "ArgMax",
          "NonZero",
          "Sqrt",
          "Erf",
          "DepthToSpace",
          "SpaceToDepth",
          "InstanceNormalization",
          "LRN",
          "Einsum",
          "CumSum",
          "TopK",
          "HardSigmoid",
          "Gelu",
          "Attention",
          "LSTM",
          "GRU",
          "RNN",
          "OneHot",
          "Size",
          "CastLike",
          "Trunc");

  private OnnxMutants() {}

  /**
   * What is mutated: small files of several operators, goldens of one, and ONNX's node tests where
   * NARROWS_DATA, or the property {@code narrows.onnx}, has them.
   */
  public static List<byte[]> sources() throws IOException {
    List<byte[]> sources = new ArrayList<>();
    sources.add(model(product()).build().toByteArray());
    sources.add(model(image()).build().toByteArray());
    sources.add(model(shapes()).build().toByteArray());
    sources.add(quantized().build().toByteArray());
    sources.add(called().build().toByteArray());
    sources.addAll(operators());
    sources.addAll(nodeTests());
    return sources;
  }

  /** Whether ONNX's node tests are among the sources: they are a data set. */
  public static boolean haveNodeTests() throws IOException {
    return !nodeTests().isEmpty();
  }

  private static List<byte[]> operators() throws IOException {
    List<byte[]> models = new ArrayList<>();
    InputStream packed = OnnxMutants.class.getResourceAsStream("/golden/onnx/operators.zip");
    try (ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(packed))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().endsWith(".onnx")) {
          models.add(zip.readAllBytes());
        }
      }
    }
    return models;
  }

  private static List<byte[]> nodeTests() throws IOException {
    List<byte[]> models = new ArrayList<>();
    for (String root : System.getenv().getOrDefault("NARROWS_DATA", "").split(":")) {
      Path folder = Path.of(System.getProperty("narrows.onnx", root + "/onnx-node-tests"));
      if (Files.isDirectory(folder)) {
        try (Stream<Path> tests = Files.list(folder)) {
          for (Path test : tests.sorted().toList()) {
            Path file = test.resolve("model.onnx");
            if (Files.isRegularFile(file) && Files.size(file) < 1 << 20) {
              models.add(Files.readAllBytes(file));
            }
          }
        }
        break;
      }
    }
    return models;
  }

  private static AttributeProto.Builder integers(String name, long... values) {
    AttributeProto.Builder made =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    Arrays.stream(values).forEach(made::addInts);
    return made;
  }

  private static float[] numbers(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i * 7 % 11 - 5) / 4f;
    }
    return values;
  }

  /** A small network of images. */
  private static GraphProto.Builder image() {
    return GraphProto.newBuilder()
        .addInput(value("x", 1, -1, 2, 6, 6))
        .addInitializer(floats("w", numbers(3 * 2 * 9), 3, 2, 3, 3))
        .addInitializer(floats("b", numbers(3), 3))
        .addInitializer(floats("d", numbers(3 * 4), 3, 4))
        .addNode(
            node("Conv", List.of("x", "w", "b"), "c")
                .addAttribute(integers("pads", 1, 1, 1, 1))
                .addAttribute(integers("strides", 2, 2)))
        .addNode(node("Relu", List.of("c"), "r"))
        .addNode(node("MaxPool", List.of("r"), "m").addAttribute(integers("kernel_shape", 2, 2)))
        .addNode(node("GlobalAveragePool", List.of("m"), "g"))
        .addNode(node("Flatten", List.of("g"), "f"))
        .addNode(node("Gemm", List.of("f", "d"), "z"))
        .addNode(node("Softmax", List.of("z"), "y").addAttribute(integer("axis", 1)))
        .addOutput(value("y", 1, -1, 4));
  }

  /** Shapes that are worked out node by node. */
  private static GraphProto.Builder shapes() {
    return GraphProto.newBuilder()
        .addInput(value("x", 1, 1, 4, 6))
        .addInitializer(longs("zero", new long[] {0}, 1))
        .addInitializer(longs("one", new long[] {1}, 1))
        .addInitializer(longs("last", new long[] {-1}, 1))
        .addInitializer(longs("two", new long[] {2}, 1))
        .addSparseInitializer(
            SparseTensorProto.newBuilder()
                .setValues(floats("s", numbers(2), 2))
                .setIndices(longs("", new long[] {1, 5}, 2))
                .addDims(6))
        .addNode(node("Shape", List.of("x"), "shape"))
        .addNode(node("Gather", List.of("shape", "one"), "rows"))
        .addNode(node("Mul", List.of("rows", "two"), "more"))
        .addNode(
            node("Concat", List.of("zero", "more", "last"), "wanted")
                .addAttribute(integer("axis", 0)))
        .addNode(node("Reshape", List.of("x", "wanted"), "r"))
        .addNode(node("Slice", List.of("r", "zero", "two", "last"), "p"))
        .addNode(node("ConstantOfShape", List.of("more"), "c"))
        .addNode(node("Range", List.of("zero", "more", "one"), "n"))
        .addNode(node("Cast", List.of("n"), "f").addAttribute(integer("to", 1)))
        .addNode(node("Add", List.of("f", "c"), "a"))
        .addNode(node("Unsqueeze", List.of("a", "one"), "u"))
        .addNode(node("Add", List.of("p", "u"), "q"))
        .addNode(node("Transpose", List.of("q"), "t").addAttribute(integers("perm", 0, 2, 1)))
        .addNode(node("ReduceSum", List.of("t", "last"), "y"))
        .addOutput(value("y", 1, 1, 2, 1));
  }

  /** Codes between numbers. */
  private static ModelProto.Builder quantized() {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(value("x", 2, 1, 4))
            .addInitializer(floats("xs", new float[] {0.5f}))
            .addInitializer(
                tensor("xz", 2).setRawData(ByteString.copyFrom(new byte[] {(byte) 128})))
            .addInitializer(
                tensor("w", 3, 4, 2).addAllInt32Data(List.of(1, -2, 3, -4, 5, -6, 7, -8)))
            .addInitializer(floats("ws", new float[] {0.25f, 0.5f}, 2))
            .addInitializer(tensor("p", 22, 3).addAllInt32Data(List.of(0x21, 0x03)))
            .addNode(node("DequantizeLinear", List.of("x", "xs", "xz"), "a"))
            .addNode(
                node("DequantizeLinear", List.of("w", "ws"), "b").addAttribute(integer("axis", 1)))
            .addNode(node("MatMul", List.of("a", "b"), "c"))
            .addNode(node("QuantizeLinear", List.of("c", "xs", "xz"), "y"))
            .addOutput(value("y", 2, 1, 2));
    return model(graph);
  }

  /** A function that chooses between two graphs. */
  private static ModelProto.Builder called() {
    GraphProto.Builder branch =
        GraphProto.newBuilder()
            .addNode(node("Relu", List.of("a"), "r"))
            .addOutput(value("r", 1, 1, 2));
    FunctionProto.Builder choose =
        FunctionProto.newBuilder()
            .setDomain("own")
            .setName("Choose")
            .addInput("a")
            .addInput("which")
            .addOutput("b")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18))
            .addNode(
                node("If", List.of("which"), "b")
                    .addAttribute(graph("then_branch", branch))
                    .addAttribute(graph("else_branch", branch.clone())));
    GraphProto.Builder graph =
        product()
            .addInitializer(tensor("yes", 9).addInt32Data(1))
            .addNode(node("Choose", List.of("y", "yes"), "z").setDomain("own"));
    graph.setOutput(0, value("z", 1, 1, 2));
    return model(graph).addFunctions(choose);
  }

  /** A file that is a little different: in its bytes or in its parts. */
  public static byte[] mutant(byte[] source, SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      return ofBytes(source, random);
    }
    try {
      ModelProto.Builder model = ModelProto.parseFrom(source).toBuilder();
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        change(model, random);
      }
      return model.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] ofBytes(byte[] source, SplittableRandom random) {
    byte[] bytes = source.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = bytes[random.nextInt(bytes.length)];
        default -> {
          int length = Math.min(random.nextInt(1, 64), bytes.length - at);
          int from = random.nextInt(bytes.length - length + 1);
          System.arraycopy(source, from, bytes, at, length);
        }
      }
    }
    return random.nextInt(32) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static long interesting(SplittableRandom random) {
    return random.nextBoolean()
        ? random.nextInt(-8, 9)
        : INTERESTING[random.nextInt(INTERESTING.length)];
  }

  private static void change(ModelProto.Builder model, SplittableRandom random) {
    GraphProto.Builder graph = model.getGraphBuilder();
    switch (random.nextInt(10)) {
      case 0 -> {
        if (model.getOpsetImportCount() > 0) {
          model.getOpsetImportBuilder(0).setVersion(random.nextInt(1, 27));
        }
      }
      case 1, 2 -> initializer(graph, random);
      case 3 -> {
        if (graph.getInputCount() > 0) {
          int number = random.nextInt(graph.getInputCount());
          long[] dims = new long[random.nextInt(6)];
          Arrays.setAll(
              dims, i -> random.nextInt(3) == 0 ? interesting(random) : random.nextInt(-1, 9));
          int type = random.nextInt(3) == 0 ? random.nextInt(28) : 1;
          graph.setInput(number, value(graph.getInput(number).getName(), type, dims));
        }
      }
      case 4 -> {
        if (graph.getNodeCount() > 1) { // two nodes change places
          int a = random.nextInt(graph.getNodeCount());
          int b = random.nextInt(graph.getNodeCount());
          NodeProto first = graph.getNode(a);
          graph.setNode(a, graph.getNode(b));
          graph.setNode(b, first);
        }
      }
      default -> {
        if (graph.getNodeCount() > 0) {
          changeNode(graph, graph.getNodeBuilder(random.nextInt(graph.getNodeCount())), random);
        }
      }
    }
  }

  private static void initializer(GraphProto.Builder graph, SplittableRandom random) {
    if (graph.getInitializerCount() == 0) {
      return;
    }
    TensorProto.Builder tensor =
        graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
    switch (random.nextInt(4)) {
      case 0 -> {
        if (tensor.getDimsCount() > 0) {
          tensor.setDims(random.nextInt(tensor.getDimsCount()), interesting(random));
        }
      }
      case 1 -> {
        if (tensor.getDimsCount() > 1) { // the same elements in another shape
          long first = tensor.getDims(0);
          tensor.setDims(0, tensor.getDims(1)).setDims(1, first);
        } else {
          tensor.addDims(1);
        }
      }
      case 2 -> {
        if (tensor.getInt64DataCount() > 0) {
          tensor.setInt64Data(random.nextInt(tensor.getInt64DataCount()), interesting(random));
        } else if (tensor.getRawData().size() > 0) {
          byte[] raw = tensor.getRawData().toByteArray();
          raw[random.nextInt(raw.length)] = (byte) random.nextInt(256);
          tensor.setRawData(ByteString.copyFrom(raw));
        }
      }
      default -> tensor.setDataType(random.nextInt(28));
    }
  }

  private static void changeNode(
      GraphProto.Builder graph, NodeProto.Builder node, SplittableRandom random) {
    switch (random.nextInt(6)) {
      case 0 -> node.setOpType(OPERATORS.get(random.nextInt(OPERATORS.size())));
      case 1 -> {
        if (node.getInputCount() > 0) {
          node.setInput(random.nextInt(node.getInputCount()), name(graph, random));
        }
      }
      case 2 -> node.addInput(name(graph, random));
      case 3 -> {
        if (node.getAttributeCount() > 0) {
          AttributeProto.Builder attribute =
              node.getAttributeBuilder(random.nextInt(node.getAttributeCount()));
          if (attribute.getIntsCount() > 0) {
            attribute.setInts(random.nextInt(attribute.getIntsCount()), interesting(random));
          } else if (attribute.hasI()) {
            attribute.setI(interesting(random));
          } else if (attribute.hasF()) {
            attribute.setF(random.nextBoolean() ? Float.NaN : interesting(random));
          }
        }
      }
      case 4 ->
          node.addAttribute(
              random.nextBoolean()
                  ? integer(
                      List.of(
                              "axis",
                              "group",
                              "keepdims",
                              "ceil_mode",
                              "blocksize",
                              "to",
                              "block_size")
                          .get(random.nextInt(7)),
                      interesting(random))
                  : integers(
                      List.of(
                              "axes",
                              "pads",
                              "strides",
                              "dilations",
                              "kernel_shape",
                              "perm",
                              "split")
                          .get(random.nextInt(7)),
                      interesting(random),
                      interesting(random)));
      default -> {
        if (node.getInputCount() > 0) {
          List<String> fewer = node.getInputList().subList(0, node.getInputCount() - 1);
          List<String> kept = List.copyOf(fewer);
          node.clearInput().addAllInput(kept);
        }
      }
    }
  }

  private static String name(GraphProto.Builder graph, SplittableRandom random) {
    int which = random.nextInt(3);
    if (which == 0 && graph.getInitializerCount() > 0) {
      return graph.getInitializer(random.nextInt(graph.getInitializerCount())).getName();
    }
    if (which == 1 && graph.getInputCount() > 0) {
      return graph.getInput(random.nextInt(graph.getInputCount())).getName();
    }
    if (graph.getNodeCount() == 0) {
      return "";
    }
    NodeProto node = graph.getNode(random.nextInt(graph.getNodeCount()));
    return node.getOutputCount() == 0 ? "" : node.getOutput(0);
  }
}

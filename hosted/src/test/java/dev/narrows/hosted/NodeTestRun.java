package dev.narrows.hosted;

import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.hosted.HostedException;
import dev.narrows.network.hosted.HostedRuntime;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.onnx.read.NotAllNativeException;
import dev.narrows.network.onnx.read.OnnxReader;
import dev.narrows.network.program.Program;
import dev.narrows.network.program.ProgramException;
import dev.narrows.network.program.ProgramExecutor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One of ONNX's node tests: a model, its inputs and what it must make of them. It runs as a network
 * of layers; with the values of some inputs fixed, as a user fixes them by {@code --bind}; or as a
 * program with hosted parts.
 */
final class NodeTestRun {
  /** How a test went. */
  enum Outcome {
    NATIVE,
    HOSTED,
    REFUSED,
    FAIL
  }

  /**
   * How a test went.
   *
   * @param operators of the model, those inside control flow too
   * @param bound the inputs whose values must be fixed for it to be native; "" where none must, or
   *     where it is not even then
   * @param sums whether the model has an operator that sums products
   * @param ours whether all its sums were ours, if it ran; in a network of layers all are
   */
  record Result(
      String test,
      String operators,
      Outcome outcome,
      Optional<String> bound,
      boolean sums,
      boolean ours,
      String why) {}

  /** An attempt: what stands in its way, "" if nothing does. */
  private record Attempt(Outcome outcome, boolean ours, String why) {}

  private static final Set<String> SUMMING =
      Set.of(
          ("Attention CausalConvWithState Conv ConvInteger ConvTranspose DFT DeformConv Einsum"
                  + " ai.onnx.preview.FlexAttention GRU Gemm LSTM LinearAttention MatMul"
                  + " MatMulInteger QLinearConv QLinearMatMul RNN STFT")
              .split(" "));

  /** Inputs that say how, not what: shapes, axes, counts, scales, limits. */
  private static final Map<String, Set<Integer>> PARAMETERS = parameters();

  private final Path folder;
  private final Set<String> operators = new TreeSet<>();

  NodeTestRun(Path folder) {
    this.folder = folder;
  }

  private static Map<String, Set<Integer>> parameters() {
    Map<String, Set<Integer>> all = new HashMap<>();
    for (String one :
        List.of(
            "AffineGrid 1",
            "CenterCropPad 1",
            "Clip 1 2",
            "Col2Im 1 2",
            "Compress 1",
            "ConstantOfShape 0",
            "ConvInteger 2 3",
            "CumProd 1",
            "CumSum 1",
            "DequantizeLinear 1 2",
            "Dropout 1 2",
            "Expand 1",
            "If 0",
            "Loop 0",
            "MatMulInteger 2 3",
            "MaxUnpool 2",
            "NonMaxSuppression 2 3 4",
            "OneHot 1 2",
            "Pad 1 2 3",
            "QLinearConv 1 2 4 5 6 7",
            "QLinearMatMul 1 2 4 5 6 7",
            "QuantizeLinear 1 2",
            "Range 0 1 2",
            "ReduceL1 1",
            "ReduceL2 1",
            "ReduceLogSum 1",
            "ReduceLogSumExp 1",
            "ReduceMax 1",
            "ReduceMean 1",
            "ReduceMin 1",
            "ReduceProd 1",
            "ReduceSum 1",
            "ReduceSumSquare 1",
            "Reshape 1",
            "Resize 1 2 3",
            "Slice 1 2 3 4",
            "Split 1",
            "Squeeze 1",
            "Tile 1",
            "TopK 1",
            "Trilu 1",
            "Unsqueeze 1",
            "Upsample 1")) {
      String[] parts = one.split(" ");
      all.put(
          parts[0], Arrays.stream(parts).skip(1).map(Integer::valueOf).collect(Collectors.toSet()));
    }
    return all;
  }

  Result run() throws IOException {
    OnnxModel model;
    try {
      model = OnnxFile.read(folder.resolve("model.onnx"));
    } catch (NetworkFileException e) {
      return result(new Attempt(Outcome.FAIL, false, e.what()), Optional.empty());
    }
    collect(model.graph());
    Attempt plain = attempt(model, Optional.of(Set.of()));
    if (plain.outcome() != Outcome.REFUSED) {
      return result(plain, Optional.of(""));
    }
    Attempt hosted = attempt(model, Optional.empty());
    for (Set<String> names : List.of(parameters(model), furtherInputs(model))) {
      Attempt bound = names.isEmpty() ? plain : attempt(model, Optional.of(names));
      if (bound.outcome() != Outcome.REFUSED) {
        Attempt told =
            bound.outcome() == Outcome.FAIL || hosted.outcome() == Outcome.REFUSED ? bound : hosted;
        return result(told, Optional.of(String.join(" ", new TreeSet<>(names))));
      }
    }
    return result(hosted, Optional.empty());
  }

  private Result result(Attempt attempt, Optional<String> bound) {
    return new Result(
        String.valueOf(folder.getFileName()),
        String.join(" ", operators),
        attempt.outcome(),
        bound,
        operators.stream().anyMatch(SUMMING::contains),
        attempt.ours(),
        attempt.why());
  }

  private void collect(OnnxGraph graph) {
    for (OnnxNode node : graph.nodes()) {
      operators.add(node.key());
      node.graphs().values().forEach(this::collect);
    }
  }

  private static boolean sums(OnnxNode node) {
    return SUMMING.contains(node.key())
        || node.graphs().values().stream()
            .flatMap(graph -> graph.nodes().stream())
            .anyMatch(NodeTestRun::sums);
  }

  private static Set<String> parameters(OnnxModel model) {
    Set<String> required =
        model.graph().required().stream().map(OnnxValueInfo::name).collect(Collectors.toSet());
    return model.graph().nodes().stream()
        .flatMap(
            node -> PARAMETERS.getOrDefault(node.operator(), Set.of()).stream().map(node::input))
        .filter(required::contains)
        .collect(Collectors.toSet());
  }

  private static Set<String> furtherInputs(OnnxModel model) {
    return model.graph().required().stream()
        .skip(1)
        .map(OnnxValueInfo::name)
        .collect(Collectors.toSet());
  }

  /**
   * Runs all the data of the test.
   *
   * @param bound the inputs that are fixed for a network; empty for a program
   */
  private Attempt attempt(OnnxModel model, Optional<Set<String>> bound) throws IOException {
    int sets = 0;
    boolean ours = true;
    try {
      for (; Files.isDirectory(folder.resolve("test_data_set_" + sets)); sets++) {
        NodeTestData data = NodeTestData.read(folder.resolve("test_data_set_" + sets), model);
        String difference;
        if (bound.isPresent()) {
          Network network = network(model, data, bound.get());
          difference = asNetwork(network, model, data, bound.get());
        } else {
          Program program = Program.of(model);
          ours &= program.hosted().stream().noneMatch(NodeTestRun::sums);
          difference = asProgram(program, data);
        }
        if (!difference.isEmpty()) {
          return new Attempt(Outcome.FAIL, ours, difference);
        }
      }
    } catch (NotAllNativeException e) {
      return new Attempt(Outcome.REFUSED, false, String.join("; ", e.reasons()));
    } catch (NetworkFileException e) {
      return new Attempt(Outcome.REFUSED, false, e.what());
    } catch (CannotRun
        | ProgramException
        | HostedException
        | LayerArithmeticException
        | UnsupportedOperationException e) {
      return new Attempt(Outcome.REFUSED, false, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return new Attempt(Outcome.FAIL, false, String.valueOf(e));
    }
    Outcome outcome = bound.isPresent() ? Outcome.NATIVE : Outcome.HOSTED;
    return sets == 0
        ? new Attempt(Outcome.REFUSED, false, "no data")
        : new Attempt(outcome, ours, "");
  }

  private static Network network(OnnxModel model, NodeTestData data, Set<String> bound)
      throws NetworkFileException, NotAllNativeException {
    Map<String, String> values = new HashMap<>();
    for (String name : bound) {
      values.put(name, text(Optional.ofNullable(data.inputs().get(name))));
    }
    return OnnxReader.network(model, new ReadOptions(Map.of(), values));
  }

  private static String text(Optional<NdTensor> given) {
    if (given.isEmpty()) {
      throw new CannotRun("no data for a bound input");
    }
    NdTensor tensor = given.get();
    if (tensor.type().isInteger() || tensor.type() == NdType.BOOL) {
      return Arrays.stream(tensor.integers())
          .mapToObj(Long::toString)
          .collect(Collectors.joining(","));
    }
    if (!tensor.type().isFloating()) {
      throw new CannotRun("values of type " + tensor.type() + " cannot be bound");
    }
    return Arrays.stream(tensor.doubles())
        .mapToObj(Double::toString)
        .collect(Collectors.joining(","));
  }

  private static String asProgram(Program program, NodeTestData data) {
    try (ProgramExecutor executor =
        new ProgramExecutor(program, HostedRuntime.find(), LayerRegisters.exact())) {
      Map<String, HostedValue> made = executor.run(data.inputs(), RunOptions.none());
      for (Map.Entry<String, List<NdTensor>> output : data.outputs().entrySet()) {
        HostedValue value = made.get(output.getKey());
        List<NdTensor> arrays = value == null ? List.of() : value.all();
        if (arrays.size() != output.getValue().size()) {
          return "%s: %d arrays".formatted(output.getKey(), arrays.size());
        }
        for (int i = 0; i < arrays.size(); i++) {
          NdTensor expected = output.getValue().get(i);
          String difference =
              arrays.get(i).type() != expected.type()
                      || !arrays.get(i).dims().equals(expected.dims())
                  ? "%s instead of %s".formatted(arrays.get(i), expected)
                  : NodeTestData.difference(arrays.get(i), expected);
          if (!difference.isEmpty()) {
            return output.getKey() + ": " + difference;
          }
        }
      }
      return "";
    }
  }

  private static String asNetwork(
      Network network, OnnxModel model, NodeTestData data, Set<String> bound) {
    List<OnnxValueInfo> given =
        model.graph().required().stream().filter(i -> !bound.contains(i.name())).toList();
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < network.inputs().size(); i++) {
      TensorType type = network.tensor(network.inputs().get(i));
      NdTensor array = data.inputs().get(given.get(i).name());
      if (array == null || array.elements() != type.elements()) {
        throw new CannotRun("input " + given.get(i).name() + ": other data than declared");
      }
      all.add(type.isFloat() ? Words.of(array.floats()) : codes(array, type));
    }
    List<int[]> tensors =
        new ReferenceExecutor(network, LayerRegisters.exact())
            .tensors(all.stream().flatMapToInt(Arrays::stream).toArray());
    List<Integer> results = FileTensors.outputs(network);
    List<FileTensors.Tensor> own = FileTensors.of(network).orElseThrow().tensors();
    for (int i = 0; i < model.graph().outputs().size(); i++) {
      String name = model.graph().outputs().get(i).name();
      List<NdTensor> arrays = data.outputs().getOrDefault(name, List.of());
      if (arrays.size() != 1) {
        continue; // the test does not say
      }
      NdTensor expected = arrays.getFirst();
      List<Integer> dims =
          own.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow().shape().dims();
      if (!dims.equals(expected.dims())) {
        return "%s: %s instead of %s".formatted(name, dims, expected.dims());
      }
      TensorType type = network.tensor(results.get(i));
      if (type.isFloat() != expected.type().isFloating()) {
        return "%s: %s instead of %s".formatted(name, type.kind(), expected.type());
      }
      int[] words = tensors.get(results.get(i));
      int[] flat = {words.length};
      NdTensor made =
          type.isFloat()
              ? NdTensor.of(Words.numbers(words), flat)
              : NdTensor.of(Arrays.stream(words).asLongStream().toArray(), flat);
      String difference = NodeTestData.difference(made.shaped(dims), expected);
      if (!difference.isEmpty()) {
        return name + ": " + difference;
      }
    }
    return "";
  }

  private static int[] codes(NdTensor array, TensorType type) {
    long[] values = array.integers();
    int[] codes = new int[values.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (int) values[i];
      if (values[i] < type.quantization().format().min()
          || values[i] > type.quantization().format().max()) {
        throw new CannotRun("an input of " + values[i] + " does not fit " + type.describe());
      }
    }
    return codes;
  }

  /** Data that a test has and a user could not give. */
  static final class CannotRun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotRun(String why) {
      super(why);
    }
  }
}

package dev.narrows.network.onnx.read;

import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
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
import java.util.stream.Collectors;

/** One of ONNX's node tests: a model, its inputs and what it must make of them. */
final class NodeTestRun {
  /**
   * How it went.
   *
   * @param outcome "native", "refused" or "fail"
   * @param bound the inputs whose values were fixed by --bind, none if it ran as it is
   */
  record Result(String outcome, String bound, String why) {}

  /** Inputs that say how, not what: shapes, axes, counts, scales, limits. */
  private static final Map<String, Set<Integer>> PARAMETERS = parameters();

  private final Path folder;

  NodeTestRun(Path folder) {
    this.folder = folder;
  }

  private static Map<String, Set<Integer>> parameters() {
    Map<String, Set<Integer>> all = new HashMap<>();
    for (String one :
        List.of(
            "Reshape 1",
            "Expand 1",
            "Tile 1",
            "Slice 1 2 3 4",
            "Pad 1 2 3",
            "Squeeze 1",
            "Unsqueeze 1",
            "Split 1",
            "SplitToSequence 1",
            "TopK 1",
            "Resize 1 2 3",
            "Upsample 1",
            "ConstantOfShape 0",
            "Range 0 1 2",
            "Clip 1 2",
            "OneHot 1 2",
            "Dropout 1 2",
            "CumSum 1",
            "CumProd 1",
            "Trilu 1",
            "QuantizeLinear 1 2",
            "DequantizeLinear 1 2",
            "CenterCropPad 1",
            "ReduceSum 1",
            "ReduceMean 1",
            "ReduceMax 1",
            "ReduceMin 1",
            "ReduceProd 1",
            "ReduceL1 1",
            "ReduceL2 1",
            "ReduceLogSum 1",
            "ReduceLogSumExp 1",
            "ReduceSumSquare 1",
            "QLinearConv 1 2 4 5 6 7",
            "QLinearMatMul 1 2 4 5 6 7",
            "MatMulInteger 2 3",
            "ConvInteger 2 3",
            "Col2Im 1 2",
            "NonMaxSuppression 2 3 4",
            "MaxUnpool 2",
            "Loop 0",
            "DFT 1 2",
            "STFT 1 3",
            "BlackmanWindow 0",
            "HannWindow 0",
            "HammingWindow 0",
            "MelWeightMatrix 0 1 2 3 4",
            "AffineGrid 1",
            "Compress 1",
            "If 0")) {
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
      return new Result("fail", "", e.what());
    }
    List<Set<String>> ways = new ArrayList<>();
    ways.add(Set.of());
    Set<String> parameters = named(model);
    if (!parameters.isEmpty()) {
      ways.add(parameters);
    }
    Set<String> constants =
        model.graph().required().stream()
            .skip(1)
            .map(OnnxValueInfo::name)
            .collect(Collectors.toSet());
    if (!constants.isEmpty()) {
      ways.add(constants);
    }
    Result first = run(model, Set.of());
    for (Set<String> bound : ways.subList(1, ways.size())) {
      if (first.outcome().equals("refused")) {
        Result next = run(model, bound);
        first = next.outcome().equals("refused") ? first : next;
      }
    }
    return first;
  }

  private static Set<String> named(OnnxModel model) {
    Set<String> required =
        model.graph().required().stream().map(OnnxValueInfo::name).collect(Collectors.toSet());
    return model.graph().nodes().stream()
        .flatMap(
            node -> PARAMETERS.getOrDefault(node.operator(), Set.of()).stream().map(node::input))
        .filter(required::contains)
        .collect(Collectors.toSet());
  }

  private Result run(OnnxModel model, Set<String> bound) throws IOException {
    String names = String.join(" ", bound.stream().sorted().toList());
    int sets = 0;
    for (; Files.isDirectory(folder.resolve("test_data_set_" + sets)); sets++) {
      Path data = folder.resolve("test_data_set_" + sets);
      try {
        Map<String, NdTensor> inputs = arrays(data, "input_", model.graph().inputs());
        Map<String, NdTensor> outputs = arrays(data, "output_", model.graph().outputs());
        Map<String, String> values = new HashMap<>();
        for (String name : bound) {
          values.put(name, text(Optional.ofNullable(inputs.get(name))));
        }
        Network network = OnnxReader.network(model, new ReadOptions(Map.of(), values));
        String difference = difference(network, model, inputs, outputs, bound);
        if (!difference.isEmpty()) {
          return new Result("fail", names, difference);
        }
      } catch (NotAllNativeException e) {
        return new Result("refused", names, String.join("; ", e.reasons()));
      } catch (NetworkFileException e) {
        return new Result("refused", names, "file: " + e.what());
      } catch (Refused e) {
        return new Result("refused", names, String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        return new Result("fail", names, String.valueOf(e));
      }
    }
    return sets == 0 ? new Result("refused", names, "no data") : new Result("native", names, "");
  }

  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
      super(why);
    }
  }

  private static Map<String, NdTensor> arrays(Path data, String prefix, List<OnnxValueInfo> infos)
      throws IOException, Refused {
    Map<String, NdTensor> all = new HashMap<>();
    for (int i = 0; i < infos.size(); i++) {
      Path file = data.resolve(prefix + i + ".pb");
      if (infos.get(i).kind() != OnnxValueInfo.Kind.TENSOR) {
        throw new Refused(prefix + "is a " + infos.get(i).kind());
      }
      if (Files.exists(file) && Files.size(file) > 0) {
        all.put(infos.get(i).name(), OnnxFile.tensor(file));
      }
    }
    return all;
  }

  private static String text(Optional<NdTensor> given) throws Refused {
    if (given.isEmpty()) {
      throw new Refused("no data for a bound input");
    }
    NdTensor tensor = given.get();
    if (tensor.type().isInteger() || tensor.type() == NdType.BOOL) {
      return Arrays.stream(tensor.integers())
          .mapToObj(Long::toString)
          .collect(Collectors.joining(","));
    }
    if (tensor.type() == NdType.STRING || tensor.type().bits() > 64) {
      throw new Refused("strings cannot be bound");
    }
    return Arrays.stream(tensor.doubles())
        .mapToObj(Double::toString)
        .collect(Collectors.joining(","));
  }

  private static int[] words(
      Network network, OnnxModel model, Map<String, NdTensor> inputs, Set<String> bound)
      throws Refused {
    List<int[]> all = new ArrayList<>();
    List<OnnxValueInfo> given =
        model.graph().required().stream().filter(i -> !bound.contains(i.name())).toList();
    for (int i = 0; i < network.inputs().size(); i++) {
      TensorType type = network.tensor(network.inputs().get(i));
      NdTensor array = inputs.get(given.get(i).name());
      if (array == null || array.elements() != type.elements()) {
        throw new Refused("input " + given.get(i).name() + ": other data than declared");
      }
      all.add(type.isFloat() ? Words.of(array.floats()) : codes(array, type));
    }
    return all.stream().flatMapToInt(Arrays::stream).toArray();
  }

  private static int[] codes(NdTensor array, TensorType type) throws Refused {
    long[] values = array.integers();
    int[] codes = new int[values.length];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (int) values[i];
      if (values[i] < type.quantization().format().min()
          || values[i] > type.quantization().format().max()) {
        throw new Refused("an input of " + values[i] + " does not fit " + type.describe());
      }
    }
    return codes;
  }

  private static String difference(
      Network network,
      OnnxModel model,
      Map<String, NdTensor> inputs,
      Map<String, NdTensor> outputs,
      Set<String> bound)
      throws Refused {
    List<int[]> tensors =
        new ReferenceExecutor(network, LayerRegisters.exact())
            .tensors(words(network, model, inputs, bound));
    List<Integer> results = FileTensors.outputs(network);
    for (int i = 0; i < model.graph().outputs().size(); i++) {
      String name = model.graph().outputs().get(i).name();
      NdTensor expected = outputs.get(name);
      if (expected == null) {
        continue;
      }
      FileTensors.Tensor own =
          FileTensors.of(network).orElseThrow().tensors().stream()
              .filter(tensor -> tensor.name().equals(name))
              .findFirst()
              .orElseThrow();
      if (!own.shape().dims().equals(expected.dims())) {
        return "%s: %s instead of %s".formatted(name, own.shape().dims(), expected.dims());
      }
      String difference =
          difference(network.tensor(results.get(i)), tensors.get(results.get(i)), expected);
      if (!difference.isEmpty()) {
        return name + ": " + difference;
      }
    }
    return "";
  }

  private static String difference(TensorType type, int[] words, NdTensor expected) {
    if (type.isFloat() != expected.type().isFloating()) {
      return "%s instead of %s".formatted(type.kind(), expected.type());
    }
    if (!type.isFloat()) {
      long[] values = expected.integers();
      for (int i = 0; i < values.length; i++) {
        if (values[i] != words[i]) {
          return "element %d is %d instead of %d".formatted(i, words[i], values[i]);
        }
      }
      return "";
    }
    float[] made = Words.numbers(words);
    double[] values = expected.doubles();
    for (int i = 0; i < values.length; i++) {
      boolean same =
          Double.compare(made[i], values[i]) == 0
              || made[i] == values[i]
              || Math.abs(made[i] - values[i]) <= 1e-7 + 1e-3 * Math.abs(values[i]);
      if (!same) {
        return "element %d is %s instead of %s".formatted(i, made[i], values[i]);
      }
    }
    return "";
  }

  /** The operators of the model, those that are in it several times once. */
  static String operators(OnnxModel model) {
    return model.graph().nodes().stream()
        .map(OnnxNode::key)
        .distinct()
        .sorted()
        .collect(Collectors.joining(" "));
  }
}

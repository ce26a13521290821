package dev.narrows.cli;

import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.TensorType;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.Registers;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.execute.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run}: outputs, or every tensor, as stored codes or float32. */
@Command(
    name = "run",
    description = {
      "The network's outputs on given inputs, in .npy files: stored codes, or float32.",
      "Files are named <tensor index>_<name>.npy and hold [images, channels, rows, columns];",
      "of a TFLite file the index, the name and the shape are the file's own, and every",
      "output is written. Several inputs are one row of elements, in the file's order."
    })
final class RunCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Option(
      names = "--input",
      required = true,
      paramLabel = "X",
      description = "An .npy or .npz, a folder of images, or a known set.")
  private String input = "";

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where files go.")
  private Path out = Path.of("");

  @Option(names = "--all-tensors", description = "Write every intermediate tensor too.")
  private boolean allTensors;

  @Mixin private AccumulatorOptions accumulators = new AccumulatorOptions();
  @Mixin private DataOptions data = new DataOptions();
  @Mixin private ThreadOptions threads = new ThreadOptions();

  private final Commands commands;

  RunCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    data.refuseData("run takes its inputs by --input");
    Registers registers = accumulators.single(commands.terminal());
    ModelFile file = ModelFile.open(model);
    EvaluateCommand.checked(file.network(), registers);
    NetworkInputs inputs = data.open(commands.terminal(), file, input);
    Map<Integer, int[]> tensors = new TreeMap<>();
    try (Executor executor = Executor.of(file.network(), registers, threads.count())) {
      List<Integer> outputs = FileTensors.outputs(file.network());
      RunOptions options =
          allTensors || outputs.size() > 1
              ? RunOptions.none()
                  .withTensors((tensor, first, codes) -> {
                    if (allTensors || outputs.contains(tensor)) {
                      store(file, inputs.images(), tensors, tensor, first, codes);
                    }
                  })
              : RunOptions.none();
      Execution execution = executor.run(inputs.source(), options);
      tensors.put(file.network().tensors() - 1, execution.outputs());
    }
    for (Path written : write(file, inputs.images(), tensors)) {
      commands.terminal().out().println(written);
    }
    return ExitCode.DONE;
  }

  private static void store(
      ModelFile file, int images, Map<Integer, int[]> tensors, int tensor, int first, int[] block) {
    int elements = file.network().tensor(tensor).elements();
    long all = (long) elements * images;
    if (all > Integer.MAX_VALUE - 8) {
      throw new BadInputException(
          "tensor %d of %d images has more than 2^31 values; use --limit"
              .formatted(tensor, images));
    }
    int[] whole = tensors.computeIfAbsent(tensor, t -> new int[(int) all]);
    System.arraycopy(block, 0, whole, first * elements, block.length);
  }

  private List<Path> write(ModelFile file, int images, Map<Integer, int[]> tensors)
      throws IOException {
    Files.createDirectories(out);
    Map<String, NpyArray> arrays =
        FileTensors.of(file.network())
            .map(own -> inFileOrder(own, file.network(), images, tensors))
            .orElseGet(() -> planar(file.network(), images, tensors));
    List<Path> written = new ArrayList<>();
    try {
      for (var entry : arrays.entrySet()) {
        Path target = out.resolve(entry.getKey().replaceAll("[^A-Za-z0-9._-]", "_") + ".npy");
        Npy.write(target, entry.getValue());
        written.add(target);
      }
    } catch (IOException e) {
      for (Path half : written) { // all of them or none
        Files.deleteIfExists(half);
      }
      throw e;
    }
    return written;
  }

  private static Map<String, NpyArray> planar(
      Network network, int images, Map<Integer, int[]> tensors) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    tensors.forEach((tensor, words) -> {
      TensorType type = network.tensor(tensor);
      arrays.put(
          tensor + "_" + network.tensorName(tensor),
          array(type, words, images, type.channels(), type.height(), type.width()));
    });
    return arrays;
  }

  /** The tensors that the file itself has, in its own shapes with the images in front. */
  private static Map<String, NpyArray> inFileOrder(
      FileTensors own, Network network, int images, Map<Integer, int[]> tensors) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    for (FileTensors.Tensor tensor : own.tensors()) {
      int[] words = tensors.get(tensor.tensor());
      if (words == null) {
        continue;
      }
      int elements = words.length / images;
      int[] ordered = new int[words.length];
      for (int image = 0; image < images; image++) {
        System.arraycopy(tensor.inFileOrder(words, image), 0, ordered, image * elements, elements);
      }
      List<Integer> shape = new ArrayList<>(tensor.shape().dims());
      if (shape.size() > 1 && shape.getFirst() == 1) {
        shape.removeFirst();
      }
      shape.addFirst(images);
      arrays.put(
          tensor.index() + "_" + tensor.name().split(";", 2)[0],
          array(
              network.tensor(tensor.tensor()), ordered, shape.stream().mapToInt(i -> i).toArray()));
    }
    return arrays;
  }

  private static NpyArray array(TensorType type, int[] words, int... shape) {
    return type.isReal() ? NpyArray.of(Words.numbers(words), shape) : NpyArray.of(words, shape);
  }
}

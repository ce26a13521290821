package dev.narrows.network.onnx.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drawn models of every operator on numbers: each equals ONNX Runtime (interop/onnx). */
class OnnxOperatorsTest {
  @TempDir Path folder;

  /** The cases that have no layers. */
  private static final List<String> REFUSED = List.of("cumulative");

  private List<Path> draws() throws IOException {
    InputStream packed = OnnxOperatorsTest.class.getResourceAsStream("/golden/onnx/operators.zip");
    try (ZipInputStream zip = new ZipInputStream(packed)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  @Test
  void draws_ofEveryOperator_equalOnnxRuntime() throws Exception {
    List<String> refused = new ArrayList<>();
    TreeSet<String> seen = new TreeSet<>();
    for (Path draw : draws()) {
      String name = draw.getFileName().toString().replaceAll("_\\d+$", "");
      try {
        check(draw);
        seen.add(name);
      } catch (NotAllNativeException e) {
        refused.add(name);
      }
    }
    assertThat(REFUSED).containsAll(refused);
    assertThat(seen).hasSizeGreaterThan(40);
  }

  private static void check(Path draw) throws IOException, NotAllNativeException {
    Network network =
        OnnxReader.network(OnnxFile.read(draw.resolve("model.onnx")), ReadOptions.NONE);
    IntStream.Builder words = IntStream.builder();
    for (int i = 0; i < network.inputs().size(); i++) {
      NdTensor input = OnnxFile.tensor(draw.resolve("input_" + i + ".pb"));
      TensorType type = network.tensor(network.inputs().get(i));
      IntStream.of(
              type.isFloat()
                  ? Words.of(input.floats())
                  : Arrays.stream(input.integers()).mapToInt(Math::toIntExact).toArray())
          .forEach(words);
    }
    int[] given = words.build().toArray();
    List<int[]> tensors = new ReferenceExecutor(network, LayerRegisters.exact()).tensors(given);
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      assertThat(executor.run(given, 1).outputs())
          .as(draw.getFileName().toString())
          .isEqualTo(tensors.getLast());
    }
    List<Integer> outputs = FileTensors.outputs(network);
    for (int i = 0; i < outputs.size(); i++) {
      NdTensor expected = OnnxFile.tensor(draw.resolve("output_" + i + ".pb"));
      int[] made = tensors.get(outputs.get(i));
      boolean numbers = network.tensor(outputs.get(i)).isFloat();
      double[] wanted = expected.doubles();
      double relative = expected.type() == NdType.FLOAT16 ? 1e-3 : 1e-4;
      assertThat(made).as(draw.getFileName().toString()).hasSameSizeAs(wanted);
      for (int e = 0; e < made.length; e++) {
        double x = numbers ? Words.number(made[e]) : made[e];
        boolean equal =
            x == wanted[e]
                || Double.isNaN(x) && Double.isNaN(wanted[e])
                || Math.abs(x - wanted[e]) <= 1e-5 + relative * Math.abs(wanted[e]);
        assertThat(equal)
            .as("%s, output %d: %s, not %s", draw.getFileName(), i, x, wanted[e])
            .isTrue();
      }
    }
  }
}

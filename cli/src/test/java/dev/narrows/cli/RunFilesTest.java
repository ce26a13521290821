package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.core.testing.SharedData;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} writes, and which arrays it takes. */
class RunFilesTest {
  @TempDir private Path folder;

  /** Layers that each clamp a little more. */
  private Path network(List<String> names) throws IOException {
    TensorType type = new TensorType(2, 1, 3, new Quantization(IntegerFormat.signed(8), 1, 0));
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      layers.add(new Clamp(names.get(i), i, type, -120 + i, 120 - i));
    }
    Path file = folder.resolve("n.narrows");
    NarrowsWriter.write(new Network("n", type, layers, Map.of()), file);
    return file;
  }

  private Path input(int images, int... shape) throws IOException {
    Path file = folder.resolve("x.npy");
    int[] dims = IntStream.concat(IntStream.of(images), IntStream.of(shape)).toArray();
    int count = IntStream.of(dims).reduce(1, (a, b) -> a * b);
    Npy.write(file, NpyArray.of(IntStream.range(0, count).map(i -> i % 100).toArray(), dims));
    return file;
  }

  @Test
  void run_namesBeyondAFileName_areCutAndListedInFull() throws IOException {
    List<String> names = List.of("a".repeat(300), "a".repeat(299) + "b", "c".repeat(200), "last");
    Path out = folder.resolve("out");
    Said said =
        Said.by(
            "run",
            network(names),
            "--input",
            input(2, 2, 1, 3),
            "--layout",
            "nchw",
            "--out",
            out,
            "--all-tensors");
    assertThat(said.exitCode()).as(said.err()).isZero();
    List<String> lines = Files.readAllLines(out.resolve("names.csv"));
    assertThat(lines).hasSize(6);
    for (int i = 0; i < names.size(); i++) {
      String line = lines.get(i + 2);
      String file = line.substring(0, line.indexOf(','));
      assertThat(line).endsWith(",\"" + (i + 1) + "_" + names.get(i) + "\"");
      assertThat(file.length()).isLessThanOrEqualTo(255);
      assertThat(Npy.read(out.resolve(file)).shape()).containsExactly(2, 2, 1, 3);
    }
  }

  @Test
  void run_shortNames_needNoList() throws IOException {
    Path out = folder.resolve("out");
    Said.by(
        "run",
        network(List.of("one", "two")),
        "--input",
        input(3, 6),
        "--out",
        out,
        "--all-tensors");
    assertThat(out.toFile().list())
        .containsExactlyInAnyOrder("0_input.npy", "1_one.npy", "2_two.npy");
  }

  @Test
  void run_rowsOfElements_areReadInTheOrderOfTheLayoutAndSaidSo() throws IOException {
    Path model = network(List.of("one"));
    Path rows = input(2, 6);
    Said last = Said.by("run", model, "--input", rows, "--out", folder, "--layout", "nhwc");
    assertThat(last.err())
        .contains("rows of 6 elements, taken in the order rows, columns, channels");
    assertThat(Npy.read(folder.resolve("1_one.npy")).toInts())
        .containsExactly(0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11);
    Said first = Said.by("run", model, "--input", rows, "--out", folder, "--layout", "nchw");
    assertThat(first.err()).contains("in the order channels, rows, columns");
    assertThat(Npy.read(folder.resolve("1_one.npy")).toInts())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  }

  @Tag("data")
  @Test
  void run_arrayOfTheModelsOwnThreeDimensions_isTaken() {
    Path model = SharedData.file("cases/rank3-input.tflite");
    Said said =
        Said.by("run", model, "--input", SharedData.file("cases/rank3-input.npy"), "--out", folder);
    assertThat(said.exitCode()).as(said.err()).isZero();
  }

  @Tag("data")
  @Test
  void analyze_runtimeNarrowerThanTheBound_saysSoFirst() {
    Said hinted = Said.by("analyze", SharedData.file("cases/narrow-runtime-hint32.tflite"));
    assertThat(hinted.out())
        .startsWith("The runtime's own registers, where they are narrower than the bound or differ")
        .containsPattern("t2 +33 +int32 +int32 +some input makes the runtime's sum wrap around");
    Said free = Said.by("analyze", SharedData.file("cases/narrow-runtime-nohint.tflite"));
    assertThat(free.out())
        .startsWith("The runtime's own registers")
        .containsPattern("t2 +33 +int64 +int32 +.*optimised kernels only");
  }
}

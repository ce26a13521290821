package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.SharedData;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Window;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pairs of ResNet-8 by brute force against what {@code analyze} says of them. */
@Tag("data")
class PlatformCheckTest {
  private static final int IMAGES = 2;

  @TempDir private Path folder;

  private static Path file() {
    return SharedData.file("models/mlperf-tiny/pretrainedResnet_quant.tflite");
  }

  private static JsonNode check(JsonNode analysis, String instruction) {
    for (JsonNode check : analysis.path("platforms").path("pairs")) {
      if (check.path("instruction").asString().equals(instruction)) {
        return check;
      }
    }
    throw new AssertionError("no " + instruction);
  }

  /** What the instruction gives for two products: the sum, saturated to 16 bits. */
  private static int added(int u, int q, int v, int r) {
    return Math.clamp((long) u * q + v * r, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  /** Whether some values of both inputs give another sum than exact ones. */
  private static boolean everWrong(int q, int r, int least) {
    boolean wrong = false;
    for (int u = least; u < least + 256; u++) {
      for (int v = least; v < least + 256; v++) {
        wrong |= added(u, q, v, r) != u * q + v * r;
      }
    }
    return wrong;
  }

  private static Set<String> unsafe(Network network, int distance, int least) {
    Map<Integer, Boolean> known = new HashMap<>();
    Set<String> unsafe = new TreeSet<>();
    for (DotLayer layer : network.dotLayers()) {
      int[] weights = layer.integers().weights().dense();
      int terms = layer.terms();
      for (int c = 0; c < layer.output().channels(); c++) {
        for (int block = 0; block < terms; block += 2 * distance) {
          for (int k = block; k < Math.min(block + distance, terms); k++) {
            int q = weights[c * terms + k];
            int r = k + distance < terms ? weights[c * terms + k + distance] : 0;
            if (known.computeIfAbsent(q * 256 + r, pair -> everWrong(q, r, least))) {
              unsafe.add(layer.name() + " " + c + " " + k);
            }
          }
        }
      }
    }
    return unsafe;
  }

  private static Set<String> told(JsonNode check) {
    Set<String> told = new TreeSet<>();
    for (JsonNode layer : check.path("layers")) {
      assertThat(layer.path("unsafe").asInt()).isEqualTo(layer.path("unsafePairs").size());
      for (JsonNode pair : layer.path("unsafePairs")) {
        int channel = pair.path("channel").asInt();
        told.add(layer.path("name").asString() + " " + channel + " " + pair.path("terms").path(0));
      }
    }
    return told;
  }

  @Test
  void analyze_everyPairOfResNet8_isUnsafeExactlyWhereSomeInputsSaturate() throws IOException {
    Network network = NetworkFiles.read(file());
    Said said = Said.by("analyze", file(), "--channels", "--format", "json");
    assertThat(said.exitCode()).as(said.err()).isZero();
    JsonNode analysis = JsonMapper.shared().readTree(said.out());
    Set<String> unsafe = unsafe(network, 1, 0);
    assertThat(unsafe).hasSizeGreaterThan(100);
    assertThat(told(check(analysis, "vpmaddubsw"))).isEqualTo(unsafe);
    assertThat(told(check(analysis, "smull+smlal"))).isEqualTo(unsafe(network, 8, -128));
  }

  /** Pair sums made one by one from the tensors of a run. */
  private static final class Counted {
    long sums;
    long beyond;
    long dots;
    long hit;
  }

  private static Counted count(Network network, DotLayer layer, int[] codes) {
    TensorType from = network.tensor(layer.input());
    TensorType to = layer.output();
    Window w = layer.window();
    int[] weights = layer.integers().weights().dense();
    int[] operands = new int[layer.terms() + 1];
    Counted counted = new Counted();
    for (int image = 0; image < IMAGES; image++) {
      for (int position = 0; position < to.positions(); position++) {
        int k = 0;
        for (int ky = 0; ky < w.kernelHeight(); ky++) {
          for (int kx = 0; kx < w.kernelWidth(); kx++) {
            int y = position / to.width() * w.strideHeight() - w.padTop() + ky;
            int x = position % to.width() * w.strideWidth() - w.padLeft() + kx;
            boolean inside = y >= 0 && y < from.height() && x >= 0 && x < from.width();
            for (int c = 0; c < from.channels(); c++) {
              int at = image * from.elements() + (c * from.height() + y) * from.width() + x;
              operands[k++] = (inside ? codes[at] : from.quantization().zeroPoint()) + 128;
            }
          }
        }
        for (int c = 0; c < to.channels(); c++) {
          long before = counted.beyond;
          for (int i = 0; i < layer.terms(); i += 2) {
            int q = weights[c * layer.terms() + i];
            int r = i + 1 < layer.terms() ? weights[c * layer.terms() + i + 1] : 0;
            int exact = operands[i] * q + operands[i + 1] * r;
            counted.sums++;
            counted.beyond += exact != added(operands[i], q, operands[i + 1], r) ? 1 : 0;
          }
          counted.dots++;
          counted.hit += counted.beyond > before ? 1 : 0;
        }
      }
    }
    return counted;
  }

  @Test
  void analyze_withData_countsEveryPairSumThatSaturates() throws IOException {
    Network network = NetworkFiles.read(file());
    byte[] pixels = new byte[IMAGES * 32 * 32 * 3];
    long seed = 8;
    System.out.println("seed " + seed);
    new Random(seed).nextBytes(pixels);
    Arrays.fill(pixels, 0, 1500, (byte) 127); // noise alone cancels in the first sums
    Path set = folder.resolve("x.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(set))) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      Npy.write(NpyArray.of(pixels, IMAGES, 32, 32, 3), zip);
    }
    Said said = Said.by("analyze", file(), "--data", set, "--format", "json", "--threads", 2);
    assertThat(said.exitCode()).as(said.err()).isZero();
    Map<Integer, int[]> tensors = new HashMap<>();
    int[] input = new int[pixels.length];
    for (int image = 0; image < IMAGES; image++) {
      for (int i = 0; i < 32 * 32 * 3; i++) { // nhwc to [C][H][W]
        input[image * 3072 + i % 3 * 1024 + i / 3] = pixels[image * 3072 + i];
      }
    }
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      ImageSource source = ImageSource.of(network.input(), input, IMAGES);
      executor.run(
          source,
          RunOptions.none().withTensors((tensor, first, codes) -> tensors.put(tensor, codes)));
    }
    JsonNode check = check(JsonMapper.shared().readTree(said.out()), "vpmaddubsw");
    long beyond = 0;
    for (JsonNode layer : check.path("layers")) {
      DotLayer dot = (DotLayer) network.layer(layer.path("name").asString());
      Counted counted = count(network, dot, tensors.getOrDefault(dot.input(), new int[0]));
      JsonNode seen = layer.path("seen");
      assertThat(seen.path("sums").asLong()).isEqualTo(counted.sums);
      assertThat(seen.path("overflowing").asLong()).as(dot.name()).isEqualTo(counted.beyond);
      assertThat(seen.path("dots").asLong()).isEqualTo(counted.dots);
      assertThat(seen.path("hit").asLong()).isEqualTo(counted.hit);
      beyond += counted.beyond;
    }
    assertThat(beyond).isGreaterThan(100);
  }
}

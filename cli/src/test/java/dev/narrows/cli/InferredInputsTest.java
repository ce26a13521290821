package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.testing.SharedData;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import dev.narrows.experiments.fixture.SmallFloatNetwork;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.Network;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Flatten;
import dev.narrows.network.tensor.TensorType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a command infers of its inputs is said, and what could be wrong is a warning. */
class InferredInputsTest {
  private static final int IMAGES = 20;

  @TempDir private static Path shared;
  private static Path model = Path.of("");
  private static final int[] PIXELS = new Random(5).ints(IMAGES * 784L, 0, 256).toArray();

  @TempDir private Path folder;

  @BeforeAll
  static void writeNetwork() throws IOException {
    model = shared.resolve("small.narrows"); // its input codes are the pixels
    NarrowsWriter.write(SmallNetwork.of(3), model);
  }

  private static float[] floats(double scale) {
    float[] values = new float[PIXELS.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (PIXELS[i] * scale);
    }
    return values;
  }

  private static float[] shifted(double scale, double by) {
    float[] values = floats(scale);
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) by;
    }
    return values;
  }

  private Path npz(NpyArray x, int... labels) throws IOException {
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("x", x);
    arrays.put("y", NpyArray.of(labels, labels.length));
    Path file = folder.resolve("x.npz");
    Npz.write(file, arrays);
    return file;
  }

  private static int[] labels(int greatest) {
    int[] labels = new int[IMAGES];
    labels[IMAGES - 1] = greatest;
    return labels;
  }

  /** The outputs of {@code run}, as bytes of the only file. */
  private byte[] outputs(String name, NpyArray x, String... more) throws IOException {
    Path input = folder.resolve(name + ".npy");
    Npy.write(input, x);
    Path out = folder.resolve(name);
    Object[] words = {"run", model, "--input", input, "--out", out};
    Said said = Said.by(Stream.concat(Stream.of(words), Stream.of(more)).toArray());
    assertThat(said.exitCode()).as(said.err()).isZero();
    return Files.readAllBytes(out.resolve("4_last.npy"));
  }

  @Test
  void floats_thatReachFewCodesOrLieBeyond_areRefusedWithWhatToSay() throws IOException {
    Path file = npz(NpyArray.of(floats(1 / 255.0), IMAGES, 1, 28, 28), labels(9));
    for (String command : new String[] {"evaluate", "analyze"}) {
      Said said = Said.by(command, model, "--data", file);
      assertThat(said.exitCode()).isEqualTo(2);
      assertThat(said.err())
          .contains("the network's input takes numbers of 0 … 255")
          .contains("floats of 0 … 1 would reach only 2 of its 256 codes")
          .contains("Say --preprocess raw if they are pixels, or --preprocess none");
      Said none = Said.by(command, model, "--data", file, "--preprocess", "none");
      assertThat(none.exitCode()).as(none.err()).isZero();
      assertThat(none.err())
          .contains("floats are taken as the network's own input", "scale 1.0, zero point 0");
    }
    Path normalised = npz(NpyArray.of(shifted(1 / 60.0, -2), IMAGES, 1, 28, 28), labels(9));
    Said undo = Said.by("evaluate", model, "--data", normalised);
    assertThat(undo.exitCode()).isEqualTo(2);
    assertThat(undo.err()).contains("Undo what was done to them (a mean taken off, a scale)");
    Path far = npz(NpyArray.of(floats(9), IMAGES, 1, 28, 28), labels(9));
    assertThat(Said.by("evaluate", model, "--data", far).err()).contains(" lie beyond. Undo");
    Path pixels = npz(NpyArray.of(floats(1), IMAGES, 1, 28, 28), labels(9));
    assertThat(Said.by("evaluate", model, "--data", pixels).err()).doesNotContain("warning");
    Path beyond = npz(NpyArray.of(floats(2), IMAGES, 1, 28, 28), labels(9));
    assertThat(Said.by("evaluate", model, "--data", beyond).err())
        .contains("floats lie beyond the input's codes");
  }

  @Test
  void preprocess_ofArrays_takesTheirNumbersAsPixels() throws IOException {
    byte[] codes = outputs("codes", NpyArray.of(PIXELS, IMAGES, 1, 28, 28));
    byte[] fractions =
        outputs(
            "fractions", NpyArray.of(floats(1 / 255.0), IMAGES, 1, 28, 28), "--preprocess", "raw");
    byte[] pixels =
        outputs("pixels", NpyArray.of(floats(1), IMAGES, 1, 28, 28), "--preprocess", "raw");
    byte[] integers =
        outputs("integers", NpyArray.of(PIXELS, IMAGES, 1, 28, 28), "--preprocess", "raw");
    byte[] signed =
        outputs(
            "signed",
            NpyArray.of(shifted(2 / 255.0, -1), IMAGES, 1, 28, 28),
            "--preprocess",
            "raw");
    assertThat(fractions).isEqualTo(codes);
    assertThat(signed).isEqualTo(codes);
    assertThat(pixels).isEqualTo(codes);
    assertThat(integers).isEqualTo(codes);
    assertThat(outputs("unit", NpyArray.of(PIXELS, IMAGES, 1, 28, 28), "--preprocess", "unit"))
        .isNotEqualTo(codes);
  }

  @Test
  void preprocess_numbersThatAreNoPixels_areRefused() throws IOException {
    Path negative = npz(NpyArray.of(floats(-1), IMAGES, 1, 28, 28), labels(9));
    Said floats = Said.by("evaluate", model, "--data", negative, "--preprocess", "raw");
    assertThat(floats.exitCode()).isEqualTo(2);
    assertThat(floats.err())
        .contains("--preprocess:", "expected pixels from 0 to 255, from 0 to 1, or from -1 to 1");
    Path large = npz(NpyArray.of(new int[] {256}, 1, 1, 1, 1), 0);
    Said integers = Said.by("evaluate", model, "--data", large, "--preprocess", "raw");
    assertThat(integers.exitCode()).isEqualTo(2);
  }

  @Test
  void labels_beyondTheOutputs_areRefused() throws IOException {
    Path file = npz(NpyArray.of(PIXELS, IMAGES, 1, 28, 28), labels(10));
    Said said = Said.by("evaluate", model, "--data", file);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .contains("input 19 has class 10, but the network has 10 outputs (classes 0 to 9)");
  }

  private Path folders(int classes) throws IOException {
    Path root = folder.resolve("images" + classes);
    for (int c = 0; c < classes; c++) {
      Path one = Files.createDirectories(root.resolve("kind%02d".formatted(c)));
      BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
      ImageIO.write(image, "png", one.resolve("a.png").toFile());
    }
    return root;
  }

  @Test
  void classFolders_unlikeTheOutputs_areRefused() throws IOException {
    for (String command : new String[] {"evaluate", "analyze"}) {
      Said two = Said.by(command, model, "--data", folders(2));
      assertThat(two.exitCode()).isEqualTo(2);
      assertThat(two.err())
          .contains("has 2 classes (0 kind00, 1 kind01), the network 10 outputs")
          .contains("call sub-folders by the numbers of the outputs", "--unlabelled");
      Said left = Said.by(command, model, "--data", folders(2), "--unlabelled");
      assertThat(left.exitCode()).as(left.err()).isZero();
      assertThat(left.out()).doesNotContain("accuracy % ");
    }
    assertThat(Said.by("evaluate", model, "--data", folders(10)).err()).doesNotContain("warning");
    Said eleven = Said.by("analyze", model, "--data", folders(11));
    assertThat(eleven.exitCode()).isEqualTo(2);
    assertThat(eleven.err()).contains("has class 10, but the network has 10 outputs");
    Said run = Said.by("run", model, "--input", folders(2), "--out", folder.resolve("out"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("warning"); // it scores nothing
  }

  @Test
  @Tag("data")
  void bytes_intoASignedInput_arePixelsInEitherOrder() throws IOException {
    Path file = SharedData.file("models/mlperf-tiny/pretrainedResnet_quant.tflite");
    int[] pixels = new Random(6).ints(2 * 3072, 0, 256).toArray();
    byte[] bytes = new byte[pixels.length];
    byte[] planes = new byte[pixels.length];
    int[] codes = new int[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int image = i / 3072;
      bytes[i] = (byte) pixels[i];
      codes[i] = pixels[i] - 128;
      planes[image * 3072 + i % 3 * 1024 + i % 3072 / 3] = (byte) pixels[i];
    }
    byte[] expected = classes(file, "own", NpyArray.of(codes, 2, 32, 32, 3));
    assertThat(classes(file, "nhwc", NpyArray.ofUnsigned(bytes, 2, 32, 32, 3))).isEqualTo(expected);
    assertThat(classes(file, "nchw", NpyArray.ofUnsigned(planes, 2, 3, 32, 32)))
        .isEqualTo(expected);
    assertThat(classes(file, "wide", NpyArray.of(pixels, 2, 32, 32, 3))).isEqualTo(expected);
    assertThat(Said.by("run", file, "--input", folder.resolve("wide.npy"), "--out", folder).err())
        .contains("integers of 0 … 255 are taken as pixels, like those of images")
        .contains("preprocessing: pixels are the input's codes, counted from the smallest");
  }

  @Test
  void bytes_toANetworkThatSaysHow_arePreprocessedAndNoneTakesThemAsCodes() throws IOException {
    Path stating = folder.resolve("stating.narrows"); // 0 … 255 are codes of its input, too
    Network small = SmallNetwork.of(3);
    NarrowsWriter.write(
        new Network(small.name(), small.input(), small.layers(), Map.of("preprocess", "unit")),
        stating);
    byte[] bytes = new byte[2 * 784];
    new Random(7).nextBytes(bytes);
    Path input = folder.resolve("bytes.npy");
    Npy.write(input, NpyArray.ofUnsigned(bytes, 2, 1, 28, 28));
    byte[] preprocessed = classes(stating, "bytes", NpyArray.ofUnsigned(bytes, 2, 1, 28, 28));
    assertThat(preprocessed).isEqualTo(run(stating, input, "--preprocess", "unit"));
    assertThat(run(stating, input, "--preprocess", "none"))
        .isNotEqualTo(preprocessed)
        .isEqualTo(run(model, input, "--preprocess", "none"));
    assertThat(Said.by("run", stating, "--input", input, "--out", folder.resolve("out")).err())
        .contains("taken as pixels, like those of images, preprocessed as the network says: unit")
        .contains("--preprocess none takes them as they are");
  }

  private byte[] run(Path file, Path input, String... more) throws IOException {
    Object[] words = {"run", file, "--input", input, "--out", folder.resolve("out")};
    Said said = Said.by(Stream.concat(Stream.of(words), Stream.of(more)).toArray());
    assertThat(said.exitCode()).as(said.err()).isZero();
    return Files.readAllBytes(Path.of(said.out().strip()));
  }

  /** The output file of a network, whatever its name. */
  private byte[] classes(Path file, String name, NpyArray x) throws IOException {
    Path input = folder.resolve(name + ".npy");
    Npy.write(input, x);
    Path out = folder.resolve(name);
    Said said = Said.by("run", file, "--input", input, "--out", out);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return Files.readAllBytes(Path.of(said.out().strip()));
  }

  @Test
  void integers_intoAFloatNetwork_arePixelsOrAskedAbout() throws IOException {
    Path floats = folder.resolve("float.narrows");
    NarrowsWriter.write(SmallFloatNetwork.of(3), floats);
    Path bytes = folder.resolve("b.npy");
    Npy.write(bytes, NpyArray.ofUnsigned(new byte[784], 1, 28, 28, 1));
    Said said = Said.by("evaluate", floats, "--data", bytes, "--accumulator", "m10e5");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains("taken as pixels");
    Path numbers = folder.resolve("n.npy");
    Npy.write(numbers, NpyArray.of(floatsAsInts(), 1, 28, 28, 1));
    Said asked = Said.by("evaluate", floats, "--data", numbers);
    assertThat(asked.exitCode()).isEqualTo(2);
    assertThat(asked.err()).contains("--preprocess none takes them as its numbers");
    assertThat(Said.by("evaluate", floats, "--data", numbers, "--preprocess", "none").exitCode())
        .isZero();
  }

  @Test
  void rowsAndColumns_exchanged_areRefused() throws IOException {
    Network square = SmallNetwork.of(3);
    TensorType wide = new TensorType(1, 14, 56, square.input().quantization());
    Path file = folder.resolve("wide.narrows");
    Flatten flat = new Flatten("flat", 0, new TensorType(784, 1, 1, wide.quantization()));
    NarrowsWriter.write(new Network("wide", wide, List.of(flat), square.metadata()), file);
    Path right = folder.resolve("right.npy");
    Npy.write(right, NpyArray.of(PIXELS, IMAGES, 1, 14, 56));
    assertThat(Said.by("evaluate", file, "--data", right).exitCode()).isZero();
    Path exchanged = folder.resolve("exchanged.npy");
    Npy.write(exchanged, NpyArray.of(PIXELS, IMAGES, 1, 56, 14));
    Said said = Said.by("evaluate", file, "--data", exchanged);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("inputs are 1×56×14 (channels, rows, columns)");
  }

  private static int[] floatsAsInts() {
    int[] numbers = new int[784];
    numbers[5] = -3;
    return numbers;
  }

  @Test
  void unlabelled_evaluate_comparesWithExactRegisters() throws IOException {
    Path file = folder.resolve("x.npy");
    Npy.write(file, NpyArray.of(PIXELS, IMAGES, 1, 28, 28));
    Object[] words = {
      "evaluate", model, "--data", file, "--accumulator", "int7-9:saturate;exact", "--format"
    };
    Said said = Said.by(Stream.concat(Stream.of(words), Stream.of("json")).toArray());
    assertThat(said.exitCode()).as(said.err()).isZero();
    JsonNode json = JsonMapper.shared().readTree(said.out());
    assertThat(json.path("schema").asString()).isEqualTo("narrows/agreement/1");
    // the same from the outputs of run
    int[] exact = run(file, "exact");
    for (JsonNode result : json.path("results")) {
      int[] narrow = run(file, result.path("accumulator").asString());
      double signal = 0;
      double noise = 0;
      int differing = 0;
      for (int image = 0; image < IMAGES; image++) {
        double imageSignal = 0;
        double imageNoise = 0;
        for (int i = image * 10; i < image * 10 + 10; i++) {
          imageSignal += (double) exact[i] * exact[i];
          imageNoise += (double) (narrow[i] - exact[i]) * (narrow[i] - exact[i]);
        }
        signal += imageSignal;
        noise += imageNoise;
        differing += best(exact, image) == best(narrow, image) ? 0 : 1;
      }
      assertThat(result.path("differing").asInt()).isEqualTo(differing);
      assertThat(result.path("agreement").asDouble())
          .isEqualTo(100.0 * (IMAGES - differing) / IMAGES);
      assertThat(result.has("signalToNoise")).isEqualTo(noise > 0);
      if (noise > 0) {
        assertThat(result.path("signalToNoise").asDouble())
            .isEqualTo(10 * StrictMath.log10(signal / noise));
      }
    }
    assertThat(json.path("results").path(0).path("signalToNoise").asDouble()).isFinite();
    Said table = Said.by(Stream.concat(Stream.of(words), Stream.of("table")).toArray());
    assertThat(table.out()).contains("signal to noise dB", "no noise", "agreement %");
    Said csv = Said.by(Stream.concat(Stream.of(words), Stream.of("csv")).toArray());
    assertThat(csv.out()).startsWith("accumulator,agreement %,differing,images changed,");
  }

  @Test
  void diagnostics_withoutLabels_areThoseWithLabels() throws IOException {
    Path bare = folder.resolve("bare.npy");
    NpyArray x = NpyArray.of(floats(1 / 255.0), IMAGES, 1, 28, 28);
    Npy.write(bare, x);
    Path labelled = npz(x, labels(9));
    Path file = folder.resolve("floats.narrows");
    NarrowsWriter.write(SmallFloatNetwork.of(3), file);
    List<JsonNode> told = new ArrayList<>();
    for (Path data : List.of(bare, labelled)) {
      Said said =
          Said.by(
              "evaluate",
              file,
              "--data",
              data,
              "--accumulator",
              "m3e4(7)",
              "--diagnostics",
              "--format",
              "json");
      assertThat(said.exitCode()).as(said.err()).isZero();
      told.add(JsonMapper.shared().readTree(said.out()).path("results").path(0).path("floats"));
    }
    assertThat(told.getFirst().size()).isPositive();
    assertThat(told.getFirst()).isEqualTo(told.getLast());
    Said table =
        Said.by("evaluate", file, "--data", bare, "--accumulator", "m3e4(7)", "--diagnostics");
    assertThat(table.out()).contains("Registers of m3e4(7)", "mantissa asked for");
    Said none = Said.by("evaluate", file, "--data", bare, "--diagnostics");
    assertThat(none.err()).contains("--diagnostics: no layer sums in a floating-point register");
  }

  @Test
  void classesOfDotProducts_withoutLabels_areThoseWithLabels() throws IOException {
    Path bare = folder.resolve("bare.npy");
    NpyArray x = NpyArray.of(PIXELS, IMAGES, 1, 28, 28);
    Npy.write(bare, x);
    List<JsonNode> told = new ArrayList<>();
    for (Path data : List.of(bare, npz(x, labels(9)))) {
      Said said =
          Said.by(
              "evaluate",
              model,
              "--data",
              data,
              "--accumulator",
              "int8-14:saturate",
              "--accumulator",
              "int9:wrap:sorted(1)",
              "--accumulator",
              "int12:saturate:sorted",
              "--accumulator",
              "exact",
              "--format",
              "json");
      assertThat(said.exitCode()).as(said.err()).isZero();
      told.add(JsonMapper.shared().readTree(said.out()).path("results"));
    }
    assertThat(told.getFirst().size()).isEqualTo(10);
    long changing = 0;
    for (int i = 0; i < 10; i++) {
      JsonNode classes = told.getFirst().path(i).path("classes");
      assertThat(classes).isEqualTo(told.getLast().path(i).path("classes"));
      changing += classes.path("transient").asLong() > 0 ? 1 : 0;
    }
    assertThat(changing).isPositive();
    assertThat(told.getFirst().path(9).path("classes").isMissingNode()).isTrue(); // exact
    Said table = Said.by("evaluate", model, "--data", bare, "--accumulator", "int9:wrap");
    assertThat(table.out()).contains("clean %", "transient %", "persistent %");
  }

  private int[] run(Path input, String accumulator) throws IOException {
    Path out = folder.resolve("run-" + accumulator.replace(':', '-'));
    Said said = Said.by("run", model, "--input", input, "--accumulator", accumulator, "--out", out);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return Npy.read(out.resolve("4_last.npy")).toInts();
  }

  private static int best(int[] scores, int image) {
    int best = 0;
    for (int c = 1; c < 10; c++) {
      best = scores[image * 10 + c] > scores[image * 10 + best] ? c : best;
    }
    return best;
  }

  @Test
  void outputThatIsNoClassScore_leavesLabelsOut() throws IOException {
    Network network = SmallNetwork.of(3);
    Network image =
        new Network("image", network.input(), network.layers().subList(0, 2), network.metadata());
    Path file = folder.resolve("image.narrows");
    NarrowsWriter.write(image, file);
    Said said =
        Said.by(
            "evaluate",
            file,
            "--data",
            "fashion-small",
            "--limit",
            5,
            "--accumulator",
            "int6:wrap");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err())
        .contains("labels are left out: the output, ", "is no score for each class");
    assertThat(said.out()).contains("signal to noise dB").doesNotContain("agreement %");
    Said analysis = Said.by("analyze", file, "--data", "fashion-small", "--limit", 5);
    assertThat(analysis.exitCode()).as(analysis.err()).isZero();
  }
}

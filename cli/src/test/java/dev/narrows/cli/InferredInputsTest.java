package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void floatsUpToOne_reachingFewCodes_areAWarning() throws IOException {
    Path file = npz(NpyArray.of(floats(1 / 255.0), IMAGES, 1, 28, 28), labels(9));
    for (String command : new String[] {"evaluate", "analyze"}) {
      Said said = Said.by(command, model, "--data", file);
      assertThat(said.exitCode()).as(said.err()).isZero();
      assertThat(said.err())
          .contains("floats are taken as the network's own input", "scale 1.0, zero point 0")
          .contains("warning: floats in 0 … 1 reach only 2 of the input's 256 codes")
          .contains("--preprocess raw");
    }
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
    assertThat(fractions).isEqualTo(codes);
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
        .contains("--preprocess:", "expected pixels from 0 to 255 or from 0 to 1");
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
  void classFolders_unlikeTheOutputs_areAWarningOrRefused() throws IOException {
    Said two = Said.by("evaluate", model, "--data", folders(2));
    assertThat(two.exitCode()).as(two.err()).isZero();
    assertThat(two.err())
        .contains("has 2 classes, the network 10 outputs")
        .contains("scored as classes 0 to 1 in the order of their names (0 kind00, 1 kind01)");
    assertThat(Said.by("evaluate", model, "--data", folders(10)).err()).doesNotContain("warning");
    Said eleven = Said.by("analyze", model, "--data", folders(11));
    assertThat(eleven.exitCode()).isEqualTo(2);
    assertThat(eleven.err()).contains("has class 10, but the network has 10 outputs");
    Said run = Said.by("run", model, "--input", folders(2), "--out", folder.resolve("out"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("warning"); // it scores nothing
  }
}

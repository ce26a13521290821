package dev.narrows.data.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import dev.narrows.data.Inputs;
import dev.narrows.data.Layout;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSourceTest {
  @TempDir Path folder;

  private final DataSource.Options options =
      DataSource.Options.of(new DataRoots(List.of(Path.of("/none")), Path.of("/none")));

  @Test
  void open_knownSetAlone_isItsTestSplit() {
    DataSource.Opened opened = DataSource.open("fashion-small", options);
    assertThat(opened.name()).isEqualTo("fashion-small/test");
    assertThat(opened.set()).contains(KnownSets.FASHION_SMALL);
    assertThat(opened.split()).contains(Split.TEST);
    assertThat(opened.inputs()).isInstanceOf(Inputs.Images.class);
    assertThat(opened.inputs().count()).isEqualTo(2000);
    assertThat(opened.inputs().inputLength()).isEqualTo(784);
  }

  @Test
  void open_knownSetWithSplitAndSize_isResized() {
    DataSource.Opened opened =
        DataSource.open(
            "fashion-small/validation", options.withResize(new ImageFolder.Size(14, 7)));
    assertThat(opened.inputs().count()).isEqualTo(1000);
    assertThat(opened.inputs().inputLength()).isEqualTo(98);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fashion-small/tests", "fashion-small/", "mnist/train/x"})
  void open_unknownSplit_isRefused(String text) {
    assertThatThrownBy(() -> DataSource.open(text, options))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("expected train, validation or test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fashion", "no/such/file.npz", "", "a\0b"})
  void open_unknownText_isRefusedInOneLine(String text) {
    if (text.isEmpty()) {
      // The empty path is the working directory, which is no folder of images.
      assertThatThrownBy(() -> DataSource.open(text, options)).isInstanceOf(DataException.class);
      return;
    }
    assertThatThrownBy(() -> DataSource.open(text, options))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is neither a known data set");
  }

  private Path npz(NpyArray x, Optional<NpyArray> y) throws IOException {
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("x", x);
    y.ifPresent(labels -> arrays.put("y", labels));
    Path file = folder.resolve("data.npz");
    Npz.write(file, arrays);
    return file;
  }

  @Test
  void open_npzOfIntegers_isTheNetworksOwnCodes() throws IOException {
    Path file =
        npz(
            NpyArray.of(new byte[] {-1, 2, 3, 4}, 2, 1, 1, 2),
            Optional.of(NpyArray.of(new int[] {5, 6}, 2)));
    DataSource.Opened opened = DataSource.open(file.toString(), options);
    var codes = (Inputs.InputCodes) opened.inputs();
    assertThat(codes.values()).containsExactly(-1, 2, 3, 4);
    assertThat(codes.labels().orElseThrow()).containsExactly(5, 6);
    assertThat(opened.notes())
        .containsExactly("layout nchw inferred from shape [2, 1, 1, 2]", "2 inputs of integers");
  }

  @Test
  void open_npzChannelsLast_isInferredUnlessGiven() throws IOException {
    Path file = npz(NpyArray.of(new float[2 * 4 * 5 * 3], 2, 4, 5, 3), Optional.empty());
    Inputs inferred = DataSource.open(file.toString(), options).inputs();
    assertThat(inferred.channels()).isEqualTo(3);
    assertThat(inferred).isInstanceOf(Inputs.Floats.class);
    assertThat(inferred.labels()).isEmpty();
    DataSource.Opened given =
        DataSource.open(file.toString(), options.withLayout(Layout.parse("nchw")));
    assertThat(given.inputs().channels()).isEqualTo(4);
    assertThat(given.notes()).containsExactly("2 inputs of floats");
  }

  @Test
  void open_npy_hasNoLabels() throws IOException {
    Path file = folder.resolve("x.npy");
    Npy.write(file, NpyArray.of(new double[] {1.5, 2.5}, 1, 2));
    DataSource.Opened opened = DataSource.open(file.toString(), options);
    assertThat(((Inputs.Floats) opened.inputs()).values()).containsExactly(1.5f, 2.5f);
    assertThatThrownBy(
            () -> DataSource.open(file.toString(), options.withResize(new ImageFolder.Size(1, 1))))
        .hasMessage(file + ": only images can be resized, not arrays");
  }

  @Test
  void open_npzWithoutX_listsWhatItHas() throws IOException {
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("images", NpyArray.of(new int[1], 1));
    Path file = folder.resolve("n.npz");
    Npz.write(file, arrays);
    assertThatThrownBy(() -> DataSource.open(file.toString(), options))
        .isInstanceOf(DataException.class)
        .hasMessage(file + ": expected an array x, found only [images]");
  }

  @Test
  void open_folder_readsImages() throws IOException {
    Files.createDirectories(folder.resolve("cat"));
    ImageIO.write(
        new BufferedImage(2, 3, BufferedImage.TYPE_INT_RGB),
        "png",
        folder.resolve("cat/1.png").toFile());
    DataSource.Opened opened = DataSource.open(folder.toString(), options.withChannels(1));
    assertThat(opened.inputs().inputLength()).isEqualTo(6);
    assertThat(opened.split()).isEmpty();
  }

  @Test
  void open_otherFile_saysWhatIsExpected() throws IOException {
    Path file = Files.writeString(folder.resolve("x.csv"), "1,2");
    assertThatThrownBy(() -> DataSource.open(file.toString(), options))
        .hasMessage(file + ": expected an .npz or .npy file or a folder of images");
  }

  @Test
  void layout_unknownText_isRefused() {
    assertThat(Layout.parse("nhwc")).hasToString("nhwc");
    assertThatThrownBy(() -> Layout.parse("hwcn"))
        .hasMessage("unknown layout 'hwcn', expected nchw or nhwc");
  }
}

package dev.narrows.data.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import dev.narrows.data.InputShape;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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
        .containsExactly(
            "layout nchw inferred from shape [2, 1, 1, 2]",
            "2 inputs of int8, shape [2, 1, 1, 2], labelled");
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
    assertThat(given.notes())
        .containsExactly("2 inputs of float32, shape [2, 4, 5, 3], without labels");
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
  void open_npzWithoutX_takesUsualNamesAndElseListsWhatItHas() throws IOException {
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("labels", NpyArray.of(new int[] {7}, 1));
    arrays.put("images", NpyArray.of(new int[] {3, 4}, 1, 2));
    Path file = folder.resolve("n.npz");
    Npz.write(file, arrays);
    DataSource.Opened opened = DataSource.open(file.toString(), options);
    assertThat(((Inputs.InputCodes) opened.inputs()).values()).containsExactly(3, 4);
    assertThat(opened.inputs().labels().orElseThrow()).containsExactly(7);
    assertThat(opened.notes())
        .contains("inputs are the array \"images\", labels the array \"labels\"");
    arrays.put("this", arrays.remove("images"));
    Path other = folder.resolve("o.npz");
    Npz.write(other, arrays);
    assertThatThrownBy(() -> DataSource.open(other.toString(), options))
        .isInstanceOf(DataException.class)
        .hasMessage(other + ": expected arrays x and (for accuracy) y, found only [labels, this]");
  }

  /** A network for images of 3 channels, 4 rows and 5 columns, whose file has channels last. */
  private DataSource.Options forImages() {
    return options
        .withShape(new InputShape(3, 4, 5, List.of(4, 5, 3)))
        .withUsualLayout(Layout.NHWC);
  }

  private Inputs.InputCodes opened(NpyArray x, DataSource.Options how) throws IOException {
    Path file = folder.resolve("a.npy");
    Npy.write(file, x);
    return (Inputs.InputCodes) DataSource.open(file.toString(), how).inputs();
  }

  @Test
  void open_arraysOfANetworksShape_areReadInTheirOwnOrder() throws IOException {
    int[] counted = IntStream.range(0, 60).toArray();
    int[] planes = new int[60];
    Arrays.setAll(planes, i -> i % 20 * 3 + i / 20);
    assertThat(opened(NpyArray.of(counted, 1, 4, 5, 3), forImages()).values()).isEqualTo(planes);
    assertThat(opened(NpyArray.of(counted, 1, 3, 4, 5), forImages()).values()).isEqualTo(counted);
    // one image alone, in either order
    assertThat(opened(NpyArray.of(counted, 4, 5, 3), forImages()).values()).isEqualTo(planes);
    assertThat(opened(NpyArray.of(counted, 3, 4, 5), forImages()).values()).isEqualTo(counted);
    assertThat(opened(NpyArray.of(counted, 3, 4, 5), forImages()).count()).isEqualTo(1);
    // what the user says is not overridden
    DataSource.Options said = forImages().withLayout(Layout.NHWC);
    assertThat(opened(NpyArray.of(counted, 1, 3, 4, 5), said).channels()).isEqualTo(5);
  }

  @Test
  void open_imagesForANetworkOfFeatures_areTakenElementAfterElement() throws IOException {
    int[] counted = IntStream.range(0, 60).toArray();
    DataSource.Options features = options.withShape(new InputShape(20, 1, 1, List.of(1, 1, 20)));
    Inputs.InputCodes rows = opened(NpyArray.of(counted, 3, 4, 5), features);
    assertThat(rows.values()).isEqualTo(counted);
    assertThat(rows.channels()).isEqualTo(20);
    assertThat(opened(NpyArray.of(Arrays.copyOf(counted, 20), 20), features).count()).isEqualTo(1);
  }

  @Test
  void open_unsignedBytes_areTold() throws IOException {
    assertThat(opened(NpyArray.ofUnsigned(new byte[4], 1, 4), options).bytes()).isTrue();
    assertThat(opened(NpyArray.of(new byte[4], 1, 4), options).bytes()).isFalse();
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
    assertThat(opened.inputs().labels()).isPresent();
    assertThat(opened.split()).isEmpty();
    String image = folder.resolve("cat/1.png").toString();
    assertThat(DataSource.open(image, options).inputs().labels()).isEmpty();
    String flat = folder.resolve("cat").toString();
    assertThat(DataSource.open(flat, options).inputs().labels()).isEmpty();
    assertThat(DataSource.open(flat, options).notes())
        .containsExactly("1 images of 3×3×2, without labels");
  }

  @Test
  void open_otherFile_saysWhatIsExpected() throws IOException {
    Path file = Files.writeString(folder.resolve("x.csv"), "1,2");
    assertThatThrownBy(() -> DataSource.open(file.toString(), options))
        .hasMessage(
            file
                + ": expected an .npz, .npy or .txt file, or an image or a folder of images (PNG,"
                + " JPEG, BMP)");
  }

  @Test
  void layout_unknownText_isRefused() {
    assertThat(Layout.parse("nhwc")).hasToString("nhwc");
    assertThatThrownBy(() -> Layout.parse("hwcn"))
        .hasMessage("unknown layout 'hwcn', expected nchw or nhwc");
  }
}

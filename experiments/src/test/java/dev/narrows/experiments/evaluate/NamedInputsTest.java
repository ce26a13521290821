package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What integers are to one of several inputs. */
class NamedInputsTest {
  private static final byte[] BYTES = {0, 100, (byte) 200, (byte) 255};

  @TempDir private Path folder;

  /** Two inputs of one kind, which are added. */
  private NetworkInputs read(int bits, double scale, int zeroPoint, NpyArray second)
      throws IOException {
    return read(bits, scale, zeroPoint, second, NamedChoices.none());
  }

  private NetworkInputs read(
      int bits, double scale, int zeroPoint, NpyArray second, NamedChoices said)
      throws IOException {
    Quantization codes = new Quantization(IntegerFormat.signed(bits), scale, zeroPoint);
    TensorType image = new TensorType(1, 2, 2, codes);
    List<Layer> layers =
        List.of(InputLayer.given("second", image), Add.of("sum", 0, image, 1, image, image));
    Network network = new Network("pair", image, layers, Map.of(NetworkInputs.PREPROCESS, "raw"));
    Path file = folder.resolve("in.npz");
    SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("input", NpyArray.of(new int[] {1, 2, 3, 4}, 1, 1, 2, 2));
    arrays.put("second", second);
    Npz.write(file, arrays);
    return NamedInputs.of(network, file.toString(), Optional.empty(), said);
  }

  private static int[] words(NetworkInputs inputs) {
    int[] words = new int[8];
    inputs.source().read(0, 1, words);
    return words;
  }

  @Test
  void bytes_toASignedInputOfEightBits_arePixels() throws IOException {
    NetworkInputs read = read(8, 1 / 255.0, -128, NpyArray.ofUnsigned(BYTES, 1, 1, 2, 2));
    assertThat(words(read)).containsExactly(1, 2, 3, 4, -128, -28, 72, 127);
    assertThat(read.notes())
        .contains(
            "input \"input\": integers are taken as its codes",
            "input \"second\": integers of 0 … 255 are taken as pixels, as unit (pixel / 255);"
                + " the network does not say; floats are taken as its numbers");
  }

  @Test
  void integersBeyondAnImagesCodes_arePixels_andWithinThemAreCodes() throws IOException {
    NpyArray beyond = NpyArray.of(new int[] {0, 100, 200, 255}, 1, 1, 2, 2);
    assertThat(words(read(8, 1 / 255.0, -128, beyond))).endsWith(-128, -28, 72, 127);
    NpyArray within = NpyArray.of(new int[] {0, 100, -100, 1}, 1, 1, 2, 2);
    assertThat(words(read(8, 1 / 255.0, -128, within))).endsWith(0, 100, -100, 1);
  }

  @Test
  void bytes_toAWiderInput_areIdsOrMasks() throws IOException {
    NetworkInputs read = read(16, 1, 0, NpyArray.ofUnsigned(BYTES, 1, 1, 2, 2));
    assertThat(words(read)).endsWith(0, 100, 200, 255);
  }

  private int[] second(NpyArray second, String... preprocess) throws IOException {
    NamedChoices said = new NamedChoices(List.of(preprocess), List.of());
    return Arrays.copyOfRange(words(read(8, 1 / 127.0, -1, second, said)), 4, 8);
  }

  @Test
  void preprocess_ofOneInput_isOfThatInput() throws IOException {
    NpyArray bytes = NpyArray.ofUnsigned(BYTES, 1, 1, 2, 2);
    // 2·pixel/255 − 1 in steps of 1/127, counted from −1
    int[] shifted = {-128, -28, 71, 126};
    assertThat(second(bytes, "second=mean=0.5,std=0.5")).containsExactly(shifted);
    float[] fractions = {0, 100 / 255f, 200 / 255f, 1};
    NpyArray floats = NpyArray.of(fractions, 1, 1, 2, 2);
    assertThat(second(floats, "second=mean=0.5,std=0.5", "input=none")).containsExactly(shifted);
    assertThat(second(floats, "second=none")).containsExactly(-1, 49, 99, 126);
    assertThat(second(bytes, "none", "second=unit")).containsExactly(-1, 49, 99, 126);
  }

  @Test
  void preprocess_withoutAName_isOfAllImages_noneOfAll() throws IOException {
    NamedChoices unit = new NamedChoices(List.of("unit"), List.of());
    NpyArray floats = NpyArray.of(new float[] {0, 100, 200, 255}, 1, 1, 2, 2);
    assertThat(words(read(8, 1 / 127.0, -1, floats, unit)))
        .containsExactly(-1, 0, 0, 1, -1, 49, 99, 126);
    NpyArray bytes = NpyArray.ofUnsigned(BYTES, 1, 1, 2, 2);
    assertThatThrownBy(() -> second(bytes, "none"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("\"second\" takes integers of -128 to 127, got 200");
  }

  @Test
  void preprocess_thatFitsNothing_isRefused() {
    NpyArray bytes = NpyArray.ofUnsigned(BYTES, 1, 1, 2, 2);
    assertThatThrownBy(() -> second(bytes, "third=raw"))
        .hasMessageContaining("unknown preprocessing 'third=raw'");
    assertThatThrownBy(() -> second(bytes, "second=raw", "second=unit"))
        .hasMessage("--preprocess: is given twice for input \"second\"");
    assertThatThrownBy(() -> second(bytes, "raw", "unit"))
        .hasMessage("--preprocess: is given twice for all inputs");
    NpyArray beyond = NpyArray.of(new int[] {0, 1, 2, 256}, 1, 1, 2, 2);
    assertThatThrownBy(() -> second(beyond, "second=raw"))
        .hasMessageMatching(
            "--preprocess: element 3 of \"second\" of .* is 256, expected pixels .*");
  }

  @Test
  void floatsThatHardlyMeanAnImagesNumbers_areRefusedNamingTheOption() {
    NpyArray fractions = NpyArray.of(new float[] {0, 0.5f, 0.75f, 1}, 1, 1, 2, 2);
    assertThatThrownBy(() -> read(8, 1, -128, fractions))
        .hasMessageContaining(
            "input \"second\": the network's input takes numbers of 0 … 255; floats of 0 … 1 would"
                + " reach only 2 of its 256 codes. Say --preprocess second=raw if they are pixels,"
                + " or --preprocess second=none if they are the network's own numbers");
  }

  /** One image of two channels, one row and three columns, passed on. */
  private int[] image(NpyArray array, String... layout) throws IOException {
    Quantization codes = new Quantization(IntegerFormat.signed(16), 1, 0);
    TensorType image = new TensorType(2, 1, 3, codes);
    Network network =
        new Network("one", image, List.of(Add.of("sum", 0, image, 0, image, image)), Map.of());
    Path file = folder.resolve("image.npz");
    Npz.write(file, new LinkedHashMap<>(Map.of("input", array)));
    NetworkInputs inputs =
        NamedInputs.of(
            network,
            file.toString(),
            Optional.empty(),
            new NamedChoices(List.of(), List.of(layout)));
    int[] words = new int[6];
    inputs.source().read(0, 1, words);
    return words;
  }

  @Test
  void layout_asked_orTheOnlyOneThatFits() throws IOException {
    int[] numbers = {1, 2, 3, 4, 5, 6};
    assertThat(image(NpyArray.of(numbers, 1, 2, 1, 3))).containsExactly(1, 2, 3, 4, 5, 6);
    int[] exchanged = {1, 3, 5, 2, 4, 6};
    assertThat(image(NpyArray.of(numbers, 1, 1, 3, 2))).containsExactly(exchanged);
    assertThat(image(NpyArray.of(numbers, 1, 1, 3, 2), "nhwc")).containsExactly(exchanged);
    assertThat(image(NpyArray.of(numbers, 1, 6), "input=nhwc")).containsExactly(exchanged);
    assertThatThrownBy(() -> image(NpyArray.of(numbers, 1, 1, 3, 2), "nchw"))
        .hasMessageContaining("\"input\" has shape [1, 1, 3, 2], expected [samples, 2, 1, 3]");
    assertThatThrownBy(() -> image(NpyArray.of(numbers, 1, 1, 3, 2), "chw"))
        .hasMessageContaining("unknown layout 'chw', expected nchw or nhwc");
  }
}

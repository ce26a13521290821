package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import dev.narrows.network.Network;
import dev.narrows.network.layer.Add;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
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
    return NamedInputs.of(network, file.toString(), Optional.empty());
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
}

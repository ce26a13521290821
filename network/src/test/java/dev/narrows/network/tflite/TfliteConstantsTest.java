package dev.narrows.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.network.ConstantForm;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.DotLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files with other constants, read back by the ordinary reader. */
class TfliteConstantsTest {
  @TempDir private Path folder;

  static Stream<String> operators() throws IOException {
    return LiteRtGoldenTest.operators();
  }

  @ParameterizedTest
  @MethodSource("operators")
  void write_othersForEveryLayer_readerGivesThem(String name) throws IOException {
    Path file = Path.of("src/test/resources/golden/litert/operators").resolve(name);
    TfliteConstants constants = TfliteConstants.open(file);
    Map<String, LayerConstants> changes = drawn(constants, new Random(name.hashCode()));
    Path out = folder.resolve(name);
    Network written = constants.write(changes, out);
    assertThat(new TfliteReader().read(out)).isEqualTo(written);
    assertThat(constants.with(changes)).isEqualTo(written);
    changes.forEach((layer, wanted) -> assertThat(held(written, layer)).isEqualTo(wanted));
    assertThat(written.layers()).hasSameSizeAs(constants.network().layers());
    assertThat(Files.size(out)).isEqualTo(Files.size(file));
  }

  @Test
  void write_nothingChanged_givesTheSameBytes() throws IOException {
    Path file = small(new SmallTflite());
    TfliteConstants constants = TfliteConstants.open(file);
    Map<String, LayerConstants> same = new HashMap<>();
    for (DotLayer layer : constants.network().dotLayers()) {
      same.put(layer.name(), LayerConstants.of(layer.integers()));
    }
    Path out = folder.resolve("same.tflite");
    constants.write(same, out);
    assertThat(Files.readAllBytes(out)).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void write_oneLayer_changesItsConstantsOnly() throws IOException {
    SmallTflite small = new SmallTflite();
    Path file = small(small);
    TfliteConstants constants = TfliteConstants.open(file);
    Map<String, LayerConstants> changes = drawn(constants, new Random(1));
    changes.keySet().retainAll(Set.of("logits"));
    Path out = folder.resolve("one.tflite");
    constants.write(changes, out);
    byte[] before = Files.readAllBytes(file);
    byte[] after = Files.readAllBytes(out);
    int differing = 0;
    for (int i = 0; i < before.length; i++) {
      differing += before[i] == after[i] ? 0 : 1;
    }
    assertThat(after).hasSameSizeAs(before);
    assertThat(differing).isBetween(4 * 40, 4 * 48 + 4 * 4 + 4); // weights, bias, one scale
  }

  @Test
  void write_biasBufferOfTwoTensors_otherKeepsItsBytes() throws IOException {
    SmallTflite small = new SmallTflite();
    small.buffers.set(2, small.buffers.get(4)); // of 4, while conv has 3 channels
    small.tensors.set(2, SmallTflite.tensor("bias", 2, 2, FlatWriter.table(), 3));
    small.buffers.set(2, FlatWriter.table(0, new FlatWriter.Bytes(new byte[12])));
    small.tensors.set(
        5, SmallTflite.tensor("weights", 9, 3, SmallTflite.quantized(0, 0, 0.05f), 3, 48));
    small.buffers.set(3, FlatWriter.table(0, new FlatWriter.Bytes(new byte[3 * 48])));
    small.tensors.set(6, SmallTflite.tensor("bias2", 2, 2, FlatWriter.table(), 3));
    for (int t : new int[] {7, 8}) {
      small.tensors.set(t, SmallTflite.with(small.tensors.get(t), 0, new FlatWriter.Ints(1, 3)));
    }
    Path file = small(small);
    TfliteConstants constants = TfliteConstants.open(file);
    Map<String, LayerConstants> changes = drawn(constants, new Random(2));
    LayerConstants kept = held(constants.network(), "conv");
    changes.keySet().retainAll(Set.of("logits"));
    Path out = folder.resolve("shared.tflite");
    Network written = constants.write(changes, out);
    assertThat(held(written, "conv")).isEqualTo(kept);
    assertThat(held(written, "logits")).isEqualTo(changes.get("logits"));
    assertOldBytesFollow(file, out, 3 * 48 + 16); // weights, a scale, which buffer
  }

  @Test
  void write_filterOfTwoOperators_eachGetsItsOwn() throws IOException {
    SmallTflite small = tied();
    Path file = small(small);
    TfliteConstants constants = TfliteConstants.open(file);
    Map<String, LayerConstants> changes = drawn(constants, new Random(3));
    for (Set<String> some : Set.of(Set.of("again"), Set.of("logits"), Set.of("again", "logits"))) {
      Map<String, LayerConstants> wanted = new HashMap<>(changes);
      wanted.keySet().retainAll(some);
      Path out = folder.resolve("tied.tflite");
      Network written = constants.write(wanted, out);
      for (DotLayer layer : constants.network().dotLayers()) {
        LayerConstants expected =
            wanted.getOrDefault(layer.name(), LayerConstants.of(layer.integers()));
        assertThat(held(written, layer.name())).isEqualTo(expected);
      }
      assertThat(TfliteConstants.open(out).with(Map.of())).isEqualTo(written);
      assertOldBytesFollow(file, out, 0);
    }
  }

  @Test
  void write_filterOfTwoOperatorsThatAgree_isReplacedInItsPlace() throws IOException {
    Path file = small(tied());
    TfliteConstants constants = TfliteConstants.open(file);
    LayerConstants one = drawn(constants, new Random(4)).get("logits");
    Path out = folder.resolve("agreed.tflite");
    Network written = constants.write(Map.of("logits", one, "again", one), out);
    assertThat(held(written, "again")).isEqualTo(one);
    assertThat(Files.size(out)).isEqualTo(Files.size(file));
  }

  /** A second dense layer after the first reshape, with the first one's weights and bias. */
  static SmallTflite tied() {
    SmallTflite small = new SmallTflite();
    small.tensors.add(SmallTflite.tensor("again", 9, 0, SmallTflite.quantized(0, 0, 0.5f), 1, 4));
    small.operators.add(2, SmallTflite.operator(2, 8, FlatWriter.table(), new int[] {4, 5, 6}, 9));
    small.outputs = new int[] {8, 9};
    return small;
  }

  /** interop/litert/shared.py makes the file; LiteRT runs both. */
  @Test
  void write_secondOfTwoThatShare_isWhatLiteRtRan() throws IOException {
    Path golden = Path.of("src/test/resources/golden/litert/changed");
    TfliteConstants constants = TfliteConstants.open(golden.resolve("shared.tflite"));
    Map<String, LayerConstants> changes = drawn(constants, new Random(6));
    changes.keySet().retainAll(Set.of("t5"));
    Path out = folder.resolve("out.tflite");
    constants.write(changes, out);
    assertThat(out).hasSameBinaryContentAs(golden.resolve("shared-changed.tflite"));
    for (String name : List.of("shared", "shared-changed")) {
      LiteRtGoldenTest.compareAll(
          golden.resolve(name + ".tflite"), "/golden/litert/changed/" + name + ".csv");
    }
  }

  @Test
  void write_overTheFileThatWasRead_isRefused() throws IOException {
    Path file = small(new SmallTflite());
    Path link = Files.createSymbolicLink(folder.resolve("link.tflite"), file);
    TfliteConstants constants = TfliteConstants.open(file);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> constants.write(Map.of(), link))
        .withMessageContaining("is the file that was read");
  }

  @Test
  void with_whatTheFileCannotHold_isRefused() throws IOException {
    TfliteConstants constants = TfliteConstants.open(small(new SmallTflite()));
    LayerConstants dense = held(constants.network(), "logits");
    int[] wide = dense.weights().clone();
    wide[5] = 128;
    double[] scales = dense.scales().clone();
    scales[2] *= 2;
    assertThat(constants.form("logits").orElseThrow().scales())
        .isEqualTo(ConstantForm.HeldScales.ONE);
    assertRefused(constants, new LayerConstants(wide, dense.scales(), dense.bias()), "127");
    assertRefused(
        constants, new LayerConstants(dense.weights(), scales, dense.bias()), "one scale");
    assertRefused(
        constants, new LayerConstants(new int[3], dense.scales(), dense.bias()), "192 weights");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> constants.with(Map.of("nobody", dense)))
        .withMessageContaining("nobody");
  }

  @Test
  void with_bufferAddedToDataOutsideTheTables_isRefused() throws IOException {
    SmallTflite small = tied();
    small.buffers.add(FlatWriter.table(1, new FlatWriter.Long8(64), 2, new FlatWriter.Long8(4)));
    TfliteConstants constants = TfliteConstants.open(small(small));
    Map<String, LayerConstants> changes = drawn(constants, new Random(5));
    changes.keySet().retainAll(Set.of("again"));
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> constants.with(changes))
        .withMessageContaining("offset");
  }

  private static void assertRefused(TfliteConstants constants, LayerConstants wanted, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> constants.with(Map.of("logits", wanted)))
        .withMessageContaining("logits")
        .withMessageContaining(why);
  }

  private static void assertOldBytesFollow(Path file, Path out, int most) throws IOException {
    byte[] before = Files.readAllBytes(file);
    byte[] after = Files.readAllBytes(out);
    int moved = after.length - before.length;
    assertThat(moved).isPositive().isLessThan(4096);
    assertThat(moved % 64).isZero();
    int differing = 0;
    for (int i = 0; i < before.length; i++) {
      differing += before[i] == after[moved + i] ? 0 : 1;
    }
    assertThat(differing).isLessThanOrEqualTo(most);
  }

  private Path small(SmallTflite small) throws IOException {
    small.version = 3;
    Path file = folder.resolve("small.tflite");
    Files.write(file, small.bytes());
    return file;
  }

  static LayerConstants held(Network network, String layer) {
    return LayerConstants.of(((DotLayer) network.layer(layer)).integers());
  }

  /** Random constants for every layer that can have others. */
  static Map<String, LayerConstants> drawn(TfliteConstants constants, Random random) {
    Map<String, LayerConstants> changes = new HashMap<>();
    Map<Object, LayerConstants> same = new HashMap<>(); // images of a batch share what they have
    for (DotLayer layer : constants.network().dotLayers()) {
      if (constants.form(layer.name()).isPresent()) {
        ConstantForm form = constants.form(layer.name()).orElseThrow();
        boolean batch = layer.name().matches(".*/\\d+");
        Object key = batch ? LayerConstants.of(layer.integers()) : layer.name();
        changes.put(layer.name(), same.computeIfAbsent(key, k -> drawn(layer, form, random)));
      }
    }
    return changes;
  }

  private static LayerConstants drawn(DotLayer layer, ConstantForm form, Random random) {
    LayerConstants given = LayerConstants.of(layer.integers());
    int[] weights = new int[given.weights().length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt((int) form.weights().min(), (int) form.weights().max() + 1);
    }
    double[] scales = new double[given.scales().length];
    for (int c = 0; c < scales.length; c++) {
      scales[c] =
          switch (form.scales()) {
            case CHANNELS -> ConstantForm.nearest(given.scales()[c] * (1 + random.nextDouble()));
            case ONE -> ConstantForm.nearest(given.scales()[c] * 1.5);
            case FIXED -> given.scales()[c];
          };
    }
    int[] bias = new int[given.bias().length];
    for (int c = 0; c < bias.length; c++) {
      bias[c] = form.bias().max() == 0 ? 0 : random.nextInt(2000) - 1000;
    }
    return new LayerConstants(weights, scales, bias);
  }
}

package dev.narrows.network.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.layer.CodeTable;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of every kind of layer, written by the program as it was before layers had codecs. */
class NarrowsGoldenTest {
  @TempDir Path folder;

  private static List<Path> golden() throws IOException, URISyntaxException {
    Path files = Path.of(NarrowsGoldenTest.class.getResource("/golden/narrows").toURI());
    try (Stream<Path> all = Files.list(files)) {
      return all.sorted().toList();
    }
  }

  @Test
  void golden_readAndWrittenAgain_givesTheSameBytes() throws Exception {
    Path again = folder.resolve("again.narrows");
    for (Path file : golden()) {
      NarrowsWriter.write(NetworkFiles.read(file), again);
      assertThat(again).as(file.toString()).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void golden_allFiles_haveEveryKindAndEveryTypeOfLayer() throws Exception {
    Set<String> kinds = new HashSet<>();
    Set<Class<?>> types = new HashSet<>();
    for (Path file : golden()) {
      for (Layer layer : NetworkFiles.read(file).layers()) {
        kinds.add(LayerCodecs.of(layer).kind(layer));
        types.add(layer.getClass());
      }
    }
    assertThat(LayerCodecs.ALL.stream().flatMap(codec -> codec.kinds().stream())).isSubsetOf(kinds);
    assertThat(types).containsExactlyInAnyOrderElementsOf(records(Layer.class));
  }

  @Test
  void codecs_everyTypeOfLayer_hasOne() {
    assertThat(LayerCodecs.ALL.stream().<Class<?>>map(LayerCodec::type))
        .containsExactlyInAnyOrderElementsOf(records(Layer.class));
  }

  @Test
  void longTable_written_hasTheBytesOfBefore() throws IOException {
    TensorType type =
        new TensorType(1, 1, 2, new Quantization(IntegerFormat.signed(16), 1.0 / 4096, 0));
    int[] table = new int[CodeTable.LONG];
    Arrays.setAll(table, i -> i / 2 - 10000);
    Path file = folder.resolve("long.narrows");
    NarrowsWriter.write(
        new Network(
            "long-table",
            type,
            List.of(new CodeTable("long", 0, type, true, table)),
            Map.of("made", "by hand")),
        file);
    assertThat(NetworkFiles.sha256(file))
        .isEqualTo("e3b2fc57d492fedecc7656d1b23f33d211df5c43e82a0f94f9939dc3edd81cf6");
    assertThat(NetworkFiles.read(file).layers())
        .containsExactly(new CodeTable("long", 0, type, true, table));
  }

  /** The records that a sealed interface permits, at any depth. */
  private static Set<Class<?>> records(Class<?> type) {
    Set<Class<?>> records = new HashSet<>();
    List<Class<?>> open = new ArrayList<>(List.of(type));
    while (!open.isEmpty()) {
      Class<?> next = open.removeLast();
      if (next.isRecord()) {
        records.add(next);
      } else {
        open.addAll(Arrays.asList(next.getPermittedSubclasses()));
      }
    }
    return records;
  }
}

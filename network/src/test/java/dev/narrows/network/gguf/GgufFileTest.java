package dev.narrows.network.gguf;

import static dev.narrows.network.gguf.GgufBuilder.joined;
import static dev.narrows.network.gguf.GgufBuilder.text;
import static dev.narrows.network.gguf.GgufBuilder.word;
import static dev.narrows.network.gguf.GgufBuilder.word64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
  private static final Path FILE = Path.of("some.gguf");

  @TempDir private Path folder;

  private static GgufFile read(byte[] bytes) throws NetworkFileException {
    return GgufFile.of(FILE, MemorySegment.ofArray(bytes));
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> read(bytes))
        .withMessageStartingWith("some.gguf: ")
        .withMessageContaining(message);
  }

  private static GgufBuilder small() {
    return new GgufBuilder()
        .text("name", "Zoë")
        .whole("whole", -1)
        .real("real", 0.5f)
        .truth("truth", true)
        .texts("texts", List.of("a", "", "ü"))
        .wholes("wholes", 3, -4)
        .reals("reals", 1, 2)
        .floats("table", new float[] {1, 2, 3, 4, 5, 6}, 3, 2)
        .floats("row", new float[] {7}, 1);
  }

  @Test
  void file_everyKindOfValue_readsBack() throws IOException {
    GgufFile file = GgufFile.open(Files.write(folder.resolve("x.gguf"), small().bytes()));
    GgufMetadata said = file.metadata();
    assertThat(said.text("name")).contains("Zoë");
    assertThat(said.real("real")).contains(0.5f);
    assertThat(said.truth("truth")).contains(true);
    assertThat(said.texts("texts")).contains(List.of("a", "", "ü"));
    assertThat(said.wholes("wholes").orElseThrow()).containsExactly(3, -4);
    assertThat(said.reals("reals").orElseThrow()).containsExactly(1, 2);
    assertThat(said.text("absent")).isEmpty();
    assertThat(file.tensors().keySet()).containsExactly("table", "row");
    float[] out = new float[6];
    GgufTensor table = Objects.requireNonNull(file.tensors().get("table"));
    file.rows(table, 0, 2, out);
    assertThat(out).containsExactly(1, 2, 3, 4, 5, 6);
    file.rows(table, 1, 1, out);
    assertThat(out).containsExactly(4, 5, 6, 4, 5, 6);
  }

  @Test
  void metadata_valueOfAnotherKindOrBeyondItsLimits_isRefusedNamingTheKey() throws IOException {
    GgufMetadata said = read(small().bytes()).metadata();
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> said.text("real"))
        .withMessage("some.gguf: metadata real: expected a text, got a number");
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> said.whole("whole", 0, 10)) // -1 is written as 2^32 - 1
        .withMessage("some.gguf: metadata whole: must be in [0, 10], got 4294967295");
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> said.whole("absent", 0, 10))
        .withMessage("some.gguf: metadata absent: missing");
  }

  @Test
  void file_truncatedAnywhere_isRefused() {
    byte[] whole = small().bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatExceptionOfType(NetworkFileException.class).isThrownBy(() -> read(part));
    }
  }

  @Test
  void header_countsBeyondTheFile_areRefusedBeforeAllocating() {
    byte[] bytes = small().bytes();
    for (long count : new long[] {-1, Long.MAX_VALUE, 1L << 31, 1000}) {
      byte[] tensors = bytes.clone();
      System.arraycopy(word64(count), 0, tensors, 8, 8);
      assertRefused(tensors, "number of tensors: states " + Long.toUnsignedString(count));
      byte[] pairs = bytes.clone();
      System.arraycopy(word64(count), 0, pairs, 16, 8);
      assertRefused(pairs, "number of metadata: states " + Long.toUnsignedString(count));
      assertRefused(
          new GgufBuilder().put("list", joined(word(9), word(4), word64(count))).bytes(),
          "metadata list: states " + Long.toUnsignedString(count));
    }
    assertRefused("GGML and more".getBytes(StandardCharsets.UTF_8), "begins with the word GGUF");
    byte[] old = bytes.clone();
    old[4] = 1;
    assertRefused(old, "version: expected 2 or 3, got 1");
    old[4] = 0;
    old[7] = 3;
    assertRefused(old, "(a big-endian file)");
  }

  @Test
  void metadata_unsound_isRefused() {
    assertRefused(
        new GgufBuilder().put("k", joined(word(13), word(0))).bytes(), "expected a kind of value");
    assertRefused(
        new GgufBuilder().put("k", joined(word(9), word(9), word64(0))).bytes(),
        "lists of lists are not read");
    assertRefused(
        new GgufBuilder().put("k", joined(word(7), new byte[] {2})).bytes(),
        "a truth is 0 or 1, got 2");
    assertRefused(
        new GgufBuilder().put("k", joined(word(8), word64(1), new byte[] {(byte) 0xFF})).bytes(),
        "metadata k: is not a text in UTF-8");
    assertRefused(
        new GgufBuilder().put("k", joined(word(10), word64(-1))).bytes(), "must be below 2^63");
    assertRefused(new GgufBuilder().whole("general.alignment", 24).bytes(), "a power of two");
    byte[] twice = joined(word(0x46554747), word(3), word64(0), word64(2));
    byte[] pair = joined(text("k"), word(4), word(1));
    assertRefused(joined(twice, pair, pair), "metadata k: is there twice");
  }

  @Test
  void directory_unsound_isRefusedNamingTheTensor() {
    byte[] data = new byte[64];
    assertRefused(
        new GgufBuilder().tensor("t", 31, data, 4).bytes(), "tensor t: expected one of the types");
    assertRefused(
        new GgufBuilder().tensor("t", GgufType.Q4_0, data, 16).bytes(),
        "rows of Q4_0 are whole blocks of 32 elements, got 16");
    assertRefused(
        new GgufBuilder().tensor("t", GgufType.F32, data, 0).bytes(), "dimensions are from 1");
    assertRefused(
        new GgufBuilder().tensor("t", GgufType.F32, data, 1L << 40).bytes(),
        "dimensions are from 1");
    assertRefused(
        new GgufBuilder().tensor("t", GgufType.F32, data, 1 << 30).bytes(), "rows have at most");
    assertRefused(
        new GgufBuilder().tensor("t", GgufType.F32, data).bytes(), "must have 1 to 4 dimensions");
    assertRefused(
        new GgufBuilder().tensor("t", GgufType.F32, data, 1, 1, 1, 1, 1).bytes(),
        "must have 1 to 4 dimensions");
    assertRefused(
        new GgufBuilder().tensor("t", GgufType.F32, data, 4, 1 << 20, 1 << 20, 1 << 20).bytes(),
        "has more elements than the file has bytes");
    assertRefused(
        new GgufBuilder().tensor("t", GgufType.F32, data, 17).bytes(), "leave the file of");
    assertRefused(
        new GgufBuilder()
            .tensor("t", GgufType.F32, data, 4)
            .tensor("t", GgufType.F32, data, 4)
            .bytes(),
        "tensor t: is there twice");
    assertRefused(
        new GgufBuilder()
            .tensor("t", GgufType.F32, new byte[4], 16)
            .tensor("u", GgufType.F32, data, 16)
            .bytes(),
        "tensor u: overlaps another");
  }

  @Test
  void rows_numberThatIsNotFinite_isRefusedNamingTheRow() throws IOException {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      GgufFile file = read(new GgufBuilder().floats("t", new float[] {1, 2, 3, bad}, 2, 2).bytes());
      GgufTensor tensor = file.tensors().values().iterator().next();
      file.rows(tensor, 0, 1, new float[2]);
      assertThatExceptionOfType(NetworkFileException.class)
          .isThrownBy(() -> file.rows(tensor, 0, 2, new float[4]))
          .withMessage("some.gguf: tensor t: row 1: must be finite, got " + bad);
    }
  }

  @Test
  void open_noFile_isRefused() {
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> GgufFile.open(folder.resolve("absent.gguf")))
        .withMessageContaining("no such file");
  }
}

package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.format.NarrowsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaFileTest {
  @TempDir private Path folder;

  private void assertRefused(byte[] bytes, String message) throws IOException {
    Path file = folder.resolve("bad.bin");
    Files.write(file, bytes);
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> NetworkFiles.read(file))
        .withMessageStartingWith(file.toString())
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, dim must be in",
    "0, 7, n_heads must divide dim",
    "0, 4, even parts",
    "1, -12, hidden_dim must be in",
    "2, 2147483647, n_layers must be in",
    "2, 1048576, a model of these sizes has",
    "3, 3, n_heads must divide dim",
    "4, 3, n_kv_heads must divide n_heads",
    "5, 0, vocab_size must be in",
    "5, -2147483648, vocab_size must be in",
    "6, -1, seq_len must be in",
    "6, 7, a model of these sizes has"
  })
  void header_absurdSize_isRefusedNamingIt(int place, int value, String message)
      throws IOException {
    int[] header = TinyLlama.header();
    header[place] = value;
    assertRefused(TinyLlama.checkpoint(header, 100), message);
  }

  @Test
  void header_largestSizesAtOnce_areRefusedWithoutAllocating() throws IOException {
    int most = 1 << 20;
    int[] header = {most, most, most, most / 2, most / 2, most, most};
    assertRefused(TinyLlama.checkpoint(header, 10), "header: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 27, 28, 29, 5000})
  void file_truncated_isRefused(int length) throws IOException {
    LlamaShape shape = TinyLlama.open(folder, true).shape();
    byte[] whole = TinyLlama.checkpoint(TinyLlama.header(), shape.numbers());
    assertRefused(
        Arrays.copyOf(whole, length),
        length < 28 ? "the file ends too early" : "a model of these sizes has");
    assertRefused(Arrays.copyOf(whole, whole.length + 4), "a model of these sizes has");
  }

  @Test
  void file_withANumberThatIsNone_isRefusedNamingTheTensor() throws IOException {
    LlamaShape shape = TinyLlama.open(folder, true).shape();
    byte[] whole = TinyLlama.checkpoint(TinyLlama.header(), shape.numbers());
    Arrays.fill(whole, 28, 32, (byte) 0xFF);
    assertRefused(whole, "tensor token_embedding_table: must be finite");
  }

  @Test
  void network_anyLength_agreesOnTheSharedPositions() throws IOException {
    LlamaCheckpoint checkpoint = TinyLlama.open(folder, false);
    int[] ids = {1, 200, 3, 77, 5};
    float[] longer = scores(checkpoint, Arrays.copyOf(ids, 8));
    float[] shorter = scores(checkpoint, ids);
    for (int v = 0; v < TinyLlama.VOCABULARY; v++) {
      for (int t = 0; t < 5; t++) {
        assertThat(longer[v * 8 + t]).isEqualTo(shorter[v * 5 + t]);
      }
    }
  }

  private static float[] scores(LlamaCheckpoint checkpoint, int[] ids) {
    try (Executor executor =
        Executor.of(checkpoint.network(ids.length), LayerRegisters.exact(), 1)) {
      return executor.run(ids, 1).numbers();
    }
  }

  @Test
  void network_narrowRegisters_equalTheReferenceAndSurviveTheFile() throws IOException {
    Network network = TinyLlama.open(folder, true).network(6);
    Path file = folder.resolve("network.narrows");
    NarrowsWriter.write(network, file);
    assertThat(NetworkFiles.read(file)).isEqualTo(network);
    LayerRegisters registers = LayerRegisters.of(Summation.parse("m4e4(9)/m4e4(8):chunk(3)"));
    int[] ids = {1, 20, 263, 4, 250, 6};
    try (Executor executor = Executor.of(network, registers, 1)) {
      assertThat(executor.run(ids, 1).outputs())
          .isEqualTo(new ReferenceExecutor(network, registers).run(ids));
    }
  }

  @Test
  void sampler_sameSeed_givesTheSameTokensForAnyNumberOfThreads() throws IOException {
    LlamaCheckpoint checkpoint = TinyLlama.open(folder, true);
    int[][] one = new Sampler(checkpoint, 4).sample(3, TinyLlama.LENGTH, 1);
    assertThat(new Sampler(checkpoint, 4).sample(3, TinyLlama.LENGTH, 2)).isDeepEqualTo(one);
    assertThat(new Sampler(checkpoint, 5).sample(2, TinyLlama.LENGTH, 1))
        .isDeepEqualTo(new int[][] {one[1], one[2]});
    assertThat(one[0]).isNotEqualTo(one[1]);
  }

  @Test
  void loss_windows_areThoseOfTheModelByHand() throws IOException {
    LlamaCheckpoint checkpoint = TinyLlama.open(folder, true);
    int[] tokens = {9, 8, 7, 6, 5, 4, 3};
    LanguageLoss loss =
        LanguageLoss.of(checkpoint, 3, tokens, LayerRegisters.exact(), false, 2, done -> {});
    assertThat(loss.nats()).hasSize(7);
    float[] scores = scores(checkpoint, new int[] {1, 6, 5}); // the second window: 6, 5, 4
    double sum = 0;
    for (int v = 0; v < TinyLlama.VOCABULARY; v++) {
      sum += Math.exp(scores[v * 3 + 2]);
    }
    double expected = Math.log(sum) - scores[4 * 3 + 2];
    assertThat(loss.nats()[5]).isCloseTo(expected, within(1e-12));
    assertThat(loss.mean()).isCloseTo(Arrays.stream(loss.nats()).sum() / 7, within(0.0));
  }
}

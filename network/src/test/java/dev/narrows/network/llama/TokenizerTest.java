package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narrows.network.NetworkFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
  @TempDir private Path folder;

  private Tokenizer read(byte[] bytes) throws IOException {
    Path file = folder.resolve("tok.bin");
    Files.write(file, bytes);
    return Tokenizer.read(file, TinyLlama.VOCABULARY);
  }

  @Test
  void encode_bestScoreFirstThenLeftmost_joinsPairs() throws IOException {
    Tokenizer tokenizer = read(TinyLlama.tokenizer());
    // ab (262) beats aa (263); among several aa the first is joined
    assertThat(tokenizer.encode("aab")).containsExactly(259, 260, 262);
    assertThat(tokenizer.encode("aaaaa")).containsExactly(259, 263, 263, 260);
    assertThat(tokenizer.encode("")).isEmpty();
  }

  @Test
  void encode_characterWithoutAPiece_becomesItsBytes() throws IOException {
    Tokenizer tokenizer = read(TinyLlama.tokenizer());
    assertThat(tokenizer.encode("é")).containsExactly(259, 0xC3 + 3, 0xA9 + 3);
    for (String text : new String[] {"aab é ab", "x\n\u0000y", "日本 a"}) {
      int[] tokens = tokenizer.encode(text);
      int[] begun = new int[tokens.length + 1];
      begun[0] = Tokenizer.BEGIN;
      System.arraycopy(tokens, 0, begun, 1, tokens.length);
      assertThat(tokenizer.decode(begun)).isEqualTo(text);
    }
  }

  @Test
  void read_truncatedAnywhere_isRefused() throws IOException {
    byte[] whole = TinyLlama.tokenizer();
    for (int length = 0; length < whole.length; length += 7) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatExceptionOfType(NetworkFileException.class)
          .isThrownBy(() -> read(part))
          .withMessageContaining("the file ends too early");
    }
    assertThatExceptionOfType(NetworkFileException.class)
        .isThrownBy(() -> read(Arrays.copyOf(whole, whole.length + 1)))
        .withMessageContaining("1 bytes behind the last");
  }

  @Test
  void read_absurdLengthsAndScores_areRefusedNamingTheToken() throws IOException {
    for (int[] change : new int[][] {{11, 0x7F}, {11, 0xFF}, {7, 0x7F}}) {
      byte[] bytes = TinyLlama.tokenizer();
      bytes[change[0]] = (byte) change[1];
      bytes[change[0] - 1] = (byte) change[1];
      bytes[change[0] - 1] |= (byte) 0x80;
      assertThatExceptionOfType(NetworkFileException.class)
          .isThrownBy(() -> read(bytes))
          .withMessageContaining("token 0: expected a finite score and a length of 0 to 4096");
    }
  }
}

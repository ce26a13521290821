package dev.narrows.network.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BertTextTest {
  private static final BertText UNCASED = new BertText(true, true, true, true);

  /** Letters and marks whose small forms or parts depend on the version of Unicode. */
  private static final String YOUNG =
      "a7ce a7d2 a7d4 16ea0-16eb8 16121-16128 105c9 105e4 11383 11385 1138e 11391 113c5 113c7-113c8"
          + " 1171e 11938 16d68-16d6a d800-dfff";

  private static List<String> words(BertText cuts, String text) {
    List<String> words = new ArrayList<>();
    cuts.words(text, words::add);
    return words;
  }

  /** Every code point but the young ones, against the package tokenizers. */
  @Test
  void words_everyCharacterBetweenLetters_areThoseOfTheGoldenHashes() throws IOException {
    BitSet young = new BitSet();
    for (String run : YOUNG.split(" ")) {
      String[] ends = run.split("-");
      young.set(Integer.parseInt(ends[0], 16), Integer.parseInt(ends[ends.length - 1], 16) + 1);
    }
    List<String> lines;
    try (InputStream in =
        Objects.requireNonNull(BertTextTest.class.getResourceAsStream("/golden/hub/words.csv"))) {
      lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(2).toList();
    }
    assertThat(lines).hasSize(0x110);
    for (String line : lines) {
      int block = Integer.parseInt(line.substring(0, line.indexOf(',')), 16);
      int hash = 0;
      for (int c = block; c < block + 0x1000; c++) {
        if (young.get(c)) {
          continue;
        }
        for (String word : words(UNCASED, "a" + Character.toString(c) + "b")) {
          for (byte one : (word + " ").getBytes(StandardCharsets.UTF_8)) {
            hash = hash * 31 + (one & 255);
          }
        }
      }
      assertThat("%x,%d".formatted(block, Integer.toUnsignedLong(hash))).isEqualTo(line);
    }
  }

  @Test
  void words_ofAText_areLettersIdeographsAndPunctuation() {
    assertThat(words(UNCASED, "Él dijo: «¡SÍ!»\t日本 ΣΊΣ\u00a0x\u0000y"))
        .containsExactly("el", "dijo", ":", "«", "¡", "si", "!", "»", "日", "本", "σισ", "xy");
    assertThat(words(new BertText(false, false, false, false), "Él 日本"))
        .containsExactly("Él", "日本");
  }

  private static WordPieceTokenizer pieces(String... tokens) {
    List<String> all = new ArrayList<>(List.of("[UNK]", "[CLS]"));
    all.addAll(Arrays.asList(tokens));
    return new WordPieceTokenizer(all, Set.of(0, 1), 0, 5, UNCASED);
  }

  @Test
  void pieces_theLongestFirst_orTheWordIsUnknown() {
    WordPieceTokenizer tokenizer =
        pieces("un", "una", "##able", "##a", "##b", "##ble", "𝔸", "##𝔸");
    assertThat(tokenizer.encode("una unab unc b 𝔸𝔸 unable"))
        .containsExactly(3, 3, 6, 0, 0, 8, 9, 0);
    assertThat(tokenizer.encode("una unab unc", 2)).containsExactly(3, 3);
    assertThat(tokenizer.encode("unaab")).containsExactly(3, 5, 6);
    assertThat(tokenizer.decode(new int[] {3, 5, 0, 2, 4})).isEqualTo("unaa unable");
    assertThat(tokenizer.encode("[CLS] [UNK]")).containsExactly(0, 0, 0, 0, 0, 0);
  }

  /** A long word costs no more than its length allows. */
  @Test
  void pieces_oneVeryLongWord_isUnknownInTime() {
    assertThat(pieces("a", "##a").encode("a".repeat(1_000_000))).containsExactly(0);
  }
}

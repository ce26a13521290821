package dev.narrows.network.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ByteLevelTokenizerTest {
  private record Row(String what, String text, int[] ids) {}

  private static List<Row> golden() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ByteLevelTokenizerTest.class.getResourceAsStream("/golden/gguf/tokens.csv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(2)
          .map(line -> line.split(",", -1))
          .map(part ->
              new Row(
                  part[0],
                  new String(HexFormat.of().parseHex(part[1]), StandardCharsets.UTF_8),
                  Stream.of(part[2].split(" "))
                      .filter(id -> !id.isEmpty())
                      .mapToInt(Integer::parseInt)
                      .toArray()))
          .toList();
    }
  }

  private static List<String> texts(List<Row> rows, String what) {
    return rows.stream().filter(row -> row.what().equals(what)).map(Row::text).toList();
  }

  private static ByteLevelTokenizer tokenizer(List<Row> golden, PreTokenizer cuts) {
    return new ByteLevelTokenizer(texts(golden, "token"), texts(golden, "merge"), Set.of(0), cuts);
  }

  @Test
  void encode_goldenTextsUnderEveryCut_giveTheirTokensAndTheTextAgain() throws IOException {
    List<Row> golden = golden();
    Set<PreTokenizer> left = EnumSet.allOf(PreTokenizer.class);
    for (Row row : golden) {
      if (row.what().equals("token") || row.what().equals("merge")) {
        continue;
      }
      PreTokenizer cuts = PreTokenizer.named(row.what()).orElseThrow();
      ByteLevelTokenizer tokenizer = tokenizer(golden, cuts);
      assertThat(tokenizer.encode(row.text()))
          .as("%s \"%s\"", row.what(), row.text())
          .isEqualTo(row.ids());
      assertThat(tokenizer.encode(row.text(), 3))
          .isEqualTo(Arrays.copyOf(row.ids(), Math.min(3, row.ids().length)));
      assertThat(tokenizer.decode(row.ids())).isEqualTo(row.text());
      left.remove(cuts);
    }
    assertThat(left).isEmpty();
  }

  @Test
  void encode_markOfTheVocabularyInAText_isText() throws IOException {
    ByteLevelTokenizer tokenizer = tokenizer(golden(), PreTokenizer.GPT2);
    int[] tokens = tokenizer.encode("<|endoftext|>");
    assertThat(tokens).doesNotContain(0).hasSizeGreaterThan(3);
    assertThat(tokenizer.decode(new int[] {0, tokens[0]})).isEqualTo("<");
  }

  /** A part of a million bytes: neither the stack nor time run out. */
  @Test
  void encode_oneVeryLongPart_isJoinedInTime() throws IOException {
    List<Row> golden = golden();
    for (PreTokenizer cuts : PreTokenizer.values()) {
      for (String letter : List.of("e", " ", "\n", "!", "\u3000")) {
        String text = letter.repeat(200_000);
        assertThat(tokenizer(golden, cuts).decode(tokenizer(golden, cuts).encode(text)))
            .isEqualTo(text);
      }
    }
  }

  @Test
  void vocabulary_mergeOfWhatIsNotThere_isRefused() {
    List<String> tokens = new ArrayList<>(List.of("a", "b", "ab"));
    for (String merge : List.of("a c", "ab", "b a", "", " ", "a", " a")) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new ByteLevelTokenizer(tokens, List.of(merge), Set.of(), PreTokenizer.GPT2))
          .withMessageStartingWith("merge 0: expected two tokens whose joint text is a token");
    }
    ByteLevelTokenizer sound =
        new ByteLevelTokenizer(tokens, List.of("a b"), Set.of(), PreTokenizer.GPT2);
    assertThat(sound.encode("aab")).containsExactly(0, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sound.encode("abc"))
        .withMessage("the vocabulary has no token for byte 0x63 of \"abc\"");
  }

  /** Joins that lead from a token back to itself still leave one token fewer each time. */
  @Test
  void merge_joinsInACircle_end() {
    PairMerger circle = new PairMerger((left, right) -> Optional.of(new PairMerger.Join(left, 0)));
    assertThat(circle.merge(new int[1000])).containsExactly(0);
  }
}

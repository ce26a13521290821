package dev.narrows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "analyse m.tflite | did you mean analyze?",
        "anlayze m.tflite | did you mean analyze?",
        "repor | did you mean report?",
        "Certify | did you mean certify?",
        "data lst | did you mean list?",
        "evaluate m.tflite --acumulator int8:wrap | did you mean --accumulator?",
        "evaluate m.tflite --limt=4 | did you mean --limit?",
        "evaluate m.tflite --preproces raw | did you mean --preprocess?",
      })
  void question_wordMistyped_offersTheOneThatWasMeant(String words, String question) {
    Said said = Said.by((Object[]) words.split(" "));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains(question).contains("--help");
    assertThat(said.err().strip().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"frobnicate", "evaluate --nonsense", "evaluate -q", "evaluate one two"})
  void question_nothingNear_isNotAsked(String words) {
    Said said = Said.by((Object[]) words.split(" "));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).doesNotContain("did you mean");
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "'', abc, 3",
    "abc, abc, 0",
    "abc, acb, 1",
    "abcd, badc, 2",
    "kitten, sitting, 3",
    "ca, abc, 3"
  })
  void edits_pairsOfWords_areCountedBothWays(String from, String to, int edits) {
    assertThat(NearWords.edits(from, to)).isEqualTo(edits);
    assertThat(NearWords.edits(to, from)).isEqualTo(edits);
  }

  @Test
  void of_severalNear_areTheNearestOnly() {
    List<String> words = List.of("--rits", "--bits", "--bit", "--bitzz", "--hits", "--bitter");
    assertThat(NearWords.of("--bitz", words)).containsExactly("--bit", "--bits", "--bitzz");
    assertThat(NearWords.of("--bitt", words)).containsExactly("--bit", "--bits");
  }

  @Test
  void of_noneNear_areThoseThatItBegins() {
    List<String> words = List.of("--calibration-images", "--calibrate", "--data");
    assertThat(NearWords.of("--calib", words))
        .containsExactlyElementsOf(words.subList(0, 2).reversed());
    assertThat(NearWords.of("--ca", words)).isEmpty();
    assertThat(NearWords.of("--cat", List.of())).isEmpty();
  }
}

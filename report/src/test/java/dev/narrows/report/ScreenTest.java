package dev.narrows.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private static Table layers(int rows) {
    Table table = new Table("What each layer needs", List.of("layer", "bits"));
    for (int i = 0; i < rows; i++) {
      table.row("model/batch_normalization_%d/FusedBatchNorm".formatted(i), 10 + i);
    }
    return table;
  }

  @Test
  void text_narrowerThanATable_cutsTheMiddleOfWords() {
    String text = new Screen(30, 10, false).text(layers(2));
    assertThat(text)
        .isEqualTo(
            """
            What each layer needs
            layer                     bits
            model/batch_…edBatchNorm    10
            model/batch_…edBatchNorm    11
            """);
    assertThat(text.lines()).allMatch(line -> line.length() <= 30);
  }

  @Test
  void text_fewerRowsThanATable_saysHowManyAreLeft() {
    assertThat(new Screen(80, 3, false).text(layers(5)))
        .endsWith("FusedBatchNorm    12\n… and 2 more rows\n");
    assertThat(new Screen(80, 3, false).cuts(layers(5))).isTrue();
    assertThat(new Screen(80, 5, false).cuts(layers(5))).isFalse();
  }

  @Test
  void text_sentences_areWrappedAndNeverCut() {
    Table advice = new Table("What can be done", List.of("step"));
    advice.row("Repair it: repair --bits 16 writes a network that is proved there.");
    assertThat(new Screen(30, 10, false).text(advice))
        .isEqualTo(
            """
            What can be done
            step
            Repair it: repair --bits 16
              writes a network that is
              proved there.
            """);
  }

  @Test
  void text_ofAFile_holdsEveryRowInFull() {
    assertThat(layers(200).text().lines())
        .hasSize(202)
        .noneMatch(line -> line.contains("…"))
        .contains("model/batch_normalization_199/FusedBatchNorm   209");
  }
}

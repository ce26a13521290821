package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SimilarityEvaluationTest {
  @Test
  void spearman_ofRanks_isThatOfTheDefinition() {
    assertThat(SimilarityEvaluation.spearman(new double[] {1, 5, 9}, new double[] {-3, 0, 80}))
        .hasValue(1.0);
    assertThat(SimilarityEvaluation.spearman(new double[] {1, 5, 9}, new double[] {3, 2, 1}))
        .hasValue(-1.0);
    // without ties: 1 − 6·Σd²/(n·(n² − 1)), d = 0, 1, −1, 1, −1
    assertThat(
            SimilarityEvaluation.spearman(
                    new double[] {1, 2, 3, 4, 5}, new double[] {10, 30, 20, 50, 40})
                .orElseThrow())
        .isCloseTo(1 - 6 * 4 / 120.0, within(1e-12));
    // ranks 1, 2½, 2½, 4 and 1, 2, 3, 4
    assertThat(
            SimilarityEvaluation.spearman(new double[] {1, 2, 2, 3}, new double[] {1, 2, 3, 4})
                .orElseThrow())
        .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
    assertThat(SimilarityEvaluation.spearman(new double[] {1, 1}, new double[] {1, 2})).isEmpty();
  }
}

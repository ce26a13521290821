package dev.narrows.experiments.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.report.Interval;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextBlocksTest {
  @Test
  void ofMean_fewBlocks_isNotTold() {
    assertThat(TextBlocks.ofMean(new double[8 * 128 - 1])).isEmpty();
    assertThat(TextBlocks.ofMean(new double[8 * 128])).contains(new Interval(0, 0));
    assertThat(TextBlocks.count(1200)).isEqualTo(9);
  }

  /** Of many equal blocks the interval is about 1.96 standard errors on both sides. */
  @Test
  void ofMean_independentBlocks_spreadsAsTheirMeanDoes() {
    long seed = 7;
    Random random = new Random(seed);
    int blocks = 400;
    double[] numbers = new double[blocks * TextBlocks.SIZE];
    double[] ofBlock = new double[blocks];
    for (int b = 0; b < blocks; b++) {
      ofBlock[b] = random.nextGaussian();
      Arrays.fill(numbers, b * TextBlocks.SIZE, (b + 1) * TextBlocks.SIZE, ofBlock[b]);
    }
    double mean = Arrays.stream(ofBlock).average().orElseThrow();
    double variance =
        Arrays.stream(ofBlock).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    double half = 1.96 * Math.sqrt(variance / blocks);
    Interval interval = TextBlocks.ofMean(numbers).orElseThrow();
    // the ends of 2,000 draws stray by a few percent
    assertThat(interval.low()).as("seed %d", seed).isCloseTo(mean - half, within(0.1 * half));
    assertThat(interval.high()).isCloseTo(mean + half, within(0.1 * half));
  }

  @Test
  void ofDifference_lossesThatMoveTogether_isNarrow() {
    double[] losses = new Random(3).doubles(8 * 128).toArray();
    double[] others = Arrays.stream(losses).map(x -> x - 0.25).toArray();
    Interval interval = TextBlocks.ofDifference(losses, others).orElseThrow();
    assertThat(interval.low()).isCloseTo(0.25, within(1e-12));
    assertThat(interval.high()).isCloseTo(0.25, within(1e-12));
  }
}

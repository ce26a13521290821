package dev.narrows.network.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Activations and weights are changed as the definition of Hadamard matrices says. */
class TokenPreparationTest {
  private static final int TERMS = 192;

  /** Whole numbers so small that binary32 holds every sum of them. */
  private static float[] whole(Random random) {
    float[] x = new float[TERMS];
    for (int k = 0; k < x.length; k++) {
      x[k] = random.nextInt(1025) - 512;
    }
    return x;
  }

  private static TokenPreparation random(Random random, int block) {
    byte[] shifts = new byte[TERMS];
    for (int k = 0; k < shifts.length; k++) {
      shifts[k] = (byte) (random.nextInt(9) - 4);
    }
    return new TokenPreparation(shifts, block);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16, 64})
  void activations_wholeNumbers_areTheDefinitionsExactly(int block) {
    Random random = new Random(block);
    TokenPreparation preparation = random(random, block);
    float[] x = whole(random);
    float[] u = x.clone();
    preparation.activations(u, TERMS, 1, 1);
    for (int k = 0; k < TERMS; k++) {
      double sum = 0;
      int first = k / block * block;
      for (int i = 0; i < block; i++) {
        double sign = Integer.bitCount(i & (k - first)) % 2 == 0 ? 1 : -1;
        sum += sign * x[first + i] * Math.pow(2, -preparation.shifts()[first + i]);
      }
      assertThat((double) u[k]).isEqualTo(sum / Math.sqrt(block));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16, 64})
  void weights_andActivations_haveTheProductOfBefore(int block) {
    Random random = new Random(10 + block);
    TokenPreparation preparation = random(random, block);
    float[] x = whole(random);
    float[] w = whole(random);
    double product = 0;
    for (int k = 0; k < TERMS; k++) {
      product += (double) w[k] * x[k];
    }
    float[] before = w.clone();
    preparation.activations(x, TERMS, 1, 1);
    preparation.weights(w);
    double after = 0;
    for (int k = 0; k < TERMS; k++) {
      after += (double) w[k] * x[k];
    }
    assertThat(after).isEqualTo(product);
    preparation.plainWeights(w);
    assertThat(w).isEqualTo(before);
  }

  @Test
  void activations_ofManyTokens_areThoseOfEach() {
    Random random = new Random(5);
    TokenPreparation preparation = random(random, 64);
    int stride = 7;
    float[] all = new float[TERMS * stride];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) random.nextGaussian();
    }
    float[] together = all.clone();
    preparation.activations(together, TERMS, stride, 5);
    for (int j = 0; j < stride; j++) {
      float[] one = new float[TERMS];
      for (int k = 0; k < TERMS; k++) {
        one[k] = all[k * stride + j];
      }
      if (j < 5) { // what lies behind the tokens stays
        preparation.activations(one, TERMS, 1, 1);
      }
      for (int k = 0; k < TERMS; k++) {
        assertThat(together[k * stride + j]).isEqualTo(one[k]);
      }
    }
  }

  @Test
  void activations_oneOutlier_isSpreadOverItsBlock() {
    float[] x = new float[TERMS];
    x[70] = 64;
    new TokenPreparation(new byte[0], 64).activations(x, TERMS, 1, 1);
    for (int k = 0; k < TERMS; k++) {
      assertThat(Math.abs(x[k])).isEqualTo(k / 64 == 1 ? 8f : 0f);
    }
  }

  @Test
  void block_ofChannels_isTheLargestThatDividesThem() {
    assertThat(TokenPreparation.block(576)).isEqualTo(64);
    assertThat(TokenPreparation.block(1536)).isEqualTo(64);
    assertThat(TokenPreparation.block(48)).isEqualTo(16);
    assertThat(TokenPreparation.block(172)).isEqualTo(4);
    assertThat(TokenPreparation.block(7)).isEqualTo(1);
  }

  @Test
  void preparation_ofOtherNumbers_isRefused() {
    for (int block : new int[] {-4, 0, 2, 8, 32, 128, 256, 12}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new TokenPreparation(new byte[0], block))
          .withMessageContaining("got " + block);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenPreparation(new byte[] {0, 61}, 1))
        .withMessageContaining("61");
  }
}

package dev.narrows.core.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TermSumsTest {
  @Test
  void of_sumsOfManyBits_lieWithinTheirInexactness() {
    SplittableRandom random = new SplittableRandom(11);
    int rounded = 0;
    for (int i = 0; i < 2000; i++) {
      double[] products =
          random
              .doubles(random.nextInt(1, 40))
              .map(value -> (value - 0.5) * Math.scalb(1.0, random.nextInt(-40, 40)))
              .toArray();
      TermSums terms = TermSums.of(products);
      BigDecimal sum =
          Arrays.stream(products)
              .mapToObj(BigDecimal::new)
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      BigDecimal magnitudes =
          Arrays.stream(products)
              .mapToObj(value -> new BigDecimal(value).abs())
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(new BigDecimal(terms.exact()).subtract(sum).abs())
          .isLessThanOrEqualTo(new BigDecimal(terms.inexactness()));
      assertThat(new BigDecimal(terms.magnitudes())).isGreaterThanOrEqualTo(magnitudes);
      rounded += terms.inexactness() > 0 ? 1 : 0;
    }
    assertThat(rounded).isGreaterThan(1000);
  }

  @Test
  void lowestBit_everyPlace_isTheLargestPowerOfTwoThatDivides() {
    SplittableRandom random = new SplittableRandom(5);
    for (int exponent = -1074; exponent <= 1000; exponent++) {
      double power = Math.scalb(1.0, exponent);
      assertThat(TermSums.lowestBit(power)).isEqualTo(exponent);
      int odd = random.nextInt(1 << 20) * 2 + 1;
      assertThat(TermSums.lowestBit(-odd * power)).isEqualTo(exponent);
    }
  }

  @Test
  void of_integers_agreesWithTheSumsOfTheirProducts() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 500; i++) {
      long[] terms = random.longs(random.nextInt(0, 50), -4000, 4000).map(t -> t * 4).toArray();
      long bits = Arrays.stream(terms).map(Math::abs).reduce(0, (one, other) -> one | other);
      TermSums sums =
          TermSums.ofIntegers(
              (int) Arrays.stream(terms).filter(t -> t != 0).count(),
              Arrays.stream(terms).sum(),
              Arrays.stream(terms).map(Math::abs).sum(),
              Arrays.stream(terms).map(Math::abs).max().orElse(0),
              bits);
      assertThat(TermSums.of(Arrays.stream(terms).asDoubleStream().toArray())).isEqualTo(sums);
    }
    assertThatThrownBy(() -> TermSums.ofIntegers(2, 0, (1L << 53) + 1, 1, 1))
        .isInstanceOf(ArithmeticException.class);
  }
}

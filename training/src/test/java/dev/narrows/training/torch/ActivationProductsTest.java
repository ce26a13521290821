package dev.narrows.training.torch;

import static dev.narrows.training.torch.TestTensors.integers;
import static dev.narrows.training.torch.TestTensors.leaf;
import static dev.narrows.training.torch.TestTensors.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.dot.FloatDot;
import dev.narrows.core.dot.GradientMask;
import dev.narrows.core.dot.Summation;
import dev.narrows.training.model.MatMulNode;
import dev.narrows.training.model.MatMulNode.AttentionProduct;
import dev.narrows.training.qat.FloatRegister;
import dev.narrows.training.register.FloatKernelSimulator;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ActivationProductsTest {
  private static final long SEED = 23;
  private static final int HEADS = 3;
  private static final int SIZE = 5;
  private static final int TOKENS = 7;

  private static FloatRegister register(String text, Set<GradientMask> masks) {
    return new FloatRegister(
        new FloatKernelSimulator(Summation.parse(text), masks, 0.1f), !masks.isEmpty());
  }

  /** Integers of this size are summed exactly by any register of 24 bits and by the library. */
  @Test
  void apply_wideRegister_givesTheProductsAndGradientsOfTheLibrary() {
    for (AttentionProduct form : AttentionProduct.values()) {
      MatMulNode product = new MatMulNode("p", "a", "b", form, HEADS);
      assertThat(gradients(product, Optional.of(register("m23e8(127)", Set.of()))))
          .as("%s, seed %d", form, SEED)
          .isDeepEqualTo(gradients(product, Optional.empty()));
    }
  }

  @Test
  void apply_narrowRegister_sumsAsTheReferenceDoesAndKeepsTheGradients() {
    MatMulNode product = new MatMulNode("p", "a", "b", AttentionProduct.MIX, HEADS);
    Summation register = Summation.parse("m4e3(1)");
    FloatingAccumulator accumulator = (FloatingAccumulator) register.accumulator();
    float[][] exact = gradients(product, Optional.empty());
    float[][] narrow = gradients(product, Optional.of(register("m4e3(1)", Set.of())));
    float[] left = narrow[3];
    float[] right = narrow[4];
    for (int image = 0; image < 2; image++) {
      for (int h = 0; h < HEADS; h++) {
        for (int k = 0; k < SIZE; k++) {
          for (int t = 0; t < TOKENS; t++) {
            float[] x = new float[TOKENS];
            float[] w = new float[TOKENS];
            for (int s = 0; s < TOKENS; s++) {
              x[s] = left[((image * TOKENS + t) * TOKENS + s) * HEADS + h]; // channels last
              w[s] = right[(image * TOKENS + s) * HEADS * SIZE + h * SIZE + k];
            }
            int at = ((image * HEADS + h) * SIZE + k) * TOKENS + t;
            assertThat(narrow[0][at])
                .isEqualTo(FloatDot.sum(accumulator, register.order(), w, x).value());
          }
        }
      }
    }
    assertThat(narrow[0]).isNotEqualTo(exact[0]);
    assertThat(narrow[1]).isEqualTo(exact[1]);
    assertThat(narrow[2]).isEqualTo(exact[2]);
  }

  @Test
  void apply_masks_areRefused() {
    MatMulNode product = new MatMulNode("mix", "a", "b", AttentionProduct.MIX, HEADS);
    FloatRegister masked = register("m4e3(1)", Set.of(GradientMask.RECURSIVE_OF));
    assertThatThrownBy(() -> gradients(product, Optional.of(masked)))
        .hasMessageContaining("gradients of mix cannot be masked");
  }

  /** Sums, gradients of both factors, and the factors, on the same integers every time. */
  private static float[][] gradients(MatMulNode product, Optional<FloatRegister> register) {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      CustomGradient custom = new CustomGradient();
      long features = HEADS * (long) SIZE;
      Tensor left =
          switch (product.form()) {
            case SCORES -> leaf(integers(random, 7, 2, features, TOKENS, 1));
            case MIX -> leaf(integers(random, 7, 2, HEADS, TOKENS, TOKENS));
          };
      Tensor right = leaf(integers(random, 7, 2, features, TOKENS, 1));
      Tensor sums =
          register
              .map(one -> new ActivationProducts(custom, workers).apply(one, product, left, right))
              .orElseGet(() -> ActivationProducts.exact(product, left, right));
      Tensor upstream = integers(random, 3, sums.sizes().vec().get());
      sums.mul(upstream).sum().backward();
      return new float[][] {
        Torch.floats(sums.contiguous()).toArray(ValueLayout.JAVA_FLOAT),
        values(left.grad()),
        values(right.grad()),
        values(left),
        values(right)
      };
    }
  }
}

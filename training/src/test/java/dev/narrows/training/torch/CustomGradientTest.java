package dev.narrows.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.training.qat.CodeFormat;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class CustomGradientTest {
  private static final long SEED = 7;

  private final RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(SEED);

  @Test
  void attach_severalInputsOfAnyShape_agreesWithNativeAutograd() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = leaf(6, 4);
      Tensor w = leaf(3, 4);
      Tensor s = leaf(1);
      CustomGradient custom = new CustomGradient();

      List<float[]> mine =
          gradients(
              () -> {
                Tensor inner = x.mul(new Scalar(2f)); // not a leaf: its own node must be found
                Tensor value = detached(() -> torch.linear(inner, w).mul(s));
                return custom.attach(
                    value,
                    g ->
                        new Tensor[] {
                          torch.mm(g.mul(s.detach()), w.detach()),
                          torch.mm(g.mul(s.detach()).t(), inner.detach()),
                          g.mul(torch.linear(inner.detach(), w.detach())).sum().reshape(1)
                        },
                    inner,
                    w,
                    s);
              },
              x,
              w,
              s);
      List<float[]> theirs =
          gradients(() -> torch.linear(x.mul(new Scalar(2f)), w).mul(s), x, w, s);

      assertClose(mine, theirs);
    }
  }

  @Test
  void attach_inputWithoutGradient_isLeftOut() {
    try (PointerScope _ = new PointerScope()) {
      Tensor image = torch.ones(5);
      Tensor s = leaf(5);
      CustomGradient custom = new CustomGradient();
      List<float[]> mine =
          gradients(
              () ->
                  custom.attach(
                      detached(() -> image.mul(s)),
                      g -> new Tensor[] {g.mul(s.detach()), g.mul(image)},
                      image,
                      s),
              s);
      assertClose(mine, gradients(() -> image.mul(s), s));
    }
  }

  @Test
  void attach_backwardThrows_reachesTheCaller() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = leaf(3);
      CustomGradient custom = new CustomGradient();
      Tensor value =
          custom.attach(
              detached(() -> x.mul(x)),
              _ -> {
                throw new IllegalStateException("no gradient today");
              },
              x);
      assertThatThrownBy(() -> value.sum().backward()).hasMessageContaining("no gradient today");
    }
  }

  @Test
  void activations_everyBitWidth_agreesWithStraightThroughByLibraryCalls() {
    for (int bits = 2; bits <= 8; bits++) {
      for (boolean signed : new boolean[] {false, true}) {
        CodeFormat codes = new CodeFormat(bits, signed);
        // 2^−3 exactly, so that both ways divide by the same float
        checkAgainstLibrary(codes, new float[] {-3f}, 2, 5, 7, 3);
        checkAgainstLibrary(codes, new float[] {-3f}, 33000, 2); // several pieces and a rest
      }
    }
  }

  private void checkAgainstLibrary(CodeFormat codes, float[] log2, long... shape) {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      CustomGradient custom = new CustomGradient();
      FakeQuantization quantize = new FakeQuantization(custom, workers);
      Tensor x = leaf(shape);
      Tensor scale = Torch.vector(log2);
      scale.set_requires_grad(true);
      Tensor mine = quantize.activations(x.mul(new Scalar(1f)), scale, codes);
      Tensor theirs = library(x, scale, codes.min(), codes.max());
      assertThat(values(mine)).isEqualTo(values(theirs));
      assertClose(
          gradients(() -> quantize.activations(x.mul(new Scalar(1f)), scale, codes), x, scale),
          gradients(() -> library(x, scale, codes.min(), codes.max()), x, scale));
    }
  }

  @Test
  void rescale_agreesWithStraightThroughByLibraryCalls() {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(2)) {
      CustomGradient custom = new CustomGradient();
      FakeQuantization quantize = new FakeQuantization(custom, workers);
      Tensor x = detached(() -> leaf(3, 4, 5, 5).mul(new Scalar(40f)).round());
      x.set_requires_grad(true);
      Tensor from = Torch.vector(new float[] {-4f});
      Tensor to = Torch.vector(new float[] {-2f});
      from.set_requires_grad(true);
      to.set_requires_grad(true);
      CodeFormat codes = new CodeFormat(4, false);
      assertClose(
          gradients(() -> quantize.rescale(x, from, to, codes), x, from, to),
          gradients(
              () -> library(x.mul(torch.exp2(from)), to, codes.min(), codes.max()), x, from, to));
    }
  }

  @Test
  void weights_perChannelScales_agreeWithStraightThroughByLibraryCalls() {
    try (PointerScope _ = new PointerScope();
        Workers workers = new Workers(1)) {
      CustomGradient custom = new CustomGradient();
      FakeQuantization quantize = new FakeQuantization(custom, workers);
      Tensor w = leaf(4, 3, 3, 3);
      Tensor scale = Torch.vector(new float[] {-3f, -2f, -4f, 0f});
      scale.set_requires_grad(true);
      assertClose(
          gradients(() -> quantize.weights(w, scale, 7), w, scale),
          gradients(() -> library(w, scale.view(4, 1, 1, 1), -7, 7), w, scale));
    }
  }

  /** The textbook form: clamp(x / 2^d), then x + (round(x) − x).detach(). */
  private static Tensor library(Tensor x, Tensor log2Scale, int min, int max) {
    Tensor t = Torch.clamp(x.mul(torch.exp2(log2Scale.neg())), min, max);
    return t.add(t.round().sub(t).detach());
  }

  /** Gradients of Σ y·pattern, with a pattern that has no symmetry. */
  private static List<float[]> gradients(Supplier<Tensor> y, Tensor... leaves) {
    for (Tensor leaf : leaves) {
      leaf.mutable_grad().put(torch.zeros_like(leaf.detach()));
    }
    Tensor value = y.get();
    Tensor pattern =
        torch.arange(new Scalar(value.numel())).mul(new Scalar(0.37f)).sin().view_as(value);
    value.mul(pattern).sum().backward();
    return Arrays.stream(leaves).map(leaf -> values(leaf.grad())).toList();
  }

  private static void assertClose(List<float[]> mine, List<float[]> theirs) {
    assertThat(mine).hasSameSizeAs(theirs);
    for (int i = 0; i < mine.size(); i++) {
      float[] expected = theirs.get(i);
      // Float sums of n terms of size 1 in another order differ by some √n ulp.
      float scale = (float) Math.sqrt(mine.getFirst().length);
      for (float value : expected) {
        scale = Math.max(scale, Math.abs(value));
      }
      float[] found = mine.get(i);
      assertThat(found).hasSameSizeAs(expected);
      for (int k = 0; k < found.length; k++) {
        if (!(Math.abs(found[k] - expected[k]) <= 2e-5f * scale)) { // an assertion each takes long
          assertThat(found[k]).as("element %d", k).isCloseTo(expected[k], within(2e-5f * scale));
        }
      }
      assertThat(expected).isNotEqualTo(new float[expected.length]);
    }
  }

  private Tensor leaf(long... shape) {
    int size = 1;
    for (long side : shape) {
      size *= (int) side;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Tensor tensor = Torch.dense(Torch.vector(values).reshape(shape)).detach();
    tensor.set_requires_grad(true);
    return tensor;
  }

  private static Tensor detached(Supplier<Tensor> value) {
    try (NoGradGuard _ = new NoGradGuard()) {
      return value.get();
    }
  }

  private static float[] values(Tensor tensor) {
    return Torch.floats(tensor.contiguous()).toArray(ValueLayout.JAVA_FLOAT);
  }
}

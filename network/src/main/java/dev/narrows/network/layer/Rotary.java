package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.List;

/**
 * Rotary position embedding: channels 2i and 2i + 1 of each head are turned by the angle
 * t·base^(−2i/headSize)/d_i at position t. Angles in binary64, their cosine and sine rounded to
 * binary32, then (a·cos − b·sin, a·sin + b·cos) in binary32, each operation rounded.
 *
 * @param headSize even; divides the channels
 * @param base finite and greater than 1; 10000 in the paper
 * @param divisors d, [headSize / 2], each positive; empty where all are 1. Models that are to see
 *     longer texts than they were first trained on have others
 * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer, Su et al.</a>
 */
public record Rotary(
    String name, int input, TensorType output, int headSize, float base, List<Float> divisors)
    implements FloatFunction {
  /** Without divisors. */
  public Rotary(String name, int input, TensorType output, int headSize, float base) {
    this(name, input, output, headSize, base, List.of());
  }

  /** Copies the list. */
  public Rotary {
    divisors = List.copyOf(divisors);
    Checks.require(
        headSize >= 2 && headSize % 2 == 0,
        "head size must be positive and even, got %d",
        headSize);
    Checks.require(
        base > 1 && Float.isFinite(base), "base must be finite and above 1, got %s", base);
    Checks.require(
        divisors.isEmpty() || divisors.size() == headSize / 2,
        "%d divisors expected, one for each pair of a head, got %d",
        headSize / 2,
        divisors.size());
    for (float divisor : divisors) {
      Checks.require(
          divisor > 0 && Float.isFinite(divisor),
          "divisors must be positive and finite, got %s",
          divisor);
    }
  }

  /** The cosine (or sine) of each pair's angle, [positions][headSize / 2]. */
  public float[] turns(boolean cosine) {
    int pairs = headSize / 2;
    float[] turns = new float[output.positions() * pairs];
    for (int i = 0; i < turns.length; i++) {
      double divisor = divisors.isEmpty() ? 1 : divisors.get(i % pairs);
      double frequency = StrictMath.pow(base, -2.0 * (i % pairs) / headSize) / divisor;
      double angle = i / pairs * frequency;
      turns[i] = (float) (cosine ? StrictMath.cos(angle) : StrictMath.sin(angle));
    }
    return turns;
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    float[] cosines = turns(true);
    float[] sines = turns(false);
    int pairs = headSize / 2;
    return ImageTensor.fill(
        output,
        (c, y, x) -> {
          int turn = (y * output.width() + x) * pairs + c / 2 % pairs;
          float a = from.number(c / 2 * 2, y, x);
          float b = from.number(c / 2 * 2 + 1, y, x);
          return Words.of(
              c % 2 == 0
                  ? a * cosines[turn] - b * sines[turn]
                  : a * sines[turn] + b * cosines[turn]);
        });
  }

  @Override
  public String kind() {
    return "rotary";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.sameFloats(sources, output);
    Checks.require(
        source.channels() % headSize == 0,
        "head size %d must divide the channels of %s",
        headSize,
        source.describe());
  }
}

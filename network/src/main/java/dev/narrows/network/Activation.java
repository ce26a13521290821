package dev.narrows.network;

import java.util.List;

/** A function of each element by itself. */
public record Activation(String name, int input, TensorType output, Function function)
    implements RealLayer {
  /** The functions; computed in binary64 and rounded once to binary32. */
  public enum Function {
    /** max(x, 0), +0 for −0. */
    RELU("relu"),
    /** min(max(x, 0), 6), +0 for −0. */
    RELU6("relu6"),
    /** ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))): the tanh form, not the one with erf. */
    GELU("gelu"),
    /** x / (1 + e^−x). */
    SILU("silu");

    private static final double ROOT = 0.7978845608028654; // √(2/π)

    private final String word;

    Function(String word) {
      this.word = word;
    }

    /** f(x), the same bits on every machine. */
    public float apply(float x) {
      double v = x;
      return switch (this) {
        case RELU -> x > 0 ? x : 0;
        case RELU6 -> x > 0 ? Math.min(x, 6) : 0;
        case GELU -> (float) (0.5 * v * (1 + StrictMath.tanh(ROOT * (v + 0.044715 * v * v * v))));
        case SILU -> (float) (v / (1 + StrictMath.exp(-v)));
      };
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public String kind() {
    return function.toString();
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = Checks.only(sources);
    Checks.real(source);
    Checks.real(output);
    Checks.sameShape(source, output);
  }
}

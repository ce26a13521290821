package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;

/**
 * Each position's channels brought to one size, then scaled and shifted per channel.
 *
 * <p>Sums run over c = 0 … C−1 in binary64. {@link Form#RMS}: r = 1/√(Σx²/C + ε) rounded to
 * binary32, y = gain·(x·r) + shift in binary32. {@link Form#LAYER}: μ = Σx/C, r = 1/√(Σ(x − μ)²/C +
 * ε), y = gain·n + shift in binary32 with n = (x − μ)·r in binary64 rounded once. A shift of zeros
 * is not added.
 *
 * @param gain [C]
 * @param shift [C], or empty
 * @param epsilon ε, finite and positive
 */
public record Normalization(
    String name,
    int input,
    TensorType output,
    Form form,
    float[] gain,
    float[] shift,
    float epsilon)
    implements FloatFunction {
  /** What is brought to one: the spread around the mean, or the root mean square. */
  public enum Form {
    LAYER("layerNorm"),
    RMS("rmsNorm");

    private final String word;

    Form(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  public Normalization {
    Checks.require(
        epsilon > 0 && Float.isFinite(epsilon),
        "epsilon must be finite and positive, got %s",
        epsilon);
    Checks.finite("gains", gain);
    Checks.finite("shifts", shift);
  }

  /** Replaces the channels of one position by what becomes of them. */
  public void apply(float[] column) {
    int channels = column.length;
    double mean = 0;
    if (form == Form.LAYER) {
      for (float x : column) {
        mean += x;
      }
      mean /= channels;
    }
    double squares = 0;
    for (float x : column) {
      squares += (x - mean) * (x - mean);
    }
    double r = 1 / Math.sqrt(squares / channels + epsilon); // correctly rounded everywhere
    for (int c = 0; c < channels; c++) {
      float n = form == Form.RMS ? column[c] * (float) r : (float) ((column[c] - mean) * r);
      float y = gain[c] * n;
      column[c] = shift.length == 0 ? y : y + shift[c];
    }
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor from = in.getFirst();
    return ImageTensor.fill(
        output,
        (c, y, x) -> {
          float[] column = Words.numbers(from.column(y, x));
          apply(column);
          return Words.of(column[c]);
        });
  }

  @Override
  public String kind() {
    return form.toString();
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.sameFloats(sources, output);
    Checks.require(
        gain.length == source.channels() && (shift.length == 0 || shift.length == gain.length),
        "need %d gains, and as many shifts or none, got %d and %d",
        source.channels(),
        gain.length,
        shift.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Normalization that
        && name.equals(that.name)
        && input == that.input
        && output.equals(that.output)
        && form == that.form
        && Arrays.equals(gain, that.gain)
        && Arrays.equals(shift, that.shift)
        && epsilon == that.epsilon;
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(gain);
  }
}

package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers as integers by a scale of their own group ({@link DynamicScale}): number · factor in
 * binary32, rounded half away from zero, plus the zero point, clamped. The integers stand for
 * themselves, scale 1: what sums them is scaled afterwards ({@link ScaledSums}).
 *
 * @param scale the tensor of scales
 */
public record DynamicCodes(String name, int input, int scale, TensorType output, DynamicForm form)
    implements FunctionLayer {
  /** Which integers they are. */
  public enum DynamicForm {
    /** [−127, 127], of symmetric scales. */
    SYMMETRIC("symmetric", 8, -127, 127, false),
    /** [−128, 127], the zero point among them. */
    STORED("stored", 8, -128, 127, false),
    /** Less the zero point, [−255, 255]. */
    CENTRED("centred", 9, -255, 255, true);

    private final String word;
    private final int bits;
    private final int least;
    private final int most;
    private final boolean centred;

    DynamicForm(String word, int bits, int least, int most, boolean centred) {
      this.word = word;
      this.bits = bits;
      this.least = least;
      this.most = most;
      this.centred = centred;
    }

    /** The least integer it makes. */
    public int least() {
      return least;
    }

    /** The largest integer it makes. */
    public int most() {
      return most;
    }

    /** How the integers read. */
    public Quantization quantization() {
      return new Quantization(IntegerFormat.signed(bits), 1, 0);
    }

    int code(float number, float zero, float factor) {
      float scaled = number * factor;
      double rounded = Math.copySign(Math.floor(Math.abs((double) scaled) + 0.5), scaled);
      double least = this == SYMMETRIC ? -127 : -128;
      int code = (int) Math.clamp(rounded + zero, least, 127);
      return centred ? code - (int) zero : code;
    }

    /** The word in files. */
    @Override
    public String toString() {
      return word;
    }
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input, scale);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor numbers = in.get(0);
    int[] scales = in.get(1).words();
    int groups = in.get(1).type().height();
    int positions = output.positions();
    int[] codes = new int[output.elements()];
    Arrays.setAll(
        codes,
        i -> {
          int group = DynamicScale.group(i % positions, positions, groups);
          return form.code(
              Words.number(numbers.words()[i]),
              Words.number(scales[DynamicScale.ZERO * groups + group]),
              Words.number(scales[DynamicScale.FACTOR * groups + group]));
        });
    return codes;
  }

  @Override
  public IntegerRange codes(List<TensorRange> in) {
    return new IntegerRange(form.least(), form.most());
  }

  @Override
  public String kind() {
    return "dynamicCodes";
  }

  @Override
  public void check(List<TensorType> sources) {
    LayerChecks.two(sources);
    sources.forEach(LayerChecks::floats);
    LayerChecks.sameShape(sources.get(0), output);
    Checks.require(
        output.quantization().equals(form.quantization()),
        "%s integers are %s, got %s",
        form,
        form.quantization(),
        output.quantization());
    scales(sources.get(1), output);
  }

  /** Requires scales for groups of positions. */
  static void scales(TensorType scales, TensorType of) {
    LayerChecks.floats(scales);
    Checks.require(
        scales.sameShape(DynamicScale.type(scales.height()))
            && of.positions() % scales.height() == 0,
        "expected scales of groups of %d positions, got %s",
        of.positions(),
        scales.describe());
  }
}

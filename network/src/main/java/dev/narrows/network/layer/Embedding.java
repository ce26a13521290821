package dev.narrows.network.layer;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.ImageTensor;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.util.Arrays;
import java.util.List;

/**
 * A row of a table for every token: out[d][t] = table[id(t)][d]. The input holds ids as codes of
 * scale 1, zero point 0; negative ones, where its format has them, count from the last row.
 *
 * @param table [rows][D]; a run refuses an id that has no row
 */
public record Embedding(String name, int input, TensorType output, float[] table)
    implements FloatFunction {
  public Embedding {
    Checks.require(
        table.length > 0 && table.length % output.channels() == 0,
        "the table must have whole rows of %d, got %d values",
        output.channels(),
        table.length);
    Checks.finite("embeddings", table);
  }

  /**
   * The type of an input of ids.
   *
   * @param rows how many ids there are
   */
  public static TensorType ids(int rows, int height, int width) {
    int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(rows - 1));
    return new TensorType(1, height, width, new Quantization(IntegerFormat.unsigned(bits), 1, 0));
  }

  /** The number of ids. */
  public int rows() {
    return table.length / output.channels();
  }

  /**
   * The row of an id that has one.
   *
   * @throws IllegalArgumentException naming the id
   */
  public int row(int id) {
    Checks.require(
        id >= -rows() && id < rows(),
        "layer \"%s\": ids are 0 to %d, got %d",
        name,
        rows() - 1,
        id);
    return id < 0 ? id + rows() : id;
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input);
  }

  @Override
  public int[] run(List<ImageTensor> in) {
    ImageTensor ids = in.getFirst();
    return ImageTensor.fill(
        output, (d, y, x) -> Words.of(table[row(ids.word(0, y, x)) * output.channels() + d]));
  }

  @Override
  public String kind() {
    return "embedding";
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    Quantization ids = source.quantization();
    Checks.require(
        ids.scale() == 1 && ids.zeroPoint() == 0,
        "ids must be codes of scale 1 and zero point 0, got %s",
        ids);
    Checks.require(source.channels() == 1, "ids have one channel, got %s", source.describe());
    LayerChecks.floats(output);
    LayerChecks.size(output, source.height(), source.width());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding that
        && name.equals(that.name)
        && input == that.input
        && output.equals(that.output)
        && Arrays.equals(table, that.table);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(table);
  }
}

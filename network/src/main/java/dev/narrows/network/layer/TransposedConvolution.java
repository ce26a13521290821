package dev.narrows.network.layer;

import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.Operands;
import java.util.List;

/**
 * A transposed two-dimensional convolution, seen from its outputs: output row y sums over those
 * taps k whose input row (y + padTop − k·dilation) / stride is a whole number inside the input, and
 * so for columns. Every dot product has all K terms; taps that hit no input contribute the code of
 * real zero. Weights are laid out as in {@link Convolution}: [output channel][kernel row][kernel
 * column][input channel of the group].
 *
 * <p>The output may be up to stride − 1 rows and columns larger than {@link
 * Window#transposedHeight} says (output padding).
 */
public record TransposedConvolution(
    String name, int input, TensorType output, Window window, int groups, Operands operands)
    implements DotLayer {
  public TransposedConvolution {
    LayerChecks.groups(output, groups, operands);
  }

  @Override
  public String kind() {
    return "transposeConv2d";
  }

  @Override
  public TransposedConvolution withOperands(Operands other) {
    return new TransposedConvolution(name, input, output, window, groups, other);
  }

  @Override
  public void check(List<TensorType> sources) {
    TensorType source = LayerChecks.only(sources);
    LayerChecks.terms(source, window, groups, operands);
    requireBetween(
        "height", output.height(), window.transposedHeight(source.height()), window.strideHeight());
    requireBetween(
        "width", output.width(), window.transposedWidth(source.width()), window.strideWidth());
  }

  private static void requireBetween(String what, int size, long least, int stride) {
    if (size < least || size >= least + stride) {
      throw new IllegalArgumentException(
          "output %s must be in [%d, %d], got %d".formatted(what, least, least + stride - 1, size));
    }
  }
}

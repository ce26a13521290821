package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;

/**
 * The axes of [C][H][W] that a layer takes together; at least one. What is taken together is one
 * output element, so these axes have size 1 in the output.
 */
public record Span(boolean channels, boolean rows, boolean columns) {
  public Span {
    Checks.require(channels || rows || columns, "must take an axis together");
  }

  /** The axes with these numbers: 0 for channels, 1 for rows, 2 for columns. */
  public static Span of(int... axes) {
    boolean[] taken = new boolean[3];
    for (int axis : axes) {
      Checks.require(axis >= 0 && axis < 3 && !taken[axis], "no axes: %s", Arrays.toString(axes));
      taken[axis] = true;
    }
    return new Span(taken[0], taken[1], taken[2]);
  }

  /** Their numbers, ascending. */
  public int[] axes() {
    int count = (channels ? 1 : 0) + (rows ? 1 : 0) + (columns ? 1 : 0);
    int[] axes = new int[count];
    int next = 0;
    if (channels) {
      axes[next++] = 0;
    }
    if (rows) {
      axes[next++] = 1;
    }
    if (columns) {
      axes[next] = 2;
    }
    return axes;
  }

  /** What is left of a tensor. */
  public TensorType of(TensorType from) {
    return from.shaped(
        channels ? 1 : from.channels(), rows ? 1 : from.height(), columns ? 1 : from.width());
  }

  /** How many elements are taken together. */
  public int count(TensorType from) {
    return from.elements() / of(from).elements();
  }

  /**
   * Where in [C][H][W] the elements lie that become the output element (c, y, x): by ascending row,
   * then column, then channel.
   */
  public int[] places(TensorType from, int c, int y, int x) {
    int[] places = new int[count(from)];
    int next = 0;
    for (int row = rows ? 0 : y; row < (rows ? from.height() : y + 1); row++) {
      for (int column = columns ? 0 : x; column < (columns ? from.width() : x + 1); column++) {
        for (int k = channels ? 0 : c; k < (channels ? from.channels() : c + 1); k++) {
          places[next++] = from.at(k, row, column);
        }
      }
    }
    return places;
  }
}

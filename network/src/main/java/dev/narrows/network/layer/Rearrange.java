package dev.narrows.network.layer;

import dev.narrows.network.check.Checks;
import dev.narrows.network.tensor.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * Elements moved, repeated or left out, but not changed: each output element is one input element
 * or real zero. What a file calls reshape, transpose, slice, split, pad or concatenation is one of
 * these, because files and Narrows lay tensors out differently.
 *
 * <p>The inputs are laid one after the other, each [C][H][W], as one row of elements. The output's
 * elements, [C][H][W] too, are counted by {@code axes}, the last one fastest; the element at (i₁,
 * …, iᵣ) comes from place {@code base} + Σ offset(axis, i) of that row, and is real zero where any
 * axis is outside.
 *
 * @param base the place that the offsets start from
 * @param axes outermost first; their sizes multiply to the output's elements
 */
public record Rearrange(
    String name, List<Integer> inputs, TensorType output, int base, List<Axis> axes)
    implements MovingLayer {
  private static final int OUTSIDE = Integer.MIN_VALUE; // partial places may be negative

  /**
   * One axis of a count: index i is outside below {@code before} and from {@code before} + {@code
   * inside} on, else its offset is (i − before) · step.
   *
   * @param size number of indices; at least 1
   */
  public record Axis(int size, int before, int inside, int step) {
    public Axis {
      Checks.require(size >= 1, "axis size must be at least 1, got %d", size);
      Checks.require(
          before >= 0 && inside >= 1 && (long) before + inside <= size,
          "an axis of %d needs at least one index inside, got %d from %d on",
          size,
          inside,
          before);
    }

    /** An axis without an outside. */
    public static Axis of(int size, int step) {
      return new Axis(size, 0, size, step);
    }

    boolean whole() {
      return inside == size;
    }

    private long least() {
      return Math.min(0L, (inside - 1L) * step);
    }

    private long most() {
      return Math.max(0L, (inside - 1L) * step);
    }
  }

  public Rearrange {
    inputs = List.copyOf(inputs);
    axes = List.copyOf(axes);
  }

  /** The same elements in the same order, in another shape or from several tensors. */
  public static Rearrange joined(String name, List<Integer> inputs, TensorType output) {
    return new Rearrange(name, inputs, output, 0, List.of(Axis.of(output.elements(), 1)));
  }

  /** Whether it makes one tensor's elements in their own order, in another shape. */
  public boolean keepsOrder() {
    Axis first = axes.getFirst();
    return inputs.size() == 1
        && base == 0
        && axes.size() == 1
        && first.whole()
        && (first.step() == 1 || first.size() == 1);
  }

  @Override
  public boolean padded() {
    return axes.stream().anyMatch(axis -> !axis.whole());
  }

  @Override
  public int[] places() {
    int[] places = {base};
    for (Axis axis : axes) {
      int[] finer = new int[places.length * axis.size()];
      Arrays.fill(finer, OUTSIDE);
      for (int p = 0; p < places.length; p++) {
        for (int i = 0; i < axis.inside() && places[p] != OUTSIDE; i++) {
          finer[p * axis.size() + axis.before() + i] = places[p] + i * axis.step();
        }
      }
      places = finer;
    }
    for (int i = 0; i < places.length; i++) {
      places[i] = Math.max(places[i], -1);
    }
    return places;
  }

  @Override
  public String kind() {
    return "rearrange";
  }

  @Override
  public void check(List<TensorType> sources) {
    long available = MovingLayer.available(sources, output);
    long elements = 1;
    long least = base;
    long most = base;
    for (Axis axis : axes) {
      elements = Math.min(Integer.MAX_VALUE + 1L, elements * axis.size());
      least += axis.least();
      most += axis.most();
    }
    Checks.require(
        elements == output.elements(),
        "axes must count the output's %d elements, got %d",
        output.elements(),
        elements);
    Checks.require(
        least >= 0 && most < available,
        "places must be in [0, %d], got [%d, %d]",
        available - 1,
        least,
        most);
  }
}

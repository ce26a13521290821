package dev.narrows.experiments.reproduce.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What registers cost against exact ones, width by width downwards.
 *
 * @param widest of the first loss, in bits; each next one is of one bit less
 * @param points lost; negative where a register happens to be better
 */
public record WidthLosses(int widest, List<Double> points) {
  /** Points that a register may cost in the figures that ask for the narrowest one. */
  public static final List<Double> TOLERANCES = List.of(0.5, 1.0, 3.0, 5.0, 20.0);

  /** Accuracies are sums of hundredths, which binary64 does not hold. */
  private static final double ROUNDING = 1e-9;

  /** Copies the losses. */
  public WidthLosses {
    points = List.copyOf(points);
  }

  /** With the loss of the next narrower register. */
  public WidthLosses and(double loss) {
    List<Double> more = new ArrayList<>(points);
    more.add(loss);
    return new WidthLosses(widest, more);
  }

  /** The least width from which on every width costs no more than that; empty if none does. */
  public Optional<Integer> narrowest(double tolerance) {
    int enough = 0;
    while (enough < points.size() && !exceeds(points.get(enough), tolerance)) {
      enough++;
    }
    return enough == 0 ? Optional.empty() : Optional.of(widest - enough + 1);
  }

  /** Whether the narrowest register looked at costs more than every tolerance. */
  public boolean hopeless() {
    return !points.isEmpty() && exceeds(points.getLast(), TOLERANCES.getLast());
  }

  private static boolean exceeds(double loss, double tolerance) {
    return !(loss <= tolerance + ROUNDING);
  }

  /** Half a point is 0.5, three points are 3. */
  public static String text(double tolerance) {
    return tolerance == Math.rint(tolerance)
        ? Integer.toString((int) tolerance)
        : Double.toString(tolerance);
  }
}

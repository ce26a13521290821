package dev.narrows.network.layer;

import java.util.List;

/** Something that is defined for integer layers was asked of a network that has float layers. */
public final class FloatLayersException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int MOST_NAMES = 5; // an unrolled recurrence has hundreds

  /**
   * @param what the thing asked for, such as "a certificate"
   * @param layers the names of the layers in the way
   */
  public FloatLayersException(String what, List<String> layers) {
    super(
        "%s needs integer layers; %d %s real numbers: %s"
            .formatted(
                what,
                layers.size(),
                layers.size() == 1 ? "layer sums" : "layers sum",
                named(layers)));
  }

  private static String named(List<String> layers) {
    String names = String.join(", ", layers.subList(0, Math.min(MOST_NAMES, layers.size())));
    return layers.size() > MOST_NAMES
        ? "%s and %d more".formatted(names, layers.size() - MOST_NAMES)
        : names;
  }

  /**
   * Lets layers pass whose sums are all sums of integers.
   *
   * @throws FloatLayersException naming the layers that sum real numbers
   */
  public static void requireIntegers(String what, List<Layer> layers) {
    List<String> floats =
        layers.stream().filter(FloatLayersException::sumsFloats).map(Layer::name).toList();
    if (!floats.isEmpty()) {
      throw new FloatLayersException(what, floats);
    }
  }

  /**
   * Lets layers pass of which some sum integers, or none sums floats.
   *
   * @throws FloatLayersException naming the layers that sum real numbers, if no other sums
   */
  public static void requireSomeIntegers(String what, List<Layer> layers) {
    if (layers.stream().noneMatch(layer -> layer instanceof SummingLayer sums && !sums.isFloat())) {
      requireIntegers(what, layers);
    }
  }

  private static boolean sumsFloats(Layer layer) {
    return layer instanceof SummingLayer sums && sums.isFloat();
  }
}

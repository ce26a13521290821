package dev.narrows.network;

import java.util.List;

/** Something that is defined for integer layers was asked of a network that has float layers. */
public final class FloatLayersException extends RuntimeException {
  private static final long serialVersionUID = 1L;

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
                String.join(", ", layers)));
  }

  /**
   * Lets networks pass whose sums are all sums of integers.
   *
   * @throws FloatLayersException naming the layers that sum real numbers
   */
  public static void requireIntegers(String what, Network network) {
    List<String> layers =
        network.layers().stream().filter(FloatLayersException::sumsReals).map(Layer::name).toList();
    if (!layers.isEmpty()) {
      throw new FloatLayersException(what, layers);
    }
  }

  private static boolean sumsReals(Layer layer) {
    return layer instanceof MatMul || layer instanceof DotLayer dot && dot.isFloat();
  }
}

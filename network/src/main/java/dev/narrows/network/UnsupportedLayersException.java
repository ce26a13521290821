package dev.narrows.network;

import java.util.List;

/** A network that a format cannot express: names every layer that stands in the way, and why. */
public final class UnsupportedLayersException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param format what the network was to be written as
   * @param layers one text a layer: its name, kind and what cannot be expressed
   */
  public UnsupportedLayersException(String format, List<String> layers) {
    super(
        "%s cannot express %d %s: %s"
            .formatted(
                format,
                layers.size(),
                layers.size() == 1 ? "layer" : "layers",
                String.join("; ", layers)));
  }

  /**
   * Lets networks pass that hold integer codes only.
   *
   * @throws UnsupportedLayersException naming the layers that make real numbers
   */
  public static void requireCodes(String format, Network network) {
    List<String> layers =
        network.layers().stream()
            .filter(layer -> layer.output().isFloat())
            .map(layer -> "\"%s\" (%s) makes real numbers".formatted(layer.name(), layer.kind()))
            .toList();
    if (!layers.isEmpty()) {
      throw new UnsupportedLayersException(format, layers);
    }
  }
}

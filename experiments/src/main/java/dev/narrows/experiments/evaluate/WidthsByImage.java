package dev.narrows.experiments.evaluate;

import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.WidthsOfImages;
import java.util.HashMap;
import java.util.Map;

/**
 * The widths that each image's sums need, layer by layer, in one order, with every layer's inputs
 * from exact execution: two bytes a layer and image.
 */
public final class WidthsByImage implements WidthsOfImages {
  private final Map<String, byte[]> finals = new HashMap<>();
  private final Map<String, byte[]> paths = new HashMap<>();

  /** Of nothing noted yet. */
  public WidthsByImage(Network network, int images) {
    for (LayerRegister register : LayerRegisters.exact().of(network)) {
      finals.put(register.layer(), new byte[images]);
      paths.put(register.layer(), new byte[images]);
    }
  }

  @Override
  public void note(String layer, int image, int finalBits, int pathBits) {
    widen(finals, layer, image, finalBits);
    widen(paths, layer, image, pathBits);
  }

  private static void widen(Map<String, byte[]> widths, String layer, int image, int bits) {
    byte[] ofLayer = widths.get(layer);
    if (ofLayer != null) {
      ofLayer[image] = (byte) Math.max(ofLayer[image], bits);
    }
  }

  /**
   * Whether a register leaves every sum of this layer and image exact.
   *
   * @param byEnd whether a sum that fits at its end is known to fit on the way
   * @throws IllegalStateException if the layer does not sum integers
   */
  public boolean exact(LayerRegister register, boolean byEnd, int image) {
    // neither several registers nor a zero point's correction in the register is looked at
    if (register.order().severalRegisters() || register.correctsInside()) {
      return false;
    }
    int end = width(finals, register, image);
    return register.accumulator().endsExact(end, byEnd ? end : width(paths, register, image));
  }

  private static int width(Map<String, byte[]> widths, LayerRegister register, int image) {
    byte[] ofLayer = widths.get(register.layer());
    if (ofLayer == null) {
      throw new IllegalStateException("no widths of layer " + register.layer());
    }
    return ofLayer[image];
  }
}

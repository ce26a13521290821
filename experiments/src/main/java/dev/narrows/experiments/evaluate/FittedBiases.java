package dev.narrows.experiments.evaluate;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.core.format.RegisterRounding;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.llama.LlamaRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Exponent biases of a floating-point register for each layer by itself: the largest product that a
 * text shows is just held, and twice the largest sum, as sums on the way to it may be larger.
 */
public final class FittedBiases {
  /**
   * What a register holds of the largest magnitudes that were seen.
   *
   * @param product of products
   * @param sum of sums
   */
  record Room(float product, float sum) {
    static final Room ENOUGH = new Room(1, 2);
  }

  private FittedBiases() {}

  /**
   * The registers with biases of each layer's own.
   *
   * @param registers of any kind; those without biases stay
   * @param sums a network of the layers that sum
   * @param ranges of all of them
   */
  public static LayerRegisters of(LayerRegisters registers, Network sums, List<LlamaRange> ranges) {
    return of(registers, sums, ranges, Room.ENOUGH);
  }

  /** The same with another room. */
  static LayerRegisters of(
      LayerRegisters registers, Network sums, List<LlamaRange> ranges, Room room) {
    Map<String, LlamaRange> byName = new HashMap<>();
    ranges.forEach(range -> byName.put(range.layer(), range));
    List<LayerRegisters.Rule> rules = new ArrayList<>();
    for (LayerRegister layer : registers.of(sums)) {
      LlamaRange range = byName.get(layer.layer());
      if (range != null
          && layer.accumulator() instanceof FloatingAccumulator register
          && register.rounding() != RegisterRounding.IEEE) {
        FloatingAccumulator fitted =
            new FloatingAccumulator(
                fitting(register.product(), room.product() * range.product()),
                fitting(register.sum(), room.sum() * range.sum()),
                register.underflow(),
                register.rounding());
        rules.add(new LayerRegisters.Rule(layer.layer(), layer.asked().with(fitted)));
      }
    }
    rules.addAll(registers.rules());
    return new LayerRegisters(registers.base(), rules);
  }

  private static FloatingFormat fitting(FloatingFormat format, float most) {
    return FloatingFormat.fitting(format.mantissaBits(), format.exponentBits(), most);
  }
}

package dev.narrows.network.pass;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.dot.Summation;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.FloatLayersException;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.layer.TransposedConvolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The claim that no input overflows a register of P bits in any layer that is not exact by itself,
 * nor the narrow register that a layer is pinned to. Layers pinned to an exact register and
 * pooling, which is exact too, are no part of the claim, unless a rule names them. A rule that
 * names a layer with a narrow register of its own holds it to P bits instead.
 */
public final class CertifyNetwork {
  private CertifyNetwork() {}

  /** {@link #of(Network, int, LayerRegisters)} for one register with these conventions. */
  public static Certificate of(Network network, int bits, Summation conventions) {
    return of(network, bits, LayerRegisters.of(conventions));
  }

  /**
   * The certificate; {@link Certificate#holds()} says whether the claim is true.
   *
   * @param bits P, from 2 to 62
   * @param registers give conventions, and name layers to include; their accumulators and orders do
   *     not matter, as the bound covers every order
   * @throws LayerArithmeticException naming the channel too, if sums can leave 64 bits
   * @throws FloatLayersException if a layer sums real numbers
   */
  public static Certificate of(Network network, int bits, LayerRegisters registers) {
    return of(network, bits, registers, Guarantee.SUMS);
  }

  private static LayerCertificate certify(
      String layer, LayerChannels channels, Guarantee guarantee, boolean witnessed) {
    try {
      return LayerCertificate.of(
          layer, channels.channels(), channels.stored(), guarantee, witnessed);
    } catch (ArithmeticException e) {
      throw LayerArithmeticException.named(e);
    }
  }

  /** {@link #of(Network, int, LayerRegisters)} for either guarantee. */
  public static Certificate of(
      Network network, int bits, LayerRegisters registers, Guarantee guarantee) {
    return of(network, bits, registers, guarantee, true);
  }

  /**
   * The same, perhaps without witnesses.
   *
   * @param witnessed whether they are kept; those of all channels take twelve bytes a weight
   */
  public static Certificate of(
      Network network, int bits, LayerRegisters registers, Guarantee guarantee, boolean witnessed) {
    return made(network, bits, registers, guarantee, false, witnessed);
  }

  /**
   * The claim that no input overflows the register that a plan gives each layer. A layer that it
   * does not name, or gives an exact register, is held to {@code bits} bits, or to the narrow
   * register that it is pinned to.
   *
   * @param witnessed as above
   */
  public static Certificate planned(
      Network network, int bits, LayerRegisters plan, Guarantee guarantee, boolean witnessed) {
    return made(network, bits, plan, guarantee, true, witnessed);
  }

  private static Certificate made(
      Network network,
      int bits,
      LayerRegisters registers,
      Guarantee guarantee,
      boolean planned,
      boolean witnessed) {
    if (network.standsForProgram()) {
      FloatLayersException.requireSomeIntegers("a certificate", network.layers());
    } else {
      FloatLayersException.requireIntegers("a certificate", network.layers());
    }
    InputRanges ranges = InputRanges.of(network);
    List<LayerCertificate> layers = new ArrayList<>();
    boolean phased = false;
    boolean replaced = false;
    for (LayerRegister register : registers.of(network)) {
      Layer layer = network.layer(register.layer());
      boolean exempt =
          register.origin() == Origin.POOLING
              || register.origin() == Origin.PINNED && register.accumulator() instanceof Exact
              || layer instanceof SummingLayer sums
                  && sums.isFloat(); // beside a program's integers
      if (!exempt) {
        phased |= layer instanceof TransposedConvolution;
        OptionalInt own = ownBits(LayerRegisters.exact().of(layer));
        boolean pinned = register.origin() == Origin.PINNED;
        if (planned && !pinned) {
          own = narrowBits(register);
          pinned = own.isPresent();
        }
        replaced |= own.isPresent() && !pinned;
        LayerChannels channels = LayerChannels.of(network, ranges, layer, register);
        layers.add(
            certify(layer.name(), channels, guarantee, witnessed)
                .against(pinned ? own : OptionalInt.empty()));
      }
    }
    Map<String, String> conventions = new TreeMap<>();
    conventions.put("flattening", Certificate.FLATTENING);
    if (phased) {
      conventions.put("taps", "phase"); // certificates without it count all taps
    }
    if (planned) {
      conventions.put("pinned", "plan"); // each layer says which register it is held to
    } else if (replaced) {
      conventions.put("pinned", "replaced"); // without it they are held to their own registers
    }
    if (guarantee != Guarantee.SUMS) {
      conventions.put("guarantee", guarantee.toString());
    }
    registers.base().zero().ifPresent(zero -> conventions.put("zero", zero.toString()));
    registers.base().bias().ifPresent(bias -> conventions.put("bias", bias.toString()));
    return new Certificate(bits, conventions, layers);
  }

  /**
   * The width of a narrow register that a layer is pinned to. A chunked one is asked for the whole
   * sum, as every order is covered: its narrower part decides.
   */
  private static OptionalInt ownBits(LayerRegister register) {
    return register.origin() == Origin.PINNED ? narrowBits(register) : OptionalInt.empty();
  }

  private static OptionalInt narrowBits(LayerRegister register) {
    if (register.accumulator().takesFloats()) {
      return OptionalInt.empty(); // exact, or no integer register
    }
    return OptionalInt.of(register.order().narrowest(register.accumulator().bits()));
  }
}

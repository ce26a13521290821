package dev.narrows.hardware.c.code;

import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.hardware.c.text.CPieces;
import dev.narrows.hardware.c.text.CType;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.SummingLayer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.network.tensor.TensorType;

/** What layers are printed from. */
public record Scene(
    Network network,
    InputRanges ranges,
    LayerRegisters registers,
    CpuTarget target,
    CodeImages images) {
  public Scene(Network network, InputRanges ranges, LayerRegisters registers, CpuTarget target) {
    this(network, ranges, registers, target, new CodeImages(network));
  }

  static final CPieces TEMPLATES = CPieces.of(Scene.class, "/dev/narrows/hardware/c/templates.c");

  LayerRegister register(SummingLayer layer) {
    return registers.of(layer);
  }

  /** The channels of a layer as a register sees them. */
  LayerChannels channels(SummingLayer layer, LayerRegister register) {
    return LayerChannels.of(network, ranges, layer, register);
  }

  /** The same register that sees codes less their zero points. */
  static LayerRegister offset(LayerRegister register) {
    return new LayerRegister(
        register.layer(),
        register.accumulator(),
        register.order(),
        ZeroPointConvention.OFFSET,
        register.bias(),
        register.asked(),
        register.origin());
  }

  /** The type that C holds a tensor's elements in. */
  public static CType type(TensorType tensor) {
    return CType.of(tensor);
  }
}

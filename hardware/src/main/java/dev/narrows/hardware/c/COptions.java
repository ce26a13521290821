package dev.narrows.hardware.c;

import dev.narrows.hardware.c.code.CpuTarget;
import dev.narrows.network.execute.LayerRegisters;
import java.util.OptionalLong;

/**
 * What a network becomes in C.
 *
 * @param name what files and functions are named after; any text
 * @param target the processor that kernels are written for
 * @param registers what each layer sums in
 * @param vectors test vectors, 0 for none
 * @param checksums whether a checksum of each vector's outputs is kept instead of the outputs
 * @param flash bytes that constants may take at most
 * @param ram bytes that static buffers may take at most
 */
public record COptions(
    String name,
    CpuTarget target,
    LayerRegisters registers,
    int vectors,
    boolean checksums,
    OptionalLong flash,
    OptionalLong ram) {
  public COptions {
    if (vectors < 0 || vectors > MOST_VECTORS) {
      throw new IllegalArgumentException(
          "test vectors must be in [0, %d], got %d".formatted(MOST_VECTORS, vectors));
    }
  }

  private static final int MOST_VECTORS = 100_000;

  /** Exact sums in plain C, no test vectors, no limits. */
  public static COptions of(String name) {
    return new COptions(
        name,
        CpuTarget.PORTABLE,
        LayerRegisters.exact(),
        0,
        false,
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  public COptions on(CpuTarget cpu) {
    return new COptions(name, cpu, registers, vectors, checksums, flash, ram);
  }

  public COptions in(LayerRegisters registersAsked) {
    return new COptions(name, target, registersAsked, vectors, checksums, flash, ram);
  }

  public COptions withVectors(int count) {
    return new COptions(name, target, registers, count, checksums, flash, ram);
  }

  /** Test vectors whose outputs are compared by their checksums, so that many take little room. */
  public COptions withChecksums() {
    return new COptions(name, target, registers, vectors, true, flash, ram);
  }

  public COptions within(OptionalLong flashBytes, OptionalLong ramBytes) {
    return new COptions(name, target, registers, vectors, checksums, flashBytes, ramBytes);
  }
}

package dev.narrows.network.targets;

import dev.narrows.core.bound.PairedTerms;
import java.util.Arrays;
import java.util.Optional;

/** Instructions that add two products of 8-bit operands in 16 bits before a wider sum. */
public enum PairInstruction {
  /**
   * x86 before VNNI. Libraries give it signed activations as code + 128 and take 128 · Σq off the
   * sum afterwards, so zero points play no part.
   */
  VPMADDUBSW(
      "vpmaddubsw",
      "x86, AVX2 without VNNI: u8 inputs (code - least code) times s8 weights, terms 2j and 2j + 1"
          + " of the flattening order (kernel row, kernel column, input channel) added in an int16"
          + " that saturates",
      1,
      true),
  /**
   * Arm before the dot product instructions: the kernels of gemmlowp and XNNPACK multiply eight
   * terms and add the products of the next eight to them.
   */
  SMLAL(
      "smull+smlal",
      "Arm without dot product instructions: s8 inputs (stored codes) times s8 weights, terms k"
          + " and k + 8 of every 16 in the flattening order added in an int16 that wraps, then"
          + " sadalp",
      8,
      false);

  private final String instruction;
  private final String assumes;
  private final PairedTerms pairing;
  private final boolean unsigned;

  PairInstruction(String instruction, String assumes, int distance, boolean unsigned) {
    this.instruction = instruction;
    this.assumes = assumes;
    this.pairing = new PairedTerms(distance, 16);
    this.unsigned = unsigned;
  }

  /** The instruction of a name; {@code smlal} alone means {@code smull+smlal}. */
  public static Optional<PairInstruction> named(String name) {
    return Arrays.stream(values())
        .filter(one -> one.instruction.equals(name) || one.instruction.endsWith("+" + name))
        .findFirst();
  }

  /** Its name, as in an assembler. */
  public String instruction() {
    return instruction;
  }

  /** What is multiplied, which terms make a pair, and what happens beyond 16 bits. */
  public String assumes() {
    return assumes;
  }

  /** Which terms make a pair, and the register of its sum. */
  public PairedTerms pairing() {
    return pairing;
  }

  /** What the least stored code of 8 bits is as an operand. */
  public int leastOperand() {
    return unsigned ? 0 : -128;
  }
}

package dev.narrows.core.format;

/** What becomes of the bits that a floating-point register cannot hold. */
public enum RegisterRounding {
  /** They are cut off: LBA's registers, which have neither subnormals nor infinities. */
  TOWARD_ZERO,
  /**
   * To the nearest value, ties to even, in the same formats: the largest value holds at the end.
   */
  NEAREST,
  /** IEEE 754: to nearest even, with subnormals, infinities and NaN. */
  IEEE
}

package dev.narrows.hardware.cost;

/**
 * Energies of a published table, in a 45 nm process at 0.9 V.
 *
 * @see <a href="https://doi.org/10.1109/ISSCC.2014.6757323">Horowitz, "Computing's energy problem",
 *     ISSCC 2014</a>
 */
public enum MemoryLevel {
  /** A cache of 8 KiB. */
  SRAM8K(10),
  /** A cache of 32 KiB. */
  SRAM32K(20),
  /** A cache of 1 MiB. */
  SRAM1M(100),
  /** Memory outside the chip; the lower end of the table's 1.3 to 2.6 nJ. */
  DRAM(1300);

  private static final double ADD_32 = 0.1;
  private static final int WORD = 64;

  private final double picojoules;

  MemoryLevel(double picojoules) {
    this.picojoules = picojoules;
  }

  /** Energy of moving so many bits, in picojoules: the table's per 64-bit access. */
  public double picojoules(double bits) {
    return bits / WORD * picojoules;
  }

  /**
   * Energy of an integer addition, in picojoules: 0.1 at 32 bits, by the bit; the table's 8-bit
   * addition, 0.03, is a little above that line.
   */
  public static double addition(int bits) {
    return ADD_32 * bits / 32;
  }
}

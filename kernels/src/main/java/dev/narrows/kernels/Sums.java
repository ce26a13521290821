package dev.narrows.kernels;

/** Sequential sums: every channel passes over a segment of the inputs while it is cached. */
final class Sums {
  private Sums() {}

  /** Whether {@link ExactReals} give the exact sum modulo 2^32. */
  private static boolean realSegments(Job job, Rows rows) {
    return job.real() && rows.segmentNorm * job.x().largest() <= Lanes.MAGIC_REACH;
  }

  private static Registers exactRegisters(Job job, Rows rows, int channels) {
    int[] sums = job.scratch().ints(0, channels * Lanes.PANEL);
    return realSegments(job, rows)
        ? new ExactReals(rows.real, rows.row, job.x().panels(), sums)
        : new ExactWholes(rows.whole, rows.row, job.x().wholes(), sums);
  }

  private static Registers saturatingRegisters(Job job, Rows rows, int channels, int bits) {
    return saturatingRegisters(job, rows, bits, job.scratch().ints(0, channels * Lanes.PANEL));
  }

  private static Registers saturatingRegisters(Job job, Rows rows, int bits, int[] held) {
    return job.real() && bits <= SaturatingReals.MAX_BITS
        ? new SaturatingReals(bits, rows.real, rows.row, job.x().panels(), held)
        : new SaturatingWholes(bits, rows.whole, rows.row, job.x().wholes(), held);
  }

  /** Exact sums modulo 2^32, in the order of the rows (which does not matter). */
  static void exact(Job job, Rows rows, int[] channels) {
    run(job, rows, channels, exactRegisters(job, rows, channels.length));
  }

  /** Σ|q·x| modulo 2^32, without preload. */
  static void magnitudes(Job job, Rows rows, int[] channels) {
    int[] sums = job.scratch().ints(0, channels.length * Lanes.PANEL);
    run(job, rows, channels, new ExactReals(rows.magnitude, rows.row, job.x().magnitudes(), sums));
  }

  /** Whether {@link #magnitudes} may be asked for. */
  static boolean canSumMagnitudes(Job job, Rows rows) {
    return realSegments(job, rows);
  }

  /** Whether {@link #saturating} may be asked for. */
  static boolean canSaturate(Job job, int bits) {
    return bits <= SaturatingReals.MAX_BITS && job.real()
        || bits <= 32 && job.widestProduct() <= Integer.MAX_VALUE;
  }

  /** One saturating register per output. */
  static void saturating(Job job, Rows rows, int[] channels, int bits) {
    run(job, rows, channels, saturatingRegisters(job, rows, channels.length, bits));
  }

  private static void run(Job job, Rows rows, int[] channels, Registers registers) {
    for (int panel = job.firstPanel(); panel < job.lastPanel(); panel++) {
      for (int i = 0; i < channels.length; i++) {
        registers.load(i * Lanes.PANEL, job.preload(channels[i]));
      }
      for (int segment = 0; segment < rows.segments(); segment++) {
        for (int i = 0; i < channels.length; i++) {
          int from = rows.from(channels[i], segment);
          int to = rows.to(channels[i], segment);
          registers.add(from, to, job.base(panel), i * Lanes.PANEL);
        }
      }
      for (int i = 0; i < channels.length; i++) {
        int at = job.at(channels[i], panel);
        registers.read(i * Lanes.PANEL, job.out(), at, job.x().width(panel));
      }
    }
  }

  /**
   * Chunks in saturating registers, their sums in another one.
   *
   * @param outerBits at most 32
   */
  static void saturatingParts(Job job, Rows rows, int[] channels, int bits, int outerBits) {
    Registers parts = saturatingRegisters(job, rows, channels.length, bits);
    runParts(job, rows, channels, parts, new Joints.Saturating(bits, outerBits));
  }

  /**
   * The clamps of exact chunk sums, added up in a saturating register. Every chunk sum fits 32
   * bits.
   *
   * @param bits at most 32
   * @param outerBits at most 32
   */
  static void clampedParts(Job job, Rows rows, int[] channels, int bits, int outerBits) {
    Registers parts = exactRegisters(job, rows, channels.length);
    runParts(job, rows, channels, parts, new Joints.Clamping(bits, outerBits));
  }

  /**
   * Exact chunk sums where they fit {@code bits} bits, and what a saturating register ends at where
   * they do not, added up in a saturating register. Every chunk sum fits 32 bits.
   *
   * @param bits at most 31
   * @param outerBits at most 32
   */
  static void resolvedParts(Job job, Rows rows, int[] channels, int bits, int outerBits) {
    int[] held = job.scratch().ints(3, channels.length * Lanes.PANEL);
    Registers parts =
        new ResolvedParts(
            bits,
            exactRegisters(job, rows, channels.length),
            saturatingRegisters(job, rows, bits, held));
    runParts(job, rows, channels, parts, new Joints.Saturating(bits, outerBits));
  }

  /**
   * Chunks in wrapping registers, their sums in another one.
   *
   * @param bits at most 32
   * @param outerBits at most 32
   */
  static void wrappingParts(Job job, Rows rows, int[] channels, int bits, int outerBits) {
    Registers parts = exactRegisters(job, rows, channels.length);
    runParts(job, rows, channels, parts, new Joints.Wrapping(bits, outerBits));
  }

  private static void runParts(Job job, Rows rows, int[] channels, Registers parts, Joints joints) {
    int[] totals = job.scratch().ints(1, channels.length * Lanes.PANEL);
    int[] part = job.scratch().ints(2, Lanes.PANEL);
    for (int panel = job.firstPanel(); panel < job.lastPanel(); panel++) {
      for (int i = 0; i < channels.length; i++) {
        joints.load(totals, i * Lanes.PANEL, job.preload(channels[i]));
        parts.load(i * Lanes.PANEL, 0);
      }
      for (int segment = 0; segment < rows.segments(); segment++) {
        for (int i = 0; i < channels.length; i++) {
          int from = rows.from(channels[i], segment);
          int to = rows.to(channels[i], segment);
          parts.add(from, to, job.base(panel), i * Lanes.PANEL);
          if (rows.endsPart[segment]) {
            parts.read(i * Lanes.PANEL, part, 0, Lanes.PANEL);
            joints.add(totals, i * Lanes.PANEL, part);
            parts.load(i * Lanes.PANEL, 0);
          }
        }
      }
      for (int i = 0; i < channels.length; i++) {
        int at = job.at(channels[i], panel);
        System.arraycopy(totals, i * Lanes.PANEL, job.out(), at, job.x().width(panel));
      }
    }
  }
}

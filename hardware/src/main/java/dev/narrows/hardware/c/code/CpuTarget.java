package dev.narrows.hardware.c.code;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The processors that kernels are written for. */
public enum CpuTarget {
  /** Plain C99. */
  PORTABLE("portable"),
  /** Cortex-M0, M0+ and M3: two rows of 16 bits in a 32-bit multiplication. */
  CORTEX_M3("cortex-m3"),
  /** Cortex-M4, M7 and M33: two products an instruction. */
  CORTEX_M4("cortex-m4"),
  /** AArch64: chains of products in lanes of 16 bits. */
  NEON("neon"),
  /** x86 with SSSE3: pairs of products in lanes of 16 bits. */
  SSSE3("ssse3"),
  /** x86 with AVX2. */
  AVX2("avx2");

  private final String word;

  CpuTarget(String word) {
    this.word = word;
  }

  /**
   * The target of a word.
   *
   * @throws IllegalArgumentException listing the words
   */
  public static CpuTarget of(String word) {
    return Arrays.stream(values())
        .filter(target -> target.word.equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown processor \"%s\", expected one of %s".formatted(word, words())));
  }

  /** All words. */
  public static String words() {
    return Arrays.stream(values()).map(target -> target.word).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return word;
  }
}

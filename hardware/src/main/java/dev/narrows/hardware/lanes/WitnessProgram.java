package dev.narrows.hardware.lanes;

import dev.narrows.core.lane.LaneCount.FixedCount;
import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneRegister;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A C program that runs a witness through the reduction and shows what becomes of it; it ends with
 * 0 if the sum is wrong, as the witness says, and with 1 if it is not.
 */
public final class WitnessProgram {
  /** Longer arrays are not written into a program. */
  public static final int LONGEST = 1 << 18;

  private static final int PER_LINE = 16;

  private WitnessProgram() {}

  /**
   * The text of the program.
   *
   * @param question that the witness answers
   * @throws IllegalArgumentException if the arrays are longer than {@link #LONGEST}
   */
  public static String of(LaneQuestion question, LaneWitness witness) {
    int terms = witness.a().length;
    if (terms > LONGEST) {
      throw new IllegalArgumentException(
          "a program holds arrays of at most %d, got %d".formatted(LONGEST, terms));
    }
    StringBuilder text = new StringBuilder();
    text.append(
        "/* A witness against %s, made by narrows lanes. */\n".formatted(witness.reduction()));
    text.append("#include <inttypes.h>\n#include <stdint.h>\n#include <stdio.h>\n\n");
    text.append("enum { TERMS = %d };\n\n".formatted(terms));
    text.append("/* Stored codes, in memory order. */\n");
    array(text, "a", witness.a());
    array(text, "b", witness.b());
    for (int i = 0; i < witness.reduction().levels().size(); i++) {
      text.append(hold(i, witness.reduction().levels().get(i).register()));
    }
    text.append(ADD);
    text.append("int main(void) {\n");
    text.append("  static int64_t exact[TERMS], held[TERMS];\n");
    text.append("  int64_t n = TERMS, m, exactly = 0, ends = 0;\n");
    text.append("  for (int64_t k = 0; k < n; k++) {\n");
    text.append(
        "    exact[k] = held[k] = (a[k] + INT64_C(%d)) * (b[k] + INT64_C(%d));\n  }\n"
            .formatted(question.a().offset(), question.b().offset()));
    for (int i = 0; i < witness.reduction().levels().size(); i++) {
      LaneLevel level = witness.reduction().levels().get(i);
      long count =
          level.count() instanceof FixedCount(int items) ? items : (long) Integer.MAX_VALUE;
      String place =
          "INT64_C(%d), INT64_C(%d), INT64_C(%d)"
              .formatted(count, level.stride(), witness.starts()[i]);
      text.append("  m = add(exact, n, %s, any);\n".formatted(place));
      text.append("  n = add(held, n, %s, hold%d);\n".formatted(place, i));
      text.append("  if (m != n) return 2;\n");
    }
    text.append("  for (int64_t i = 0; i < n; i++) {\n");
    text.append("    exactly += exact[i];\n    ends += held[i];\n  }\n");
    text.append("  printf(\"exact %\" PRId64 \", kernel %\" PRId64 \"\\n\", exactly, ends);\n");
    text.append("  return exactly == ends ? 1 : 0;\n}\n");
    return text.toString();
  }

  /** In place: sums are written where items have been read. */
  private static final String ADD =
      """
      static int64_t any(int64_t sum) { return sum; }

      /* Blocks of count * stride items: each of stride lanes adds every stride-th of a block. */
      static int64_t add(int64_t *items, int64_t n, int64_t count, int64_t stride, int64_t start,
                         int64_t (*hold)(int64_t)) {
        static int64_t sums[TERMS];
        int64_t made = 0;
        for (int64_t block = 0; block < n; block += count * stride) {
          int64_t end = n - block < count * stride ? n : block + count * stride;
          for (int64_t lane = block; lane < end && lane < block + stride; lane++) {
            int64_t held = start;
            for (int64_t i = lane; i < end; i += stride) held = hold(held + items[i]);
            sums[made++] = held;
          }
        }
        for (int64_t i = 0; i < made; i++) items[i] = sums[i];
        return made;
      }

      """;

  private static void array(StringBuilder text, String name, long[] codes) {
    text.append("static const int64_t %s[TERMS] = {\n".formatted(name));
    for (int first = 0; first < codes.length; first += PER_LINE) {
      text.append(
          Arrays.stream(codes, first, Math.min(codes.length, first + PER_LINE))
              .mapToObj(String::valueOf)
              .collect(Collectors.joining(", ", "    ", ",\n")));
    }
    text.append("};\n\n");
  }

  private static String hold(int level, LaneRegister register) {
    String least = literal(register.min());
    String most = literal(register.max());
    int unused = 64 - register.bits();
    String body;
    if (register.saturating()) {
      body = "sum < %s ? %s : sum > %s ? %s : sum".formatted(least, least, most, most);
    } else if (register.signed()) {
      body = "(int64_t)((uint64_t)sum << %d) >> %d".formatted(unused, unused);
    } else {
      body = "(int64_t)((uint64_t)sum << %d >> %d)".formatted(unused, unused);
    }
    return "/* Level %d: %s. */\nstatic int64_t hold%d(int64_t sum) { return %s; }\n\n"
        .formatted(level + 1, register.words(), level, body);
  }

  private static String literal(long value) {
    return value == Long.MIN_VALUE ? "INT64_MIN" : "INT64_C(%d)".formatted(value);
  }
}

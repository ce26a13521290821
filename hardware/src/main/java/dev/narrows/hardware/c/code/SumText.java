package dev.narrows.hardware.c.code;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.accumulator.Resolved;
import dev.narrows.core.accumulator.Wrapping;
import dev.narrows.core.format.Widths;
import dev.narrows.hardware.c.sum.SumForm;
import dev.narrows.hardware.c.sum.SumPlan;
import dev.narrows.hardware.c.text.CIdentifiers;
import dev.narrows.hardware.c.text.CType;
import java.util.List;

/** A register in C: what is done after a sum, or at each of its steps, and what is said of it. */
final class SumText {
  private final SumPlan plan;
  private final ConstantArrays constants;

  SumText(SumPlan plan, ConstantArrays constants) {
    this.plan = plan;
    this.constants = constants;
  }

  /** What the sum of a channel begins with. */
  String start(String channel) {
    return start(channel, plan.start());
  }

  /** The same with other starts. */
  String start(String channel, long[] starts) {
    CType narrow = CType.INT32;
    boolean fits = java.util.Arrays.stream(starts).allMatch(v -> narrow.holds(v, v));
    return constants.element("start", fits ? narrow : CType.INT64, starts, channel);
  }

  /** The register's value, and what is added to it, from the variable {@code sum}. */
  String finished(String channel) {
    String value =
        switch (plan.form()) {
          case SumForm.Regrouped _ -> "sum";
          case SumForm.Wrapped(int bits) -> wrapped("sum", bits);
          case SumForm.Clamped(int bits) -> clamped("sum", bits);
          case SumForm.Stepwise _ -> "sum";
        };
    boolean nothing = java.util.Arrays.stream(plan.after()).allMatch(v -> v == 0);
    if (!nothing) {
      boolean fits = java.util.Arrays.stream(plan.after()).allMatch(v -> CType.INT32.holds(v, v));
      String after =
          constants.element("after", fits ? CType.INT32 : CType.INT64, plan.after(), channel);
      value = "((%s)%s + %s)".formatted(plan.total(), value, after);
    }
    return plan.total() == plan.type() && nothing && value.equals("sum")
        ? value
        : "(%s)%s".formatted(plan.total(), value);
  }

  /**
   * The loop that adds terms one by one in the register's order.
   *
   * @param terms K
   * @param term term k, an expression of {@code k}
   */
  String steps(int terms, String term) {
    if (!(plan.form()
        instanceof SumForm.Stepwise(Accumulator register, int outer, int chunk, boolean back))) {
      throw new IllegalStateException("no steps in " + plan.form());
    }
    String typed = "(" + plan.type() + ")";
    if (chunk == 0) {
      String loop =
          back
              ? "for (int32_t k = %d; k >= 0; k--) {".formatted(terms - 1)
              : "for (int32_t k = 0; k < %d; k++) {".formatted(terms);
      return """
              %s
                sum = %s;
              }
      """
          .formatted(loop, step(register, "sum + " + term, register.bits(), typed));
    }
    boolean whole = register instanceof Resolved;
    String inner = "part + " + term;
    return """
            for (int32_t first = 0; first < %1$d; first += %2$d) {
              %3$s part = 0;
              for (int32_t k = first; k < %1$d && k < first + %2$d; k++) {
                part = %4$s;
              }
              sum = %5$s;
            }
    """
        .formatted(
            terms,
            chunk,
            plan.type(),
            whole ? inner : step(register, inner, register.bits(), typed),
            step(
                register,
                "sum + " + (whole ? clamped("part", register.bits()) : "part"),
                outer,
                typed));
  }

  private String step(Accumulator register, String value, int bits, String typed) {
    return register instanceof Wrapping ? typed + wrapped(value, bits) : clamped(value, bits);
  }

  private String wrapped(String value, int bits) {
    constants.needs("wrap");
    return "wrap(%s, %d)".formatted(value, bits);
  }

  private String clamped(String value, int bits) {
    String clamp = plan.type() == CType.INT32 ? "clamp32" : "clamp64";
    CType type = plan.type();
    if (!type.holds(Widths.min(bits), Widths.max(bits))) {
      return "(" + value + ")"; // what the type holds is inside the register
    }
    constants.needs(clamp);
    return "%s(%s, %s, %s)"
        .formatted(clamp, value, type.literal(Widths.min(bits)), type.literal(Widths.max(bits)));
  }

  /** Says what is proved, and lets the compiler check it. */
  List<String> proof(int terms) {
    int bits = plan.register().accumulator().bits();
    String id = constants.id();
    CType type = CType.INT64;
    constants.line("#define %s_LO %s".formatted(upper(id), type.literal(plan.lo())));
    constants.line("#define %s_HI %s".formatted(upper(id), type.literal(plan.hi())));
    if (plan.proved()) {
      constants.line(
          "NARROWS_ASSERT(%1$s_LO >= %2$s && %1$s_HI <= %3$s, %4$s_fits_%5$d_bits);"
              .formatted(
                  upper(id),
                  type.literal(Widths.min(Math.min(bits, 64))),
                  type.literal(Widths.max(Math.min(bits, 64))),
                  id,
                  Math.min(bits, 64)));
    }
    if (!(plan.form() instanceof SumForm.Stepwise)) {
      constants.line(
          "NARROWS_ASSERT(%s >= %s_MIN && %s <= %s_MAX, %s_sums_fit_their_type);"
              .formatted(
                  type.literal(plan.running().min()),
                  upper(plan.type().toString()).replace("_T", ""),
                  type.literal(plan.running().max()),
                  upper(plan.type().toString()).replace("_T", ""),
                  id));
    }
    String register =
        "Register %s (zero point %s, bias %s), K = %d."
            .formatted(
                CIdentifiers.comment(plan.register().asked().toString()),
                plan.register().zero(),
                plan.register().bias(),
                terms);
    String sums =
        "Certificate: any partial sum of any input is in [%d, %d], %d bits."
            .formatted(plan.lo(), plan.hi(), plan.bits());
    return List.of(register, sums, said());
  }

  private String said() {
    return switch (plan.form()) {
      case SumForm.Regrouped _ -> "No input overflows it: the sum is exact, added in any order.";
      case SumForm.Wrapped _ -> "Inputs can overflow it: wrapped once, which any order gives.";
      case SumForm.Clamped _ -> "Inputs can overflow it: its value is the exact sum, clamped.";
      case SumForm.Stepwise steps ->
          "Inputs can overflow it: brought back after each step, in %s order%s."
              .formatted(
                  steps.reversed() ? "reversed" : "natural",
                  steps.outerBits() == steps.register().bits() ? "" : ", chunk by chunk");
    };
  }

  static String upper(String text) {
    return text.toUpperCase(java.util.Locale.ROOT);
  }
}

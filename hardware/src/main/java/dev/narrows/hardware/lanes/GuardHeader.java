package dev.narrows.hardware.lanes;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneCount.AllItems;
import dev.narrows.core.lane.LaneCount.ChainLength;
import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneReduction;

/**
 * Guard code in C11 for the kernel that a question is about: its constants, assertions that fail to
 * compile where a register could overflow, and the bound of the loop.
 *
 * <p>A kernel may define {@code NARROWS_CHAIN} and the operands' ends itself before it includes the
 * header; then its own numbers are checked.
 */
public final class GuardHeader {
  private final LaneAnswer answer;
  private final LaneQuestion question;
  private final LaneReduction reduction;
  private final StringBuilder text = new StringBuilder();

  private GuardHeader(LaneAnswer answer) {
    this.answer = answer;
    this.question = answer.question();
    this.reduction = question.reduction();
  }

  /**
   * The text of the header.
   *
   * @throws IllegalArgumentException if no chain is safe, so that there is nothing to guard
   */
  public static String of(LaneAnswer answer) {
    boolean none = answer.largest().isPresent() && answer.largest().getAsInt() == 0;
    if (none || answer.largest().isEmpty() && !answer.safe()) {
      throw new IllegalArgumentException("no chain is safe: there is nothing to guard");
    }
    return new GuardHeader(answer).write();
  }

  private String write() {
    line("/* Guard code for the SIMD reduction");
    line(" *   %s", reduction);
    line(" * with a in %s and b in %s, made by narrows lanes.", question.a(), question.b());
    line(" * %s.", LaneSentence.of(answer));
    line(" */");
    line("#ifndef NARROWS_LANES_GUARD_H");
    line("#define NARROWS_LANES_GUARD_H");
    line("");
    line("#include <assert.h>");
    line("#include <stddef.h>");
    line("#include <stdint.h>");
    line("");
    if (answer.largest().isPresent()) {
      int chain = question.knowsTerms() ? answer.everyBelow() : answer.largest().getAsInt();
      chain = Math.max(1, chain);
      line("/* What one lane adds before it hands over, and the products in that. */");
      define("NARROWS_CHAIN", String.valueOf(chain));
      line("#define NARROWS_PRODUCTS_PER_LANE ((int64_t)NARROWS_CHAIN * %d)", products(1));
      line("/* The products of all lanes between two hand-overs: the step of the outer loop. */");
      line("#define NARROWS_PRODUCTS_PER_FLUSH ((int64_t)NARROWS_CHAIN * %d)", block());
      line("");
      line(
          "static_assert(NARROWS_CHAIN >= 1 && NARROWS_CHAIN <= %d,",
          answer.unlimited() ? Integer.MAX_VALUE : chain);
      line("              \"a longer chain is not proved\");");
      line("");
    }
    if (!question.knowsTerms() && !question.limits().any()) {
      operands();
      for (int i = 0; i < reduction.levels().size(); i++) {
        level(i);
      }
    }
    if (answer.largest().isPresent()) {
      line("/* for (size_t k = 0; k < terms; k = narrows_chain_end(k, terms)) {");
      line(" *   products k ... narrows_chain_end(k, terms) - 1 into fresh lanes, then hand over");
      line(" * } */");
      line("static inline size_t narrows_chain_end(size_t k, size_t terms) {");
      line("  size_t step = (size_t)NARROWS_PRODUCTS_PER_FLUSH;");
      line("  return terms - k < step ? terms : k + step;");
      line("}");
      line("");
    }
    line("#endif");
    return text.toString();
  }

  private void operands() {
    line("/* The ends of the operands as they are multiplied, and those of a product. */");
    define("NARROWS_A_MIN", number(question.a().values().min()));
    define("NARROWS_A_MAX", number(question.a().values().max()));
    define("NARROWS_B_MIN", number(question.b().values().min()));
    define("NARROWS_B_MAX", number(question.b().values().max()));
    IntegerRange term = LaneReaches.products(question.a().values(), question.b().values());
    line("#define NARROWS_PRODUCT_MIN %s", number(term.min()));
    line("#define NARROWS_PRODUCT_MAX %s", number(term.max()));
    for (String x : new String[] {"A_MIN", "A_MAX"}) {
      for (String y : new String[] {"B_MIN", "B_MAX"}) {
        line("static_assert((int64_t)NARROWS_%s * NARROWS_%s >= NARROWS_PRODUCT_MIN", x, y);
        line("                  && (int64_t)NARROWS_%s * NARROWS_%s <= NARROWS_PRODUCT_MAX,", x, y);
        line("              \"operands go further than the proof\");");
      }
    }
    line("");
  }

  /** The condition of one level, as equation (2) states it. */
  private void level(int index) {
    LaneLevel level = reduction.levels().get(index);
    boolean counts = level.register().saturating() || reduction.mustFitAtEnd(index);
    if (!counts || level.count() instanceof AllItems || level.register().bits() > 62) {
      return;
    }
    long fixed = 1;
    boolean chained = false;
    long least = 0;
    long most = 0;
    for (LaneLevel one : reduction.levels().subList(0, index + 1)) {
      chained |= one.count() instanceof ChainLength;
      fixed *= one.items(1);
      least += one.start().min();
      most += one.start().max();
    }
    if (!chained && (least != 0 || most != 0) || index > 0 && (least != 0 || most != 0)) {
      return; // starts of several lanes meet: the chain's own bound covers it
    }
    String count = "INT64_C(%d)".formatted(fixed) + (chained ? " * NARROWS_CHAIN" : "");
    boolean floors = level.register().saturating();
    line("/* Level %d, %s. */", index + 1, level.register().words());
    condition(count, "MAX", most, floors, "<= " + number(level.register().max()));
    condition(count, "MIN", least, floors, ">= " + number(level.register().min()));
    line("");
  }

  private void condition(String count, String end, long start, boolean floors, String limit) {
    String product =
        floors
            ? "(NARROWS_PRODUCT_%s %s 0 ? NARROWS_PRODUCT_%s : 0)"
                .formatted(end, end.equals("MAX") ? ">" : "<", end)
            : "NARROWS_PRODUCT_" + end;
    line("static_assert(%s * %s + %s %s,", count, product, number(start), limit);
    line("              \"a lane can overflow\");");
  }

  private long products(int n) {
    return answer.products(n);
  }

  /** Products of all lanes for one step of the chain. */
  private long block() {
    int chain = answer.chainLevel().orElse(0);
    return products(1) * reduction.levels().get(chain).stride();
  }

  private void define(String name, String value) {
    line("#ifndef %s", name);
    line("#define %s %s", name, value);
    line("#endif");
  }

  /** The least of 64 bits has no literal of its own in C. */
  private static String number(long value) {
    return value == Long.MIN_VALUE ? "INT64_MIN" : "INT64_C(%d)".formatted(value);
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : format.formatted(values)).append('\n');
  }
}

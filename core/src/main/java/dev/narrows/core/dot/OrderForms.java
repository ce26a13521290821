package dev.narrows.core.dot;

import dev.narrows.core.accumulator.TextForm;
import dev.narrows.core.accumulator.TextForm.FixedWord;
import dev.narrows.core.accumulator.TextForm.FormArgument;
import dev.narrows.core.accumulator.TextForm.FormReading;
import dev.narrows.core.accumulator.TextForm.OuterRegister;
import dev.narrows.core.accumulator.TextForm.WholeNumber;
import dev.narrows.core.dot.SummationOrder.Ascending;
import dev.narrows.core.dot.SummationOrder.Chunked;
import dev.narrows.core.dot.SummationOrder.Lanes;
import dev.narrows.core.dot.SummationOrder.Promoted;
import dev.narrows.core.dot.SummationOrder.Reversed;
import dev.narrows.core.dot.SummationOrder.Sequential;
import dev.narrows.core.dot.SummationOrder.SignDirected;
import dev.narrows.core.dot.SummationOrder.Sorted;
import dev.narrows.core.dot.SummationOrder.SortedTiles;
import dev.narrows.core.dot.SummationOrder.SplitK;
import dev.narrows.core.lane.LaneReduction;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The registry of orders as text: what the parser reads, help texts list and error messages expect.
 * A new order is a record of {@link SummationOrder} and a line here.
 *
 * @see "docs/accumulators.md, Orders"
 */
public final class OrderForms {
  private static final FormArgument SIZE = new WholeNumber("n");
  private static final FormArgument PARTS = new WholeNumber("n");
  private static final FormArgument TILE = new WholeNumber("T");
  private static final FormArgument ROUNDS = new WholeNumber("r");

  private static final List<TextForm<SummationOrder>> FORMS =
      List.of(
          TextForm.of("sequential", new Sequential()),
          TextForm.of("reversed", new Reversed()),
          new TextForm<>("chunk", List.of(SIZE), n -> new Chunked(n.getFirst())),
          new TextForm<>(
              "chunk", List.of(SIZE, new FixedWord("fp32")), n -> new Promoted(n.getFirst())),
          new TextForm<>("promote", List.of(SIZE), n -> new Promoted(n.getFirst())),
          new TextForm<>("splitk", List.of(PARTS), n -> new SplitK(n.getFirst())),
          new TextForm<>(
              "chunk",
              List.of(SIZE, new OuterRegister()),
              n -> new Chunked(n.getFirst(), OptionalInt.of(n.getLast()))),
          TextForm.of("ascending", new Ascending()),
          TextForm.of("sorted", Sorted.all()),
          new TextForm<>("sorted", List.of(ROUNDS), n -> Sorted.rounds(n.getFirst())),
          new TextForm<>(
              "tiles", List.of(TILE), n -> new SortedTiles(n.getFirst(), OptionalInt.empty())),
          new TextForm<>(
              "tiles",
              List.of(TILE, ROUNDS),
              n -> new SortedTiles(n.getFirst(), OptionalInt.of(n.getLast()))),
          TextForm.of("sign-directed", new SignDirected()));

  /** The registers of a SIMD kernel, in a text form of their own. */
  private static final Pattern LANES = Pattern.compile("lanes\\((.*)\\)");

  private static final Pattern CHAIN = Pattern.compile("(.*),\\s*(\\d{1,9})\\s*");

  private OrderForms() {}

  static FormReading<SummationOrder> read(String part, String expected) {
    Matcher lanes = LANES.matcher(part);
    return lanes.matches()
        ? new FormReading<>(Optional.of(lanes(lanes.group(1))), "")
        : TextForm.read(part, FORMS, expected);
  }

  /** A reduction, and perhaps a comma and its n. */
  private static Lanes lanes(String text) {
    Matcher chain = CHAIN.matcher(text);
    if (!chain.matches()) {
      return new Lanes(LaneReduction.parse(text));
    }
    LaneReduction reduction = LaneReduction.parse(chain.group(1));
    if (reduction.chainLevel().isEmpty()) {
      throw new IllegalArgumentException(
          "\"%s\" leaves no length open that %s could be"
              .formatted(chain.group(1), chain.group(2)));
    }
    return new Lanes(reduction.with(Integer.parseInt(chain.group(2))));
  }

  /** Whether a part names an outer register of integers, which is not an order. */
  static boolean namesOuterRegister(String part) {
    return FORMS.stream()
        .filter(form -> form.arguments().contains(new OuterRegister()))
        .anyMatch(form ->
            part.startsWith(form.name() + "(")
                && !part.endsWith(",fp32)")
                && part.split(",", -1).length == form.arguments().size());
  }

  /** All orders of integers, as in {@code sequential, reversed, chunk(n), …}. */
  public static String all() {
    return texts(SummationOrder::forIntegers) + ", lanes(vpmaddubsw+paddsw,n)";
  }

  /** The orders that a floating-point register can take. */
  public static String forFloats() {
    return texts(SummationOrder::forFloats);
  }

  /** The orders that a register of matrix hardware can take. */
  static String forGroups() {
    return texts(SummationOrder::forGroups);
  }

  private static String texts(Predicate<SummationOrder> which) {
    return FORMS.stream()
        .filter(form -> which.test(form.example()))
        .map(TextForm::toString)
        .collect(Collectors.joining(", "));
  }
}

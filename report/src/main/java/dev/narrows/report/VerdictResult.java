package dev.narrows.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code narrows/verdict/1}: what the independent checker found of a certificate.
 *
 * @param kind "verdict"
 * @param title of the table
 * @param columns keys of the only item
 * @param items one: bits, layers, channels, disagreements and breaches (numbers), holds
 * @param holds whether the certificate is right and every covered layer safe
 * @param nothingToProve whether it covers no layer
 * @param guarantee the word for what it promises: sums or terms
 * @param claim what it promises, in words
 * @param conventions as it states them; one that is left out is each layer's own
 * @param covered the layers that it is about
 * @param notCovered every other layer of the network
 * @param outside what is done to the sums of covered layers that the promise does not cover
 * @param disagreements where it says what the network does not bear out
 * @param breaches channels that need more bits than their register has
 */
public record VerdictResult(
    String kind,
    String title,
    List<String> columns,
    List<Map<String, Object>> items,
    boolean holds,
    boolean nothingToProve,
    String guarantee,
    String claim,
    Map<String, String> conventions,
    List<VerifiedLayer> covered,
    List<UncoveredLayer> notCovered,
    List<String> outside,
    List<String> disagreements,
    List<String> breaches)
    implements Result {
  /** Copies the lists. */
  public VerdictResult {
    columns = List.copyOf(columns);
    items = List.copyOf(items);
    covered = List.copyOf(covered);
    notCovered = List.copyOf(notCovered);
    outside = List.copyOf(outside);
    disagreements = List.copyOf(disagreements);
    breaches = List.copyOf(breaches);
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.VERDICT;
  }

  @Override
  public List<Table> tables() {
    String state =
        !holds
            ? "does not hold"
            : nothingToProve ? "nothing to prove, no layer is covered" : "holds";
    Table numbers = new Table(title + ": " + state, columns);
    for (Map<String, Object> item : items) {
      numbers.row(
          columns.stream()
              .map(column -> column.equals("holds") && nothingToProve ? "-" : item.get(column))
              .toArray());
    }
    String stated =
        conventions.entrySet().stream()
            .filter(entry -> !entry.getKey().equals("flattening"))
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    Table layers =
        new Table(
            "Covered (guarantee %s: %s%s)"
                .formatted(
                    guarantee, claim, stated.isEmpty() ? "" : "; certificate says " + stated),
            List.of(
                "layer",
                "kind",
                "channels",
                "register",
                "zero point",
                "bias",
                "lo",
                "hi",
                "bits",
                "safe"));
    for (VerifiedLayer layer : covered) {
      layers.row(
          layer.name(),
          layer.kind(),
          layer.channels(),
          layer.register().orElse(layer.registerBits() + " bits"),
          layer.zero(),
          layer.bias(),
          layer.lo(),
          layer.hi(),
          layer.bits(),
          layer.safe() ? "yes" : "no");
    }
    Table others = UncoveredLayer.table(notCovered, outside);
    return nothingToProve ? List.of(numbers, others) : List.of(numbers, layers, others);
  }
}

package dev.narrows.experiments.reproduce.field;

import static dev.narrows.report.PlainText.text;

import dev.narrows.experiments.reproduce.field.FieldRegisters.QualityAtWidth;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.WidthLosses;
import dev.narrows.report.ReproductionResult.Chart;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import dev.narrows.report.ReproductionResult.Point;
import dev.narrows.report.ReproductionResult.Series;
import java.util.ArrayList;
import java.util.List;

/** Claims, tables and charts of {@link PqsFigure5Field}. */
final class PqsFigure5FieldPage {
  private static final Prose PROSE = Prose.of(PqsFigure5FieldPage.class, "pqs-fig5-field");
  private static final String SOURCE = "PQS (arXiv 2504.09064), Fig. 5, read in the paper";

  private PqsFigure5FieldPage() {}

  static String about(int most) {
    return PROSE.text("about", "most", most);
  }

  static List<PaperClaim> claims(List<FieldRegisters> measured) {
    List<PaperClaim> claims = new ArrayList<>();
    for (double tolerance : WidthLosses.TOLERANCES) {
      claims.add(
          PaperClaim.of(
              text("bits that sorting saves against clipping, %s", within(tolerance)),
              "up to 4",
              SOURCE,
              saved(measured, FieldOrder.SORTED, tolerance)));
    }
    return claims;
  }

  private static String within(double tolerance) {
    return "within " + WidthLosses.text(tolerance) + (tolerance == 1 ? " point" : " points");
  }

  private static String saved(List<FieldRegisters> measured, FieldOrder order, double tolerance) {
    return measured.isEmpty()
        ? "not run"
        : String.join(
            ", ",
            measured.stream()
                .map(one -> text("%s %d", one.network().name(), one.saved(order, tolerance)))
                .toList());
  }

  static List<Grid> grids(List<FieldRegisters> measured) {
    return List.of(networks(measured), narrowest(measured), equalWidths(measured));
  }

  private static Grid networks(List<FieldRegisters> measured) {
    List<List<Object>> rows = new ArrayList<>();
    for (FieldRegisters one : measured) {
      rows.add(
          List.of(
              one.network().name(),
              one.network().inputs().words(),
              one.inputs(),
              one.measure().word(),
              one.exact(),
              one.safe()));
    }
    return new Grid(
        "The networks, in exact registers",
        List.of("network", "run on", "inputs", "measure", "exact", "safe bits"),
        rows);
  }

  private static Grid narrowest(List<FieldRegisters> measured) {
    List<String> columns = new ArrayList<>(List.of("network", "order"));
    WidthLosses.TOLERANCES.forEach(tolerance -> columns.add(WidthLosses.text(tolerance)));
    List<List<Object>> rows = new ArrayList<>();
    for (FieldRegisters one : measured) {
      for (FieldOrder order : FieldOrder.values()) {
        List<Object> row = new ArrayList<>(List.of(one.network().name(), order.word()));
        WidthLosses.TOLERANCES.forEach(tolerance ->
            row.add(one.narrowest(order, tolerance).<Object>map(bits -> bits).orElse("none")));
        rows.add(row);
      }
    }
    return new Grid(
        "Narrowest register in bits, by the points that it may cost at most", columns, rows);
  }

  private static Grid equalWidths(List<FieldRegisters> measured) {
    List<String> columns = new ArrayList<>(List.of("network", "measure", "bits"));
    for (FieldOrder order : FieldOrder.values()) {
      columns.add(order.word());
    }
    columns.addAll(List.of("transient %", "persistent %"));
    List<List<Object>> rows = new ArrayList<>();
    for (FieldRegisters one : measured) {
      for (QualityAtWidth width : one.interesting()) {
        List<Object> row =
            new ArrayList<>(List.of(one.network().name(), one.measure().word(), width.bits()));
        for (FieldOrder order : FieldOrder.values()) {
          row.add(width.shown().getOrDefault(order, Double.NaN));
        }
        row.add(width.fleeting());
        row.add(width.persistent());
        rows.add(row);
      }
    }
    return new Grid("At equal width", columns, rows);
  }

  static List<Chart> charts(List<FieldRegisters> measured) {
    return measured.stream().map(PqsFigure5FieldPage::chart).toList();
  }

  private static Chart chart(FieldRegisters one) {
    List<Series> series = new ArrayList<>();
    for (FieldOrder order : FieldOrder.values()) {
      series.add(
          new Series(
              order.word(),
              false,
              one.interesting().reversed().stream()
                  .map(row -> Point.of(row.bits(), row.shown().getOrDefault(order, Double.NaN)))
                  .toList()));
    }
    return new Chart(
        one.network().name(),
        one.network().name() + ": " + one.measure().word() + " by register width",
        "register width P, bits",
        one.measure().word(),
        series);
  }

  static List<String> notes(List<FieldRegisters> measured, List<String> missing) {
    List<String> notes = new ArrayList<>();
    if (!measured.isEmpty()) {
      notes.add(PROSE.text("clamped"));
      notes.add(PROSE.text("bias"));
      notes.add(PROSE.text("inputs"));
    }
    if (!missing.isEmpty()) {
      notes.add(PROSE.text("missing", "files", String.join("; ", missing)));
    }
    return notes;
  }
}

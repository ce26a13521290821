package dev.narrows.experiments.reproduce.gates;

import static dev.narrows.report.PlainText.text;

import dev.narrows.core.accumulator.FloatingAccumulator;
import dev.narrows.core.format.FloatingFormat;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.Prose;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.hardware.cost.FloatUnitGates;
import dev.narrows.hardware.verilog.FloatUnit;
import dev.narrows.hardware.verilog.Synthesis;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.ReproductionResult.Grid;
import dev.narrows.report.ReproductionResult.PaperClaim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * LBA's gate table: a multiply-add with 8-bit operands and a sum of few bits beside one in
 * binary32, by the terms of an analytic model and by synthesis of one template.
 */
public final class LbaGates implements Figure {
  private static final Prose PROSE = Prose.of(LbaGates.class, "lba-gates");

  private static final FloatingFormat OPERANDS = new FloatingFormat(4, 3, 4);

  /** A sum's fields; biases do not change a unit. */
  private record SumFormat(String name, int mantissa, int exponent) {
    FloatingAccumulator register() {
      int bias = 1 << (exponent - 1);
      return FloatingAccumulator.of(new FloatingFormat(mantissa, exponent, bias));
    }
  }

  private static final List<SumFormat> FORMATS =
      List.of(
          new SumFormat("fp32", 23, 8),
          new SumFormat("fp16", 10, 5),
          new SumFormat("bf16", 7, 8),
          new SumFormat("m7e4", 7, 4),
          new SumFormat("m6e5", 6, 5),
          new SumFormat("m5e4", 5, 4),
          new SumFormat("m4e3", 4, 3));

  /** One format's unit. */
  private record UnitCost(SumFormat format, int gates, Optional<Synthesis> synthesis) {}

  /** Needs no network. */
  public LbaGates() {}

  @Override
  public String name() {
    return "lba-gates";
  }

  @Override
  public String title() {
    return "LBA: gates of a multiply-add with a narrow floating-point sum";
  }

  @Override
  public ReproductionResult make(Workshop workshop) {
    List<UnitCost> units = new ArrayList<>();
    for (SumFormat format : FORMATS) {
      FloatUnit unit = new FloatUnit(OPERANDS, format.register());
      units.add(
          new UnitCost(
              format,
              FloatUnitGates.of(format.mantissa(), format.exponent()).gates(),
              workshop.synthesis().map(tool -> tool.apply(unit.module("unit"), "unit"))));
    }
    List<String> notes = new ArrayList<>(List.of(PROSE.text("terms"), PROSE.text("difference")));
    if (workshop.synthesis().isEmpty()) {
      notes.add(PROSE.text("no tool"));
    }
    return new ReproductionResult(
        name(),
        workshop.scale().word(),
        title(),
        PROSE.text("about"),
        List.of(claim(units, "fp32"), claim(units, "fp16")),
        List.of(grid(units)),
        List.of(),
        notes,
        List.of());
  }

  private static UnitCost of(List<UnitCost> units, String name) {
    return units.stream().filter(one -> one.format().name().equals(name)).findFirst().orElseThrow();
  }

  private static PaperClaim claim(List<UnitCost> units, String wide) {
    UnitCost narrow = of(units, "m7e4");
    UnitCost other = of(units, wide);
    String ours =
        text("%.0f %% by the model", 100.0 * (other.gates() - narrow.gates()) / other.gates())
            + narrow
                .synthesis()
                .flatMap(less ->
                    other
                        .synthesis()
                        .map(more ->
                            text(
                                ", %.0f %% of transistors by synthesis",
                                100.0
                                    * (more.transistors() - less.transistors())
                                    / more.transistors())))
                .orElse("");
    String what = "gates that a sum of m7e4 saves beside " + wide;
    return wide.equals("fp32")
        ? PaperClaim.of(what, "63 %", "LBA (arXiv 2401.14110), appendix on gates", ours)
        : PaperClaim.ofOurs(what, ours);
  }

  private static Grid grid(List<UnitCost> units) {
    boolean measured = units.getFirst().synthesis().isPresent();
    List<String> columns =
        new ArrayList<>(List.of("sum", "bits", "gates by the model", "% of fp32"));
    if (measured) {
      columns.addAll(List.of("transistors by synthesis", "% of fp32 by synthesis", "LUT"));
    }
    List<List<Object>> rows = new ArrayList<>();
    for (UnitCost unit : units) {
      List<Object> row =
          new ArrayList<>(
              List.of(
                  unit.format().name(),
                  1 + unit.format().mantissa() + unit.format().exponent(),
                  unit.gates(),
                  100.0 * unit.gates() / units.getFirst().gates()));
      unit.synthesis()
          .ifPresent(made ->
              row.addAll(
                  List.of(
                      made.transistors(),
                      100.0
                          * made.transistors()
                          / units.getFirst().synthesis().orElseThrow().transistors(),
                      made.luts())));
      rows.add(row);
    }
    return new Grid("A multiply-add of 8-bit operands", columns, rows);
  }
}

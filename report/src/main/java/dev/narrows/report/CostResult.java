package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code narrows/cost/1}: what registers of several widths cost in hardware, by formulas.
 *
 * @param network the file
 * @param memory where partial sums go, by the name of its energy table
 * @param tile terms that are summed before partial sums are put away
 * @param layers the units, one for each layer, side by side
 * @param sentences the answers: each register beside that of 32 bits
 * @param floats floating-point multiply-adds, if asked for
 * @param measured what synthesis says, if asked for
 */
public record CostResult(
    NetworkFile network,
    String memory,
    int tile,
    List<CostLayer> layers,
    List<String> sentences,
    Optional<List<FloatUnitCost>> floats,
    Optional<List<MeasuredUnit>> measured)
    implements Result {
  /** Copies the lists. */
  public CostResult {
    layers = List.copyOf(layers);
    sentences = List.copyOf(sentences);
    floats = floats.map(List::copyOf);
    measured = measured.map(List::copyOf);
  }

  /**
   * One layer as a matrix-vector unit.
   *
   * @param name of the layer
   * @param kind conv2d, dense, …
   * @param channels output channels
   * @param terms K: how many products one sum adds
   * @param positions matrix-vector products for an image
   * @param pe processing elements: output channels that are computed at once
   * @param simd products that each of them adds at once
   * @param cycles clock cycles for an image
   * @param weightBits W, the bits of a weight
   * @param inputBits A, the bits of an input
   * @param outputBits bits of the codes that thresholds make; 0 without thresholds
   * @param bram18 block memories of 18 Kib that hold the weights
   * @param registers in the same order in every layer, 32 bits first
   */
  public record CostLayer(
      String name,
      String kind,
      int channels,
      int terms,
      int positions,
      int pe,
      int simd,
      long cycles,
      int weightBits,
      int inputBits,
      int outputBits,
      long bram18,
      List<RegisterCost> registers) {
    /** Copies the registers. */
    public CostLayer {
      registers = List.copyOf(registers);
    }
  }

  /**
   * A layer in one register.
   *
   * @param register in text form
   * @param bits P, its width
   * @param luts look-up tables, by the formula
   * @param partialSumBytes bytes of partial sums that are moved for an image
   * @param partialSumNanojoules energy of moving them
   * @param additionNanojoules energy of adding all terms of an image, spills left out
   * @param spillsAtParity of a spilling register: spills for each term at which its additions take
   *     as much energy as a wide register's
   */
  public record RegisterCost(
      String register,
      int bits,
      double luts,
      long partialSumBytes,
      double partialSumNanojoules,
      double additionNanojoules,
      Optional<Double> spillsAtParity) {}

  /**
   * A floating-point multiply-add.
   *
   * @param format of the sum, by name
   * @param bits of the sum
   * @param gates how many, by the analytic model
   * @param ofFp32 its gates in percent of those of a sum in fp32
   */
  public record FloatUnitCost(String format, int bits, int gates, double ofFp32) {}

  /**
   * A unit that was synthesised.
   *
   * @param unit what it is
   * @param register in text form
   * @param luts look-up tables of a Xilinx 7-series device
   * @param transistors yosys' estimate for static CMOS
   * @param formula LUTs by the formula, without its fixed part; absent where there is none
   */
  public record MeasuredUnit(
      String unit, String register, long luts, long transistors, Optional<Double> formula) {}

  @Override
  public ResultKind resultKind() {
    return ResultKind.COST;
  }

  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    tables.add(totals().led(sentences));
    tables.add(units());
    floats.ifPresent(units -> tables.add(floats(units)));
    measured.ifPresent(units -> tables.add(measured(units)));
    return tables;
  }

  private Table totals() {
    Table table =
        new Table(
            "All layers side by side; partial sums after every %,d terms, in %s"
                .formatted(tile, memory),
            List.of(
                "register",
                "LUT",
                "of 32 bits %",
                "partial sums KiB an image",
                "µJ to move",
                "µJ to add",
                "spills a term at parity"));
    int choices = layers.stream().mapToInt(layer -> layer.registers().size()).min().orElse(0);
    double wide = luts(0);
    for (int i = 0; i < choices; i++) {
      int choice = i;
      List<RegisterCost> costs =
          layers.stream().map(layer -> layer.registers().get(choice)).toList();
      List<String> names = costs.stream().map(RegisterCost::register).distinct().toList();
      table.row(
          names.size() == 1 ? names.getFirst() : "per layer",
          whole(luts(i)),
          Table.percent(100 * luts(i) / wide),
          decimals(costs.stream().mapToLong(RegisterCost::partialSumBytes).sum() / 1024.0, 1),
          decimals(costs.stream().mapToDouble(RegisterCost::partialSumNanojoules).sum() / 1000, 3),
          decimals(costs.stream().mapToDouble(RegisterCost::additionNanojoules).sum() / 1000, 3),
          names.size() == 1
              ? costs.getFirst().spillsAtParity().map(share -> decimals(share, 3)).orElse("")
              : "");
    }
    return table.withoutEmpty("spills a term at parity");
  }

  /** LUTs of all layers in the choice of registers of this number. */
  public double luts(int choice) {
    return layers.stream().mapToDouble(layer -> layer.registers().get(choice).luts()).sum();
  }

  private Table units() {
    List<String> columns =
        new ArrayList<>(
            List.of("layer", "channels", "K", "PE", "SIMD", "cycles", "W", "A", "B", "BRAM18"));
    List<RegisterCost> first = layers.isEmpty() ? List.of() : layers.getFirst().registers();
    boolean same =
        layers.stream()
            .allMatch(layer ->
                layer.registers().stream()
                    .map(RegisterCost::register)
                    .toList()
                    .equals(first.stream().map(RegisterCost::register).toList()));
    for (int i = 0; i < first.size(); i++) {
      columns.add("LUT " + (same || i == 0 ? first.get(i).register() : "in its register"));
    }
    if (!same) {
      columns.add("register");
    }
    Table table = new Table("Units by FINN's formula", columns);
    for (CostLayer layer : layers) {
      List<Object> row =
          new ArrayList<>(
              List.of(
                  layer.name(),
                  layer.channels(),
                  layer.terms(),
                  layer.pe(),
                  layer.simd(),
                  layer.cycles(),
                  layer.weightBits(),
                  layer.inputBits(),
                  layer.outputBits(),
                  layer.bram18()));
      layer.registers().forEach(register -> row.add(whole(register.luts())));
      if (!same) {
        row.add(layer.registers().getLast().register());
      }
      table.row(row.toArray());
    }
    return table;
  }

  private static Table floats(List<FloatUnitCost> units) {
    Table table =
        new Table(
            "Floating-point multiply-adds of 8-bit operands, by the analytic model",
            List.of("sum", "bits", "gates", "of fp32 %"));
    for (FloatUnitCost unit : units) {
      table.row(unit.format(), unit.bits(), unit.gates(), Table.percent(unit.ofFp32()));
    }
    return table;
  }

  private static Table measured(List<MeasuredUnit> units) {
    Table table =
        new Table(
            "Synthesised by yosys for a Xilinx 7-series device without DSP blocks",
            List.of("unit", "register", "LUT", "formula", "transistors (CMOS estimate)"));
    for (MeasuredUnit unit : units) {
      table.row(
          unit.unit(),
          unit.register(),
          unit.luts(),
          unit.formula().map(CostResult::whole).orElse(""),
          unit.transistors());
    }
    return table.withoutEmpty("formula");
  }

  private static String whole(double value) {
    return decimals(value, 0);
  }

  private static String decimals(double value, int places) {
    return String.format(Locale.ROOT, "%." + places + "f", value);
  }
}

package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code narrows/benchmark/1}: kernels and commands beside the machine's own limit, and beside
 * other programs that do the same.
 *
 * @param machine where it was measured
 * @param kernels what was measured of them; absent where only commands were
 * @param commands what was measured of them; absent where only kernels were
 * @param missing other programs that were looked for in vain
 */
public record BenchmarkResult(
    BenchmarkMachine machine,
    Optional<KernelBenchmarks> kernels,
    Optional<CommandBenchmarks> commands,
    List<MissingPeer> missing)
    implements Result {
  /** Copies the list. */
  public BenchmarkResult {
    missing = List.copyOf(missing);
  }

  /**
   * A machine.
   *
   * @param cpu its model
   * @param processors how many the JVM may use
   * @param vectorBits width of the vectors that the JVM prefers, 0 where unknown
   * @param jdk version and vendor
   * @param gigahertz of the clock, by a chain of instructions whose latency is known; absent
   *     without kernels
   */
  public record BenchmarkMachine(
      String cpu, int processors, int vectorBits, String jdk, Optional<Double> gigahertz) {}

  /**
   * Another program that was not there.
   *
   * @param name of the program
   * @param why why it was not there, in a line
   */
  public record MissingPeer(String name, String why) {}

  @Override
  public ResultKind resultKind() {
    return ResultKind.BENCHMARK;
  }

  @Override
  public List<Table> tables() {
    List<Table> tables = new ArrayList<>(List.of(machineTable()));
    kernels.ifPresent(measured -> tables.addAll(measured.tables()));
    commands.ifPresent(measured -> tables.addAll(measured.tables()));
    if (!missing.isEmpty()) {
      Table table = new Table("Not measured", List.of("peer", "why"));
      missing.forEach(one -> table.row(one.name(), one.why()));
      tables.add(table);
    }
    return tables;
  }

  private Table machineTable() {
    Table table = new Table("Machine and yardstick", List.of("what", "value"));
    table.row("processor", machine.cpu());
    table.row("processors", machine.processors());
    table.row("vectors", machine.vectorBits() + " bits");
    table.row("JDK", machine.jdk());
    machine.gigahertz().ifPresent(clock -> table.row("clock, GHz", number(clock)));
    kernels.ifPresent(measured -> measured.describe(table));
    commands.ifPresent(measured -> measured.describe(table));
    return table;
  }

  /** Three significant digits, at most two behind the point. */
  static String number(double value) {
    double size = Math.abs(value);
    String form = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, form, value);
  }

  /** A share of something, as a quotient. */
  static String ratio(double value) {
    return String.format(Locale.ROOT, value >= 0.0995 ? "%.2f" : "%.4f", value);
  }

  /** A share, in whole percent. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f", 100 * share);
  }
}

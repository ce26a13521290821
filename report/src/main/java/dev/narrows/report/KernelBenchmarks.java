package dev.narrows.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Kernels in figures, all of one run in which everything took turns.
 *
 * @param shape of the products, in words
 * @param threads that worked at once
 * @param yardstick GMAC/s of a binary32 product whose code never changes
 * @param yardstickSpread how much longer its median round took than the best, as a share
 * @param peak GMAC/s of fused multiply-adds on registers alone
 * @param instructions what one thread issues
 * @param kernels what this program's kernels reach
 * @param products what other programs reach on the same shape, or on one that they take less long
 *     for
 */
public record KernelBenchmarks(
    String shape,
    int threads,
    double yardstick,
    double yardstickSpread,
    double peak,
    List<IssuedInstruction> instructions,
    List<MeasuredKernel> kernels,
    List<PeerProduct> products) {
  /** Copies the lists. */
  public KernelBenchmarks {
    instructions = List.copyOf(instructions);
    kernels = List.copyOf(kernels);
    products = List.copyOf(products);
  }

  /**
   * How many instructions on whole vectors one thread issues.
   *
   * @param instruction its name
   * @param perNanosecond how many in a nanosecond
   * @param perCycle how many in a cycle of the clock
   */
  public record IssuedInstruction(String instruction, double perNanosecond, double perCycle) {}

  /**
   * A kernel.
   *
   * @param name of the kernel
   * @param about what its name leaves open; may be empty
   * @param gmacs multiply-accumulates a nanosecond
   * @param ratio to the yardstick
   * @param spread how much longer the median round took than the best, as a share
   * @param floor the least ratio that the project accepts on one thread
   * @param limit the ratio that the processor's ports allow, where somebody derived it
   * @param reached the share of that limit
   * @param instructions that the limit counts for a vector of multiply-accumulates; may be empty
   */
  public record MeasuredKernel(
      String name,
      String about,
      double gmacs,
      double ratio,
      double spread,
      Optional<Double> floor,
      Optional<Double> limit,
      Optional<Double> reached,
      String instructions) {}

  /**
   * A product by another program.
   *
   * @param peer its name and version
   * @param what what it computes
   * @param same whether its values were compared with ours and were the same
   * @param gmacs multiply-accumulates a nanosecond
   * @param ratio to the yardstick
   * @param spread how much longer the median round took than the best, as a share
   */
  public record PeerProduct(
      String peer, String what, String same, double gmacs, double ratio, double spread) {}

  void describe(Table table) {
    table.row("threads of kernels", threads);
    table.row(
        "yardstick: a binary32 product, GMAC/s",
        "%s (median round +%s %%)"
            .formatted(
                BenchmarkResult.number(yardstick), BenchmarkResult.percent(yardstickSpread)));
    table.row(
        "fused multiply-adds on registers, GMAC/s",
        "%s, of which the yardstick reaches %s %%"
            .formatted(BenchmarkResult.number(peak), BenchmarkResult.percent(yardstick / peak)));
    products.stream()
        .filter(product -> product.what().equals("sgemm"))
        .forEach(product ->
            table.row(
                product.peer() + ", sgemm, GMAC/s",
                "%s, of which the yardstick is %s"
                    .formatted(
                        BenchmarkResult.number(product.gmacs()),
                        BenchmarkResult.ratio(1 / product.ratio()))));
  }

  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    if (!kernels.isEmpty()) {
      tables.add(kernelTable());
    }
    if (!products.isEmpty()) {
      Table table =
          new Table(
              "The same dot products by others",
              List.of("peer", "product", "values", "GMAC/s", "x yardstick", "median +%"));
      products.forEach(product ->
          table.row(
              product.peer(),
              product.what(),
              product.same(),
              BenchmarkResult.number(product.gmacs()),
              BenchmarkResult.ratio(product.ratio()),
              BenchmarkResult.percent(product.spread())));
      tables.add(table);
    }
    if (!instructions.isEmpty()) {
      Table table =
          new Table(
              "What one thread issues, instructions on whole vectors",
              List.of("instruction", "a nanosecond", "a cycle"));
      instructions.forEach(one ->
          table.row(
              one.instruction(),
              BenchmarkResult.number(one.perNanosecond()),
              BenchmarkResult.number(one.perCycle())));
      tables.add(table);
    }
    return tables;
  }

  private Table kernelTable() {
    Table table =
        new Table(
            "Kernels, " + shape,
            List.of(
                "kernel",
                "",
                "GMAC/s",
                "x yardstick",
                "floor",
                "port limit",
                "reached %",
                "median +%",
                "vector instructions a step"));
    for (MeasuredKernel kernel : kernels) {
      table.row(
          kernel.name(),
          kernel.about(),
          BenchmarkResult.number(kernel.gmacs()),
          BenchmarkResult.ratio(kernel.ratio()),
          kernel.floor().map(BenchmarkResult::ratio).orElse(""),
          kernel.limit().map(BenchmarkResult::ratio).orElse(""),
          kernel.reached().map(BenchmarkResult::percent).orElse(""),
          BenchmarkResult.percent(kernel.spread()),
          kernel.instructions());
    }
    return table.led(
        List.of(
            "x yardstick: GMAC/s by those of the yardstick in the same run. Floor: the least that the"
                + " project accepts on one thread. Port limit: what this processor could reach if it"
                + " did nothing but the vector instructions of the last column, measured in the same"
                + " run. Median: how much longer the median round took than the best."));
  }
}

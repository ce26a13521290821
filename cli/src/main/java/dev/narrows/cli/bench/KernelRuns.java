package dev.narrows.cli.bench;

import dev.narrows.benchmarks.Contestant;
import dev.narrows.benchmarks.KernelBenchmark;
import dev.narrows.benchmarks.KernelFigure;
import dev.narrows.benchmarks.KernelReport;
import dev.narrows.benchmarks.OtherFigure;
import dev.narrows.benchmarks.SharedOperands;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.report.KernelBenchmarks;
import dev.narrows.report.KernelBenchmarks.IssuedInstruction;
import dev.narrows.report.KernelBenchmarks.MeasuredKernel;
import dev.narrows.report.KernelBenchmarks.PeerProduct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Kernels and the peers of their products, as a result. */
public final class KernelRuns {
  private static final int COMPARED_CHANNELS = 8;
  private static final int COMPARED_COLUMNS = 48;

  private KernelRuns() {}

  /** Writes what peers multiply, and what core's reference makes of a part of it. */
  public static void writeOperands(Path folder) throws IOException {
    SharedOperands shared = new SharedOperands();
    Npy.write(
        folder.resolve("weights.npy"),
        NpyArray.of(shared.weights(), shared.channels(), shared.terms()));
    Npy.write(
        folder.resolve("inputs.npy"),
        NpyArray.of(shared.inputs(), shared.terms(), shared.columns()));
    for (String register : List.of("exact", "int16:saturate")) {
      int[] sums = shared.sums(register, COMPARED_CHANNELS, COMPARED_COLUMNS);
      Npy.write(
          folder.resolve(register.replace(':', '_') + ".npy"),
          NpyArray.of(sums, COMPARED_CHANNELS, COMPARED_COLUMNS));
    }
  }

  /** The result of a run in which these peers took their turns. */
  public static KernelBenchmarks result(KernelReport report, List<PeerProcess.Peer> peers) {
    List<PeerProduct> products = new ArrayList<>();
    for (int i = 0; i < peers.size(); i++) {
      OtherFigure figure = report.others().get(i);
      double rate = peers.get(i).macs() / figure.best();
      products.add(
          new PeerProduct(
              peers.get(i).name(),
              peers.get(i).what(),
              peers.get(i).same(),
              rate,
              rate / report.yardstick(),
              figure.spread()));
    }
    return new KernelBenchmarks(
        KernelBenchmark.shape(),
        report.threads(),
        report.yardstick(),
        report.yardstickSpread(),
        report.peak(),
        report.instructions().stream()
            .map(one ->
                new IssuedInstruction(one.instruction(), one.perNanosecond(), one.perCycle()))
            .toList(),
        report.kernels().stream().map(one -> kernel(one, report.yardstick())).toList(),
        products);
  }

  private static MeasuredKernel kernel(KernelFigure figure, double yardstick) {
    return new MeasuredKernel(
        figure.name(),
        figure.about(),
        figure.rate(),
        figure.rate() / yardstick,
        figure.spread(),
        figure.floor(),
        figure.limit().map(limit -> limit / yardstick),
        figure.limit().map(limit -> figure.rate() / limit),
        figure.instructions());
  }

  /** What the benchmark asks, of peers that may be none. */
  public static List<Contestant> contestants(List<PeerProcess.Peer> peers) {
    return peers.stream().map(PeerProcess.Peer::contestant).toList();
  }
}

package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.hardware.tools.HardwareTool;
import dev.narrows.hardware.verilog.ChannelProof;
import dev.narrows.hardware.verilog.ChannelProof.ProofVerdict;
import dev.narrows.hardware.verilog.RegisterProver;
import dev.narrows.hardware.verilog.UnitInputs;
import dev.narrows.hardware.verilog.UnitLayer;
import dev.narrows.hardware.verilog.VerilogProject;
import dev.narrows.network.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How {@code export --to verilog} builds and proves its units. */
final class VerilogOptions {
  @Option(
      names = "--pe",
      paramLabel = "N",
      description = "verilog: channels at once, or the largest divisor below (default 1).")
  private int pe = 1;

  @Option(
      names = "--simd",
      paramLabel = "N",
      description = "verilog: terms at once, likewise (default 1).")
  private int simd = 1;

  @Option(names = "--saturate", description = "verilog: registers saturate; otherwise they wrap.")
  private boolean saturate;

  @Option(
      names = "--prove",
      description = {
        "verilog: yosys proves for each channel that its register equals one of 32 bits for every",
        "input, and that one bit less does not. Exit 3 if it does not prove one."
      })
  private boolean prove;

  @Option(
      names = "--one-piece",
      paramLabel = "K",
      description = {
        "verilog: channels of at most K terms are proved with all inputs at once, longer ones by",
        "induction (default 32)."
      })
  private int onePiece = 32;

  @Mixin private DataOptions data = new DataOptions();

  /** Whether any was given. */
  private boolean given() {
    return pe != 1 || simd != 1 || saturate || prove || onePiece != 32;
  }

  /** Refuses options that have no effect. */
  void refuseFor(String format) {
    if (given() || data.given()) {
      throw new BadInputException(
          "--pe, --simd, --saturate, --prove, --one-piece and --data: have no effect on " + format);
    }
  }

  /** Writes the units into a folder, and proves them where asked to. */
  int write(Terminal terminal, ModelFile file, Network network, Path folder) throws IOException {
    if (pe < 1 || simd < 1 || onePiece < 0) {
      throw new BadInputException("--pe and --simd: must be at least 1; --one-piece: at least 0");
    }
    if (prove) {
      HardwareTool.YOSYS.require(); // before anything is written
    }
    VerilogProject project;
    try {
      project = VerilogProject.of(network, saturate, pe, simd, inputs(terminal, file, network));
    } catch (IllegalArgumentException e) {
      throw new BadInputException("--to: " + e.getMessage(), e);
    }
    project.write(folder);
    terminal.out().println(folder);
    return prove ? proved(terminal, project) : ExitCode.DONE;
  }

  /** What layers multiply on the first input of --data, for the testbenches. */
  private Map<String, List<int[]>> inputs(Terminal terminal, ModelFile file, Network network) {
    if (data.text().isEmpty()) {
      data.refuseWithoutData(terminal);
    }
    return data.text()
        .map(set -> UnitInputs.of(network, data.openOnly(terminal, file, set, 1).source()))
        .orElse(Map.of());
  }

  private int proved(Terminal terminal, VerilogProject project) {
    RegisterProver prover = new RegisterProver(onePiece, Duration.ofMinutes(10));
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<ChannelProof> failed = new ArrayList<>();
    try {
      for (UnitLayer unit : project.units()) {
        prover.proveProducts(unit.channels());
        AtomicInteger done = new AtomicInteger();
        long start = System.nanoTime();
        List<CompletableFuture<ChannelProof>> proofs = new ArrayList<>();
        for (int c = 0; c < unit.channels().size(); c++) {
          int number = c;
          DotChannel channel = unit.channels().get(c);
          proofs.add(
              CompletableFuture.supplyAsync(
                  () -> {
                    ChannelProof proof =
                        prover.prove(
                            unit.layer(),
                            number,
                            channel,
                            unit.zero(),
                            RegisterProver.bits(channel),
                            saturate);
                    terminal.note(
                        "%s: %d of %d channels"
                            .formatted(
                                unit.layer(), done.incrementAndGet(), unit.channels().size()));
                    return proof;
                  },
                  pool));
        }
        List<ChannelProof> all = proofs.stream().map(CompletableFuture::join).toList();
        all.stream().filter(proof -> proof.verdict() != ProofVerdict.PROVED).forEach(failed::add);
        long tight = all.stream().filter(ChannelProof::narrowerFails).count();
        terminal
            .out()
            .printf(
                "%s: %d of %d channels proved %s, %d refuted at one bit less, %.1f s%n",
                unit.layer(),
                all.stream().filter(proof -> proof.verdict() == ProofVerdict.PROVED).count(),
                all.size(),
                all.getFirst().onePiece() ? "in one piece" : "by induction",
                tight,
                (System.nanoTime() - start) / 1e9);
      }
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException own) {
        throw own;
      }
      throw e;
    } finally {
      pool.shutdownNow();
    }
    failed.stream()
        .limit(1)
        .forEach(proof ->
            terminal.note(
                "narrows: %s, channel %d: %s in %d bits"
                    .formatted(proof.layer(), proof.channel(), proof.verdict(), proof.bits())));
    return failed.isEmpty() ? ExitCode.DONE : ExitCode.NOT_GUARANTEED;
  }
}

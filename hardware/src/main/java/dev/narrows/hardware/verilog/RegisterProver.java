package dev.narrows.hardware.verilog;

import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.bound.Witness;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.hardware.tools.HardwareTool;
import dev.narrows.hardware.tools.HardwareTool.ToolRun;
import dev.narrows.hardware.tools.HardwareToolException;
import dev.narrows.hardware.verilog.ChannelProof.ProofVerdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Asks yosys's SAT solver whether a register of P bits equals one of 32 bits for every input.
 *
 * @param onePieceTerms channels of at most so many terms are proved with all inputs free at once,
 *     longer ones by induction over prefixes
 * @param limit for one channel
 */
public record RegisterProver(int onePieceTerms, Duration limit) {
  private static final String PREPARE = "hierarchy -check\nflatten\nproc\nopt_expr\nopt_clean\n";

  /** One piece up to 32 terms, ten minutes a channel. */
  public static RegisterProver standard() {
    return new RegisterProver(32, Duration.ofMinutes(10));
  }

  /**
   * Proves that each product of a layer lies between those of the ends of [a, b]: what the
   * induction takes for granted.
   *
   * @throws HardwareToolException if yosys is missing or does not prove it
   */
  public void proveProducts(List<DotChannel> channels) {
    List<Integer> weights =
        channels.stream()
            .flatMapToInt(channel -> Arrays.stream(channel.weights()))
            .distinct()
            .boxed()
            .toList();
    IntegerRange inputs = channels.getFirst().inputs();
    inFolder(folder -> {
      write(folder, "claims.v", ProofSource.products("products", weights, inputs));
      if (!proves(folder, "proc; opt_clean; sat -verify -prove ok 1 products")) {
        throw new HardwareToolException(
            "yosys does not prove that products lie between their ends");
      }
      return true;
    });
  }

  /**
   * Proves or refutes a width of one channel.
   *
   * @param stored what to subtract from a stored code to get an input
   * @throws HardwareToolException if yosys is missing
   */
  public ChannelProof prove(
      String layer, int number, DotChannel channel, long stored, int bits, boolean saturate) {
    ChannelCertificate certificate = ChannelCertificate.of(channel, stored);
    ProofSource source = new ProofSource(channel, bits, saturate);
    if (bits < certificate.bits()) {
      boolean refuted = refutes(source, certificate.witness(), stored);
      return new ChannelProof(
          layer,
          number,
          bits,
          refuted ? ProofVerdict.REFUTED : ProofVerdict.UNDECIDED,
          false,
          false);
    }
    boolean onePiece = channel.terms() <= onePieceTerms;
    boolean proved = onePiece ? whole(source) : byInduction(source);
    boolean narrower =
        certificate.bits() > 2
            && refutes(
                new ProofSource(channel, certificate.bits() - 1, saturate),
                certificate.witness(),
                stored);
    return new ChannelProof(
        layer,
        number,
        bits,
        proved ? ProofVerdict.PROVED : ProofVerdict.UNDECIDED,
        onePiece,
        narrower);
  }

  /** The width that {@link #prove} shows for a channel: its sign-sum bound, at least 2. */
  public static int bits(DotChannel channel) {
    return Math.max(2, SignSumBound.of(channel).bits());
  }

  private boolean whole(ProofSource source) {
    return inFolder(folder -> {
      write(folder, "claims.v", source.onePiece());
      return proves(folder, PREPARE + "sat -verify -prove ok 1 whole");
    });
  }

  private boolean byInduction(ProofSource source) {
    int[] steps = source.steps();
    if (steps.length == 0) {
      return true; // the register keeps what it starts from, which its width holds
    }
    StringBuilder script = new StringBuilder(PREPARE);
    for (int k : steps) {
      script.append("sat -verify -prove ok 1 step").append(k).append('\n');
    }
    return inFolder(folder -> {
      write(folder, "claims.v", source.induction());
      return proves(folder, script.toString());
    });
  }

  private boolean refutes(ProofSource source, Optional<Witness> witness, long stored) {
    return witness.isPresent()
        && inFolder(folder -> {
          write(folder, "claims.v", source.refutation(witness.get(), stored));
          return proves(folder, PREPARE + "sat -verify -prove ok 1 refutation");
        });
  }

  private boolean proves(Path folder, String script) throws IOException {
    write(folder, "narrows.v", VerilogProject.library());
    write(
        folder,
        "prove.ys",
        "read_verilog narrows.v claims.v\n" + script.replace("; ", "\n") + "\n");
    ToolRun run = HardwareTool.YOSYS.run(folder, limit, List.of("-q", "-s", "prove.ys"));
    if (run.code() != 0 && !run.output().contains("proof did fail")) {
      throw new HardwareToolException(
          "yosys failed with code %d: %s"
              .formatted(run.code(), run.output().strip().replaceAll("\\s+", " ")));
    }
    return run.code() == 0;
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /** Something done in a folder of its own. */
  private interface InFolder {
    boolean run(Path folder) throws IOException;
  }

  private static boolean inFolder(InFolder work) {
    try {
      Path folder = Files.createTempDirectory("narrows-proof");
      try {
        return work.run(folder);
      } finally {
        VerilogProject.remove(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

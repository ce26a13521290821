package dev.narrows.cli;

import dev.narrows.core.accumulator.Accumulator;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.analyze.Certification;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.input.RegisterFile;
import dev.narrows.experiments.targets.TargetText;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.CertificateResult.CertifiedChannel;
import dev.narrows.report.CertificateResult.CertifiedLayer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code certify}: the proof that a width is enough, or the channel and input that say no. */
@Command(
    name = "certify",
    description = {
      "Writes the proof that registers of P bits cannot overflow, for any input and any order.",
      "A layer that the network pins to a narrow register must fit that one instead.",
      "Layers pinned to exact registers and pooling are left out, unless --all.",
      "What is not covered is listed, with the reason.",
      "Exit 3 if some channel needs more; the certificate is written all the same.",
      "With --order-free: whether the order of additions can change anything on some data."
    })
final class CertifyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Mixin private ModelOptions shapes = new ModelOptions();

  @Option(
      names = "--bits",
      paramLabel = "P",
      description = "Register width; with --accumulators that of layers that it does not name.")
  private Optional<Integer> asked = Optional.empty();

  @Option(
      names = "--accumulators",
      paramLabel = "FILE",
      description = {
        "YAML with a register per layer, such as a plan of narrow's: each layer is proved in its",
        "own, under the conventions that it names."
      })
  private Optional<Path> plan = Optional.empty();

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description = {
        "Instead of --bits: vpmaddubsw or smlal (pairs in 16 bits, sums in 32), a chunked register",
        "such as int16:saturate:chunk(64,int32) (chunks in 16 bits, sums in 32), or any register."
      })
  private Optional<String> target = Optional.empty();

  @Option(
      names = "--guarantee",
      paramLabel = "WHAT",
      description = {
        "sums (default): nothing overflows, whatever the order and policy. terms: every product"
            + " fits,",
        "so that sorted saturation gives the clamp of the exact sum, as a network needs that was",
        "trained through such a register."
      })
  private Guarantee guarantee = Guarantee.SUMS;

  @Option(
      names = "--all",
      description = {
        "Every layer that sums, in P bits: those with registers of their own, pooling. With",
        "--order-free: layers with registers of their own too."
      })
  private boolean all;

  @Option(
      names = "--no-witnesses",
      description = {
        "Leave out the inputs that show that one bit less is not enough, each as long as a channel",
        "has terms: for networks of many channels."
      })
  private boolean noWitnesses;

  @Mixin private OrderFreeOptions orders = new OrderFreeOptions();
  @Mixin private OutputOptions output = new OutputOptions(FormatOptions.Format.json);

  private final Commands commands;

  CertifyCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    if (orders.asked()) {
      refuseBesideOrders();
      return LanguageFiles.fits(model)
          ? orders.answerForText(commands, model, all, output)
          : orders.answer(commands, shapes.open(model), all, output);
    }
    orders.refuseWithout(commands.terminal());
    requireOneQuestion();
    ModelFile file = shapes.open(model);
    CertificateResult certificate = certificate(file);
    int bits = certificate.bits();
    if (certificate.layers().isEmpty()) {
      commands
          .terminal()
          .note(
              "nothing to prove: no layer sums in a register of %d bits%s"
                  .formatted(
                      bits,
                      certificate.skipped().isEmpty()
                          ? ""
                          : "; left out: " + String.join(", ", certificate.skipped())));
    } else if (!certificate.skipped().isEmpty()) {
      commands
          .terminal()
          .note(
              "left out, on registers of their own: "
                  + String.join(", ", certificate.skipped())
                  + " (--all includes them)");
    }
    output.tell(
        commands, noWitnesses ? certificate.withoutWitnesses() : certificate, "certificate");
    boolean holds = true;
    boolean whole = certificate.holds().orElse(true);
    for (CertifiedLayer layer : certificate.layers()) {
      for (int c = 0; c < layer.channels().size() && holds; c++) {
        CertifiedChannel channel = layer.channels().get(c);
        if (channel.bits() > layer.registerBits().orElse(bits)) {
          holds = false;
          commands.terminal().note("narrows: " + breach(bits, layer, c, channel));
        }
      }
    }
    if (holds && !whole) {
      holds = false;
      commands.terminal().note("narrows: " + certificate.claim().orElse("whole sums do not fit"));
    }
    return holds ? ExitCode.DONE : ExitCode.NOT_GUARANTEED;
  }

  private void refuseBesideOrders() {
    String problem = "not beside --order-free, whose registers --accumulator names";
    DataOptions.refuse(asked, "--bits", problem);
    DataOptions.refuse(plan, "--accumulators", problem);
    DataOptions.refuse(target, "--target", problem);
    DataOptions.refuse(
        Optional.of(noWitnesses).filter(asked -> asked),
        "--no-witnesses",
        "not beside --order-free, which writes no certificate");
    DataOptions.refuse(
        Optional.of(guarantee).filter(what -> what != Guarantee.SUMS), "--guarantee", problem);
  }

  private void requireOneQuestion() {
    if (target.isPresent()) {
      if (asked.isPresent() || plan.isPresent()) {
        throw new BadInputException("--target: not beside --bits or --accumulators");
      }
      if (guarantee != Guarantee.SUMS) {
        throw new BadInputException("--guarantee: with --target it is sums; use --bits for terms");
      }
    } else if (asked.isEmpty() && plan.isEmpty()) {
      throw new BadInputException(
          "--bits: needed, or registers by --accumulators, or --target, or --order-free");
    }
    if (all && plan.isPresent()) {
      throw new BadInputException("--all: not beside --accumulators, which names layers");
    }
  }

  private CertificateResult certificate(ModelFile file) {
    if (target.isPresent()) {
      try {
        return Certification.of(file, TargetText.parse(target.get()), all, !noWitnesses);
      } catch (IllegalArgumentException e) {
        throw new BadInputException("--target: " + e.getMessage(), e);
      }
    }
    Optional<RegisterFile> registers = plan.map(RegisterFile::read);
    int bits = asked.orElseGet(() -> registers.map(CertifyCommand::widest).orElseThrow());
    if (bits < 2 || bits > 62) {
      throw new BadInputException("--bits: must be in [2, 62], got " + bits);
    }
    return registers.isPresent()
        ? planned(file, bits, registers.get())
        : Certification.of(file, bits, all, guarantee, !noWitnesses);
  }

  private CertificateResult planned(ModelFile file, int bits, RegisterFile registers) {
    registers.requireFor(file.id().sha256());
    LayerRegisters rules = new LayerRegisters(Summation.exact(), registers.rules());
    EvaluateCommand.checked(file.network(), rules);
    return Certification.of(file, bits, rules, guarantee, !noWitnesses);
  }

  /** The widest register of a file; layers that it does not name are held to that. */
  private static int widest(RegisterFile registers) {
    return registers.rules().stream()
        .map(rule -> rule.summation().accumulator())
        .filter(register -> !register.takesFloats())
        .mapToInt(Accumulator::bits)
        .max()
        .orElseThrow(() ->
            new BadInputException("--bits: needed, as --accumulators names no narrow register"));
  }

  private String breach(int bits, CertifiedLayer layer, int index, CertifiedChannel channel) {
    String witness =
        channel
            .witness()
            .map(w -> "; the witness input in the certificate reaches " + w.write())
            .orElse("");
    return layer
        .register()
        .map(own ->
            "layer \"%s\", channel %d needs %d bits and runs in a register of its own, %s%s"
                .formatted(layer.name(), index, channel.bits(), own, witness))
        .orElseGet(() ->
            "%d bits are not enough: layer \"%s\", channel %d needs %d%s"
                .formatted(bits, layer.name(), index, channel.bits(), witness));
  }
}

package dev.narrows.cli;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.report.CertificateWords;
import dev.narrows.report.UncoveredLayer;
import dev.narrows.report.VerdictResult;
import dev.narrows.report.VerifiedLayer;
import dev.narrows.verify.CertificateChecker;
import dev.narrows.verify.Verdict;
import dev.narrows.verify.Verdict.CheckedLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code verify}: re-checks a certificate, independently of what made it. */
@Command(
    name = "verify",
    description = {
      "Re-checks a certificate against the network.",
      "The checker shares nothing with what made it, and says what is covered and what is not.",
      "Exit 3 if the certificate is wrong anywhere, states conventions that are not the network's",
      "own, or is right but some channel needs more bits than its register has."
    })
final class VerifyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A network file or a run folder.")
  private Path model = Path.of("");

  @Parameters(index = "1", paramLabel = "CERTIFICATE", description = "What certify wrote.")
  private Path certificate = Path.of("");

  @Mixin private ModelOptions shapes = new ModelOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  private final Commands commands;

  VerifyCommand(Commands commands) {
    this.commands = commands;
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.exists(model)) {
      throw BadInputException.in(model, "no such file or folder");
    }
    Verdict verdict = CertificateChecker.check(model, certificate, shapes.read());
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("bits", verdict.bits());
    item.put("layers", verdict.layers());
    item.put("channels", verdict.channels());
    item.put("disagreements", verdict.disagreements().size());
    item.put("breaches", verdict.breaches().size());
    item.put("holds", verdict.holds());
    String guarantee = verdict.guarantee();
    VerdictResult result =
        new VerdictResult(
            "verdict",
            "Certificate " + certificate,
            List.copyOf(item.keySet()),
            List.of(item),
            verdict.holds(),
            verdict.nothingToProve(),
            guarantee,
            CertificateWords.claim(guarantee),
            verdict.conventions(),
            verdict.covered().stream().map(VerifyCommand::covered).toList(),
            verdict.uncovered().stream()
                .map(layer ->
                    new UncoveredLayer(layer.name(), layer.kind(), layer.reason().reason()))
                .toList(),
            CertificateWords.outside(
                verdict.covered().stream()
                    .map(layer ->
                        new CertificateWords.Conventions(layer.name(), layer.zero(), layer.bias()))
                    .toList()),
            verdict.disagreements().stream().map(Object::toString).toList(),
            verdict.breaches().stream().map(Object::toString).toList());
    if (verdict.nothingToProve()) {
      commands.terminal().note("nothing to prove: the certificate covers no layer");
    }
    output.tell(commands, result, "verdict");
    Stream.concat(verdict.disagreements().stream(), verdict.breaches().stream())
        .limit(10)
        .forEach(line -> commands.terminal().note("narrows: " + line));
    return verdict.holds() ? ExitCode.DONE : ExitCode.NOT_GUARANTEED;
  }

  private static VerifiedLayer covered(CheckedLayer layer) {
    return new VerifiedLayer(
        layer.name(),
        layer.kind(),
        layer.channels(),
        layer.zero(),
        layer.bias(),
        layer.pinned(),
        layer.register(),
        layer.lo(),
        layer.hi(),
        layer.bits(),
        layer.fits());
  }
}

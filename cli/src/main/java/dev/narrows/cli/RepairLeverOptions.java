package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.Summation;
import dev.narrows.data.DataException;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.analyze.Certification;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.narrow.RepairLever;
import dev.narrows.experiments.repair.RepairOutput;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.repair.network.NarrowInputs;
import dev.narrows.report.CertificateResult;
import dev.narrows.report.PlanResult;
import dev.narrows.report.PlanResult.PlannedLayer;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Whether a plan may have its network repaired, and where that goes. */
final class RepairLeverOptions {
  /** Images that a repair looks at. */
  private static final int IMAGES = 512;

  private static final String OWN = ".narrows";

  @Option(
      names = "--repair",
      description = {
        "With --promise always: registers may be narrower than what weights need, as layers are",
        "repaired for them; the budget is for what that loses. Writes the repaired network too."
      })
  private boolean repair;

  @Option(
      names = "--repaired",
      paramLabel = "FILE",
      description = {
        "The repaired network to write: of the model's own kind, or a .narrows (default: repaired",
        "in --out, else MODEL's name.repaired, with its ending). Its certificate is beside it."
      })
  private Optional<Path> repaired = Optional.empty();

  @Option(
      names = "--calibrate",
      paramLabel = "SET",
      description = {
        "What repairs look at, the first 512 images (default: the training images of --data's set,",
        "else images of the search). No labels are needed."
      })
  private Optional<String> calibrate = Optional.empty();

  @Option(
      names = "--activations",
      paramLabel = "keep|narrow",
      description = {
        "keep (default): what layers multiply stays. narrow: repairs may round a layer's inputs to",
        "fewer bits; only a .narrows can hold that."
      })
  private String activations = "keep";

  /** Whether layers may be repaired. */
  boolean given() {
    return repair;
  }

  /**
   * Refuses options of a repair that nobody asked for.
   *
   * @throws BadInputException naming one
   */
  void refuseWithoutRepair() {
    DataOptions.refuse(repaired, "--repaired", "needs --repair");
    DataOptions.refuse(calibrate, "--calibrate", "needs --repair");
    DataOptions.refuse(narrow(), "--activations", "needs --repair");
  }

  private Optional<Boolean> narrow() {
    if (!activations.equals("narrow") && !activations.equals("keep")) {
      throw new BadInputException(
          "--activations: expected keep or narrow, found \"" + activations + "\"");
    }
    return Optional.of(activations.equals("narrow")).filter(asked -> asked);
  }

  /**
   * Where the repaired network goes.
   *
   * @param folder of --out
   */
  RepairOutput output(ModelFile model, ModelOptions shapes, Optional<Path> folder)
      throws IOException {
    boolean narrower = narrow().isPresent();
    String name = String.valueOf(model.path().getFileName());
    int dot = name.lastIndexOf('.');
    String ending = narrower || dot <= 0 ? OWN : name.substring(dot);
    Path file =
        repaired.orElseGet(() ->
            folder
                .map(in -> in.resolve("repaired" + ending))
                .orElse(Path.of((dot > 0 ? name.substring(0, dot) : name) + ".repaired" + ending)));
    if (narrower && !String.valueOf(file.getFileName()).endsWith(OWN)) {
      throw new BadInputException(
          "--activations: the file's format keeps its activations; --repaired NAME.narrows takes narrower ones");
    }
    return RepairOutput.of(model, shapes.read(), file);
  }

  /** The lever, with images to calibrate on; says which. */
  RepairLever lever(
      Terminal terminal, ModelFile model, DataOptions data, String set, RepairOutput output) {
    Optional<NetworkInputs> images =
        calibrate
            .map(text -> data.openOnly(terminal, model, text, IMAGES))
            .or(() -> training(terminal, model, data, set));
    terminal.note(
        "repairs look at "
            + images
                .map(found -> "%d images of %s".formatted(found.images(), found.name()))
                .orElse("images of the search"));
    return new RepairLever(
        output.constants(),
        images,
        IMAGES,
        new NarrowInputs(narrow().isPresent(), OptionalInt.empty()),
        false);
  }

  /** Training images of a known set of which other images are asked for. */
  private static Optional<NetworkInputs> training(
      Terminal terminal, ModelFile model, DataOptions data, String set) {
    String name = set.contains("/") ? set.substring(0, set.indexOf('/')) : set;
    if (KnownSets.named(name).isEmpty() || set.equals(name + "/train")) {
      return Optional.empty();
    }
    try {
      return Optional.of(data.openOnly(terminal, model, name + "/train", IMAGES));
    } catch (DataException e) {
      terminal.note("%s/train: %s".formatted(name, e.getMessage()));
      return Optional.empty();
    }
  }

  /** Proves the repaired network in the plan's registers, beside it. */
  static void certify(RepairOutput output, ModelFile written, PlanResult plan) throws IOException {
    Map<String, Summation> rules = new LinkedHashMap<>();
    for (PlannedLayer layer : plan.layers()) {
      rules.put(layer.name(), Summation.parse(layer.register()));
    }
    List<String> names = plan.layers().stream().map(PlannedLayer::name).toList();
    int bits = plan.layers().stream().mapToInt(PlannedLayer::bits).max().orElseThrow();
    CertificateResult certificate =
        Certification.of(
            written, bits, LayerRegisters.of(Summation.exact(), rules), Guarantee.SUMS, true);
    AtomicFile.write(
        output.beside("certificate.json"), ResultJson.write(certificate.ofLayers(names)));
  }
}

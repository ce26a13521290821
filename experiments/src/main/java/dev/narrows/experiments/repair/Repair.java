package dev.narrows.experiments.repair;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.dot.Summation;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.FileConstants;
import dev.narrows.network.Network;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.repair.network.NetworkRepair;
import dev.narrows.repair.network.RepairRequest;
import dev.narrows.repair.network.RepairedLayer;
import dev.narrows.repair.network.RepairedNetwork;
import dev.narrows.report.RepairResult.LayerRepairs;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A repaired network, and what a certificate says of it.
 *
 * @param network whose excluded layers are pinned to exact registers where it will be in our own
 *     format
 * @param layers what was done
 * @param holds whether every repaired layer is safe
 * @param images that were looked at
 * @param notes for the user
 */
public record Repair(
    Network network, List<LayerRepairs> layers, boolean holds, int images, List<String> notes) {
  /** Copies the lists. */
  public Repair {
    layers = List.copyOf(layers);
    notes = List.copyOf(notes);
  }

  /**
   * Repairs a model's network.
   *
   * @param file whose format is to hold it; empty: our own
   * @throws BadInputException if the model is none that can be repaired, or a name matches nothing
   * @throws dev.narrows.repair.network.CannotRepairException if the guarantee leaves nothing
   */
  public static Repair of(
      ModelFile model,
      Optional<FileConstants> file,
      NetworkInputs inputs,
      RepairRequest request,
      int threads,
      NetworkRepair.RepairProgress progress)
      throws IOException {
    return Repairs.of(model, file, inputs, request, threads).in(request.registers(), progress);
  }

  /** What a repair made, with what a certificate says of it. */
  static Repair of(
      RepairedNetwork repaired,
      boolean ownFormat,
      RepairRequest request,
      int images,
      List<String> notes) {
    Network pinned = ownFormat ? pinned(repaired) : repaired.network();
    Map<String, Integer> needs = needs(pinned, request.guarantee());
    List<LayerRepairs> layers =
        repaired.layers().stream().map(layer -> words(layer, needs)).toList();
    List<String> all = Stream.concat(notes.stream(), repaired.notes().stream()).toList();
    return new Repair(pinned, layers, holds(repaired, needs, request), images, all);
  }

  /** Layers that were excluded keep exact registers, whatever a run asks for. */
  private static Network pinned(RepairedNetwork repaired) {
    Network network = repaired.network();
    List<String> excluded =
        repaired.layers().stream()
            .filter(layer -> layer.left().filter(RepairedLayer.EXCLUDED::equals).isPresent())
            .map(RepairedLayer::name)
            .toList();
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      if (layer instanceof DotLayer dot
          && excluded.contains(layer.name())
          && dot.pinned().isEmpty()) {
        network =
            network.withLayer(i, dot.withOperands(dot.integers().pinnedTo(Summation.exact())));
      }
    }
    return network;
  }

  private static Map<String, Integer> needs(Network network, Guarantee guarantee) {
    Certificate certificate =
        CertifyNetwork.of(network, 62, LayerRegisters.of(Summation.exact()), guarantee);
    return certificate.layers().stream()
        .collect(
            Collectors.toMap(
                LayerCertificate::name, LayerCertificate::bits, Math::max, TreeMap::new));
  }

  /** Limits are kept by construction; of whole sums the certificate says it again. */
  private static boolean holds(
      RepairedNetwork repaired, Map<String, Integer> needs, RepairRequest request) {
    return repaired.layers().stream()
        .filter(layer -> layer.left().isEmpty())
        .allMatch(layer ->
            request.pairs().isPresent()
                || layer.innerBits().isEmpty()
                || needs.getOrDefault(layer.name(), 0) <= layer.innerBits().getAsInt());
  }

  private static LayerRepairs words(RepairedLayer layer, Map<String, Integer> needs) {
    Optional<RepairedLayer.LayerWork> work = layer.work();
    return new LayerRepairs(
        layer.name(),
        layer.kind(),
        layer.channels(),
        layer.terms(),
        layer.register(),
        layer.left(),
        work.map(one -> {
          Map<String, Integer> means = new TreeMap<>();
          one.means()
              .forEach(
                  (how, count) -> means.put(how.name().toLowerCase(java.util.Locale.ROOT), count));
          return means;
        }),
        work.map(RepairedLayer.LayerWork::medianGrowth),
        work.map(RepairedLayer.LayerWork::mostGrowth),
        work.map(RepairedLayer.LayerWork::error),
        work.map(RepairedLayer.LayerWork::inputBits),
        work.map(RepairedLayer.LayerWork::inputMost),
        work.map(RepairedLayer.LayerWork::narrowed),
        Optional.ofNullable(needs.get(layer.name())));
  }
}

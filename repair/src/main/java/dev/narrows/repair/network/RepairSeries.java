package dev.narrows.repair.network;

import dev.narrows.network.FileConstants;
import dev.narrows.network.Network;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import java.io.IOException;
import java.util.Optional;

/**
 * Repairs of one network in one choice of registers after another. Layers up to the first whose
 * register differs from those of an earlier repair are not repaired again. Each repair is what
 * {@link NetworkRepair#of} gives for its registers, whatever came before it.
 */
public final class RepairSeries {
  private final Network network;
  private final Optional<FileConstants> file;
  private final ImageSource source;
  private final RepairRequest request;
  private final int threads;
  private final KeptRepairs kept = KeptRepairs.empty();

  /**
   * Repairs to come; the parameters are those of {@link NetworkRepair#of}.
   *
   * @param request what all have in common; its registers do not matter
   */
  public RepairSeries(
      Network network,
      Optional<FileConstants> file,
      ImageSource source,
      RepairRequest request,
      int threads) {
    this.network = network;
    this.file = file;
    this.source = source;
    this.request = request;
    this.threads = threads;
  }

  /**
   * The network repaired for some registers.
   *
   * @param registers layers in exact ones stay as they are
   * @throws CannotRepairException if a channel would lose all its weights and may not, or not even
   *     that is enough
   * @throws IOException if the file cannot be read again
   */
  public RepairedNetwork of(LayerRegisters registers, NetworkRepair.RepairProgress progress)
      throws IOException {
    return new NetworkRepair(network, file, source, request.in(registers), threads, progress, kept)
        .run();
  }
}

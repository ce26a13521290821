package dev.narrows.experiments.repair;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.FileConstants;
import dev.narrows.network.Network;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.FloatLayersException;
import dev.narrows.repair.calibrate.CalibrationTensors;
import dev.narrows.repair.network.NetworkRepair.RepairProgress;
import dev.narrows.repair.network.RepairRequest;
import dev.narrows.repair.network.RepairSeries;
import dev.narrows.repair.network.RepairedNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Repairs of a model's network in one choice of registers after another. */
public final class Repairs {
  /** The part of the memory that calibration inputs may take, of both networks together. */
  private static final double MEMORY_SHARE = 0.4;

  private final RepairSeries series;
  private final boolean ownFormat;
  private final RepairRequest request;
  private final int images;
  private final List<String> notes;

  private Repairs(
      RepairSeries series,
      boolean ownFormat,
      RepairRequest request,
      int images,
      List<String> notes) {
    this.series = series;
    this.ownFormat = ownFormat;
    this.request = request;
    this.images = images;
    this.notes = List.copyOf(notes);
  }

  /**
   * Looks at a model.
   *
   * @param file whose format is to hold what comes out; empty: our own
   * @param request what all repairs have in common; its registers do not matter
   * @throws BadInputException if the model is none that can be repaired
   */
  public static Repairs of(
      ModelFile model,
      Optional<FileConstants> file,
      NetworkInputs inputs,
      RepairRequest request,
      int threads) {
    Network network = model.network();
    if (model.program().isPresent() || network.standsForProgram()) {
      throw new BadInputException(
          model.path() + ": not all of its operators are Narrows' own, so it cannot be repaired");
    }
    requireIntegers(model, network);
    if (inputs.sequence()) {
      throw new BadInputException(
          "--sequence: has no effect on a repair, which takes inputs apart");
    }
    List<String> notes = new ArrayList<>();
    ImageSource source = fitting(network, inputs.source(), notes);
    RepairSeries series = new RepairSeries(network, file, source, request, threads);
    return new Repairs(series, file.isEmpty(), request, source.images(), notes);
  }

  /** The number of calibration inputs. */
  public int images() {
    return images;
  }

  /**
   * The network in some registers, and what a certificate says of it.
   *
   * @throws BadInputException if a name matches nothing
   * @throws dev.narrows.repair.network.CannotRepairException if the guarantee leaves nothing
   */
  public Repair in(LayerRegisters registers, RepairProgress progress) throws IOException {
    return Repair.of(made(registers, progress), ownFormat, request, images, notes);
  }

  /**
   * The network alone.
   *
   * @throws BadInputException if a name matches nothing
   * @throws dev.narrows.repair.network.CannotRepairException if the guarantee leaves nothing
   */
  public Network network(LayerRegisters registers, RepairProgress progress) throws IOException {
    return made(registers, progress).network();
  }

  private RepairedNetwork made(LayerRegisters registers, RepairProgress progress)
      throws IOException {
    try {
      return series.of(registers, progress);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireIntegers(ModelFile model, Network network) {
    try {
      FloatLayersException.requireIntegers("a repair", network.layers());
    } catch (FloatLayersException e) {
      throw new BadInputException(
          model.path() + ": sums real numbers; narrows quantize makes integers of them first", e);
    }
    if (network.dotLayers().isEmpty()) {
      throw new BadInputException(model.path() + ": has no layer with weights");
    }
  }

  /** As many inputs as memory holds tensors of. */
  private static ImageSource fitting(Network network, ImageSource source, List<String> notes) {
    if (source.images() < 1) {
      throw new BadInputException("--data: a repair needs at least one input");
    }
    long each = Math.max(1, 2 * CalibrationTensors.bytesAnImage(network));
    long most = Math.max(1, (long) (Runtime.getRuntime().maxMemory() * MEMORY_SHARE) / each);
    if (most >= source.images()) {
      return source;
    }
    notes.add(
        "%d of %d inputs are used: their tensors are all that memory holds (NARROWS_HEAP)"
            .formatted(most, source.images()));
    return new ImageSource() {
      @Override
      public int images() {
        return (int) most;
      }

      @Override
      public void read(int first, int count, int[] codes) {
        source.read(first, count, codes);
      }
    };
  }
}

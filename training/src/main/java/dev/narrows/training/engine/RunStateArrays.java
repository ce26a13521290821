package dev.narrows.training.engine;

import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.training.EpochMetrics;
import dev.narrows.network.safetensors.SafetensorsFile;
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.safetensors.SafetensorsWriter;
import dev.narrows.training.lower.Lowering.NmRatio;
import dev.narrows.training.model.Node.DotNode;
import dev.narrows.training.optimize.ParameterOptimizer;
import dev.narrows.training.torch.TorchModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** How a {@link RunState} lies in a checkpoint: counters, sums, masks and metrics as arrays. */
final class RunStateArrays {
  private static final String PRUNED = "pruned";
  private static final String PHASES = "phases";
  private static final String COUNTERS = "run.counters";
  private static final String SUMS = "run.sums";
  private static final String PREDICTIONS = "run.floatPredictions";
  private static final String QUALITY = "run.floatQuality";
  private static final String METRICS = "run.metrics";

  private RunStateArrays() {}

  /** Writes what goes before the arrays. */
  static void writePruned(SafetensorsWriter writer, RunState state) {
    writer.metadata(
        PRUNED, state.pruned.map(ratio -> ratio.keep() + ":" + ratio.group()).orElse(""));
  }

  static void write(SafetensorsWriter writer, RunState state) {
    ParameterOptimizer optimizer = state.optimizer;
    writer.floats("optimizer.first", optimizer.first(), optimizer.first().length);
    writer.floats("optimizer.second", optimizer.second(), optimizer.second().length);
    new TreeMap<>(state.masks).forEach((layer, mask) -> writeMask(writer, layer, mask));
    long[] counters = {
      state.stage,
      state.epoch,
      state.step,
      state.epochOfRun,
      state.calibrated ? 1 : 0,
      state.correct,
      state.kept,
      optimizer.steps()
    };
    writer.longs(COUNTERS, counters, counters.length);
    writer.doubles(SUMS, new double[] {state.lossSum, state.seconds}, 2);
    state.floatPredictions.ifPresent(
        classes -> writer.ints(PREDICTIONS, SafetensorsType.I32, classes, classes.length));
    state.floatQuality.ifPresent(quality -> writer.doubles(QUALITY, new double[] {quality}, 1));
    writeMetrics(writer, state.metrics);
  }

  private static void writeMask(SafetensorsWriter writer, String layer, boolean[] mask) {
    int[] bits = new int[mask.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = mask[i] ? 1 : 0;
    }
    writer.ints("mask." + layer, SafetensorsType.U8, bits, bits.length);
  }

  private static void writeMetrics(SafetensorsWriter writer, List<EpochMetrics> metrics) {
    double[] rows = new double[metrics.size() * 8];
    StringBuilder phases = new StringBuilder();
    for (int i = 0; i < metrics.size(); i++) {
      EpochMetrics row = metrics.get(i);
      double[] numbers = {
        row.epoch(),
        row.loss(),
        row.trainAccuracy(),
        row.validationAccuracy(),
        row.rate(),
        row.kept(),
        row.bits(),
        row.seconds()
      };
      System.arraycopy(numbers, 0, rows, i * numbers.length, numbers.length);
      phases.append(i == 0 ? "" : ",").append(row.phase());
    }
    writer.doubles(METRICS, rows, metrics.size(), 8);
    writer.metadata(PHASES, phases.toString());
  }

  /**
   * Reads a whole state.
   *
   * @param optimizer makes the optimiser of a stage
   */
  static RunState read(
      SafetensorsFile tensors,
      Path file,
      TorchModel model,
      IntFunction<ParameterOptimizer> optimizer)
      throws IOException {
    long[] counters = tensors.longs(COUNTERS);
    if (counters.length != 8) {
      throw new BadInputException(file + ": expected 8 counters, got " + counters.length);
    }
    int stage = Math.toIntExact(counters[0]);
    RunState state = new RunState(optimizer.apply(stage));
    state.stage = stage;
    state.epoch = Math.toIntExact(counters[1]);
    state.step = Math.toIntExact(counters[2]);
    state.epochOfRun = Math.toIntExact(counters[3]);
    state.calibrated = counters[4] == 1;
    state.correct = counters[5];
    state.kept = Math.toIntExact(counters[6]);
    double[] sums = tensors.doubles(SUMS);
    state.lossSum = sums[0];
    state.seconds = sums[1];
    if (tensors.entries().containsKey(PREDICTIONS)) {
      state.floatPredictions = Optional.of(tensors.ints(PREDICTIONS));
    }
    if (tensors.entries().containsKey(QUALITY)) {
      state.floatQuality = Optional.of(tensors.doubles(QUALITY)[0]);
    }
    readMasks(tensors, file, model, state);
    readMetrics(tensors, state.metrics);
    int size = model.valueCount();
    state.optimizer.restore(
        sized(tensors, file, "optimizer.first", size),
        sized(tensors, file, "optimizer.second", size),
        counters[7]);
    return state;
  }

  /** Whether the scales of a stored run have start values. */
  static boolean calibrated(SafetensorsFile tensors) throws IOException {
    return tensors.longs(COUNTERS)[4] == 1;
  }

  /** An array that must have a size. */
  static float[] sized(SafetensorsFile tensors, Path file, String name, int size)
      throws IOException {
    float[] values = tensors.floats(name);
    if (values.length != size) {
      throw unlike(file, name, size, values.length);
    }
    return values;
  }

  private static BadInputException unlike(Path file, String name, int size, int found) {
    return new BadInputException(
        "%s: \"%s\" must have %d values, got %d".formatted(file, name, size, found));
  }

  /** Reads how weights were pruned, and tells the model. */
  static void readMasks(SafetensorsFile tensors, Path file, TorchModel model, RunState state)
      throws IOException {
    for (DotNode dot : model.plan().model().dots()) {
      String name = "mask." + dot.name();
      if (tensors.entries().containsKey(name)) {
        int[] bits = tensors.ints(name);
        boolean[] mask = new boolean[dot.outputChannels() * dot.terms()];
        if (bits.length != mask.length) {
          throw unlike(file, name, mask.length, bits.length);
        }
        for (int i = 0; i < mask.length; i++) {
          mask[i] = bits[i] != 0;
        }
        state.masks.put(dot.name(), mask);
        model.mask(dot.name(), mask);
      }
    }
    String[] ratio = tensors.metadata().getOrDefault(PRUNED, "").split(":", -1);
    if (ratio.length == 2) {
      state.pruned =
          Optional.of(new NmRatio(Integer.parseInt(ratio[0]), Integer.parseInt(ratio[1])));
    }
  }

  private static void readMetrics(SafetensorsFile tensors, List<EpochMetrics> metrics)
      throws IOException {
    double[] rows = tensors.doubles(METRICS);
    String[] phases = tensors.metadata().getOrDefault(PHASES, "").split(",", -1);
    for (int at = 0; at < rows.length; at += 8) {
      metrics.add(
          new EpochMetrics(
              phases[at / 8],
              (int) rows[at],
              rows[at + 1],
              rows[at + 2],
              rows[at + 3],
              rows[at + 4],
              (int) rows[at + 5],
              (int) rows[at + 6],
              rows[at + 7]));
    }
  }
}

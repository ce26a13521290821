package dev.narrows.experiments.reproduce.field;

import dev.narrows.data.Targets.NumberTargets;
import dev.narrows.experiments.evaluate.MeasuredTargets;
import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.tensor.TensorType;
import java.util.Optional;

/**
 * Inputs with what exact registers are compared by. Without labels the network's own answers in
 * exact registers are the right ones.
 *
 * @param inputs with labels, or with targets that are no classes
 * @param rms the root of the mean square of exact outputs; 1 where classes are counted
 */
record FieldTask(Measure measure, NetworkInputs inputs, double rms) {
  /** How good answers are. */
  enum Measure {
    /** The share of answers that are right, in percent. */
    ACCURACY,
    /** The share of answers that are those of exact registers, in percent. */
    AGREEMENT,
    /** The root of the mean squared error against exact registers, in percent of the outputs'. */
    ERROR;

    /** The word in tables. */
    String word() {
      return switch (this) {
        case ACCURACY -> "accuracy %";
        case AGREEMENT -> "agreement %";
        case ERROR -> "error %";
      };
    }
  }

  static FieldTask of(ModelFile model, NetworkInputs inputs, int threads) {
    if (inputs.labels().isPresent()) {
      return new FieldTask(Measure.ACCURACY, inputs, 1);
    }
    Network network = model.network();
    try (NetworkRunner runner = inputs.runner(network, LayerRegisters.exact(), threads)) {
      Execution exact = runner.run(inputs.source(), inputs.options());
      if (!isAutoencoder(network)) {
        return new FieldTask(Measure.AGREEMENT, inputs.labelled(exact.predictions()), 1);
      }
      float[] outputs = reals(network.output(), exact);
      NumberTargets targets = new NumberTargets(outputs, network.output().elements());
      return new FieldTask(
          Measure.ERROR,
          inputs.measuring(network, Optional.of(targets), Optional.empty()),
          rms(outputs));
    }
  }

  private static double rms(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares / values.length);
  }

  /** An autoencoder gives back as many numbers as it takes; they are no scores of classes. */
  private static boolean isAutoencoder(Network network) {
    return network.output().elements() == network.inputElements();
  }

  private static float[] reals(TensorType type, Execution execution) {
    double[] outputs = MeasuredTargets.outputs(type, execution);
    float[] reals = new float[outputs.length];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = (float) outputs[i];
    }
    return reals;
  }

  /** What a table shows of a quality that an evaluation gave: percent. */
  double shown(double quality) {
    return measure == Measure.ERROR ? 100 * Math.sqrt(quality) / rms : quality;
  }

  /** Points below exact registers, or the error in percent. */
  double loss(double exact, double quality) {
    return measure == Measure.ERROR ? shown(quality) : exact - quality;
  }
}

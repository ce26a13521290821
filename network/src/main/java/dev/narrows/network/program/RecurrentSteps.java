package dev.narrows.network.program;

import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import dev.narrows.network.weights.FloatDotWeights;
import dev.narrows.network.weights.FloatOperands;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs LSTM, GRU, RNN and DynamicQuantizeLSTM. The products of inputs and weights are one dense
 * layer, named {@code node.W}, which sees every step at once; those of states and weights another,
 * {@code node.R}. A GRU that resets states before it multiplies them has a third, {@code node.Rh}.
 * Layers of the second direction are named {@code node.reverse.W} and so on. Everything else is
 * plain binary32. Where weights are codes, so are the samples of a product, by one scale for all of
 * them.
 */
final class RecurrentSteps implements AutoCloseable {
  private final LayerRegisters registers;
  private final Map<String, Gates> gates = new HashMap<>(); // by layer name

  private record Gates(GateWeights weights, Executor executor) {}

  RecurrentSteps(LayerRegisters registers) {
    this.registers = registers;
  }

  /** Runs a cell. */
  Map<String, HostedValue> run(OnnxNode node, Scope scope, RunOptions options, SumRecords records) {
    RecurrentCall.GateSums sums =
        (layer, samples) -> {
          int count = samples.length / layer.terms();
          if (layer.codes().isPresent()) {
            GateCodes codes = layer.codes().get();
            GateCodes.QuantizedSamples given = GateCodes.quantized(samples);
            Execution run = executor(layer).run(given.values(), count, options);
            records.add(run);
            return codes.numbers(run.outputs(), given.scale());
          }
          Execution run = executor(layer).run(Words.of(samples), count, options);
          records.add(run);
          return run.numbers();
        };
    try {
      return new RecurrentCall(node, scope, sums).run();
    } catch (IllegalArgumentException e) {
      throw new ProgramException(node.place(), e);
    }
  }

  /** The layers that ran. */
  List<GateWeights> seen() {
    return gates.values().stream().map(Gates::weights).toList();
  }

  private Executor executor(GateWeights layer) {
    Gates known = gates.get(layer.layer());
    if (known != null && Arrays.equals(known.weights().weights(), layer.weights())) {
      return known.executor();
    }
    Network network = new Network(layer.layer(), layer.input(), List.of(dense(layer, 0)), Map.of());
    Gates made = new Gates(layer, Executor.of(network, registers.within(network), 1));
    gates.put(layer.layer(), made);
    if (known != null) {
      known.executor().close();
    }
    return made.executor();
  }

  /** The sums of gates as a layer. */
  static Dense dense(GateWeights layer, int input) {
    int rows = layer.rows();
    if (layer.codes().isPresent()) {
      TensorType sums = new TensorType(rows, 1, 1, GateCodes.SUMS);
      return new Dense(layer.layer(), input, sums, layer.codes().get().operands(rows));
    }
    FloatDotWeights weights = new FloatDotWeights(rows, layer.terms(), layer.weights());
    return new Dense(
        layer.layer(),
        input,
        TensorType.floats(rows, 1, 1),
        new FloatOperands(weights, new float[rows], false));
  }

  @Override
  public void close() {
    gates.values().forEach(one -> one.executor().close());
  }
}

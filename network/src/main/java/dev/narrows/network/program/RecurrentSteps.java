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
 * Runs LSTM, GRU and RNN. The products of inputs and weights are one dense layer, named {@code
 * node.W}, which sees every step at once; those of states and weights another, {@code node.R}. A
 * GRU that resets states before it multiplies them has a third, {@code node.Rh}. Layers of the
 * second direction are named {@code node.reverse.W} and so on. Everything else is plain binary32.
 */
final class RecurrentSteps implements AutoCloseable {
  private final LayerRegisters registers;
  private final Map<String, Gates> gates = new HashMap<>(); // by layer name

  private record Gates(float[] weights, Executor executor) {}

  RecurrentSteps(LayerRegisters registers) {
    this.registers = registers;
  }

  /** Runs a cell. */
  Map<String, HostedValue> run(OnnxNode node, Scope scope, RunOptions options, SumRecords records) {
    RecurrentCall.GateSums sums =
        (layer, weights, rows, samples) -> {
          int terms = weights.length / rows;
          Executor executor = executor(layer, weights, rows);
          Execution run = executor.run(Words.of(samples), samples.length / terms, options);
          records.add(run);
          return run.numbers();
        };
    try {
      return new RecurrentCall(node, scope, sums).run();
    } catch (IllegalArgumentException e) {
      throw new ProgramException(node.place(), e);
    }
  }

  private Executor executor(String layer, float[] weights, int rows) {
    Gates known = gates.get(layer);
    if (known != null && Arrays.equals(known.weights(), weights)) {
      return known.executor();
    }
    Network network = network(layer, weights, rows);
    Gates made = new Gates(weights, Executor.of(network, registers.within(network), 1));
    gates.put(layer, made);
    if (known != null) {
      known.executor().close();
    }
    return made.executor();
  }

  /**
   * The sums of gates as a network.
   *
   * @param weights [rows][K]
   */
  static Network network(String layer, float[] weights, int rows) {
    int terms = weights.length / rows;
    FloatOperands operands =
        new FloatOperands(new FloatDotWeights(rows, terms, weights), new float[rows], false);
    return new Network(
        layer,
        TensorType.floats(terms, 1, 1),
        List.of(new Dense(layer, 0, TensorType.floats(rows, 1, 1), operands)),
        Map.of());
  }

  @Override
  public void close() {
    gates.values().forEach(one -> one.executor().close());
  }
}

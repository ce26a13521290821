package dev.narrows.network.program;

import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.hosted.HostedRuntime;
import dev.narrows.network.hosted.HostedValue;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Calls of a program one after the other, with every output, whatever its size; states are kept.
 */
public final class ProgramSession implements AutoCloseable {
  private final ProgramExecutor executor;
  private final ProgramCalls calls;

  /**
   * Before the first call: states are zeros.
   *
   * @throws IllegalArgumentException if a rule of {@code registers} matches no layer
   */
  public ProgramSession(ProgramModel model, LayerRegisters registers) {
    registers.of(model.network());
    this.executor = new ProgramExecutor(model.program(), HostedRuntime.find(), registers);
    this.calls = new ProgramCalls(model);
  }

  /**
   * The next call.
   *
   * @param words of the network's inputs, one input after the other
   * @param watcher told every value that a step makes
   * @return the outputs by name, in the file's order
   * @throws ProgramException naming the nodes that fail
   */
  public Map<String, HostedValue> call(int[] words, BiConsumer<String, HostedValue> watcher) {
    Map<String, HostedValue> outputs =
        executor.run(calls.inputs(words), RunOptions.none(), watcher);
    calls.keep(outputs);
    return outputs;
  }

  @Override
  public void close() {
    executor.close();
  }
}

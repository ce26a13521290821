package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.hosted.HostedRuntime;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.program.ProgramStep.BranchStep;
import dev.narrows.network.program.ProgramStep.HostedStep;
import dev.narrows.network.program.ProgramStep.LoopStep;
import dev.narrows.network.program.ProgramStep.OwnStep;
import dev.narrows.network.program.ProgramStep.RecurrentStep;
import dev.narrows.network.program.ProgramStep.ScanStep;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Runs a program, call by call: its sums in the registers that were asked for, the rest where the
 * runtime of others computes it. Keeps networks and sessions between calls. Not thread-safe.
 */
public final class ProgramExecutor implements AutoCloseable {
  private final Program program;
  private final OwnSteps own;
  private final HostedSteps hosted;
  private final RecurrentSteps recurrent;
  private SumRecords records = new SumRecords();
  private final Map<OwnStep, HostedStep> empty = new IdentityHashMap<>();

  /**
   * @param runtime needed as soon as a call comes to a hosted step
   */
  public ProgramExecutor(
      Program program, Optional<HostedRuntime> runtime, LayerRegisters registers) {
    this.program = program;
    this.own = new OwnSteps(program.model().opsets(), registers);
    this.hosted = new HostedSteps(runtime, program.model());
    this.recurrent = new RecurrentSteps(registers);
  }

  /**
   * One call.
   *
   * @param inputs by name
   * @param options profiles, statistics and probes by layer name; others have no effect
   * @return the outputs, in the file's order
   * @throws ProgramException naming the input or the nodes that do not fit
   * @throws dev.narrows.network.execute.LayerArithmeticException if an exact sum leaves 64 bits
   */
  public Map<String, HostedValue> run(Map<String, NdTensor> inputs, RunOptions options) {
    return run(inputs, options, (name, value) -> {});
  }

  /**
   * One call that is watched.
   *
   * @param watcher told every value that a step makes, those inside control flow too
   */
  Map<String, HostedValue> run(
      Map<String, NdTensor> inputs, RunOptions options, BiConsumer<String, HostedValue> watcher) {
    ProgramInputs.check(program, inputs);
    Scope scope = new Scope(program.main(), watcher);
    inputs.forEach(scope::put);
    new Call(options).run(program.main(), scope);
    Map<String, HostedValue> outputs = new LinkedHashMap<>();
    for (OnnxValueInfo output : program.model().graph().outputs()) {
      outputs.put(output.name(), scope.value(output.name()));
    }
    return outputs;
  }

  /** One call; control flow comes back to it for the blocks inside. */
  private final class Call {
    private final RunOptions options;
    private final ControlFlow control = new ControlFlow(this::run);

    Call(RunOptions options) {
      this.options = options;
    }

    void run(ProgramBlock block, Scope scope) {
      for (ProgramStep step : block.steps()) {
        switch (step) {
          case HostedStep nodes -> scope.putAll(hosted.run(nodes, block, scope));
          case OwnStep sum -> scope.putAll(sum(sum, block, scope));
          case RecurrentStep cell ->
              scope.putAll(recurrent.run(cell.node(), scope, options, records));
          case BranchStep branch -> control.branch(branch, scope);
          case LoopStep loop -> control.loop(loop, scope);
          case ScanStep scan -> control.scan(scan, scope);
        }
      }
    }

    /**
     * Without elements there is nothing to sum, and the other runtime knows what comes out; but a
     * cache may be empty.
     */
    private Map<String, HostedValue> sum(OwnStep step, ProgramBlock block, Scope scope) {
      boolean nothing =
          scope.values(multiplied(step)).values().stream()
              .flatMap(value -> value.all().stream())
              .anyMatch(tensor -> tensor.elements() == 0);
      return nothing
          ? hosted.run(
              empty.computeIfAbsent(step, sum -> new HostedStep(sum.nodes(), sum.makes())),
              block,
              scope)
          : own.run(step, block, scope, options, records);
    }
  }

  /** What must have elements: all that a step reads, but the caches of an attention. */
  private static Set<String> multiplied(OwnStep step) {
    Set<String> read = new LinkedHashSet<>(step.reads());
    if (step.sum().operator().endsWith("Attention")) {
      List<String> inputs = step.sum().inputs();
      read.retainAll(inputs.subList(0, Math.min(3, inputs.size())));
    }
    return read;
  }

  /** What the steps that ran were given first. */
  SeenSteps seen() {
    return new SeenSteps(own.seen(), recurrent.seen());
  }

  /** What runs since the last time, or the first, gathered of sums. */
  SumRecords takeRecords() {
    SumRecords taken = records;
    records = new SumRecords();
    return taken;
  }

  /** The registers of the layers that ran. */
  public List<LayerRegister> registers() {
    return records.registers();
  }

  /** Profiles of the layers that ran, over all calls; empty if the options ask for none. */
  public List<LayerOverflowProfile> profiles() {
    return records.profiles();
  }

  /** Statistics of the layers that ran, over all calls; empty if the options ask for none. */
  public List<FloatStatistics> statistics() {
    return records.statistics();
  }

  @Override
  public void close() {
    own.close();
    hosted.close();
    recurrent.close();
  }
}

package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.read.LoweredValue;
import dev.narrows.network.onnx.read.NotNativeException;
import dev.narrows.network.program.ProgramStep.OwnStep;
import dev.narrows.network.tensor.TensorType;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Runs our steps: each becomes a network when the shapes of its inputs are first seen, and keeps it
 * for calls of the same shapes.
 *
 * <p>Where a layer needs constant weights and they are computed, the network is made anew for each
 * value of them.
 */
final class OwnSteps implements AutoCloseable {
  /** Networks of one step that are kept; shapes that grow with every call would keep all. */
  private static final int MOST = 8;

  private final Map<String, Integer> opsets;
  private final LayerRegisters registers;
  private final Map<OwnStep, Made> made = new IdentityHashMap<>();

  OwnSteps(Map<String, Integer> opsets, LayerRegisters registers) {
    this.opsets = opsets;
    this.registers = registers;
  }

  /** The networks of one step. */
  private static final class Made {
    private boolean frozen; // whether all inputs but the first are constants of the network
    private Optional<Seen> first = Optional.empty();
    private final Map<Map<String, Object>, Ready> networks = new LinkedHashMap<>();
  }

  private record Ready(StepNetwork step, Executor executor) {}

  /**
   * What a step was given when it first ran.
   *
   * @param constants those that its network holds
   * @param given the types and shapes of the rest
   */
  record Seen(Map<String, NdTensor> constants, Map<String, StepNetwork.ArrayType> given) {}

  /** The steps that ran, as they were when they first did. */
  Map<OwnStep, Seen> seen() {
    Map<OwnStep, Seen> all = new IdentityHashMap<>();
    made.forEach((step, networks) -> networks.first.ifPresent(seen -> all.put(step, seen)));
    return all;
  }

  /** Runs a step. */
  Map<String, HostedValue> run(
      OwnStep step, ProgramBlock block, Scope scope, RunOptions options, SumRecords records) {
    Map<String, NdTensor> constants = new LinkedHashMap<>();
    Map<String, NdTensor> given = new LinkedHashMap<>();
    Optional<NdType> width = Optional.empty();
    for (String name : step.reads()) {
      NdTensor tensor = scope.tensor(name);
      if (FloatCarriers.carries(tensor.type()) && width.isEmpty()) {
        width = Optional.of(tensor.type());
      }
      boolean fixed = block.constants().contains(name) || tensor.elements() == 0;
      (fixed ? constants : given).put(name, FloatCarriers.widened(tensor));
    }
    Made networks = made.computeIfAbsent(step, key -> new Made());
    Ready ready = ready(networks, step, block, constants, given);
    Map<String, HostedValue> values = new HashMap<>();
    for (Map.Entry<String, NdTensor> output : run(ready, given, options, records).entrySet()) {
      NdTensor value = output.getValue();
      boolean narrow = width.isPresent() && value.type() == NdType.FLOAT;
      values.put(
          output.getKey(),
          new HostedValue.Single(
              narrow ? FloatCarriers.narrowed(value, width.orElseThrow()) : value));
    }
    return values;
  }

  private Ready ready(
      Made networks,
      OwnStep step,
      ProgramBlock block,
      Map<String, NdTensor> constants,
      Map<String, NdTensor> given) {
    Ready known = networks.networks.get(key(given, networks.frozen));
    if (known != null) {
      return known;
    }
    try {
      try {
        return make(networks, step, block, constants, given);
      } catch (NotNativeException e) {
        if (networks.frozen || given.size() < 2) {
          throw e;
        }
        networks.frozen = true;
        return make(networks, step, block, constants, given);
      }
    } catch (NotNativeException e) {
      throw new ProgramException(step.sum().place(), e.why());
    } catch (IllegalArgumentException e) {
      throw new ProgramException(step.sum().place(), e);
    }
  }

  private Ready make(
      Made networks,
      OwnStep step,
      ProgramBlock block,
      Map<String, NdTensor> constants,
      Map<String, NdTensor> given)
      throws NotNativeException {
    Map<String, NdTensor> fixed = new HashMap<>();
    constants.forEach((name, tensor) -> fixed.put(name, tensor));
    Map<String, StepNetwork.ArrayType> free = new LinkedHashMap<>();
    given.forEach((name, tensor) -> {
      if (networks.frozen && !free.isEmpty()) {
        fixed.put(name, tensor);
      } else {
        free.put(name, new StepNetwork.ArrayType(tensor.type(), tensor.dims()));
      }
    });
    StepNetwork network = StepNetwork.of(opsets, step, block.graph(), fixed, free);
    networks.first = networks.first.or(() -> Optional.of(new Seen(fixed, free)));
    Ready ready =
        new Ready(network, Executor.of(network.network(), registers.within(network.network()), 1));
    if (networks.networks.size() >= MOST) {
      Map<String, Object> oldest = networks.networks.keySet().iterator().next();
      Optional.ofNullable(networks.networks.remove(oldest)).ifPresent(r -> r.executor().close());
    }
    networks.networks.put(key(given, networks.frozen), ready);
    return ready;
  }

  /** What a network was made for: types and shapes, and whole arrays where they are its weights. */
  private static Map<String, Object> key(Map<String, NdTensor> given, boolean frozen) {
    Map<String, Object> key = new LinkedHashMap<>();
    given.forEach((name, tensor) ->
        key.put(
            name,
            frozen && !key.isEmpty()
                ? tensor
                : new StepNetwork.ArrayType(tensor.type(), tensor.dims())));
    return key;
  }

  private static Map<String, NdTensor> run(
      Ready ready, Map<String, NdTensor> given, RunOptions options, SumRecords records) {
    StepNetwork step = ready.step();
    Map<Integer, int[]> tensors = new HashMap<>();
    step.outputs().values().forEach(value -> tensors.put(value.tensor(), new int[0]));
    RunOptions watched =
        options.withTensors(
            (tensor, first, words) -> tensors.computeIfPresent(tensor, (t, w) -> words));
    records.add(ready.executor().run(words(step, given), 1, watched));
    Map<String, NdTensor> values = new HashMap<>();
    for (Map.Entry<String, LoweredValue> output : step.outputs().entrySet()) {
      LoweredValue value = output.getValue();
      int[] words = tensors.getOrDefault(value.tensor(), new int[0]);
      values.put(output.getKey(), ArrayWords.array(words, value.dims(), value.type()));
    }
    return values;
  }

  private static int[] words(StepNetwork step, Map<String, NdTensor> given) {
    int[] all = new int[step.network().inputElements()];
    List<Integer> tensors = step.network().inputs();
    int at = 0;
    for (int i = 0; i < step.inputs().size(); i++) {
      String name = step.inputs().get(i);
      TensorType type = step.network().tensor(tensors.get(i));
      int[] words = ArrayWords.of(name, Objects.requireNonNull(given.get(name)), type);
      System.arraycopy(words, 0, all, at, words.length);
      at += words.length;
    }
    return all;
  }

  @Override
  public void close() {
    made.values().forEach(one -> one.networks.values().forEach(ready -> ready.executor().close()));
  }
}

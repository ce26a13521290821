package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedRuntime;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.hosted.MissingRuntimeException;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.program.ProgramStep.HostedStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs hosted steps; each keeps its sessions for inputs of the same types. */
final class HostedSteps implements AutoCloseable {
  /** Sessions of one step that are kept: types and numbers of dimensions seldom change. */
  private static final int MOST = 8;

  private final Optional<HostedRuntime> runtime;
  private final OnnxModel model;
  private final Map<HostedStep, Map<Map<String, String>, HostedSegment>> open =
      new IdentityHashMap<>();
  private final Map<HostedStep, Map<String, HostedValue>> constant = new IdentityHashMap<>();

  HostedSteps(Optional<HostedRuntime> runtime, OnnxModel model) {
    this.runtime = runtime;
    this.model = model;
  }

  /** Runs a step; one that reads constants alone runs once. */
  Map<String, HostedValue> run(HostedStep step, ProgramBlock block, Scope scope) {
    Map<String, HostedValue> known = constant.get(step);
    if (known != null) {
      return known;
    }
    Map<String, NdTensor> constants = new LinkedHashMap<>();
    Map<String, HostedValue> inputs = new LinkedHashMap<>();
    scope
        .values(step.reads())
        .forEach((name, value) -> {
          if (block.constants().contains(name)
              && value instanceof HostedValue.Single(NdTensor tensor)) {
            constants.put(name, tensor);
          } else {
            inputs.put(name, value);
          }
        });
    Map<String, HostedValue> values = segment(step, block, constants, inputs).run(inputs);
    if (block.constants().containsAll(step.makes())) {
      constant.put(step, values);
    }
    return values;
  }

  private HostedSegment segment(
      HostedStep step,
      ProgramBlock block,
      Map<String, NdTensor> constants,
      Map<String, HostedValue> inputs) {
    Map<Map<String, String>, HostedSegment> segments =
        open.computeIfAbsent(step, key -> new LinkedHashMap<>());
    Map<String, String> types = new HashMap<>();
    inputs.forEach((name, value) -> types.put(name, type(value)));
    HostedSegment known = segments.get(types);
    if (known != null) {
      return known;
    }
    HostedRuntime host =
        runtime.orElseThrow(
            () -> new MissingRuntimeException(HostedSegment.describe(step.nodes())));
    Map<String, NdType> said = new HashMap<>();
    for (String name : step.makes()) {
      Optional.ofNullable(block.graph().types().get(name))
          .flatMap(info -> info.type())
          .ifPresent(type -> said.put(name, type));
    }
    if (segments.size() >= MOST) {
      Map<String, String> oldest = segments.keySet().iterator().next();
      Optional.ofNullable(segments.remove(oldest)).ifPresent(HostedSegment::close);
    }
    HostedSegment segment = HostedSegment.open(host, model, step, constants, inputs, said);
    segments.put(types, segment);
    return segment;
  }

  private static String type(HostedValue value) {
    return switch (value) {
      case HostedValue.Single(NdTensor tensor) -> type(tensor);
      case HostedValue.Several(List<NdTensor> tensors) -> {
        List<String> types = new ArrayList<>();
        tensors.forEach(tensor -> types.add(type(tensor)));
        yield types.toString();
      }
    };
  }

  private static String type(NdTensor tensor) {
    return tensor.type() + " " + HostedSegment.said(tensor);
  }

  @Override
  public void close() {
    open.values().forEach(segments -> segments.values().forEach(HostedSegment::close));
  }
}

package dev.narrows.network.program;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.hosted.HostedValue;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.program.ProgramStep.BranchStep;
import dev.narrows.network.program.ProgramStep.LoopStep;
import dev.narrows.network.program.ProgramStep.ScanStep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * If, Loop and Scan, as ONNX defines them.
 *
 * @param blocks runs a block in a scope
 */
record ControlFlow(BiConsumer<ProgramBlock, Scope> blocks) {
  void branch(BranchStep step, Scope scope) {
    OnnxNode node = step.node();
    ProgramBlock block = truth(scope, node.input(0)) ? step.then() : step.otherwise();
    put(node, 0, outputs(block, new Scope(scope, block)), scope);
  }

  void loop(LoopStep step, Scope scope) {
    OnnxNode node = step.node();
    ProgramBlock body = step.body();
    long most = node.has(0) ? count(node, scope.tensor(node.input(0))) : Long.MAX_VALUE;
    boolean on = !node.has(1) || truth(scope, node.input(1));
    List<HostedValue> carried = new ArrayList<>();
    for (String name :
        node.inputs().subList(Math.min(2, node.inputs().size()), node.inputs().size())) {
      carried.add(scope.value(name));
    }
    int states = carried.size();
    require(
        node,
        body.graph().inputs().size() == 2 + states && body.graph().outputs().size() > states,
        "a body of 2 more inputs than states, and at least 1 more output");
    List<List<NdTensor>> scans = lists(body.graph().outputs().size() - 1 - states);
    for (long i = 0; i < most && on; i++) {
      Scope inside = new Scope(scope, body);
      List<OnnxValueInfo> inputs = body.graph().inputs();
      inside.put(inputs.get(0).name(), NdTensor.of(new long[] {i}));
      inside.put(inputs.get(1).name(), flag(on));
      for (int s = 0; s < states; s++) {
        inside.put(inputs.get(2 + s).name(), carried.get(s));
      }
      List<HostedValue> made = outputs(body, inside);
      on = truth(made.getFirst());
      carried = made.subList(1, 1 + states);
      gather(scans, made.subList(1 + states, made.size()));
    }
    put(node, 0, carried, scope);
    for (int s = 0; s < scans.size(); s++) {
      OnnxValueInfo info = body.graph().outputs().get(1 + states + s);
      put(node, states + s, List.of(stacked(scans.get(s), 0, info)), scope);
    }
  }

  void scan(ScanStep step, Scope scope) {
    OnnxNode node = step.node();
    ProgramBlock body = step.body();
    int cut = node.attributes().int32("num_scan_inputs", 1);
    require(node, cut >= 1 && cut <= node.inputs().size(), "num_scan_inputs from 1 to its inputs");
    int states = node.inputs().size() - cut;
    require(
        node,
        body.graph().inputs().size() == states + cut && body.graph().outputs().size() >= states,
        "a body of as many inputs, and no fewer outputs than states");
    List<HostedValue> carried = new ArrayList<>();
    node.inputs().subList(0, states).forEach(name -> carried.add(scope.value(name)));
    List<NdTensor> sequences = new ArrayList<>();
    node.inputs().subList(states, states + cut).forEach(name -> sequences.add(scope.tensor(name)));
    int[] axes = axes(node, "scan_input_axes", cut);
    int[] directions = axes(node, "scan_input_directions", cut);
    int results = body.graph().outputs().size() - states;
    int[] resultAxes = axes(node, "scan_output_axes", results);
    int[] resultDirections = axes(node, "scan_output_directions", results);
    for (int s = 0; s < cut; s++) {
      int rank = sequences.get(s).rank();
      require(node, -rank <= axes[s] && axes[s] < rank, "axes that its sequences have");
      axes[s] = Math.floorMod(axes[s], rank);
    }
    int steps = sequences.getFirst().dims().get(axes[0]);
    for (int s = 0; s < cut; s++) {
      boolean same = sequences.get(s).dims().get(axes[s]) == steps;
      require(node, same, "sequences of the same length");
    }
    List<List<NdTensor>> scans = lists(results);
    for (int i = 0; i < steps; i++) {
      Scope inside = new Scope(scope, body);
      List<OnnxValueInfo> inputs = body.graph().inputs();
      for (int s = 0; s < states; s++) {
        inside.put(inputs.get(s).name(), carried.get(s));
      }
      for (int s = 0; s < cut; s++) {
        int at = directions[s] == 0 ? i : steps - 1 - i;
        inside.put(inputs.get(states + s).name(), ArraySlices.slice(sequences.get(s), axes[s], at));
      }
      List<HostedValue> made = outputs(body, inside);
      for (int s = 0; s < states; s++) {
        carried.set(s, made.get(s));
      }
      gather(scans, made.subList(states, made.size()));
    }
    put(node, 0, carried, scope);
    for (int s = 0; s < results; s++) {
      List<NdTensor> slices = resultDirections[s] == 0 ? scans.get(s) : scans.get(s).reversed();
      OnnxValueInfo info = body.graph().outputs().get(states + s);
      put(node, states + s, List.of(stacked(slices, resultAxes[s], info)), scope);
    }
  }

  private List<HostedValue> outputs(ProgramBlock block, Scope inside) {
    blocks.accept(block, inside);
    List<HostedValue> values = new ArrayList<>();
    block.graph().outputs().forEach(output -> values.add(inside.value(output.name())));
    return values;
  }

  private static void require(OnnxNode node, boolean fits, String expected) {
    if (!fits) {
      throw new ProgramException(node.place(), "expected " + expected);
    }
  }

  private static long count(OnnxNode node, NdTensor most) {
    require(node, most.elements() == 1 && most.type().isInteger(), "one number of rounds");
    return most.integers()[0];
  }

  private static void put(OnnxNode node, int first, List<HostedValue> values, Scope scope) {
    for (int i = 0; i < values.size() && first + i < node.outputs().size(); i++) {
      scope.put(node.outputs().get(first + i), values.get(i));
    }
  }

  private static List<List<NdTensor>> lists(int count) {
    List<List<NdTensor>> lists = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lists.add(new ArrayList<>());
    }
    return lists;
  }

  private static void gather(List<List<NdTensor>> scans, List<HostedValue> made) {
    for (int s = 0; s < scans.size(); s++) {
      if (!(made.get(s) instanceof HostedValue.Single(NdTensor slice))) {
        throw new ProgramException("a scan's output", "expected an array, got a sequence");
      }
      scans.get(s).add(slice);
    }
  }

  private static HostedValue stacked(List<NdTensor> slices, int axis, OnnxValueInfo info) {
    if (!slices.isEmpty()) {
      int rank = slices.getFirst().rank() + 1;
      return new HostedValue.Single(ArraySlices.stack(slices, Math.floorMod(axis, rank)));
    }
    List<Integer> dims = new ArrayList<>(); // of no step: what the file says of one, 0 times
    info.dims().ifPresent(said -> said.forEach(dim -> dims.add(dim.size().orElse(0))));
    dims.add(Math.floorMod(axis, dims.size() + 1), 0);
    NdType type = info.type().orElse(NdType.FLOAT);
    return new HostedValue.Single(new NdTensor(type, dims, new byte[0], List.of()));
  }

  private static int[] axes(OnnxNode node, String name, int count) {
    int[] axes = new int[count];
    node.attributes()
        .integers(name)
        .ifPresent(values -> {
          for (int i = 0; i < Math.min(count, values.length); i++) {
            axes[i] = Math.toIntExact(values[i]);
          }
        });
    return axes;
  }

  private static boolean truth(Scope scope, String name) {
    return truth(scope.value(name));
  }

  private static boolean truth(HostedValue value) {
    if (value instanceof HostedValue.Single(NdTensor tensor)
        && tensor.elements() == 1
        && (tensor.type() == NdType.BOOL || tensor.type().isInteger())) {
      return tensor.integers()[0] != 0;
    }
    throw new ProgramException("a condition", "expected one truth, got " + value.describe());
  }

  private static NdTensor flag(boolean on) {
    return NdTensor.ofIntegers(NdType.BOOL, new long[] {on ? 1 : 0}, List.of());
  }
}

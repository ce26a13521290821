package dev.narrows.network.program;

import dev.narrows.network.FileShape;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.PrintableName;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.onnx.fold.NodeFolding;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.onnx.read.CallInputs.CallInput;
import dev.narrows.network.onnx.read.GraphLowering;
import dev.narrows.network.onnx.read.NotNativeException;
import dev.narrows.network.onnx.read.OnnxPromises;
import dev.narrows.network.program.ProgramStep.BranchStep;
import dev.narrows.network.program.ProgramStep.HostedStep;
import dev.narrows.network.program.ProgramStep.LoopStep;
import dev.narrows.network.program.ProgramStep.OwnStep;
import dev.narrows.network.program.ProgramStep.RecurrentStep;
import dev.narrows.network.program.ProgramStep.ScanStep;
import dev.narrows.network.program.StepNetwork.ArrayType;
import dev.narrows.network.tensor.ElementKind;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a program sums, as one network: every layer of ours, each reading a tensor of its own that
 * may hold anything of its type. Bounds, certificates and registers of it are those of the program;
 * what it makes when it is run is not.
 *
 * <p>Its inputs are those that a caller gives, its last tensor stands for the program's first
 * output.
 */
final class ProgramNetwork {
  private final Program program;
  private final SeenSteps seen;
  private final GraphLowering lowering;
  private final NodeFolding folding;
  private final List<String> without = new ArrayList<>(); // sums that have no layer here
  private TensorType first = TensorType.floats(1, 1, 1);

  private ProgramNetwork(Program program, SeenSteps seen) {
    this.program = program;
    this.seen = seen;
    OnnxGraph nothing =
        new OnnxGraph("", List.of(), List.of(), Map.of(), List.of(), Map.of(), Map.of());
    this.lowering = new GraphLowering(program.model().opsets(), nothing);
    this.folding =
        new NodeFolding(program.model().opsets(), program.model().proto().getSerializedSize());
  }

  /**
   * The network of a program.
   *
   * @param inputs what a caller gives
   * @param outputs what the program made, if it ran
   */
  static Network of(
      Program program,
      String name,
      List<CallInput> inputs,
      SeenSteps seen,
      Map<String, NdTensor> outputs)
      throws NetworkFileException {
    return new ProgramNetwork(program, seen).network(name, inputs, outputs);
  }

  private Network network(String name, List<CallInput> inputs, Map<String, NdTensor> outputs)
      throws NetworkFileException {
    List<FileTensors.Tensor> tensors = new ArrayList<>();
    for (CallInput input : inputs) {
      int tensor = input(input, tensors.isEmpty());
      tensors.add(
          new FileTensors.Tensor(
              tensors.size(),
              tensor,
              FileShape.kept(input.dims()),
              PrintableName.of(input.name())));
    }
    if (inputs.isEmpty()) {
      lowering.input(first);
    }
    block(program.main(), KnownArrays.of(Map.of()));
    Map<String, String> metadata = new HashMap<>();
    List<OnnxValueInfo> results = ProgramModel.outputs(program);
    if (results.isEmpty()) {
      throw new NetworkFileException(
          program.model().file(), "outputs", "expected at least one array of numbers");
    }
    List<OnnxValueInfo> order = new ArrayList<>(results.subList(1, results.size()));
    order.add(results.getFirst()); // the network's output is its last tensor
    Map<String, Integer> made = new HashMap<>();
    for (OnnxValueInfo result : order) {
      Optional<NdTensor> seenNow = Optional.ofNullable(outputs.get(result.name()));
      List<Integer> dims = seenNow.map(ProgramNetwork::dims).orElseGet(() -> nominal(result));
      int tensor = output(result, dims, seenNow.map(NdTensor::type).or(result::type));
      made.put(result.name(), tensor);
      tensors.add(
          new FileTensors.Tensor(
              tensors.size(), tensor, FileShape.kept(dims), PrintableName.of(result.name())));
    }
    metadata.put(FileTensors.KEY, new FileTensors(tensors).toString());
    metadata.put(
        FileTensors.OUTPUTS,
        String.join(
            " ", results.stream().map(result -> String.valueOf(made.get(result.name()))).toList()));
    metadata.putAll(OnnxPromises.of(program.model()).metadata());
    metadata.put(Network.PROGRAM, program.segments() + " segments " + program.hostedOperators());
    if (!without.isEmpty()) {
      metadata.put(Program.WITHOUT_LAYER, String.join("\n", without));
    }
    try {
      return new Network(name, first, lowering.layers(), metadata);
    } catch (IllegalArgumentException e) { // the file's sizes are too large
      throw new NetworkFileException(
          program.model().file(), "graph", String.valueOf(e.getMessage()), e);
    }
  }

  private int input(CallInput input, boolean isFirst) throws NetworkFileException {
    String place = "input \"" + input.name() + '"';
    try {
      ElementKind kind =
          FloatCarriers.carries(input.type())
              ? new ElementKind.Binary32()
              : GraphLowering.kind(input.type());
      TensorType type = FileShape.kept(input.dims()).type(kind);
      if (isFirst) {
        first = type;
        return lowering.input(type);
      }
      return lowering.add(InputLayer.given(lowering.unique(input.name()), type));
    } catch (NotNativeException e) {
      throw new NetworkFileException(program.model().file(), place, e.why(), e);
    } catch (IllegalArgumentException e) {
      throw new NetworkFileException(
          program.model().file(), place, String.valueOf(e.getMessage()), e);
    }
  }

  private int output(OnnxValueInfo info, List<Integer> dims, Optional<NdType> type) {
    TensorType held = FileShape.kept(dims).type(kind(type.orElse(NdType.FLOAT)));
    return StepNetwork.edge(lowering, lowering.unique("output " + info.name()), held);
  }

  private static ElementKind kind(NdType type) {
    try {
      return GraphLowering.kind(type);
    } catch (NotNativeException e) {
      return new ElementKind.Binary32();
    }
  }

  /** An array's dimensions; those of 0, which a tensor has not, as 1. */
  private static List<Integer> dims(NdTensor tensor) {
    return tensor.dims().stream().map(dim -> Math.max(1, dim)).toList();
  }

  private static List<Integer> nominal(OnnxValueInfo info) {
    return info.dims().orElse(List.of()).stream()
        .map(dim -> Math.max(1, dim.size().orElse(1)))
        .toList();
  }

  private void block(ProgramBlock block, KnownArrays around) {
    KnownArrays known = KnownArrays.of(around.arrays());
    known.arrays().putAll(block.graph().initializers());
    for (ProgramStep step : block.steps()) {
      switch (step) {
        case HostedStep nodes -> {
          if (block.constants().containsAll(nodes.makes())) {
            known.fold(nodes.nodes(), folding);
          }
        }
        case OwnStep sum -> sum(sum, block, known);
        case RecurrentStep cell -> cell(cell.node(), known);
        case BranchStep branch -> {
          block(branch.then(), known);
          block(branch.otherwise(), known);
        }
        case LoopStep loop -> block(loop.body(), known);
        case ScanStep scan -> block(scan.body(), known);
      }
    }
  }

  private void sum(OwnStep step, ProgramBlock block, KnownArrays known) {
    OwnSteps.Seen ran = seen.own().get(step);
    Map<String, NdTensor> constants = new LinkedHashMap<>();
    Map<String, ArrayType> given = new LinkedHashMap<>();
    if (ran != null) {
      constants.putAll(ran.constants());
      given.putAll(ran.given());
    } else {
      for (String name : step.reads()) {
        known.constant(name).map(FloatCarriers::widened).ifPresent(c -> constants.put(name, c));
      }
      KnownArrays inside = KnownArrays.of(constants);
      inside.fold(step.nodes(), folding);
      Optional<Map<String, ArrayType>> nominal = NominalShapes.of(step, inside);
      if (nominal.isEmpty()) {
        without.add(step.sum().name());
        return;
      }
      given.putAll(nominal.get());
    }
    try {
      Map<String, Integer> opsets = program.model().opsets();
      StepNetwork.of(opsets, step, block.graph(), constants, given); // so that none is left half
      StepNetwork.beside(lowering, opsets, step, block.graph(), constants, given);
    } catch (NotNativeException | IllegalArgumentException e) {
      without.add(step.sum().name());
    }
  }

  private void cell(OnnxNode node, KnownArrays known) {
    List<GateWeights> layers = new ArrayList<>();
    seen.gates().stream()
        .filter(gates -> gates.layer().startsWith(node.name() + "."))
        .forEach(layers::add);
    Map<Integer, NdTensor> weights = new HashMap<>();
    for (int input : GateWeights.inputs(node)) {
      known.constant(node.input(input)).ifPresent(array -> weights.put(input, array));
    }
    if (layers.isEmpty() && weights.size() == GateWeights.inputs(node).size()) {
      try {
        NdTensor first = Objects.requireNonNull(weights.get(1));
        int directions = first.dims().isEmpty() ? 1 : first.dims().getFirst();
        for (int d = 0; d < directions; d++) {
          layers.addAll(
              GateWeights.of(node, input -> Objects.requireNonNull(weights.get(input)), d));
        }
      } catch (IllegalArgumentException e) {
        layers.clear(); // a call says what does not fit
      }
    }
    if (layers.isEmpty()) {
      without.add(node.name());
    }
    for (GateWeights layer : layers) {
      String name = lowering.unique("edge " + layer.layer());
      int edge = StepNetwork.edge(lowering, name, layer.input());
      lowering.unique(layer.layer());
      lowering.add(RecurrentSteps.dense(layer, edge));
    }
  }
}

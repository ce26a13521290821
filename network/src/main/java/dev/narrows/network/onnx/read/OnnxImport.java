package dev.narrows.network.onnx.read;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.FileShape;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.PrintableName;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Rearrange;
import dev.narrows.network.onnx.fold.NodeFolding;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds a network node by node: what constants make is computed, the rest becomes layers. */
final class OnnxImport {
  private final OnnxModel model;
  private final GraphLowering lowering;
  private final ConstantNodes folding;
  private final GraphInputs inputs;
  private final Set<String> order = new LinkedHashSet<>(); // names as they are made
  private final Set<String> unknown = new HashSet<>(); // made by nodes that are not native
  private final List<String> reasons = new ArrayList<>();
  private final List<NetworkFileException> refusals = new ArrayList<>();
  private final Map<String, LoweredValue> described = new HashMap<>(); // outputs as they are given

  OnnxImport(OnnxModel model, ReadOptions options) throws NetworkFileException {
    this.model = model;
    this.lowering = new GraphLowering(model.opsets(), model.graph());
    this.folding = new ConstantNodes(lowering, model.opsets(), size(model));
    this.inputs = new GraphInputs(model, options, lowering);
  }

  /** The network of the file, and what training needs of it besides. */
  TrainableGraph trainable(String name) throws NetworkFileException, NotAllNativeException {
    lowering.train();
    Network network = network(name);
    return new TrainableGraph(network, lowering.norms());
  }

  /**
   * The network of the file. To name all that is not native at once, nodes behind such a one are
   * looked at too: what is not made stands for itself as far as the file describes it.
   */
  Network network(String name) throws NetworkFileException, NotAllNativeException {
    TensorType input = inputs();
    long elements = 0;
    for (int given : lowering.inputs()) {
      elements += lowering.type(given).elements();
    }
    LoweringBudget.within(size(model), elements, () -> model.graph().nodes().forEach(this::node));
    if (!refusals.isEmpty()) {
      throw refusals.getFirst();
    }
    if (!reasons.isEmpty()) {
      throw new NotAllNativeException(model, reasons);
    }
    List<Integer> results = outputs();
    try {
      return new Network(name, input, lowering.layers(), metadata(results));
    } catch (IllegalArgumentException e) {
      throw bad("graph", e);
    }
  }

  /** Bytes of the file and of the constants, which may lie in others. */
  private static long size(OnnxModel model) {
    Set<byte[]> shared = Collections.newSetFromMap(new IdentityHashMap<>());
    long constants = 0;
    for (NdTensor tensor : model.graph().initializers().values()) {
      constants += shared.add(tensor.data()) ? tensor.data().length : 0;
    }
    return Math.max(constants, model.proto().getSerializedSize());
  }

  private TensorType inputs() throws NetworkFileException {
    TensorType first = TensorType.floats(1, 1, 1);
    boolean given = false;
    for (OnnxValueInfo info : inputs.given()) {
      String name = info.name();
      order.add(name);
      try {
        LoweredValue value = inputs.value(info, given);
        first = given ? first : lowering.type(value.tensor());
        given = true;
        lowering.put(name, annotated(name, value));
      } catch (NotNativeException e) {
        reasons.add("input " + PrintableName.of(name) + " (" + e.why() + ")");
        unknown.add(name);
      }
    }
    if (!given && reasons.isEmpty()) {
      reasons.add("the graph has no inputs");
    }
    return first;
  }

  /** An input of numbers that the file says are integers: codes of scale 1. */
  private LoweredValue annotated(String name, LoweredValue value) {
    Optional<IntegerFormat> format =
        Optional.ofNullable(model.graph().datatypes().get(name)).flatMap(FinnDatatype::format);
    TensorType type = lowering.type(value.tensor());
    if (format.isEmpty() || !type.isFloat()) {
      return value;
    }
    CodeTarget codes = CodeTarget.linear(new Quantization(format.get(), 1, 0), value.type());
    int made = lowering.add(codes.layer(lowering.unique(name + ".codes"), value.tensor(), type));
    return new LoweredValue(made, value.dims(), value.type(), true);
  }

  private void node(OnnxNode node) {
    order.addAll(node.outputs());
    if (lowering.isAbsorbed(node)) {
      return;
    }
    Optional<NodeLowering> known = NativeOperators.of(node.key());
    try {
      if (folding.fold(node) || inlined(node)) {
        return;
      }
      if (node.inputs().stream().anyMatch(unknown::contains)) {
        if (known.isEmpty() && !NodeFolding.knows(node)) {
          reasons.add(node.place());
        }
      } else if (known.isEmpty()) {
        reasons.add(node.place());
      } else {
        known.get().lower(new LoweringNode(lowering, node));
        return;
      }
    } catch (NotNativeException e) {
      reasons.add(node.place() + " (" + e.why() + ")");
    } catch (IllegalArgumentException | ArithmeticException e) {
      refusals.add(bad(node.place(), e));
    } catch (IndexOutOfBoundsException e) { // of a list of inputs, dimensions or values
      refusals.add(
          new NetworkFileException(
              model.file(),
              node.place(),
              "has fewer inputs, outputs, dimensions or values than its operator needs",
              e));
    }
    node.outputs().forEach(this::stand);
  }

  /** An If whose condition is known is its branch. */
  private boolean inlined(OnnxNode node) {
    Optional<NdTensor> condition =
        node.key().equals("If") ? lowering.constant(node.input(0)) : Optional.empty();
    if (condition.isEmpty()) {
      return false;
    }
    InlinedBranch branch = InlinedBranch.of(node, condition.get());
    lowering.takeIn(branch);
    branch.nodes().forEach(this::node);
    return true;
  }

  /** Lets a value that is not made stand for itself, as the file describes it. */
  private void stand(String name) {
    if (name.isEmpty() || lowering.knows(name)) {
      return;
    }
    OnnxValueInfo info = model.graph().types().get(name);
    try {
      Optional<LoweredValue> value =
          info == null
              ? Optional.empty()
              : inputs
                  .standing(info)
                  .map(type ->
                      new LoweredValue(
                          lowering.add(InputLayer.given(lowering.unique(name), type.type())),
                          type.dims(),
                          type.element()));
      if (value.isPresent()) {
        lowering.put(name, value.get());
        return;
      }
    } catch (IllegalArgumentException e) {
      // no such tensor: it stays unknown
    }
    unknown.add(name);
  }

  /** The file's first output becomes the network's, which is what its last layer makes. */
  private List<Integer> outputs() throws NetworkFileException, NotAllNativeException {
    List<OnnxValueInfo> outputs = model.graph().outputs();
    if (outputs.isEmpty()) {
      throw new NetworkFileException(model.file(), "outputs", "expected at least one");
    }
    List<Integer> results = new ArrayList<>();
    for (OnnxValueInfo output : outputs) {
      try {
        LoweredValue value = lowering.value(output.name());
        LoweredValue result = value.dequantized() ? lowering.floats(output.name()) : value;
        results.add(result.tensor());
        described.put(output.name(), result);
      } catch (NotNativeException e) {
        reasons.add("output " + PrintableName.of(output.name()) + " (" + e.why() + ")");
      }
    }
    if (!reasons.isEmpty()) {
      throw new NotAllNativeException(model, reasons);
    }
    int first = results.getFirst();
    if (first != lowering.layers().size() || lowering.layers().isEmpty()) {
      TensorType type = lowering.type(first);
      int last = lowering.add(Rearrange.joined(lowering.unique("output"), List.of(first), type));
      results.set(0, last);
      described.computeIfPresent(
          outputs.getFirst().name(),
          (name, value) -> new LoweredValue(last, value.dims(), value.type()));
    }
    return results;
  }

  private Map<String, String> metadata(List<Integer> results) {
    Map<String, String> metadata = new HashMap<>();
    List<FileTensors.Tensor> tensors = new ArrayList<>();
    model.graph().outputs().forEach(output -> order.add(output.name()));
    Map<String, Integer> indices = new HashMap<>();
    for (String name : order) {
      int index = indices.size();
      indices.put(name, index);
      LoweredValue value = described.get(name);
      if (value == null) {
        value = lowering.made(name).filter(made -> !made.dequantized()).orElse(null);
      }
      if (value != null) {
        tensors.add(
            new FileTensors.Tensor(
                index, value.tensor(), FileShape.kept(value.dims()), PrintableName.of(name)));
      }
    }
    metadata.put(FileTensors.KEY, new FileTensors(tensors).toString());
    metadata.put(FileTensors.OUTPUTS, joined(results));
    metadata.put(
        FileTensors.OUTPUT_INDICES,
        joined(model.graph().outputs().stream().map(o -> indices.get(o.name())).toList()));
    metadata.putAll(OnnxPromises.of(model).metadata());
    return metadata;
  }

  private static String joined(List<Integer> numbers) {
    return String.join(" ", numbers.stream().map(String::valueOf).toList());
  }

  private NetworkFileException bad(String place, Exception e) {
    return new NetworkFileException(model.file(), place, String.valueOf(e.getMessage()), e);
  }
}

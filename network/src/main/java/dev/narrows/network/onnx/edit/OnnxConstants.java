package dev.narrows.network.onnx.edit;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.ConstantForm;
import dev.narrows.network.FileConstants;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.write.OnnxRewriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An ONNX file with other weights, scales of weights, and biases: nodes, their names and order, and
 * every other constant stay, and so does what another runtime computes between. A constant with
 * other readers stays too; the node that is to have another reads a new one. A scale becomes one a
 * channel where the operator takes that.
 *
 * @see "docs/repair.md, In the file's own format"
 */
public final class OnnxConstants implements FileConstants {
  /** Reads a model as its network. */
  @FunctionalInterface
  public interface ModelReading {
    /**
     * The network, or the sums of a program.
     *
     * @throws NetworkFileException if it is not sound
     */
    Network read(OnnxModel model) throws IOException;
  }

  private final OnnxModel model;
  private final ModelReading reading;
  private final Network network;
  private final Map<String, LayerOrigin> origins;

  private OnnxConstants(OnnxModel model, ModelReading reading) throws IOException {
    this.model = model;
    this.reading = reading;
    this.network = reading.read(model);
    this.origins = new ConstantSearch(model.proto(), network, this::read, slots(model)).origins();
  }

  /**
   * Reads a file, several times over to find where its constants go.
   *
   * @throws NetworkFileException if it is not sound
   */
  public static OnnxConstants open(Path file, ModelReading reading) throws IOException {
    return new OnnxConstants(OnnxFile.read(file), reading);
  }

  private Network read(ModelProto proto) throws IOException {
    return reading.read(OnnxFile.of(model.file(), proto));
  }

  private static List<ConstantSlot> slots(OnnxModel model) {
    Map<String, NdTensor> known = new HashMap<>(model.graph().initializers());
    for (OnnxNode node : model.graph().nodes()) {
      NdTensor constant = node.attributes().tensors().get("value");
      if (node.key().equals("Constant") && constant != null && node.outputs().size() == 1) {
        known.put(node.outputs().getFirst(), constant);
      }
    }
    List<ConstantSlot> slots = new ArrayList<>();
    for (int i = 0; i < model.proto().getGraph().getNodeCount(); i++) {
      NodeProto node = model.proto().getGraph().getNode(i);
      for (ConstantRole role : ConstantRole.of(node)) {
        ConstantSlot.of(i, node, role, known).ifPresent(slots::add);
      }
    }
    return slots;
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public Optional<ConstantForm> form(String layer) {
    return Optional.ofNullable(origins.get(layer)).map(this::form);
  }

  private ConstantForm form(LayerOrigin origin) {
    ConstantSlot slot = origin.weights();
    IntegerRange range = slot.range();
    boolean lopsided = range.min() == -range.max() - 1;
    IntegerRange bias =
        origin.bias().isPresent()
            ? new IntegerRange(Integer.MIN_VALUE, Integer.MAX_VALUE)
            : new IntegerRange(0, 0);
    ConstantForm.HeldScales scales =
        slot.scale().isEmpty()
            ? ConstantForm.HeldScales.FIXED
            : slot.scale().get().elements() > 1 || grows(origin)
                ? ConstantForm.HeldScales.CHANNELS
                : ConstantForm.HeldScales.ONE;
    return new ConstantForm(
        lopsided ? new IntegerRange(range.min() + 1, range.max()) : range, bias, scales);
  }

  /** Whether one scale may become one a channel. */
  private boolean grows(LayerOrigin origin) {
    int axis = origin.channelAxis();
    ConstantSlot slot = origin.weights();
    boolean takes = ConstantRole.saysAxis(slot.proto()) ? model.opset() >= 13 : axis == slot.axis();
    boolean biasTakes =
        origin.bias().isEmpty()
            || origin.bias().get().scale().isEmpty()
            || origin.bias().get().scale().get().elements() > 1
            || model.opset() >= 13;
    return axis >= 0 && (slot.isQuant() || takes) && biasTakes;
  }

  @Override
  public Network with(Map<String, LayerConstants> changes) throws IOException {
    return read(model(changes));
  }

  @Override
  public Network write(Map<String, LayerConstants> changes, Path out) throws IOException {
    if (Files.exists(out) && Files.isSameFile(model.file(), out)) {
      throw new NetworkFileException(out, "file", "is the file that was read; it stays as it is");
    }
    OnnxModel changed = OnnxFile.of(model.file(), model(changes));
    Network made = reading.read(changed);
    OnnxRewriter.write(changed, Map.of(), out);
    return made;
  }

  private ModelProto model(Map<String, LayerConstants> changes) {
    Set<String> unknown = new LinkedHashSet<>(changes.keySet());
    unknown.removeAll(origins.keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the file holds no integer constants of layers " + unknown);
    }
    OriginEdits edits = new OriginEdits(model, network);
    for (Map.Entry<String, LayerOrigin> origin : origins.entrySet()) {
      LayerConstants wanted = changes.get(origin.getKey());
      if (wanted != null) {
        edits.add(origin.getKey(), origin.getValue(), wanted);
      }
    }
    return edits.model();
  }
}

package dev.narrows.network.onnx.write;

import com.google.protobuf.ByteString;
import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.Network;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.graph.OnnxGraph;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorProto;
import dev.narrows.network.pass.AccumulatorContracts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes a model that was read again, with the registers that its nodes need: everything else stays
 * as it is, byte for byte, whatever runs it.
 *
 * @see "docs/onnx.md, The accumulator as a contract"
 */
public final class OnnxRewriter {
  /** The first version of the format whose nodes have properties. */
  private static final long NODE_PROPERTIES = 10;

  private OnnxRewriter() {}

  /**
   * Writes a model atomically.
   *
   * @param contracts by node name; a name that no node has is an error
   * @throws IOException if the file cannot be written, or would have 2^31 bytes or more
   * @throws IllegalArgumentException naming contracts of no node, or constants in other files that
   *     cannot be taken into this one
   */
  public static void write(OnnxModel model, Map<String, AccumulatorContract> contracts, Path file)
      throws IOException {
    ModelFiles.write(model(model, contracts), file);
  }

  /**
   * The model as it is written. Nodes of an older version of the format have no properties: the
   * model's own list the registers then. Constants in other files are taken into this one.
   */
  static ModelProto model(OnnxModel model, Map<String, AccumulatorContract> contracts) {
    Map<String, AccumulatorContract> left = new TreeMap<>(contracts);
    ModelProto.Builder written = model.proto().toBuilder();
    boolean ofNodes = model.irVersion() >= NODE_PROPERTIES;
    state(written.getGraphBuilder(), contracts, left, ofNodes);
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("the model has no nodes " + left.keySet());
    }
    if (!ofNodes && !contracts.isEmpty()) {
      List<StringStringEntryProto> others =
          written.getMetadataPropsList().stream()
              .filter(entry -> !entry.getKey().equals(FileAccumulators.PROPERTY))
              .toList();
      written.clearMetadataProps().addAllMetadataProps(others);
      written.addMetadataProps(
          StringStringEntryProto.newBuilder()
              .setKey(FileAccumulators.PROPERTY)
              .setValue(new FileAccumulators(contracts).text()));
    }
    embed(written.getGraphBuilder(), Optional.of(model.graph()));
    return written.build();
  }

  /** States registers of nodes, those of graphs inside nodes too. */
  private static void state(
      GraphProto.Builder graph,
      Map<String, AccumulatorContract> contracts,
      Map<String, AccumulatorContract> left,
      boolean ofNodes) {
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      AccumulatorContract contract = contracts.get(node.getName());
      left.remove(node.getName());
      if (contract != null && ofNodes) {
        replace(node, contract);
      }
      node.getAttributeBuilderList()
          .forEach(attribute -> {
            if (attribute.hasG()) {
              state(attribute.getGBuilder(), contracts, left, ofNodes);
            }
          });
    }
  }

  /**
   * The contracts of a network whose layers are named after nodes of a model; layers that are not
   * have none.
   */
  public static Map<String, AccumulatorContract> contracts(OnnxModel model, Network network) {
    Map<String, AccumulatorContract> contracts = new TreeMap<>(AccumulatorContracts.of(network));
    Set<String> names = new HashSet<>();
    names(model.proto().getGraph(), names);
    contracts.keySet().retainAll(names);
    return contracts;
  }

  private static void names(GraphProto graph, Set<String> names) {
    for (NodeProto node : graph.getNodeList()) {
      names.add(node.getName());
      node.getAttributeList().stream()
          .filter(AttributeProto::hasG)
          .forEach(attribute -> names(attribute.getG(), names));
    }
  }

  private static void replace(NodeProto.Builder node, AccumulatorContract contract) {
    List<StringStringEntryProto> entries = new ArrayList<>();
    for (StringStringEntryProto entry : node.getMetadataPropsList()) {
      if (!entry.getKey().startsWith(AccumulatorContract.PREFIX)) {
        entries.add(entry);
      }
    }
    entries.addAll(PropertyEntries.entries(contract.properties()));
    node.clearMetadataProps().addAllMetadataProps(entries);
  }

  /** Takes constants in other files into this one, so that it names no file at all. */
  private static void embed(GraphProto.Builder graph, Optional<OnnxGraph> read) {
    for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
      if (isOutside(tensor)) {
        NdTensor constant =
            read.map(known -> known.initializers().get(tensor.getName()))
                .orElseThrow(() -> outside(tensor.getName()));
        tensor
            .clearDataLocation()
            .clearExternalData()
            .setRawData(ByteString.copyFrom(constant.data()));
      }
    }
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      String output = node.getOutputCount() == 0 ? "" : node.getOutput(0);
      Optional<OnnxNode> known =
          read.flatMap(
              of -> of.nodes().stream().filter(one -> one.outputs().contains(output)).findFirst());
      node.getAttributeBuilderList()
          .forEach(attribute -> {
            if (attribute.hasG()) {
              Optional<OnnxGraph> inner = known.map(of -> of.graphs().get(attribute.getName()));
              embed(attribute.getGBuilder(), inner);
            }
            if (attribute.hasT() && isOutside(attribute.getTBuilder())) {
              NdTensor constant =
                  known
                      .map(of -> of.attributes().tensors().get(attribute.getName()))
                      .orElseThrow(() -> outside(output));
              attribute
                  .getTBuilder()
                  .clearDataLocation()
                  .clearExternalData()
                  .setRawData(ByteString.copyFrom(constant.data()));
            }
          });
    }
  }

  private static boolean isOutside(TensorProto.Builder tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
  }

  private static IllegalArgumentException outside(String name) {
    return new IllegalArgumentException(
        "the constant " + name + " lies in another file, and was not read");
  }
}

package dev.narrows.network.onnx.graph;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.narrows.network.GitLfsPointer;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.onnx.proto.FunctionProto;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.OperatorSetIdProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads ONNX files, which are not trusted: every size is checked before it is used. */
public final class OnnxFile {
  /** The version of the format in which files began to say their operators' versions. */
  private static final int FIRST_WITH_OPSETS = 3;

  private static final long LARGEST = Integer.MAX_VALUE - 8; // protobuf's own limit is 2^31 - 1

  private OnnxFile() {}

  /**
   * Reads a model: constants in other files of its folder are read, calls of its own functions are
   * expanded.
   *
   * @throws NetworkFileException naming file, place and expectation, if the file is not sound
   */
  public static OnnxModel read(Path file) throws IOException {
    return of(file, bytes(file));
  }

  /**
   * Reads one tensor that is a file of its own, as ONNX's test data are.
   *
   * @throws NetworkFileException naming file, place and expectation, if the file is not sound
   */
  public static NdTensor tensor(Path file) throws IOException {
    ByteString bytes = bytes(file);
    try {
      WireScan.check(bytes, TensorProto.getDescriptor());
      TensorProto proto = TensorProto.parseFrom(input(bytes));
      return new TensorDecoder(new OnnxSource(file, bytes.size())).decode(proto, "tensor");
    } catch (InvalidProtocolBufferException e) {
      throw new NetworkFileException(file, "protobuf", String.valueOf(e.getMessage()), e);
    }
  }

  static OnnxModel of(Path file, ByteString bytes) throws IOException {
    ModelProto proto;
    try {
      WireScan.check(bytes, ModelProto.getDescriptor());
      proto = ModelProto.parseFrom(input(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new NetworkFileException(file, "protobuf", String.valueOf(e.getMessage()), e);
    }
    return of(file, proto, bytes.size());
  }

  /**
   * A model that is in memory, checked as one that was read.
   *
   * @param file what messages call it
   * @throws NetworkFileException naming place and expectation, if it is not sound
   */
  public static OnnxModel of(Path file, ModelProto proto) throws IOException {
    return of(file, proto, proto.getSerializedSize());
  }

  private static OnnxModel of(Path file, ModelProto proto, int bytes) throws IOException {
    OnnxSource source = new OnnxSource(file, bytes);
    if (!proto.hasGraph()) {
      throw source.bad("model", "has no graph; is this an ONNX file?");
    }
    Map<String, Integer> opsets = opsets(source, proto);
    UniqueNames names = new UniqueNames();
    names.addAll(proto.getGraph());
    GraphProto expanded =
        new FunctionInliner(source, proto.getFunctionsList(), names).expanded(proto.getGraph());
    requireOpset(source, opsets, expanded);
    OnnxGraph graph = new OnnxGraphReader(source).read(expanded);
    return new OnnxModel(
        file, proto.getIrVersion(), opsets, graph, entries(proto.getMetadataPropsList()), proto);
  }

  private static ByteString bytes(Path file) throws IOException {
    GitLfsPointer.requireContent(file);
    long size = Files.size(file);
    if (size > LARGEST) {
      throw new NetworkFileException(
          file, "file", "expected at most %d bytes, got %d".formatted(LARGEST, size));
    }
    return UnsafeByteOperations.unsafeWrap(Files.readAllBytes(file));
  }

  private static CodedInputStream input(ByteString bytes) {
    CodedInputStream in = bytes.newCodedInput();
    in.enableAliasing(true); // tensors are parts of the bytes that were read, not copies
    return in;
  }

  private static Map<String, Integer> opsets(OnnxSource source, ModelProto proto)
      throws NetworkFileException {
    Map<String, Integer> opsets = new HashMap<>();
    for (OperatorSetIdProto entry : proto.getOpsetImportList()) {
      addOpset(source, "opset_import", opsets, entry);
    }
    for (FunctionProto function : proto.getFunctionsList()) {
      for (OperatorSetIdProto entry : function.getOpsetImportList()) {
        addOpset(source, "function " + OnnxSource.shown(function.getName()), opsets, entry);
      }
    }
    if (proto.getIrVersion() < FIRST_WITH_OPSETS) {
      opsets.putIfAbsent("", 1);
    }
    return opsets;
  }

  private static void addOpset(
      OnnxSource source, String place, Map<String, Integer> opsets, OperatorSetIdProto entry)
      throws NetworkFileException {
    long version = entry.getVersion();
    if (version < 0 || version > Integer.MAX_VALUE) {
      throw source.bad(place, "expected a version of 0 to 2^31 - 1, got " + version);
    }
    Integer other = opsets.put(domain(entry.getDomain()), (int) version);
    if (other != null && other != version) {
      throw source.bad(
          place,
          "expected one version of the operators of domain %s, got %d and %d"
              .formatted(OnnxSource.shown(entry.getDomain()), other, version));
    }
  }

  private static void requireOpset(
      OnnxSource source, Map<String, Integer> opsets, GraphProto expanded)
      throws NetworkFileException {
    for (NodeProto node : expanded.getNodeList()) {
      if (domain(node.getDomain()).isEmpty() && opsets.getOrDefault("", 0) < 1) {
        throw source.bad("opset_import", "expected the version of ONNX's own operators");
      }
    }
  }

  /** ONNX's own domain has two names. */
  static String domain(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  static Map<String, String> entries(List<StringStringEntryProto> list) {
    Map<String, String> entries = new HashMap<>();
    list.forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    return entries;
  }
}

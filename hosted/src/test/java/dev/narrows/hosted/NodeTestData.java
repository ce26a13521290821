package dev.narrows.hosted;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxValueInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A data set of a node test, by name.
 *
 * @param outputs each of one array, or those of a sequence or an optional value
 */
record NodeTestData(Map<String, NdTensor> inputs, Map<String, List<NdTensor>> outputs) {
  private static final double RELATIVE = 1e-3; // both as ONNX's own runner has them
  private static final double ABSOLUTE = 1e-7;

  static NodeTestData read(Path folder, OnnxModel model) throws IOException {
    Map<String, NdTensor> inputs = new HashMap<>();
    for (int i = 0; i < model.graph().inputs().size(); i++) {
      OnnxValueInfo info = model.graph().inputs().get(i);
      Path file = folder.resolve("input_" + i + ".pb");
      if (info.kind() != OnnxValueInfo.Kind.TENSOR) {
        throw new NodeTestRun.CannotRun("input \"%s\" is a %s".formatted(info.name(), info.kind()));
      }
      if (Files.exists(file) && Files.size(file) > 0) {
        inputs.put(info.name(), OnnxFile.tensor(file));
      }
    }
    Map<String, List<NdTensor>> outputs = new HashMap<>();
    for (int i = 0; i < model.graph().outputs().size(); i++) {
      OnnxValueInfo info = model.graph().outputs().get(i);
      Path file = folder.resolve("output_" + i + ".pb");
      if (Files.exists(file)) {
        outputs.put(
            info.name(),
            info.kind() == OnnxValueInfo.Kind.TENSOR
                ? List.of(OnnxFile.tensor(file))
                : several(file));
      }
    }
    return new NodeTestData(inputs, outputs);
  }

  /** The tensors of a SequenceProto or an OptionalProto: their field 3. */
  private static List<NdTensor> several(Path file) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(Files.readAllBytes(file));
    List<NdTensor> all = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) != 3) {
        in.skipField(tag);
        continue;
      }
      Path own = Files.createTempFile("tensor", ".pb");
      try {
        Files.write(own, in.readByteArray());
        all.add(OnnxFile.tensor(own));
      } finally {
        Files.delete(own);
      }
    }
    return all;
  }

  /** What differs in arrays of one shape: integers must be equal, numbers close. */
  static String difference(NdTensor made, NdTensor expected) {
    if (expected.type() == NdType.STRING) {
      return made.strings().equals(expected.strings()) ? "" : "other strings";
    }
    if (!expected.type().isFloating()) {
      if (!expected.type().isInteger() && expected.type() != NdType.BOOL) {
        return made.equals(expected) ? "" : "other elements";
      }
      long[] got = made.integers();
      long[] values = expected.integers();
      for (int i = 0; i < values.length; i++) {
        if (values[i] != got[i]) {
          return "element %d is %d instead of %d".formatted(i, got[i], values[i]);
        }
      }
      return "";
    }
    double[] got = made.doubles();
    double[] values = expected.doubles();
    for (int i = 0; i < values.length; i++) {
      boolean same =
          Double.compare(got[i], values[i]) == 0
              || got[i] == values[i]
              || Math.abs(got[i] - values[i]) <= ABSOLUTE + RELATIVE * Math.abs(values[i]);
      if (!same) {
        return "element %d is %s instead of %s".formatted(i, got[i], values[i]);
      }
    }
    return "";
  }
}

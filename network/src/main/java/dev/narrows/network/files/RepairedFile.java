package dev.narrows.network.files;

import dev.narrows.network.ConstantForm;
import dev.narrows.network.FileConstants;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.UnsupportedLayersException;
import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.onnx.edit.OnnxConstants;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.read.OnnxReader;
import dev.narrows.network.onnx.write.OnnxForm;
import dev.narrows.network.onnx.write.OnnxOptions;
import dev.narrows.network.onnx.write.OnnxWriter;
import dev.narrows.network.tflite.TfliteConstants;
import dev.narrows.network.tflite.TfliteReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a network with other constants in the format of the file that it was read from.
 *
 * @see "docs/repair.md, In the file's own format"
 */
public final class RepairedFile {
  private RepairedFile() {}

  /**
   * The constants of a file. Files whose constants cannot be replaced have a network all the same,
   * without a {@link ConstantForm} for any layer.
   *
   * @throws NetworkFileException if it cannot be read, or is of a kind that is not written
   */
  public static FileConstants open(Path model, ReadOptions options) throws IOException {
    Path file = NetworkFiles.file(model);
    if (new TfliteReader().reads(file)) {
      return TfliteConstants.open(file);
    }
    if (new NarrowsReader().reads(file)) {
      return new OwnConstants(new NarrowsReader().read(file, options));
    }
    if (new OnnxReader().reads(file)) {
      return OnnxConstants.open(file, read -> NetworkFiles.onnx(read, options));
    }
    throw new NetworkFileException(
        file, "file name", "this kind of file is not written; quantise it to .narrows first");
  }

  /**
   * Writes a changed network into a copy of its file, all or not at all. What was written, read
   * back, is the changed network, layer for layer.
   *
   * @param model the file that the network was read from; it stays as it is
   *     <p>An ONNX file's network with other layers, such as added requantisations, is written as a
   *     whole graph in the form of its file: QDQ, operators on codes, or QONNX.
   * @param changed the network, its layers with other integer weights, scales or biases
   * @return a line on how it was written, then what an ONNX graph computes otherwise
   * @throws UnsupportedLayersException naming layers that ONNX cannot express
   * @throws NetworkFileException if the file's format cannot hold the network, or {@code out} is
   *     the model
   */
  public static List<String> write(Path model, ReadOptions options, Network changed, Path out)
      throws IOException {
    Path file = NetworkFiles.file(model);
    if (Files.exists(out) && Files.isSameFile(file, out)) {
      throw new NetworkFileException(out, "file", "is the file that was read; it stays as it is");
    }
    FileConstants constants = open(file, options);
    if (constants instanceof OwnConstants) {
      NarrowsWriter.write(changed, out);
      return List.of("written in our own format");
    }
    if (constants instanceof OnnxConstants
        && constants.network().layers().size() != changed.layers().size()) {
      OnnxForm form = form(OnnxFile.read(file));
      List<String> notes = new ArrayList<>();
      notes.add("written as a whole new graph (%s), as layers were added".formatted(form));
      notes.addAll(
          OnnxWriter.write(changed, new OnnxOptions(form, true, OnnxOptions.LEAST_OPSET), out));
      return notes;
    }
    Map<String, LayerConstants> changes = LayerConstants.differences(constants.network(), changed);
    requireAlike(file, constants.with(changes), changed);
    constants.write(changes, out);
    return List.of("written into a copy of the file: %d layers changed".formatted(changes.size()));
  }

  private static OnnxForm form(OnnxModel model) {
    boolean qonnx =
        model.graph().nodes().stream().anyMatch(node -> node.operator().endsWith("Quant"));
    boolean codes =
        model.graph().nodes().stream().anyMatch(node -> node.operator().matches("QLinear.*|QGemm"));
    return qonnx ? OnnxForm.QONNX : codes ? OnnxForm.QOPERATOR : OnnxForm.QDQ;
  }

  private static void requireAlike(Path file, Network held, Network wanted)
      throws NetworkFileException {
    if (held.layers().size() != wanted.layers().size()) {
      throw new NetworkFileException(
          file,
          "layers",
          "the file has %d, the changed network %d: the format takes other constants only"
              .formatted(held.layers().size(), wanted.layers().size()));
    }
    for (int i = 0; i < held.layers().size(); i++) {
      Layer layer = held.layers().get(i);
      if (!layer.equals(wanted.layers().get(i))) {
        throw new NetworkFileException(
            file,
            "layer \"%s\"".formatted(layer.name()),
            "the file cannot hold it as it is meant to be");
      }
    }
  }
}

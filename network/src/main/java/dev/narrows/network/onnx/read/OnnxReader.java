package dev.narrows.network.onnx.read;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.NetworkReader;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxModel;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads ONNX files whose nodes all become layers. A free leading dimension, such as a batch, is 1;
 * other free dimensions must be given.
 */
public final class OnnxReader implements NetworkReader {
  private static final String ENDING = ".onnx";

  /** A reader; it has no state. */
  public OnnxReader() {}

  @Override
  public String describe() {
    return "an ONNX file (.onnx)";
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith(ENDING);
  }

  @Override
  public Network read(Path file) throws IOException {
    return read(file, ReadOptions.NONE);
  }

  @Override
  public Network read(Path file, ReadOptions options) throws IOException {
    OnnxModel model = OnnxFile.read(file);
    try {
      return network(model, options);
    } catch (NotAllNativeException e) {
      throw new NetworkFileException(file, "operators", e.listed(), e);
    }
  }

  /**
   * The network of a model.
   *
   * @throws NotAllNativeException if the model is sound as far as can be told, but some of it does
   *     not become layers
   * @throws NetworkFileException if it is not sound, or the options do not fit it
   */
  public static Network network(OnnxModel model, ReadOptions options)
      throws NetworkFileException, NotAllNativeException {
    return new OnnxImport(model, options).network(name(model));
  }

  /**
   * The network of a model that is to be trained: batch norms may be in training mode.
   *
   * @throws NotAllNativeException as {@link #network} does
   * @throws NetworkFileException if it is not sound
   */
  public static TrainableGraph trainable(OnnxModel model)
      throws NetworkFileException, NotAllNativeException {
    return new OnnxImport(model, ReadOptions.NONE).trainable(name(model));
  }

  private static String name(OnnxModel model) {
    String name = String.valueOf(model.file().getFileName());
    return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
  }
}

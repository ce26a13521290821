package dev.narrows.network.onnx.graph;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;

/** Reads a model that is no file. */
public final class MutantReading {
  private MutantReading() {}

  /** The model of bytes. */
  public static OnnxModel model(Path name, byte[] bytes) throws IOException {
    return OnnxFile.of(name, ByteString.copyFrom(bytes));
  }
}

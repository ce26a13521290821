package dev.narrows.network.onnx.write;

import com.google.protobuf.CodedOutputStream;
import dev.narrows.network.disk.AtomicWrite;
import dev.narrows.network.onnx.proto.ModelProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Models as files: one file each, nothing beside it. */
final class ModelFiles {
  private ModelFiles() {}

  /**
   * Writes atomically: a crash leaves the old file or the new one.
   *
   * @throws IOException if the model has 2^31 bytes or more, which one file of ONNX cannot have
   */
  static void write(ModelProto model, Path file) throws IOException {
    byte[] bytes;
    try {
      long size = model.getSerializedSize() & 0xFFFFFFFFL; // an int that may have left its range
      if (size > Integer.MAX_VALUE - 8) {
        throw new IOException(file + ": a file of ONNX has fewer than 2^31 bytes, got " + size);
      }
      bytes = new byte[(int) size];
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      model.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (ArithmeticException | IllegalStateException e) {
      throw new IOException(file + ": a file of ONNX has fewer than 2^31 bytes", e);
    }
    AtomicWrite.write(file, List.of(ByteBuffer.wrap(bytes)));
  }
}

package dev.narrows.network.files;

import dev.narrows.network.ConstantForm;
import dev.narrows.network.FileConstants;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tflite.TfliteConstants;
import dev.narrows.network.tflite.TfliteReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    throw new NetworkFileException(
        file, "file name", "this kind of file is not written; quantise it to .narrows first");
  }

  /**
   * Writes a changed network into a copy of its file, all or not at all. What was written, read
   * back, is the changed network, layer for layer.
   *
   * @param model the file that the network was read from; it stays as it is
   * @param changed the network, its layers with other integer weights, scales or biases
   * @throws NetworkFileException if the file's format cannot hold the network, or {@code out} is
   *     the model
   */
  public static void write(Path model, ReadOptions options, Network changed, Path out)
      throws IOException {
    Path file = NetworkFiles.file(model);
    if (Files.exists(out) && Files.isSameFile(file, out)) {
      throw new NetworkFileException(out, "file", "is the file that was read; it stays as it is");
    }
    FileConstants constants = open(file, options);
    if (constants instanceof OwnConstants) {
      NarrowsWriter.write(changed, out);
      return;
    }
    Map<String, LayerConstants> changes = LayerConstants.differences(constants.network(), changed);
    requireAlike(file, constants.with(changes), changed);
    constants.write(changes, out);
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

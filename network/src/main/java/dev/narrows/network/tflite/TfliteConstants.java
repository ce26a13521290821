package dev.narrows.network.tflite;

import dev.narrows.network.ConstantForm;
import dev.narrows.network.FileConstants;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.disk.AtomicWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A TFLite file with other weights, scales of weights, and biases. Where nothing else reads a
 * constant its bytes are replaced; else the file gets a buffer or tensor of its own for it, before
 * all that it had. The operators and their order, activations and their scales, names and metadata
 * stay.
 *
 * @see "docs/repair.md, In the file's own format"
 */
public final class TfliteConstants implements FileConstants {
  private final Path file;
  private final FlatModel model;
  private final Network network;
  private final List<FilterOrigin> origins;
  private final Map<String, ConstantForm> forms = new HashMap<>();

  private TfliteConstants(Path file, FlatModel model) throws NetworkFileException {
    this.file = file;
    this.model = model;
    GraphImport graph = new GraphImport(model);
    this.network = graph.network(name(file));
    this.origins = List.copyOf(graph.origins());
    for (FilterOrigin origin : origins) {
      forms.put(origin.layer(), origin.form());
    }
  }

  /**
   * Reads a file, which must not change as long as this is used.
   *
   * @throws NetworkFileException if it is not sound
   */
  public static TfliteConstants open(Path file) throws IOException {
    return new TfliteConstants(file, FlatModel.open(file));
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".tflite") ? name.substring(0, name.length() - 7) : name;
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public Optional<ConstantForm> form(String layer) {
    return Optional.ofNullable(forms.get(layer));
  }

  @Override
  public Network with(Map<String, LayerConstants> changes) throws IOException {
    return read(file, bytes(changes));
  }

  @Override
  public Network write(Map<String, LayerConstants> changes, Path out) throws IOException {
    if (Files.exists(out) && Files.isSameFile(file, out)) {
      throw new NetworkFileException(out, "file", "is the file that was read; it stays as it is");
    }
    byte[] bytes = bytes(changes);
    Network made = read(out, bytes);
    AtomicWrite.write(out, List.of(ByteBuffer.wrap(bytes)));
    return made;
  }

  private static Network read(Path file, byte[] bytes) throws IOException {
    FlatModel model = FlatModel.of(FlatBytes.of(file, ByteBuffer.wrap(bytes)));
    return new GraphImport(model).network(name(file));
  }

  private byte[] bytes(Map<String, LayerConstants> changes) throws NetworkFileException {
    TensorEdits edits = new TensorEdits(model);
    List<String> left = new ArrayList<>(changes.keySet());
    for (FilterOrigin origin : origins) {
      LayerConstants wanted = changes.get(origin.layer());
      left.remove(origin.layer());
      if (wanted != null) {
        edits.add(origin, FilterOrigin.FILTER, origin.filter(wanted));
        int bias = origin.operands().biasInput();
        if (origin.bias().isPresent()) {
          edits.add(origin, bias, origin.bias(wanted));
        } else if (!origin.isZero(wanted.bias())) {
          throw origin.bad("has no bias in its file");
        }
      }
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException("the file holds no integer constants of layers " + left);
    }
    return edits.bytes();
  }
}

package dev.narrows.network.onnx.write;

import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.Network;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.read.NotAllNativeException;
import dev.narrows.network.onnx.read.OnnxReader;
import dev.narrows.network.onnx.write.OnnxWriter.Written;
import dev.narrows.network.pass.AccumulatorContracts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The registers that a file states are those that its own graph proves: a model is read before it
 * is written, and proved again. Where the graph tells less of the codes that a layer meets than the
 * network does, codes are clipped to what the network can make; what cannot be proved even then is
 * stated as wide as the graph needs it, or not at all, and a note says so.
 */
final class StatedRegisters {
  private static final Path NAME = Path.of("written.onnx");

  private StatedRegisters() {}

  /** A network written in some way. */
  interface Writing {
    /**
     * The model.
     *
     * @param narrow whether codes are clipped to what the network can make
     * @param stated the registers that the model states, by layer name
     */
    Written written(boolean narrow, Map<String, AccumulatorContract> stated);
  }

  /**
   * The model that states registers which it proves.
   *
   * @param own the network's registers, by layer name
   */
  static Written written(Map<String, AccumulatorContract> own, Writing form) {
    Written plain = form.written(false, own);
    if (own.isEmpty() || proved(plain.model(), own).equals(own)) {
      return plain;
    }
    Written narrow = form.written(true, own);
    Map<String, AccumulatorContract> proved = proved(narrow.model(), own);
    if (proved.equals(own)) {
      return narrow;
    }
    Written stated = form.written(true, proved);
    List<String> notes = new ArrayList<>(stated.notes());
    new TreeMap<>(own)
        .forEach((layer, contract) ->
            note(layer, contract, Optional.ofNullable(proved.get(layer))).ifPresent(notes::add));
    return new Written(stated.model(), notes);
  }

  private static Optional<String> note(
      String layer, AccumulatorContract own, Optional<AccumulatorContract> proved) {
    if (proved.isEmpty()) {
      return Optional.of(
          "\"%s\": the file does not state its register, as its graph does not prove it"
              .formatted(layer));
    }
    return proved.get().bits() == own.bits()
        ? Optional.empty()
        : Optional.of(
            "\"%s\": the file states %d bits, which its graph proves; the network needs %d"
                .formatted(layer, proved.get().bits(), own.bits()));
  }

  /** What a model keeps of promises; all of them if it does not become layers again. */
  private static Map<String, AccumulatorContract> proved(
      ModelProto model, Map<String, AccumulatorContract> promises) {
    Network read;
    try {
      read = OnnxReader.network(OnnxFile.of(NAME, model), ReadOptions.NONE);
    } catch (NotAllNativeException | IOException e) {
      return promises; // nobody proves anything of it by reading
    }
    return AccumulatorContracts.kept(read, promises);
  }
}

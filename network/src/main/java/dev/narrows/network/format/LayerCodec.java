package dev.narrows.network.format;

import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * How one type of layer stands in a graph: what is written of it beside its name, kind, inputs and
 * output, and how that is read back.
 *
 * @param kinds the texts that stand for it in files; several where the text says which variant it
 *     is
 * @param inputs how many tensors it reads; {@link #ANY} where it may be any number
 * @param makes the output types it has, where another layer shares its kind
 * @param reader from the graph
 * @param writer to the graph
 */
record LayerCodec<L extends Layer>(
    Class<L> type,
    List<String> kinds,
    int inputs,
    Predicate<TensorType> makes,
    LayerReader<L> reader,
    LayerWriter<L> writer) {
  /** Any number of inputs. */
  static final int ANY = -1;

  /** Makes a layer of what the graph says. */
  interface LayerReader<L extends Layer> {
    L read(LayerFields in) throws IOException;
  }

  /** Says in the graph what a layer is. */
  interface LayerWriter<L extends Layer> {
    void write(LayerNode out, L layer);
  }

  /** A layer of one kind. */
  static <L extends Layer> LayerCodec<L> of(
      Class<L> type, String kind, int inputs, LayerReader<L> reader, LayerWriter<L> writer) {
    return of(type, List.of(kind), inputs, reader, writer);
  }

  /** A layer whose variants are kinds of their own; {@link Layer#kind()} tells them apart. */
  static <L extends Layer> LayerCodec<L> of(
      Class<L> type, List<String> kinds, int inputs, LayerReader<L> reader, LayerWriter<L> writer) {
    return new LayerCodec<>(type, kinds, inputs, output -> true, reader, writer);
  }

  /** The same codec for outputs of these types only. */
  LayerCodec<L> making(Predicate<TensorType> outputs) {
    return new LayerCodec<>(type, kinds, inputs, outputs, reader, writer);
  }

  /** The text that stands for a layer in files. */
  String kind(Layer layer) {
    return kinds.size() == 1 ? kinds.getFirst() : layer.kind();
  }

  /** Writes a layer of this type. */
  void write(LayerNode out, Layer layer) {
    writer.write(out, type.cast(layer));
  }
}

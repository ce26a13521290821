package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.tflite.FlatFront.OffsetSlot;
import dev.narrows.network.tflite.FlatFront.TableCopy;
import dev.narrows.network.tflite.TensorEdits.InputUse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * New buffers for tensors, and new tensors for inputs of operators, in a file that otherwise stays.
 *
 * @param buffers by tensor, what a buffer of its own holds
 * @param tensors by operator's input, what a tensor of its own holds
 */
record TensorAdditions(
    FlatModel model, Map<Integer, byte[]> buffers, Map<InputUse, TensorContent> tensors) {
  private static final int[] MODEL_OFFSETS = {1, 2, 3, 4, 5, 6, 7};
  private static final int[] GRAPH_OFFSETS = {0, 1, 2, 3, 4};
  private static final int[] TENSOR_OFFSETS = {0, 3, 4, 6, 7, 9};
  private static final int[] QUANTIZATION_OFFSETS = {0, 1, 2, 3, 5};
  private static final int[] OPERATOR_OFFSETS = {1, 2, 4, 5, 7, 8, 12};

  /**
   * The whole file.
   *
   * @param bytes those it had, some of them replaced in their place
   * @throws NetworkFileException if it has parts that this code would break
   */
  byte[] before(byte[] bytes) throws NetworkFileException {
    refuseAbsolute();
    FlatFront front = new FlatFront(model.bytes());
    TableCopy root = front.table(model.root(), 8, MODEL_OFFSETS);
    front.point(front.root(), root.start());
    Map<TensorContent, Integer> added = distinct();
    buffers(front, root, added);
    if (!added.isEmpty()) {
      graph(front, root, added);
    }
    byte[] all = front.before(bytes);
    relink(all, all.length - bytes.length);
    return all;
  }

  /** Contents, each with the number of its new tensor. */
  private Map<TensorContent, Integer> distinct() {
    Map<TensorContent, Integer> added = new LinkedHashMap<>();
    for (TensorContent content : tensors.values()) {
      added.putIfAbsent(content, added.size());
    }
    return added;
  }

  private void buffers(FlatFront front, TableCopy root, Map<TensorContent, Integer> added)
      throws NetworkFileException {
    int more = buffers.size() + added.size();
    front.here(root.slot(4, "buffers"), 4, 0);
    List<OffsetSlot> slots = front.vector(model.buffers(), more);
    int next = model.buffers().count();
    for (byte[] data : buffers.values()) {
      front.buffer(slots.get(next++), data);
    }
    for (TensorContent content : added.keySet()) {
      front.buffer(slots.get(next++), content.data());
    }
  }

  private void graph(FlatFront front, TableCopy root, Map<TensorContent, Integer> added)
      throws NetworkFileException {
    front.here(root.slot(2, "subgraphs"), 4, 0);
    List<OffsetSlot> graphs = front.vector(model.graphs(), 0);
    TableCopy graph = front.table(model.graph(), 6, GRAPH_OFFSETS);
    front.point(graphs.getFirst(), graph.start());
    front.here(graph.slot(0, "tensors"), 4, 0);
    List<OffsetSlot> slots = front.vector(model.tensors(), added.size());
    int firstBuffer = model.buffers().count() + buffers.size();
    for (Map.Entry<TensorContent, Integer> entry : added.entrySet()) {
      int like = like(entry.getKey());
      int at = model.tensors().count() + entry.getValue();
      tensor(front, slots.get(at), like, entry.getKey(), firstBuffer + entry.getValue());
    }
    front.here(graph.slot(3, "operators"), 4, 0);
    List<OffsetSlot> operators = front.vector(model.operatorTables(), 0);
    Map<Integer, int[]> inputs = new LinkedHashMap<>();
    for (Map.Entry<InputUse, TensorContent> entry : tensors.entrySet()) {
      InputUse use = entry.getKey();
      int[] of = inputs.get(use.operator());
      if (of == null) {
        of = model.operator(use.operator()).inputs().clone();
        inputs.put(use.operator(), of);
      }
      of[use.input()] = model.tensors().count() + added.getOrDefault(entry.getValue(), 0);
    }
    for (Map.Entry<Integer, int[]> entry : inputs.entrySet()) {
      FlatTable table = model.operatorTables().table(entry.getKey());
      TableCopy operator = front.table(table, 14, OPERATOR_OFFSETS);
      front.point(operators.get(entry.getKey()), operator.start());
      front.here(operator.slot(1, "inputs"), 4, 0);
      front.ints(entry.getValue());
    }
  }

  /** The tensor that one of the inputs of a content reads now. */
  private int like(TensorContent content) throws NetworkFileException {
    List<Integer> tensor = new ArrayList<>();
    for (Map.Entry<InputUse, TensorContent> entry : tensors.entrySet()) {
      if (entry.getValue().equals(content)) {
        InputUse use = entry.getKey();
        tensor.add(model.operator(use.operator()).input(use.input()));
      }
    }
    return tensor.getFirst();
  }

  private void tensor(FlatFront front, OffsetSlot slot, int like, TensorContent content, int buffer)
      throws NetworkFileException {
    TableCopy tensor = front.table(model.tensors().table(like), 10, TENSOR_OFFSETS);
    front.point(slot, tensor.start());
    front.setInt(tensor.slot(2, "buffer"), buffer);
    if (content.scales().length > 0) {
      TableCopy quantization =
          front.table(tensor.table().table(4, "quantization"), 7, QUANTIZATION_OFFSETS);
      front.point(tensor.slot(4, "quantization"), quantization.start());
      front.here(quantization.slot(2, "scale"), 4, 0);
      front.floats(content.scales());
    }
  }

  /** Tensors that stay, but have a buffer of their own, name it in their place. */
  private void relink(byte[] all, int moved) throws NetworkFileException {
    ByteBuffer bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    int next = model.buffers().count();
    for (int tensor : buffers.keySet()) {
      int at = model.tensors().table(tensor).place(2, "buffer");
      bytes.putInt(moved + at, next++);
    }
  }

  private void refuseAbsolute() throws NetworkFileException {
    for (int i = 0; i < model.buffers().count(); i++) {
      FlatTable buffer = model.buffers().table(i);
      if (buffer.i64(1, 0, "offset") > 1) {
        throw buffer.bad(
            "offset", "says where the file holds data, which moves when a buffer is added");
      }
    }
    for (int i = 0; i < model.operators(); i++) {
      FlatTable operator = model.operatorTables().table(i);
      if (operator.i64(9, 0, "large_custom_options_offset") > 1) {
        throw operator.bad(
            "large_custom_options_offset",
            "says where the file holds data, which moves when a buffer is added");
      }
    }
  }
}

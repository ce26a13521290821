package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What inputs of operators are to hold, and the bytes of the file in which they do. A tensor, or a
 * buffer, is replaced in its place if all that read it want the same of it; the others get one of
 * their own.
 */
final class TensorEdits {
  /** An input of an operator. */
  record InputUse(int operator, int input) {}

  private final FlatModel model;
  private final Map<InputUse, TensorContent> wanted = new LinkedHashMap<>();

  TensorEdits(FlatModel model) {
    this.model = model;
  }

  /**
   * Asks for a content.
   *
   * @throws IllegalArgumentException if another layer of the same operator asked for another
   */
  void add(FilterOrigin origin, int input, TensorContent content) {
    TensorContent before = wanted.put(new InputUse(origin.operator(), input), content);
    if (before != null && !before.equals(content)) {
      throw origin.bad("shares its operator with a layer that is to have other constants");
    }
  }

  byte[] bytes() throws NetworkFileException {
    Map<Integer, Set<InputUse>> uses = uses();
    Map<Integer, TensorContent> inPlace = new LinkedHashMap<>();
    Map<InputUse, TensorContent> apart = new LinkedHashMap<>();
    for (Map.Entry<Integer, Set<InputUse>> entry : uses.entrySet()) {
      int tensor = entry.getKey();
      TensorContent now = TensorContent.of(model.tensor(tensor));
      Set<TensorContent> contents = new LinkedHashSet<>();
      entry.getValue().forEach(use -> contents.add(wanted.getOrDefault(use, now)));
      boolean all = contents.size() == 1 && !isShared(tensor);
      for (InputUse use : entry.getValue()) {
        TensorContent content = wanted.getOrDefault(use, now);
        if (!content.equals(now)) {
          if (all) {
            inPlace.put(tensor, content);
          } else {
            apart.put(use, content);
          }
        }
      }
    }
    ByteBuffer bytes = ByteBuffer.wrap(model.bytes().copy()).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, byte[]> newBuffers = replaced(inPlace, bytes);
    return newBuffers.isEmpty() && apart.isEmpty()
        ? bytes.array()
        : new TensorAdditions(model, newBuffers, apart).before(bytes.array());
  }

  /** The inputs of all operators that read the tensors that are to change. */
  private Map<Integer, Set<InputUse>> uses() throws NetworkFileException {
    Map<Integer, Set<InputUse>> uses = new LinkedHashMap<>();
    for (InputUse use : wanted.keySet()) {
      uses.put(model.operator(use.operator()).input(use.input()), new LinkedHashSet<>());
    }
    for (int i = 0; i < model.operators(); i++) {
      FileOperator operator = model.operator(i);
      for (int input = 0; input < operator.inputs().length; input++) {
        Set<InputUse> found = uses.get(operator.input(input));
        if (found != null) {
          found.add(new InputUse(i, input));
        }
      }
    }
    return uses;
  }

  /** Whether something besides operators' inputs reads a tensor, or the bytes of its scales. */
  private boolean isShared(int tensor) throws NetworkFileException {
    if (model.outputs().contains(tensor) || model.inputs().contains(tensor)) {
      return true;
    }
    FlatVector scales = model.tensor(tensor).scales();
    for (int s = 0; s < model.subgraphs(); s++) {
      FlatModel graph = model.subgraph(s);
      for (int other = 0; other < graph.tensors().count(); other++) {
        FlatVector theirs = graph.scales(other);
        boolean overlaps =
            theirs.at() < scales.at() + 4L * scales.count()
                && scales.at() < theirs.at() + 4L * theirs.count();
        if (overlaps && (s > 0 || other != tensor)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Replaces bytes.
   *
   * @return by tensor, the bytes of those whose buffer others read too
   */
  private Map<Integer, byte[]> replaced(Map<Integer, TensorContent> contents, ByteBuffer bytes)
      throws NetworkFileException {
    Map<Integer, byte[]> newBuffers = new LinkedHashMap<>();
    for (Map.Entry<Integer, TensorContent> entry : contents.entrySet()) {
      TfliteTensorEntry tensor = model.tensor(entry.getKey());
      TensorContent content = entry.getValue();
      if (agreed(entry.getKey(), contents)) {
        bytes.put(tensor.data().at(), content.data());
      } else if (!Arrays.equals(TensorContent.of(tensor).data(), content.data())) {
        newBuffers.put(entry.getKey(), content.data());
      }
      for (int i = 0; i < content.scales().length; i++) {
        bytes.putFloat(tensor.scales().at() + 4 * i, content.scales()[i]);
      }
    }
    return newBuffers;
  }

  /** Whether all tensors of a buffer are to hold the same, and nothing else reads it. */
  private boolean agreed(int tensor, Map<Integer, TensorContent> contents)
      throws NetworkFileException {
    int buffer = model.buffer(tensor);
    byte[] data = contents.get(tensor) == null ? new byte[0] : contents.get(tensor).data();
    if (model.describes(buffer)) {
      return false;
    }
    for (int s = 0; s < model.subgraphs(); s++) {
      FlatModel graph = model.subgraph(s);
      for (int other = 0; other < graph.tensors().count(); other++) {
        if (graph.buffer(other) == buffer) {
          TensorContent theirs = contents.get(other);
          if (s > 0 || theirs == null || !Arrays.equals(theirs.data(), data)) {
            return false;
          }
        }
      }
    }
    return true;
  }
}

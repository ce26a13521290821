package dev.narrows.network.onnx.fold;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Elements of any type, each in whole bytes, so that they can be moved without a look at them.
 *
 * @param width bytes of one; 0 for strings
 */
record ElementArray(NdType type, int width, byte[] bytes, List<String> strings) {
  static ElementArray of(NdTensor tensor) {
    if (tensor.type() == NdType.STRING || tensor.type().bits() >= 8) {
      return new ElementArray(
          tensor.type(), tensor.type().bits() / 8, tensor.data(), tensor.strings());
    }
    int bits = tensor.type().bits();
    byte[] bytes = new byte[tensor.elements()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (tensor.data()[i * bits / 8] >> i * bits % 8 & (1 << bits) - 1);
    }
    return new ElementArray(tensor.type(), 1, bytes, List.of());
  }

  /** All elements of several arrays of one type, one after the other. */
  static ElementArray joined(List<NdTensor> tensors) {
    List<ElementArray> all = tensors.stream().map(ElementArray::of).toList();
    ElementArray first = all.getFirst();
    int length = 0;
    List<String> strings = new ArrayList<>();
    for (ElementArray array : all) {
      if (array.type() != first.type()) {
        throw new IllegalArgumentException(
            "element types differ: %s and %s".formatted(first.type(), array.type()));
      }
      length = Math.addExact(length, array.bytes().length);
      strings.addAll(array.strings());
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (ElementArray array : all) {
      System.arraycopy(array.bytes(), 0, bytes, at, array.bytes().length);
      at += array.bytes().length;
    }
    return new ElementArray(first.type(), first.width(), bytes, strings);
  }

  /**
   * The elements at places.
   *
   * @param places −1 for zero, or no text
   */
  NdTensor picked(int[] places, List<Integer> dims) {
    if (type == NdType.STRING) {
      List<String> picked = new ArrayList<>();
      for (int place : places) {
        picked.add(place < 0 ? "" : strings.get(place));
      }
      return new NdTensor(type, dims, new byte[0], picked);
    }
    byte[] picked = new byte[places.length * width];
    for (int i = 0; i < places.length; i++) {
      if (places[i] >= 0) {
        System.arraycopy(bytes, places[i] * width, picked, i * width, width);
      }
    }
    return made(picked, dims);
  }

  /** The first element, so many times. */
  NdTensor repeated(int count, List<Integer> dims) {
    if (type == NdType.STRING) {
      return new NdTensor(type, dims, new byte[0], Collections.nCopies(count, strings.getFirst()));
    }
    byte[] all = new byte[Math.multiplyExact(count, width)];
    for (int i = 0; i < all.length; i++) {
      all[i] = bytes[i % width];
    }
    return made(all, dims);
  }

  /** A copy with elements of another array at other places. */
  NdTensor replaced(int[] places, ElementArray updates, List<Integer> dims) {
    if (updates.type != type) {
      throw new IllegalArgumentException(
          "element types differ: %s and %s".formatted(type, updates.type));
    }
    if (type == NdType.STRING) {
      List<String> all = new ArrayList<>(strings);
      for (int i = 0; i < places.length; i++) {
        all.set(places[i], updates.strings.get(i));
      }
      return new NdTensor(type, dims, new byte[0], Collections.unmodifiableList(all));
    }
    byte[] all = bytes.clone();
    for (int i = 0; i < places.length; i++) {
      System.arraycopy(updates.bytes, i * width, all, places[i] * width, width);
    }
    return made(all, dims);
  }

  private NdTensor made(byte[] elements, List<Integer> dims) {
    if (type.bits() >= 8) {
      return new NdTensor(type, dims, elements, List.of());
    }
    int bits = type.bits();
    byte[] packed = new byte[Math.toIntExact(type.bytes(elements.length))];
    for (int i = 0; i < elements.length; i++) {
      packed[i * bits / 8] |= (byte) (elements[i] << i * bits % 8);
    }
    return new NdTensor(type, dims, packed, List.of());
  }
}

package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;

/**
 * A vector of a FlatBuffer, known to lie inside the file.
 *
 * @param at the first element
 * @param size bytes of one element
 */
record FlatVector(FlatBytes bytes, String place, int at, int count, int size) {
  private int at(int index) throws NetworkFileException {
    if (index < 0 || index >= count) {
      throw bytes.bad(place, "has %d elements, number %d was asked for".formatted(count, index));
    }
    return at + index * size;
  }

  byte i8(int index) throws NetworkFileException {
    return bytes.i8(at(index));
  }

  int i32(int index) throws NetworkFileException {
    return bytes.i32(at(index));
  }

  long i64(int index) throws NetworkFileException {
    return bytes.i64(at(index));
  }

  float f32(int index) throws NetworkFileException {
    return bytes.f32(at(index));
  }

  short i16(int index) throws NetworkFileException {
    return bytes.i16(at(index));
  }

  FlatTable table(int index) throws NetworkFileException {
    return bytes.table(at(index), place + "[" + index + "]");
  }

  /** All elements of a vector of 32-bit integers that has at most {@code most}. */
  int[] ints(int most) throws NetworkFileException {
    if (count > most) {
      throw bytes.bad(place, "has %d elements; at most %d are expected".formatted(count, most));
    }
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = i32(i);
    }
    return values;
  }
}

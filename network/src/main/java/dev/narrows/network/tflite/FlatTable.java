package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;

/**
 * A table of a FlatBuffer: fields by their number in the schema, absent ones with their default.
 *
 * @param place what messages call it
 * @param start of the table
 * @param inline bytes that its fields take
 * @param vtable where the vtable starts
 * @param vtableLength its bytes
 */
record FlatTable(
    FlatBytes bytes, String place, int start, int inline, int vtable, int vtableLength) {
  /** Where a field of {@code size} bytes is; 0 if it is absent. */
  private int at(int field, int size, String name) throws NetworkFileException {
    int entry = 4 + 2 * field;
    int offset = entry + 2 > vtableLength ? 0 : bytes.i16(vtable + entry) & 0xFFFF;
    if (offset == 0) {
      return 0;
    }
    if (offset < 4 || offset + size > inline) {
      throw bad(name, "lies at byte %d of a table of %d bytes".formatted(offset, inline));
    }
    return start + offset;
  }

  /** Where a field is; 0 if it is absent. */
  int place(int field, String name) throws NetworkFileException {
    return at(field, 1, name);
  }

  boolean has(int field, String name) throws NetworkFileException {
    return at(field, 0, name) != 0;
  }

  int i8(int field, int absent, String name) throws NetworkFileException {
    int at = at(field, 1, name);
    return at == 0 ? absent : bytes.i8(at);
  }

  int i32(int field, int absent, String name) throws NetworkFileException {
    int at = at(field, 4, name);
    return at == 0 ? absent : bytes.i32(at);
  }

  long i64(int field, long absent, String name) throws NetworkFileException {
    int at = at(field, 8, name);
    return at == 0 ? absent : bytes.i64(at);
  }

  float f32(int field, float absent, String name) throws NetworkFileException {
    int at = at(field, 4, name);
    return at == 0 ? absent : bytes.f32(at);
  }

  boolean flag(int field, String name) throws NetworkFileException {
    return flag(field, false, name);
  }

  boolean flag(int field, boolean absent, String name) throws NetworkFileException {
    return i8(field, absent ? 1 : 0, name) != 0;
  }

  FlatTable table(int field, String name) throws NetworkFileException {
    int at = at(field, 4, name);
    if (at == 0) {
      throw bad(name, "is missing");
    }
    return bytes.table(at, inside(name));
  }

  /** A vector of elements of {@code size} bytes; empty if the field is absent. */
  FlatVector vector(int field, int size, String name) throws NetworkFileException {
    int at = at(field, 4, name);
    if (at == 0) {
      return new FlatVector(bytes, inside(name), 0, 0, size);
    }
    int head = bytes.target(at, inside(name));
    long count = bytes.i32(head) & 0xFFFFFFFFL;
    if (count * size > bytes.size() - head - 4L) {
      throw bad(name, "has %d elements of %d bytes, more than are left".formatted(count, size));
    }
    return new FlatVector(bytes, inside(name), head + 4, (int) count, size);
  }

  /** A text of at most {@code most} bytes, printable characters only. */
  String text(int field, int most, String name) throws NetworkFileException {
    FlatVector vector = vector(field, 1, name);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(vector.count(), most); i++) {
      int c = vector.i8(i);
      text.append(c >= 0x20 && c < 0x7F ? (char) c : '?');
    }
    return text.toString();
  }

  NetworkFileException bad(String name, String problem) {
    return bytes.bad(inside(name), problem);
  }

  private String inside(String name) {
    return place.equals("root") ? name : place + "." + name;
  }
}

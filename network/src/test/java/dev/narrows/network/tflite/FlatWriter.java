package dev.narrows.network.tflite;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes FlatBuffers for tests, front to back: a table is a vtable, its fields, then what they
 * point to. Places that offsets go to are remembered by name, so that a test can spoil them.
 */
final class FlatWriter {
  /** A field's content. */
  sealed interface Part {}

  record Byte1(int value) implements Part {}

  record Int(int value) implements Part {}

  record Long8(long value) implements Part {}

  record Real(float value) implements Part {}

  record Table(List<Field> fields) implements Part {}

  record Tables(List<Table> tables) implements Part {}

  record Ints(int... values) implements Part {}

  record Longs(long... values) implements Part {}

  record Reals(float... values) implements Part {}

  record Bytes(byte... values) implements Part {}

  record Field(int number, Part part) {}

  private ByteBuffer out = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

  static Table table(Object... numbersAndParts) {
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < numbersAndParts.length; i += 2) {
      fields.add(new Field((Integer) numbersAndParts[i], (Part) numbersAndParts[i + 1]));
    }
    return new Table(fields);
  }

  static Bytes text(String text) {
    return new Bytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A whole file with a root table. */
  static byte[] file(Table root) {
    FlatWriter writer = new FlatWriter();
    writer.out.putInt(0).put("TFL3".getBytes(StandardCharsets.US_ASCII));
    writer.out.putInt(0, writer.write(root));
    byte[] bytes = new byte[writer.out.position()];
    writer.out.flip();
    writer.out.get(bytes);
    return bytes;
  }

  private int write(Table table) {
    int most = table.fields().stream().mapToInt(Field::number).max().orElse(-1);
    align(8);
    int vtable = out.position();
    int length = 4 + 2 * (most + 1);
    out.position(vtable + (length + 7) / 8 * 8);
    int start = out.position();
    out.putInt(start - vtable);
    out.putInt(0); // fields of 8 bytes stay aligned
    List<int[]> later = new ArrayList<>();
    for (int i = 0; i < table.fields().size(); i++) {
      Field field = table.fields().get(i);
      int at = out.position();
      out.putShort(vtable + 4 + 2 * field.number(), (short) (at - start));
      switch (field.part()) {
        case Byte1(int value) -> out.put((byte) value).put(new byte[7]);
        case Int(int value) -> out.putInt(value).putInt(0);
        case Long8(long value) -> out.putLong(value);
        case Real(float value) -> out.putFloat(value).putInt(0);
        default -> {
          later.add(new int[] {at, i});
          out.putLong(0);
        }
      }
    }
    out.putShort(vtable, (short) length);
    out.putShort(vtable + 2, (short) (out.position() - start));
    for (int[] pointer : later) {
      int target = write(table.fields().get(pointer[1]).part());
      out.putInt(pointer[0], target - pointer[0]);
    }
    return start;
  }

  private int write(Part part) {
    align(8);
    return switch (part) {
      case Table table -> write(table);
      case Tables(List<Table> tables) -> {
        int head = out.position();
        out.putInt(tables.size());
        out.position(head + 4 + 4 * tables.size());
        for (int i = 0; i < tables.size(); i++) {
          int at = head + 4 + 4 * i;
          out.putInt(at, write(tables.get(i)) - at);
        }
        yield head;
      }
      case Ints ints -> {
        int head = out.position();
        out.putInt(ints.values().length);
        for (int value : ints.values()) {
          out.putInt(value);
        }
        yield head;
      }
      case Reals reals -> {
        int head = out.position();
        out.putInt(reals.values().length);
        for (float value : reals.values()) {
          out.putFloat(value);
        }
        yield head;
      }
      case Longs longs -> {
        out.putInt(0); // elements are aligned, their count lies before them
        int head = out.position();
        out.putInt(longs.values().length);
        for (long value : longs.values()) {
          out.putLong(value);
        }
        yield head;
      }
      case Bytes bytes -> {
        int head = out.position();
        out.putInt(bytes.values().length).put(bytes.values());
        yield head;
      }
      case Byte1 _, Int _, Long8 _, Real _ ->
          throw new IllegalArgumentException("stands in its table");
    };
  }

  private void align(int to) {
    if (out.capacity() - out.position() < out.capacity() / 2) {
      ByteBuffer larger = ByteBuffer.allocate(2 * out.capacity()).order(ByteOrder.LITTLE_ENDIAN);
      int position = out.position();
      out.position(0).limit(position);
      larger.put(out);
      out = larger;
    }
    while (out.position() % to != 0) {
      out.put((byte) 0);
    }
  }
}

package dev.narrows.network.tflite;

import dev.narrows.network.NetworkFileException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * New parts before an old FlatBuffer. Offsets only point forwards, so a file cannot grow at its
 * end: what it points to from an old place must lie after that place. Before it, new tables can
 * point to old ones, and the old bytes stay as they are, moved as a whole.
 */
final class FlatFront {
  private static final int ALIGNMENT = 64; // of the old bytes, whatever is aligned inside them

  private final FlatBytes old;
  private ByteBuffer out = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private final List<int[]> backlog = new ArrayList<>(); // places of offsets, targets in old bytes

  /** Starts with the header. */
  FlatFront(FlatBytes old) {
    this.old = old;
    out.putInt(0);
    for (int i = 4; i < 8; i++) {
      out.put(old.i8(i));
    }
  }

  /** A reserved place for the offset of a vector's element or a table's field. */
  record OffsetSlot(int at) {}

  /** A copied table: where it starts, and where the old one does. */
  record TableCopy(FlatTable table, int start) {
    /** The place of a field that the table has. */
    OffsetSlot slot(int field, String name) throws NetworkFileException {
      int at = table.place(field, name);
      if (at == 0) {
        throw table.bad(name, "is missing");
      }
      return new OffsetSlot(start + at - table.start());
    }
  }

  /**
   * Copies a table: offsets go where they went, until a slot is pointed elsewhere.
   *
   * @param known its fields that this code knows, from 0
   * @param offsets those of them that are offsets
   */
  TableCopy table(FlatTable table, int known, int... offsets) throws NetworkFileException {
    for (int field = known; 4 + 2 * field < table.vtableLength(); field++) {
      if (table.has(field, "field " + field)) {
        throw table.bad("field " + field, "is not known, so a copy could break it");
      }
    }
    align(16, table.start() % 16);
    int start = out.position();
    room(table.inline());
    for (int i = 0; i < table.inline(); i++) {
      out.put(old.i8(table.start() + i));
    }
    // a vtable lies before its table by a signed distance
    backlog.add(new int[] {start, table.vtable(), 1});
    for (int field : offsets) {
      int at = table.place(field, "field " + field);
      if (at != 0) {
        toOld(start + at - table.start(), old.target(at, table.place()));
      }
    }
    return new TableCopy(table, start);
  }

  /** A vector of offsets, its elements where they went, and room for more of them. */
  List<OffsetSlot> vector(FlatVector tables, int more) throws NetworkFileException {
    align(4, 0);
    room(4 + 4 * (tables.count() + more));
    out.putInt(tables.count() + more);
    List<OffsetSlot> slots = new ArrayList<>();
    for (int i = 0; i < tables.count() + more; i++) {
      slots.add(new OffsetSlot(out.position()));
      if (i < tables.count()) {
        int at = tables.at() + 4 * i;
        toOld(out.position(), old.target(at, tables.place()));
      }
      out.putInt(0);
    }
    return slots;
  }

  /** Where the header points to the root table. */
  OffsetSlot root() {
    return new OffsetSlot(0);
  }

  /** Points a slot at what comes next. */
  void here(OffsetSlot slot, int alignment, int lead) {
    align(alignment, lead);
    point(slot, out.position());
  }

  /** Points a slot at a place. */
  void point(OffsetSlot slot, int target) {
    backlog.removeIf(entry -> entry[0] == slot.at() && entry.length == 2);
    out.putInt(slot.at(), target - slot.at());
  }

  void ints(int... values) {
    room(4 + 4 * values.length);
    out.putInt(values.length);
    Arrays.stream(values).forEach(out::putInt);
  }

  void floats(float... values) {
    room(4 + 4 * values.length);
    out.putInt(values.length);
    for (float value : values) {
      out.putFloat(value);
    }
  }

  /** A buffer that holds bytes, which are aligned as converters align them. */
  void buffer(OffsetSlot slot, byte[] data) {
    here(slot, 8, 0);
    int table = out.position();
    // the table: where its vtable is, and the data; then the vtable
    out.putInt(-8).putInt(0).putShort((short) 6).putShort((short) 8).putShort((short) 4);
    align(16, 12); // so that the data after their count are aligned
    out.putInt(table + 4, out.position() - table - 4);
    room(4 + data.length);
    out.putInt(data.length).put(data);
  }

  void setInt(OffsetSlot slot, int value) {
    out.putInt(slot.at(), value);
  }

  /** The new parts, then the old bytes with some of them replaced already. */
  byte[] before(byte[] bytes) {
    align(ALIGNMENT, 0);
    int size = out.position();
    for (int[] entry : backlog) {
      boolean vtable = entry.length == 3;
      int distance = size + entry[1] - entry[0];
      out.putInt(entry[0], vtable ? -distance : distance);
    }
    byte[] all = new byte[Math.addExact(size, bytes.length)];
    out.flip();
    out.get(all, 0, size);
    System.arraycopy(bytes, 0, all, size, bytes.length);
    return all;
  }

  private void toOld(int at, int target) {
    backlog.add(new int[] {at, target});
  }

  private void align(int to, int lead) {
    room(2 * to);
    while (out.position() % to != lead) {
      out.put((byte) 0);
    }
  }

  private void room(int bytes) {
    int needed = Math.addExact(out.position(), bytes + 64);
    if (needed > out.capacity()) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(needed, Math.multiplyExact(2, out.capacity())))
              .order(ByteOrder.LITTLE_ENDIAN);
      out.flip();
      larger.put(out);
      out = larger;
    }
  }
}

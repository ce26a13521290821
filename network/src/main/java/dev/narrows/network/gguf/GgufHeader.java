package dev.narrows.network.gguf;

import dev.narrows.network.NetworkFileException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands before the elements: "GGUF", the version, counts, metadata, directory.
 *
 * @param tensors by name, in the file's order
 */
record GgufHeader(GgufMetadata metadata, Map<String, GgufTensor> tensors) {
  private static final int MAGIC = 0x46554747; // "GGUF", read as a little-endian word
  private static final int MOST_DIMENSIONS = 4;
  private static final int LEAST_ENTRY_BYTES = 8 + 4 + 8 + 4 + 8;
  private static final int LEAST_PAIR_BYTES = 8 + 4 + 1;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int MOST_ROW_BYTES = 1 << 28; // a row is in memory at once

  /** Kinds of values, by the numbers that files write. */
  private static final int TEXT = 8;

  private static final int LIST = 9;

  static GgufHeader read(Path file, MemorySegment bytes) throws NetworkFileException {
    return new Reading(file, bytes).header();
  }

  /** Reads one file. */
  private static final class Reading {
    private final Path file;
    private final long size;
    private final GgufCursor cursor;

    Reading(Path file, MemorySegment bytes) {
      this.file = file;
      this.size = bytes.byteSize();
      this.cursor = new GgufCursor(file, bytes);
    }

    GgufHeader header() throws NetworkFileException {
      if (cursor.word("header") != MAGIC) {
        throw new NetworkFileException(file, "header", "a GGUF file begins with the word GGUF");
      }
      int version = cursor.word("version");
      if (version != 2 && version != 3) {
        throw new NetworkFileException(
            file,
            "version",
            "expected 2 or 3, got %s%s"
                .formatted(
                    Integer.toUnsignedString(version),
                    Integer.reverseBytes(version) < 16 && Integer.reverseBytes(version) > 0
                        ? " (a big-endian file)"
                        : ""));
      }
      int entries = cursor.count("number of tensors", LEAST_ENTRY_BYTES);
      int pairs = cursor.count("number of metadata", LEAST_PAIR_BYTES);
      Map<String, GgufValue> values = new LinkedHashMap<>();
      for (int i = 0; i < pairs; i++) {
        String key = cursor.text("key of metadata " + i);
        if (values.put(key, value("metadata " + key)) != null) {
          throw new NetworkFileException(file, "metadata " + key, "is there twice");
        }
      }
      GgufMetadata metadata = new GgufMetadata(file, values);
      return new GgufHeader(metadata, tensors(entries, alignment(metadata)));
    }

    private int alignment(GgufMetadata metadata) throws NetworkFileException {
      String key = "general.alignment";
      int alignment = metadata.wholeIfGiven(key, 1, 1 << 20).orElse(DEFAULT_ALIGNMENT);
      if (Integer.bitCount(alignment) != 1) {
        throw new NetworkFileException(
            file, "metadata " + key, "must be a power of two, got " + alignment);
      }
      return alignment;
    }

    private GgufValue value(String place) throws NetworkFileException {
      int kind = cursor.word(place);
      return kind == LIST ? list(place) : single(kind, place);
    }

    private GgufValue single(int kind, String place) throws NetworkFileException {
      return switch (kind) {
        case 0, 1, 2, 3, 4, 5, 10, 11 -> new GgufValue.SingleWhole(whole(kind, place));
        case 6, 12 -> new GgufValue.SingleNumber(real(kind, place));
        case 7 -> new GgufValue.SingleTruth(truth(place));
        case TEXT -> new GgufValue.SingleText(cursor.text(place));
        default -> throw unknown(kind, place);
      };
    }

    private GgufValue list(String place) throws NetworkFileException {
      int kind = cursor.word(place);
      return switch (kind) {
        case 0, 1, 2, 3, 4, 5, 7, 10, 11 -> {
          long[] values = new long[cursor.count(place, bytes(kind))];
          for (int i = 0; i < values.length; i++) {
            values[i] = kind == 7 ? (truth(place) ? 1 : 0) : whole(kind, place);
          }
          yield new GgufValue.WholeList(values);
        }
        case 6, 12 -> {
          double[] values = new double[cursor.count(place, bytes(kind))];
          for (int i = 0; i < values.length; i++) {
            values[i] = real(kind, place);
          }
          yield new GgufValue.NumberList(values);
        }
        case TEXT -> {
          int count = cursor.count(place, 8);
          List<String> values = new ArrayList<>(count);
          for (int i = 0; i < count; i++) {
            values.add(cursor.text(place));
          }
          yield new GgufValue.TextList(values);
        }
        case LIST -> throw new NetworkFileException(file, place, "lists of lists are not read");
        default -> throw unknown(kind, place);
      };
    }

    private NetworkFileException unknown(int kind, String place) {
      return new NetworkFileException(
          file,
          place,
          "expected a kind of value from 0 to 12, got " + Integer.toUnsignedString(kind));
    }

    private static int bytes(int kind) {
      return switch (kind) {
        case 0, 1, 7 -> 1;
        case 2, 3 -> 2;
        case 4, 5, 6 -> 4;
        default -> 8;
      };
    }

    private long whole(int kind, String place) throws NetworkFileException {
      return switch (kind) {
        case 0 -> cursor.byte1(place) & 0xFF;
        case 1 -> cursor.byte1(place);
        case 2 -> cursor.word16(place) & 0xFFFF;
        case 3 -> cursor.word16(place);
        case 4 -> Integer.toUnsignedLong(cursor.word(place));
        case 5 -> cursor.word(place);
        case 10 -> {
          long value = cursor.word64(place);
          if (value < 0) {
            throw new NetworkFileException(
                file, place, "must be below 2^63, got " + Long.toUnsignedString(value));
          }
          yield value;
        }
        default -> cursor.word64(place);
      };
    }

    private double real(int kind, String place) throws NetworkFileException {
      return kind == 6
          ? Float.intBitsToFloat(cursor.word(place))
          : Double.longBitsToDouble(cursor.word64(place));
    }

    private boolean truth(String place) throws NetworkFileException {
      int value = cursor.byte1(place);
      if (value != 0 && value != 1) {
        throw new NetworkFileException(file, place, "a truth is 0 or 1, got " + value);
      }
      return value == 1;
    }

    private Map<String, GgufTensor> tensors(int count, int alignment) throws NetworkFileException {
      List<GgufTensor> entries = new ArrayList<>(); // begins counted from the first element's byte
      for (int i = 0; i < count; i++) {
        entries.add(entry(i, alignment));
      }
      long first = Math.addExact(cursor.position(), alignment - 1L) / alignment * alignment;
      Map<String, GgufTensor> tensors = new LinkedHashMap<>();
      for (GgufTensor entry : entries) {
        GgufTensor placed = placed(entry, first);
        if (tensors.put(placed.name(), placed) != null) {
          throw new NetworkFileException(file, place(placed.name()), "is there twice");
        }
      }
      long end = first;
      for (GgufTensor tensor :
          tensors.values().stream().sorted(Comparator.comparingLong(GgufTensor::begin)).toList()) {
        if (tensor.begin() < end) {
          throw new NetworkFileException(
              file, place(tensor.name()), "overlaps another from byte " + tensor.begin());
        }
        end = tensor.end();
      }
      return tensors;
    }

    private GgufTensor placed(GgufTensor entry, long first) throws NetworkFileException {
      long begin = first + entry.begin(); // both are below 2^62
      if (begin > size || entry.rows() > (size - begin) / entry.rowBytes()) {
        throw new NetworkFileException(
            file,
            place(entry.name()),
            "%d rows of %d bytes from byte %d leave the file of %d bytes"
                .formatted(entry.rows(), entry.rowBytes(), begin, size));
      }
      return new GgufTensor(
          entry.name(), entry.type(), entry.columns(), entry.rows(), entry.dimensions(), begin);
    }

    private GgufTensor entry(int index, int alignment) throws NetworkFileException {
      String name = cursor.text("name of tensor " + index);
      String place = place(name);
      int dimensions = cursor.word(place);
      if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
        throw new NetworkFileException(
            file,
            place,
            "must have 1 to %d dimensions, got %s"
                .formatted(MOST_DIMENSIONS, Integer.toUnsignedString(dimensions)));
      }
      long columns = dimension(place);
      long rows = 1;
      for (int d = 1; d < dimensions; d++) {
        long next = dimension(place);
        if (rows > size / next) {
          throw new NetworkFileException(file, place, "has more elements than the file has bytes");
        }
        rows *= next;
      }
      long kind = Integer.toUnsignedLong(cursor.word(place));
      Optional<GgufType> known = GgufType.of(kind);
      if (known.isEmpty()) {
        throw new NetworkFileException(
            file, place, "expected one of the types %s, got %d".formatted(GgufType.all(), kind));
      }
      GgufType type = known.get();
      if (columns % type.elements() != 0) {
        throw new NetworkFileException(
            file,
            place,
            "rows of %s are whole blocks of %d elements, got %d"
                .formatted(type, type.elements(), columns));
      }
      long offset = cursor.word64(place);
      if (offset < 0 || offset > size || offset % alignment != 0) {
        throw new NetworkFileException(
            file,
            place,
            "must begin at a multiple of %d up to %d, got %s"
                .formatted(alignment, size, Long.toUnsignedString(offset)));
      }
      GgufTensor entry = new GgufTensor(name, type, columns, rows, dimensions, offset);
      if (entry.rowBytes() > MOST_ROW_BYTES) {
        throw new NetworkFileException(
            file,
            place,
            "rows have at most %d bytes, got %d".formatted(MOST_ROW_BYTES, entry.rowBytes()));
      }
      return entry;
    }

    private long dimension(String place) throws NetworkFileException {
      long size = cursor.word64(place);
      if (size < 1 || size > Integer.MAX_VALUE) {
        throw new NetworkFileException(
            file, place, "dimensions are from 1 to 2^31 - 1, got " + Long.toUnsignedString(size));
      }
      return size;
    }

    private static String place(String tensor) {
      return "tensor " + tensor;
    }
  }
}

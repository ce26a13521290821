package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The dictionary at the head of a {@code .npy} file, such as {@code {'descr': '<f4',
 * 'fortran_order': False, 'shape': (2, 3), }}: read by a scanner that knows nothing but these three
 * keys, so no text in it can do harm.
 *
 * @param fortranOrder whether the first index runs fastest
 * @param shape the sizes, outermost first; empty for a single number
 */
record NpyHeader(NpyType type, ByteOrder order, boolean fortranOrder, List<Integer> shape) {
  private static final int MAX_RANK = 32;

  /** The number of elements; the scanner has checked that it fits. */
  long elements() {
    long elements = 1;
    for (int size : shape) {
      elements *= size;
    }
    return elements;
  }

  /** The text as NumPy writes it, without padding. */
  String text() {
    String sizes =
        shape.size() == 1
            ? shape.get(0) + ","
            : shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
        .formatted(type.descr(), fortranOrder ? "True" : "False", sizes);
  }

  /** Reads the text; throws {@link DataException} with the place in it and the expectation. */
  static NpyHeader parse(String text) {
    return new Scanner(text).header();
  }

  private static final class Scanner {
    private final String text;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    NpyHeader header() {
      Optional<String> descr = Optional.empty();
      Optional<Boolean> fortran = Optional.empty();
      Optional<List<Integer>> shape = Optional.empty();
      expect('{');
      while (!accept('}')) {
        int start = at;
        String key = string();
        expect(':');
        if (key.equals("descr") && descr.isEmpty()) {
          descr = Optional.of(string());
        } else if (key.equals("fortran_order") && fortran.isEmpty()) {
          fortran = Optional.of(truth());
        } else if (key.equals("shape") && shape.isEmpty()) {
          shape = Optional.of(tuple());
        } else {
          at = start;
          throw wrong("'descr', 'fortran_order' and 'shape', once each");
        }
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      skipSpace();
      if (at < text.length()) {
        throw wrong("the end of the header");
      }
      String type = descr.orElseThrow(() -> wrong("the key 'descr'"));
      if (type.length() < 2) {
        throw wrong("'descr' to be like '<f4'");
      }
      ByteOrder order =
          switch (type.charAt(0)) {
            case '<', '|' -> ByteOrder.LITTLE_ENDIAN;
            case '>' -> ByteOrder.BIG_ENDIAN;
            default -> throw wrong("'descr' to begin with <, > or |, got '" + type + "'");
          };
      NpyType element = NpyType.ofCode(type.substring(1));
      if (type.charAt(0) == '|' && element.bytes() > 1) {
        throw wrong("'descr' to give a byte order, got '" + type + "'");
      }
      return new NpyHeader(
          element,
          order,
          fortran.orElseThrow(() -> wrong("the key 'fortran_order'")),
          shape.orElseThrow(() -> wrong("the key 'shape'")));
    }

    private String string() {
      skipSpace();
      char quote = at < text.length() ? text.charAt(at) : 0;
      if (quote != '\'' && quote != '"') {
        throw wrong("a quoted text (records and nested types are not supported)");
      }
      int end = text.indexOf(quote, at + 1);
      if (end < 0) {
        throw wrong("a closing " + quote);
      }
      String value = text.substring(at + 1, end);
      at = end + 1;
      return value;
    }

    private boolean truth() {
      skipSpace();
      if (text.startsWith("True", at)) {
        at += 4;
        return true;
      }
      if (text.startsWith("False", at)) {
        at += 5;
        return false;
      }
      throw wrong("True or False");
    }

    private List<Integer> tuple() {
      List<Integer> sizes = new ArrayList<>();
      long product = 1;
      expect('(');
      while (!accept(')')) {
        int size = integer();
        if (sizes.size() == MAX_RANK) {
          throw wrong("at most " + MAX_RANK + " dimensions");
        }
        sizes.add(size);
        // Empty dimensions must not hide absurd ones, so a size of 0 counts as 1 here.
        product *= Math.max(size, 1);
        if (product > Integer.MAX_VALUE) {
          throw wrong("fewer than 2^31 elements");
        }
        if (!accept(',')) {
          expect(')');
          break;
        }
      }
      return List.copyOf(sizes);
    }

    private int integer() {
      skipSpace();
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      String digits = text.substring(start, at);
      try {
        return Integer.parseInt(digits);
      } catch (NumberFormatException notASize) {
        at = start;
        throw wrong("a size from 0 to 2^31 − 1");
      }
    }

    private void expect(char wanted) {
      if (!accept(wanted)) {
        throw wrong("'" + wanted + "'");
      }
    }

    private boolean accept(char wanted) {
      skipSpace();
      if (at < text.length() && text.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private void skipSpace() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
        at++;
      }
    }

    private DataException wrong(String expected) {
      return new DataException("header character " + at + ": expected " + expected);
    }
  }
}

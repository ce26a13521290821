package dev.narrows.network.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the elements of a tensor are stored: in blocks of so many elements, each of so many bytes.
 */
public enum GgufType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  /** A scale, 4 bits an element from −8. */
  Q4_0(2, 32, 18),
  /** A scale and a least value, 4 bits an element. */
  Q4_1(3, 32, 20),
  /** A scale, 5 bits an element from −16. */
  Q5_0(6, 32, 22),
  /** A scale and a least value, 5 bits an element. */
  Q5_1(7, 32, 24),
  /** A scale, signed bytes. */
  Q8_0(8, 32, 34),
  /** 16 parts with scale and least value of 4 bits, 2 bits an element. */
  Q2_K(10, 256, 84),
  /** 16 parts with a scale of 6 bits, 3 bits an element from −4. */
  Q3_K(11, 256, 110),
  /** 8 parts with scale and least value of 6 bits, 4 bits an element. */
  Q4_K(12, 256, 144),
  /** 8 parts with scale and least value of 6 bits, 5 bits an element. */
  Q5_K(13, 256, 176),
  /** 16 parts with a scale of 8 bits, 6 bits an element from −32. */
  Q6_K(14, 256, 210),
  /** A scale in binary32, signed bytes, and their sums, which are not read. */
  Q8_K(15, 256, 292),
  BF16(30, 1, 2);

  private final int id;
  private final int elements;
  private final int bytes;

  GgufType(int id, int elements, int bytes) {
    this.id = id;
    this.elements = elements;
    this.bytes = bytes;
  }

  /** Elements of a block. */
  public int elements() {
    return elements;
  }

  /** Bytes of a block. */
  public int bytes() {
    return bytes;
  }

  /** The number that files write. */
  public int id() {
    return id;
  }

  static Optional<GgufType> of(long id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }

  /** All of them, for messages. */
  static String all() {
    return Arrays.stream(values())
        .map(type -> type.id + " (" + type + ")")
        .collect(Collectors.joining(", "));
  }
}

package dev.narrows.network.tflite;

import static dev.narrows.network.tflite.FlatWriter.table;
import static dev.narrows.network.tflite.FlatWriter.text;

import dev.narrows.network.tflite.FlatWriter.Bytes;
import dev.narrows.network.tflite.FlatWriter.Field;
import dev.narrows.network.tflite.FlatWriter.Int;
import dev.narrows.network.tflite.FlatWriter.Ints;
import dev.narrows.network.tflite.FlatWriter.Longs;
import dev.narrows.network.tflite.FlatWriter.Part;
import dev.narrows.network.tflite.FlatWriter.Reals;
import dev.narrows.network.tflite.FlatWriter.Table;
import dev.narrows.network.tflite.FlatWriter.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A small TFLite file whose every part a test can replace: convolution, reshape, dense, softmax.
 */
final class SmallTflite {
  static final int CONV_2D = 3;
  static final int FULLY_CONNECTED = 9;
  static final int RESHAPE = 22;
  static final int SOFTMAX = 25;
  private static final int INT8 = 9;
  private static final int INT32 = 2;

  final List<Table> codes = new ArrayList<>();
  final List<Table> tensors = new ArrayList<>();
  final List<Table> operators = new ArrayList<>();
  final List<Table> buffers = new ArrayList<>();
  int version = 3;
  int subgraphs = 1;
  int[] inputs = {0};
  int[] outputs = {8};

  SmallTflite() {
    Random random = new Random(7);
    for (int code : new int[] {CONV_2D, RESHAPE, FULLY_CONNECTED, SOFTMAX}) {
      codes.add(table(0, new FlatWriter.Byte1(code), 2, new Int(1), 3, new Int(code)));
    }
    buffers.add(table());
    buffers.add(table(0, random(random, 3 * 3 * 3 * 2)));
    buffers.add(table(0, new Bytes(new byte[4 * 3])));
    buffers.add(table(0, random(random, 4 * 48)));
    buffers.add(table(0, new Bytes(new byte[4 * 4])));
    tensors.add(tensor("input", INT8, 0, quantized(0, 3, 0.5f), 1, 4, 4, 2));
    tensors.add(tensor("filter", INT8, 1, quantized(0, 0, 0.1f, 0.2f, 0.3f), 3, 3, 3, 2));
    tensors.add(tensor("bias", INT32, 2, table(), 3));
    tensors.add(tensor("conv", INT8, 0, quantized(0, -128, 0.25f), 1, 4, 4, 3));
    tensors.add(tensor("flat", INT8, 0, quantized(0, -128, 0.25f), 1, 48));
    tensors.add(tensor("weights", INT8, 3, quantized(0, 0, 0.05f), 4, 48));
    tensors.add(tensor("bias2", INT32, 4, table(), 4));
    tensors.add(tensor("logits", INT8, 0, quantized(0, 0, 0.5f), 1, 4));
    tensors.add(tensor("shares", INT8, 0, quantized(0, -128, 1 / 256f), 1, 4));
    operators.add(operator(0, 1, table(1, new Int(1), 2, new Int(1)), new int[] {0, 1, 2}, 3));
    operators.add(operator(1, 17, table(), new int[] {3}, 4));
    operators.add(operator(2, 8, table(), new int[] {4, 5, 6}, 7));
    operators.add(operator(3, 9, table(0, new FlatWriter.Real(1)), new int[] {7}, 8));
  }

  static Table quantized(int dimension, long zero, float... scales) {
    long[] zeros = new long[scales.length];
    Arrays.fill(zeros, zero);
    return table(2, new Reals(scales), 3, new Longs(zeros), 6, new Int(dimension));
  }

  static Table tensor(String name, int type, int buffer, Table quantization, int... shape) {
    return table(
        0,
        new Ints(shape),
        1,
        new FlatWriter.Byte1(type),
        2,
        new Int(buffer),
        3,
        text(name),
        4,
        quantization);
  }

  static Table operator(int code, int optionsType, Table options, int[] in, int... out) {
    return table(
        0,
        new Int(code),
        1,
        new Ints(in),
        2,
        new Ints(out),
        3,
        new FlatWriter.Byte1(optionsType),
        4,
        options);
  }

  /** The table with one field replaced, or added. */
  static Table with(Table table, int number, Part part) {
    List<Field> fields = new ArrayList<>(table.fields());
    fields.removeIf(field -> field.number() == number);
    fields.add(new Field(number, part));
    return new Table(fields);
  }

  /** The table without a field. */
  static Table without(Table table, int number) {
    return new Table(table.fields().stream().filter(f -> f.number() != number).toList());
  }

  byte[] bytes() {
    Table graph =
        table(
            0,
            new Tables(tensors),
            1,
            new Ints(inputs),
            2,
            new Ints(outputs),
            3,
            new Tables(operators));
    return FlatWriter.file(
        table(
            0,
            new Int(version),
            1,
            new Tables(codes),
            2,
            new Tables(Collections.nCopies(subgraphs, graph)),
            4,
            new Tables(buffers)));
  }

  private static Bytes random(Random random, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (random.nextInt(255) - 127);
    }
    return new Bytes(bytes);
  }
}

package dev.narrows.network.tflite;

import static dev.narrows.network.tflite.FlatWriter.table;
import static dev.narrows.network.tflite.SmallTflite.operator;
import static dev.narrows.network.tflite.SmallTflite.quantized;
import static dev.narrows.network.tflite.SmallTflite.tensor;
import static dev.narrows.network.tflite.SmallTflite.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.tflite.FlatWriter.Byte1;
import dev.narrows.network.tflite.FlatWriter.Bytes;
import dev.narrows.network.tflite.FlatWriter.Int;
import dev.narrows.network.tflite.FlatWriter.Ints;
import dev.narrows.network.tflite.FlatWriter.Long8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files made to mislead the reader: each is refused with file, place and expectation. */
class AttackFilesTest {
  private static final int INT8 = 9;
  private static final int INT16 = 7;

  @TempDir private Path folder;

  private Network read(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("attack.tflite"), bytes);
    return new TfliteReader().read(file);
  }

  private static Network parsed(byte[] bytes) throws IOException {
    FlatModel model = FlatModel.of(FlatBytes.of(Path.of("attack.tflite"), ByteBuffer.wrap(bytes)));
    return new GraphImport(model).network("attack");
  }

  @Test
  void read_soundFile_runsAsTheReferenceDoes() throws IOException {
    Network network = read(new SmallTflite().bytes());
    int[] codes = new int[network.input().elements()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = i * 37 % 256 - 128;
    }
    int[] expected = new ReferenceExecutor(network, LayerRegisters.exact()).run(codes);
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      assertThat(executor.run(codes, 1).outputs()).isEqualTo(expected);
    }
    assertThat(Arrays.stream(expected).map(code -> code + 128).sum()).isBetween(252, 260);
  }

  /** A vector has one dimension, whatever number the file gives it. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, -1})
  void read_biasOfOneScaleAChannel_isTakenWhateverItsQuantizedDimension(int dimension)
      throws IOException {
    SmallTflite file = new SmallTflite();
    file.tensors.set(2, tensor("bias", 2, 2, quantized(dimension, 0, 0.05f, 0.1f, 0.15f), 3));
    assertThat(read(file.bytes()).layers()).isNotEmpty();
  }

  @Test
  void read_gitLfsPointer_isNamedAsSuch() {
    byte[] pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(pointer))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("attack.tflite: file: is a Git LFS pointer")
        .hasMessageContaining("git lfs pull");
  }

  private static void once(SmallTflite f, int subgraph) {
    f.codes.set(3, table(0, new Byte1(127), 2, new Int(1), 3, new Int(129)));
    f.operators.set(3, operator(3, 103, table(0, new Int(subgraph)), new int[0]));
  }

  private static void variable(SmallTflite f, int code, int options, int handle, int... made) {
    f.codes.set(3, table(0, new Byte1(127), 2, new Int(1), 3, new Int(code)));
    f.operators.set(3, operator(3, options, table(), new int[] {handle}, made));
  }

  private static Arguments attack(String name, Consumer<SmallTflite> spoil, String... said) {
    return arguments(name, spoil, said);
  }

  static Stream<Arguments> spoiled() {
    return Stream.of(
        attack("another schema", f -> f.version = 2, "version", "schema 3"),
        attack("no operators", f -> f.operators.clear(), "operators", "expected 1 to"),
        attack("an input that is made", f -> f.inputs = new int[] {0, 3}, "makes tensor 3 again"),
        attack("an input twice", f -> f.inputs = new int[] {0, 0}, "inputs", "tensor 0 twice"),
        attack("no input", f -> f.inputs = new int[0], "inputs", "at least one"),
        attack("no output", f -> f.outputs = new int[0], "outputs", "at least one"),
        attack(
            "weights of several scales as output",
            f -> f.outputs = new int[] {8, 1},
            "tensor 1: expected one scale"),
        attack("an input that is not there", f -> f.inputs = new int[] {9}, "tensor 9"),
        attack("a negative output", f -> f.outputs = new int[] {-1}, "outputs", "tensor -1"),
        attack(
            "an output nobody makes",
            f -> {
              f.outputs = new int[] {f.tensors.size()};
              f.tensors.add(tensor("o", INT8, 0, quantized(0, 0, 1), 1, 4));
            },
            "no operator makes tensor 9"),
        attack(
            "unknown and unsupported operators, named at once",
            f -> {
              f.codes.set(0, table(0, new Byte1(127), 2, new Int(1), 3, new Int(999)));
              f.codes.set(1, table(0, new Byte1(32), 1, FlatWriter.text("Mine"), 3, new Int(32)));
              f.codes.set(3, table(0, new Byte1(25), 2, new Int(99), 3, new Int(25)));
            },
            "3 not supported",
            "0 code 999",
            "1 CUSTOM \"Mine\"",
            "3 SOFTMAX (version 99)"),
        attack(
            "unsupported operators behind an unsupported one",
            f -> {
              f.codes.set(0, table(0, new Byte1(127), 2, new Int(1), 3, new Int(999)));
              f.tensors.set(7, tensor("logits", INT16, 0, quantized(0, 0, 0.5f), 1, 4));
            },
            "3 not supported",
            "0 code 999",
            "2 FULLY_CONNECTED (codes int8 to int16)",
            "3 SOFTMAX (elements of"),
        attack(
            "unsupported operators in a file that is refused for something else",
            f -> {
              f.inputs = new int[] {0, 0};
              f.codes.set(1, table(0, new Byte1(127), 2, new Int(1), 3, new Int(999)));
              f.codes.set(3, table(0, new Byte1(25), 2, new Int(99), 3, new Int(25)));
            },
            "2 not supported: 1 code 999; 3 SOFTMAX (version 99)",
            "Besides, inputs: tensor 0 twice"),
        attack(
            "unsupported operators behind a malformed one",
            f -> {
              f.operators.set(0, with(f.operators.get(0), 4, table()));
              f.codes.set(3, table(0, new Byte1(25), 2, new Int(99), 3, new Int(25)));
            },
            "1 not supported: 3 SOFTMAX (version 99)",
            "Besides, operator 0 CONV_2D"),
        attack(
            "a batch of two and an unknown operator",
            f -> {
              f.tensors.set(0, tensor("i", INT8, 0, quantized(0, 3, 0.5f), 2, 4, 4, 2));
              f.codes.set(3, table(0, new Byte1(127), 2, new Int(1), 3, new Int(999)));
            },
            "1 not supported: 3 code 999",
            "Besides, operator 0 CONV_2D: its output must be [2, 4, 4, 3]"),
        attack("no subgraph", f -> f.subgraphs = 0, "subgraphs", "expected at least one, got none"),
        attack("a first subgraph that is not there", f -> once(f, 7), "subgraphs: 7; there are 1"),
        attack("an initialisation by the call itself", f -> once(f, 0), "CONV_2D in an init"),
        attack(
            "a variable that nothing names",
            f -> variable(f, 143, 112, 3, 7),
            "operator 3 READ_VARIABLE: expected a variable"),
        attack(
            "an assignment without a value",
            f -> variable(f, 144, 113, 3),
            "operator 3 ASSIGN_VARIABLE: expected a variable and a value"),
        attack(
            "an operator code that is not there",
            f -> f.operators.set(0, with(f.operators.get(0), 0, new Int(77))),
            "opcode_index",
            "77"),
        attack(
            "an operator that reads its own output",
            f -> f.operators.set(0, with(f.operators.get(0), 1, new Ints(3, 1, 2))),
            "operator 0",
            "before anything makes it"),
        attack(
            "a tensor made twice",
            f -> f.operators.set(1, operator(1, 17, table(), new int[] {3}, 3)),
            "operator 1",
            "again"),
        attack(
            "options of another operator",
            f -> f.operators.set(0, with(f.operators.get(0), 3, new Byte1(9))),
            "builtin_options",
            "expected 1"),
        attack(
            "a stride of zero",
            f -> f.operators.set(0, with(f.operators.get(0), 4, table())),
            "operator 0",
            "stride"),
        attack(
            "a stride of 2^31 - 1",
            f ->
                f.operators.set(
                    0,
                    with(
                        f.operators.get(0),
                        4,
                        table(1, new Int(Integer.MAX_VALUE), 2, new Int(1)))),
            "operator 0",
            "stride width"),
        attack(
            "an absurd dimension",
            f -> f.tensors.set(0, tensor("i", INT8, 0, quantized(0, 0, 1), 1, 1 << 30, 4, 2)),
            "shape",
            "2^31"),
        attack(
            "a negative dimension",
            f -> f.tensors.set(0, tensor("i", INT8, 0, quantized(0, 0, 1), 1, -4, 4, 2)),
            "shape",
            "at least 1"),
        attack(
            "too many dimensions",
            f -> f.tensors.set(0, tensor("i", INT8, 0, quantized(0, 0, 1), new int[100])),
            "shape",
            "at most 8"),
        attack(
            "a batch that an operator loses",
            f -> f.tensors.set(0, tensor("i", INT8, 0, quantized(0, 0, 1), 2, 4, 4, 2)),
            "operator 0",
            "[2, 4, 4, 3]"),
        attack(
            "an output of another size",
            f -> f.tensors.set(3, tensor("c", INT8, 0, quantized(0, 0, 1), 1, 5, 4, 3)),
            "operator 0",
            "[1, 4, 4, 3]"),
        attack(
            "an unknown type",
            f -> f.tensors.set(0, with(f.tensors.get(0), 1, new Byte1(99))),
            "99"),
        attack(
            "a scale of NaN",
            f -> f.tensors.set(0, with(f.tensors.get(0), 4, quantized(0, 0, Float.NaN))),
            "tensor 0",
            "NaN"),
        attack(
            "a scale of zero",
            f -> f.tensors.set(3, with(f.tensors.get(3), 4, quantized(0, 0, 0))),
            "tensor 3",
            "positive"),
        attack(
            "an infinite scale",
            f ->
                f.tensors.set(
                    1, with(f.tensors.get(1), 4, quantized(0, 0, 1, Float.POSITIVE_INFINITY, 1))),
            "tensor 1",
            "scale 1"),
        attack(
            "a negative scale",
            f -> f.tensors.set(5, with(f.tensors.get(5), 4, quantized(0, 0, -1))),
            "tensor 5",
            "positive"),
        attack(
            "a scale that makes a factor of 2^60",
            f -> f.tensors.set(3, with(f.tensors.get(3), 4, quantized(0, 0, 0x1p-60f))),
            "operator 0",
            "2^30"),
        attack(
            "a zero point out of range",
            f -> f.tensors.set(0, with(f.tensors.get(0), 4, quantized(0, 300, 1))),
            "zero point",
            "[-128, 127]"),
        attack(
            "a zero point of 2^40",
            f -> f.tensors.set(3, with(f.tensors.get(3), 4, quantized(0, 1L << 40, 1))),
            "zero point"),
        attack(
            "scales of the wrong number",
            f -> f.tensors.set(1, with(f.tensors.get(1), 4, quantized(0, 0, 1, 1))),
            "scale",
            "2 of them"),
        attack(
            "scales of another dimension",
            f -> f.tensors.set(1, with(f.tensors.get(1), 4, quantized(1, 0, 1, 1, 1))),
            "1 scale or one for each of 3"),
        attack(
            "scales of a dimension that is not there",
            f -> f.tensors.set(1, with(f.tensors.get(1), 4, quantized(-7, 0, 1, 1, 1))),
            "dimension -7"),
        attack(
            "a buffer that is not there",
            f -> f.tensors.set(1, with(f.tensors.get(1), 2, new Int(50))),
            "buffer",
            "50"),
        attack(
            "a buffer of another size",
            f -> f.buffers.set(1, table(0, new Bytes(new byte[53]))),
            "buffer",
            "53 bytes for 54"),
        attack(
            "weights without data",
            f -> f.buffers.set(1, table()),
            "0 CONV_2D",
            "filter is no constant"),
        attack(
            "data outside the file",
            f -> f.buffers.set(1, table(1, new Long8(1L << 40), 2, new Long8(54))),
            "outside the file"),
        attack(
            "data of a negative size",
            f -> f.buffers.set(1, table(1, new Long8(64), 2, new Long8(-1))),
            "outside the file"),
        attack(
            "a filter for other channels",
            f -> {
              f.tensors.set(1, tensor("f", INT8, 1, quantized(0, 0, 1), 2, 3, 3, 3));
            },
            "operator 0",
            "does not fit 2 channels"),
        attack(
            "one buffer read by a thousand operators",
            f -> {
              f.buffers.set(3, table(0, new Bytes(new byte[1 << 16])));
              f.tensors.set(4, tensor("flat", INT8, 0, quantized(0, -128, 0.25f), 1, 1 << 8));
              f.tensors.set(5, tensor("w", INT8, 3, quantized(0, 0, 1), 1 << 8, 1 << 8));
              f.operators.clear();
              f.tensors.set(0, tensor("i", INT8, 0, quantized(0, 0, 1), 1, 1 << 8));
              for (int i = 0; i < 1000; i++) {
                int made = f.tensors.size();
                f.tensors.add(tensor("t", INT8, 0, quantized(0, 0, 1), 1, 1 << 8));
                f.operators.add(
                    operator(2, 8, table(), new int[] {i == 0 ? 0 : made - 1, 5}, made));
              }
            },
            "too small for all the constants"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spoiled")
  void read_spoiledPart_isRefusedByName(String name, Consumer<SmallTflite> spoil, String... said) {
    SmallTflite file = new SmallTflite();
    spoil.accept(file);
    assertThatThrownBy(() -> read(file.bytes()))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("attack.tflite: ")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage())).contains(said));
  }

  @Test
  void read_everyTruncation_isRefused() throws IOException {
    byte[] whole = new SmallTflite().bytes();
    for (int length = 0; length < whole.length - 8; length++) { // the last bytes may be padding
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> parsed(cut)).isInstanceOf(NetworkFileException.class);
    }
  }

  @Test
  void read_everyWordAsAWildOffset_isRefusedOrRead() throws IOException {
    byte[] whole = new SmallTflite().bytes();
    int refused = 0;
    for (int at = 0; at + 4 <= whole.length; at += 4) {
      // outside, before the start, itself (a cycle), and far into the file
      for (int offset : new int[] {Integer.MAX_VALUE, -8, 0, whole.length - 4 - at}) {
        ByteBuffer bytes = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(at, offset);
        try {
          parsed(bytes.array());
        } catch (NetworkFileException typed) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(500);
  }
}

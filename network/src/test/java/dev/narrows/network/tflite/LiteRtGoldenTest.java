package dev.narrows.network.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.testing.SharedData;
import dev.narrows.network.FileShape;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every tensor of others' networks against LiteRT's reference kernels, byte for byte. */
class LiteRtGoldenTest {
  @TempDir private Path folder;

  private static final String RESNET = "mlperf-tiny/pretrainedResnet_quant.tflite";
  private static final int INPUTS = 20;
  private static final Path OPERATORS = Path.of("src/test/resources/golden/litert/operators");

  @Tag("data")
  @ParameterizedTest
  @ValueSource(
      strings = {
        RESNET,
        "mlperf-tiny/kws_ref_model.tflite",
        "mlperf-tiny/ad01_int8.tflite",
        "coral/mobilenet_v1_0.25_128_quant.tflite",
        "tflite-micro/micro_speech_quantized.tflite"
      })
  void executor_seededInputs_givesLiteRtsBytesInEveryTensor(String model) throws IOException {
    compareAll(
        SharedData.file("models/" + model),
        "/golden/litert/" + csv(model.substring(model.indexOf('/') + 1)));
  }

  static void compareAll(Path file, String golden) throws IOException {
    compareAll(file, golden(golden));
  }

  private static void compareAll(Path file, List<String[]> golden) throws IOException {
    Network network = new TfliteReader().read(file);
    Map<Integer, int[]> made = new HashMap<>();
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 2)) {
      executor.run(
          inputs(network, INPUTS),
          INPUTS,
          RunOptions.none()
              .inSequence(!network.states().isEmpty())
              .withTensors((tensor, first, codes) ->
                  System.arraycopy(
                      codes,
                      0,
                      made.computeIfAbsent(
                          tensor, t -> new int[INPUTS * network.tensor(t).elements()]),
                      first * network.tensor(tensor).elements(),
                      codes.length)));
    }
    compare(network, golden, made);
  }

  private static String csv(String model) {
    return model.replace(".tflite", ".csv");
  }

  static Stream<String> operators() throws IOException {
    try (Stream<Path> files = Files.list(OPERATORS)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".tflite"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("operators")
  void executor_oneOperator_givesLiteRtsBytes(String file) throws IOException {
    compareAll(OPERATORS.resolve(file), "/golden/litert/operators/" + csv(file));
  }

  @ParameterizedTest
  @MethodSource("operators")
  void narrowsFile_oneOperator_holdsTheSameNetwork(String file) throws IOException {
    Network network = new TfliteReader().read(OPERATORS.resolve(file));
    Path own = folder.resolve("own.narrows");
    NarrowsWriter.write(network, own);
    assertThat(new NarrowsReader().read(own)).isEqualTo(network);
  }

  @ParameterizedTest
  @MethodSource("operators")
  void reference_oneOperator_givesTheExecutorsCodes(String file) throws IOException {
    Network network = new TfliteReader().read(OPERATORS.resolve(file));
    int[] codes = inputs(network, 1);
    try (Executor executor = Executor.of(network, LayerRegisters.exact(), 1)) {
      assertThat(executor.run(codes, 1).outputs())
          .isEqualTo(new ReferenceExecutor(network, LayerRegisters.exact()).run(codes));
    }
  }

  /** Files of random_operators.py; what is not read is counted, and must be little. */
  @EnabledIfSystemProperty(named = "narrows.litert", matches = ".+")
  @Test
  void executor_randomOperatorsOfAFolder_giveLiteRtsBytes() throws IOException {
    int refused = 0;
    int compared = 0;
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("narrows.litert")))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".tflite")).sorted().toList()) {
        try {
          String golden = csv(String.valueOf(file.getFileName()));
          compareAll(file, rows(Files.readAllLines(file.resolveSibling(golden))));
          compared++;
        } catch (NetworkFileException e) {
          System.out.println(e.getMessage());
          refused++;
        }
      }
    }
    System.out.printf("%d files alike, %d refused%n", compared, refused);
    assertThat(refused).isLessThan(compared / 20);
  }

  @Tag("data")
  @Test
  void reference_resNetsInputs_givesLiteRtsBytesInEveryTensor() throws IOException {
    Network network = new TfliteReader().read(SharedData.file("models/" + RESNET));
    int[] first = Arrays.copyOf(inputs(network, 1), network.inputElements());
    List<int[]> tensors = new ReferenceExecutor(network, LayerRegisters.exact()).tensors(first);
    Map<Integer, int[]> made = new HashMap<>();
    for (int t = 0; t < tensors.size(); t++) {
      made.put(t, tensors.get(t));
    }
    compare(network, golden("/golden/litert/pretrainedResnet_quant.csv"), made);
  }

  /** [images][inputs one after the other][C][H][W] of SplitMix64's codes in the file's order. */
  static int[] inputs(Network network, int count) {
    int row = network.inputElements();
    int[] codes = new int[count * row];
    List<FileTensors.Tensor> file = FileTensors.of(network).orElseThrow().tensors();
    for (int image = 0; image < count; image++) {
      SplittableRandom random = new SplittableRandom(image);
      int offset = image * row;
      for (int input : network.inputs()) {
        TensorType type = network.tensor(input);
        FileShape shape =
            file.stream().filter(t -> t.tensor() == input).findFirst().orElseThrow().shape();
        for (int place : shape.places()) {
          codes[offset + place] = word(type, random.nextLong());
        }
        offset += type.elements();
      }
    }
    return codes;
  }

  /** All outputs of one call in the file's order, one after the other. */
  static int[] inFileOrder(Network network, List<int[]> tensors) {
    List<FileTensors.Tensor> known = FileTensors.of(network).orElseThrow().tensors();
    return FileTensors.outputs(network).stream()
        .map(output ->
            known.stream().filter(each -> each.tensor() == output).findFirst().orElseThrow())
        .flatMapToInt(each -> Arrays.stream(each.inFileOrder(tensors.get(each.tensor()), 0)))
        .toArray();
  }

  private static int word(TensorType type, long bits) {
    if (type.isFloat()) {
      return Words.of((byte) bits * 0.037f);
    }
    IntegerFormat format = type.quantization().format();
    if (format.bits() == Integer.SIZE) {
      return (byte) bits;
    }
    int above = Integer.SIZE - format.bits();
    int high = (int) bits << above;
    return format.signed() ? high >> above : high >>> above;
  }

  @Test
  void outputs_fileWithTwo_areTheFilesInItsOrder() throws IOException {
    Network network = new TfliteReader().read(OPERATORS.resolve("several-inputs-outputs.tflite"));
    List<Integer> outputs = FileTensors.outputs(network);
    assertThat(outputs).hasSize(2).first().isEqualTo(network.tensors() - 1);
    assertThat(network.tensor(outputs.get(1)).height()).isEqualTo(4);
    assertThat(network.inputElements()).isEqualTo(60 + 12);
  }

  @Test
  void outputs_detectionHead_areTheBoxesAndScoresThatItReads() throws IOException {
    Network network = new TfliteReader().read(OPERATORS.resolve("detections.tflite"));
    assertThat(FileTensors.outputs(network).stream().map(network::tensor))
        .extracting(TensorType::channels)
        .containsExactly(4, 3);
    assertThat(FileTensors.note(network)).get().asString().contains("box encodings");
  }

  private static void compare(Network network, List<String[]> golden, Map<Integer, int[]> made) {
    Map<Integer, FileTensors.Tensor> tensors = new HashMap<>();
    FileTensors.of(network).orElseThrow().tensors().forEach(t -> tensors.put(t.index(), t));
    int compared = 0;
    for (String[] row : golden) {
      FileTensors.Tensor tensor = tensors.get(Integer.parseInt(row[1]));
      if (tensor == null) {
        continue; // a constant that is made while the file is read
      }
      int image = Integer.parseInt(row[0]);
      int[] words = Objects.requireNonNull(made.get(tensor.tensor()));
      if (image * tensor.shape().elements() >= words.length) {
        continue;
      }
      int[] codes = tensor.inFileOrder(words, image);
      if (!row[3].isEmpty()) {
        assertThat(codes)
            .isEqualTo(Arrays.stream(row[3].split(" ")).mapToInt(Integer::parseInt).toArray());
      }
      assertThat(digest(codes, network.tensor(tensor.tensor())))
          .as("input %d, tensor %s", image, tensor)
          .isEqualTo(row[2]);
      compared++;
    }
    assertThat(compared).isGreaterThanOrEqualTo(4);
  }

  private static List<String[]> golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(LiteRtGoldenTest.class.getResourceAsStream(name))) {
      return rows(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    }
  }

  private static List<String[]> rows(List<String> lines) {
    return lines.stream().skip(4).map(line -> line.split(",", -1)).toList();
  }

  private static String digest(int[] words, TensorType type) {
    int size =
        type.isFloat() ? Float.BYTES : Math.max(1, type.quantization().format().bits() / Byte.SIZE);
    byte[] bytes = new byte[words.length * size];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (words[i / size] >> 8 * (i % size));
    }
    try {
      byte[] all = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(all, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

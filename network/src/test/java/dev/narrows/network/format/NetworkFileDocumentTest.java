package dev.narrows.network.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.FloatNetworks;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.layer.Activation;
import dev.narrows.network.layer.Elementwise;
import dev.narrows.network.layer.IntegerElementwise;
import dev.narrows.network.layer.IntegerFunction;
import dev.narrows.network.layer.RoundTo;
import dev.narrows.network.layer.ShapedActivation;
import dev.narrows.network.safetensors.SafetensorsFile;
import dev.narrows.network.safetensors.SafetensorsType;
import dev.narrows.network.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * docs/network-file.md: the strict reader takes the keys that it lists, and no others are written.
 */
class NetworkFileDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/network-file.md");
  private static final Set<String> OF_EVERY_LAYER = Set.of("name", "kind", "inputs", "output");
  private static final String CODES = "{'shape':[2,2,2],'format':'int8','scale':1.0,'zeroPoint':0}";
  private static final String NUMBERS = "{'shape':[2,2,2],'format':'float32'}";
  private static final String VECTOR =
      "{'shape':[2,1,1],'format':'int8','scale':1.0,'zeroPoint':0}";
  private static final String VECTOR_OF_NUMBERS = "{'shape':[2,1,1],'format':'float32'}";
  private static final String WINDOW =
      "'window':{'kernel':[1,1],'stride':[1,1],'dilation':[1,1],'padding':[0,0,0,0]}";
  private static final String FACTOR = "{'multiplier':1073741824,'shift':0}";
  private static final String RANGE = "'min':-128,'max':127";

  @TempDir private Path folder;

  /**
   * A layer that reads tensor 0.
   *
   * @param keys of its kind, single quotes for double ones
   * @param tensors adds what it needs, by the name {@code x}
   */
  private record Example(
      String kind,
      String input,
      String output,
      String keys,
      UnaryOperator<SafetensorsWriter> tensors) {
    static Example of(String kind, String type, String keys) {
      return new Example(kind, type, type, keys, writer -> writer);
    }
  }

  private static SafetensorsWriter fixedPoint(SafetensorsWriter writer) {
    return writer
        .ints("x.multipliers", SafetensorsType.I32, new int[] {1 << 30}, 1)
        .ints("x.shifts", SafetensorsType.I8, new int[1], 1);
  }

  private static final String FIXED_POINT =
      "'requantization':{'form':'fixedPointMultiplier','channels':1,'zeroPoint':0," + RANGE + "}";

  private static SafetensorsWriter integers(SafetensorsWriter writer) {
    return fixedPoint(writer)
        .ints("x.weights", SafetensorsType.I8, new int[4], 2, 2)
        .doubles("x.scales", new double[] {1, 1}, 2)
        .ints("x.bias", SafetensorsType.I32, new int[2], 2);
  }

  private static final String INTEGERS =
      "'weights':{'channels':2,'terms':2,'bits':8},'zero':'offset','bias':'after',"
          + "'pinned':'exact',"
          + FIXED_POINT;

  private static SafetensorsWriter floats(SafetensorsWriter writer) {
    return writer
        .floats("x.weights", new float[4], 2, 2)
        .floats("x.scale", new float[] {1, 1}, 2)
        .floats("x.bias", new float[2], 2);
  }

  private static final String FLOATS =
      "'weights':{'channels':2,'terms':2},'relu':true,'scaled':true,'pinned':'exact'";

  private static List<Example> examples() {
    UnaryOperator<SafetensorsWriter> integers = NetworkFileDocumentTest::integers;
    UnaryOperator<SafetensorsWriter> floats = NetworkFileDocumentTest::floats;
    UnaryOperator<SafetensorsWriter> factors = NetworkFileDocumentTest::fixedPoint;
    String groups = WINDOW + ",'groups':1,";
    String addition =
        "'leftMultiplier':F,'rightMultiplier':F,'outputMultiplier':F,'leftShift':18,"
            .replace("F", FACTOR);
    List<Example> all = new ArrayList<>();
    for (String kind : List.of("conv2d", "transposeConv2d")) {
      all.add(new Example(kind, CODES, CODES, groups + INTEGERS, integers));
      all.add(new Example(kind, NUMBERS, NUMBERS, groups + FLOATS, floats));
    }
    all.add(new Example("dense", VECTOR, VECTOR, INTEGERS, integers));
    all.add(new Example("dense", VECTOR_OF_NUMBERS, VECTOR_OF_NUMBERS, FLOATS, floats));
    all.add(
        new Example(
            "averagePool",
            CODES,
            CODES,
            WINDOW
                + ",'requantization':{'form':'integerMean','channels':1,'count':1,'zeroPoint':0,"
                + RANGE
                + "},'zero':'raw','inside':true",
            writer -> writer));
    all.add(Example.of("maxPool", CODES, WINDOW));
    all.add(Example.of("add", CODES, addition + RANGE));
    all.add(Example.of("subtract", CODES, addition + RANGE));
    all.add(Example.of("multiply", CODES, "'multiplier':" + FACTOR + "," + RANGE));
    all.add(
        new Example(
            "constant",
            CODES,
            CODES,
            "",
            writer -> writer.ints("x.words", SafetensorsType.I32, new int[8], 2, 2, 2)));
    all.add(Example.of("input", CODES, ""));
    all.add(
        new Example(
            "state",
            CODES,
            CODES,
            "'feedback':0",
            writer -> writer.ints("x.initial", SafetensorsType.I32, new int[8], 2, 2, 2)));
    all.add(new Example("rescale", CODES, CODES, FIXED_POINT, factors));
    all.add(Example.of("clamp", CODES, RANGE));
    String corners = "'alignCorners':false,'halfPixelCenters':false";
    all.add(Example.of("resizeNearest", CODES, corners));
    all.add(Example.of("resizeBilinear", CODES, corners));
    all.add(Example.of("subsample", CODES, "'stride':[1,1]"));
    all.add(Example.of("channelPad", CODES, "'before':0,'after':0"));
    all.add(Example.of("rearrange", CODES, "'base':0,'axes':[{'axis':[8,0,8,1]}]"));
    String table =
        Stream.iterate(-128, code -> code + 1)
            .limit(256)
            .map(String::valueOf)
            .collect(Collectors.joining(",", "'signed':true,'table':[", "]"));
    all.add(Example.of("codeTable", CODES, table));
    String square = "{'shape':[2,2,1],'format':'int8','scale':1.0,'zeroPoint':0}";
    String scores = "{'shape':[1,2,2],'format':'int8','scale':1.0,'zeroPoint':0}";
    all.add(new Example("matmul", square, scores, "'heads':1," + FIXED_POINT, factors));
    String scales = "{'shape':[3,2,1],'format':'float32'}";
    all.add(new Example("dynamicScale", NUMBERS, scales, "'asymmetric':true", writer -> writer));
    String thrice = "{'shape':[3,2,1],'format':'int8','scale':1.0,'zeroPoint':0}";
    all.add(new Example("dynamicCodes", scales, thrice, "'form':'symmetric'", writer -> writer));
    String curve = CODES.replace("int8", "int16").replace("1.0", "0.000030517578125");
    all.add(Example.of("integerLogistic", curve, "'integerBits':3"));
    all.add(Example.of("integerTanh", curve, "'integerBits':3"));
    all.add(Example.of("flatten", VECTOR, ""));
    all.add(new Example("quantize", NUMBERS, CODES, "", writer -> writer));
    all.add(new Example("dequantize", CODES, NUMBERS, "", writer -> writer));
    all.add(
        new Example(
            "roundedQuantize",
            NUMBERS,
            CODES,
            "'rounding':'floor','zeroFirst':true," + RANGE,
            writer -> writer));
    all.add(Example.of("relabel", CODES, ""));
    String ratios = "'leftRatio':0.1,'rightRatio':0.5,'leftZero':0,'rightZero':0,";
    all.add(Example.of("floatScaledAdd", CODES, ratios + RANGE));
    all.add(Example.of("floatScaledMultiply", CODES, "'ratio':0.1," + RANGE));
    all.add(
        new Example(
            "scaledCodes",
            CODES,
            NUMBERS,
            "'perChannel':true,'shifted':true",
            writer ->
                writer
                    .floats("x.scales", new float[] {1, 0.1f}, 2)
                    .floats("x.offsets", new float[] {1, 0.1f}, 2)));
    for (String kind :
        List.of("realAdd", "realSubtract", "realMultiply", "relu", "relu6", "reluN1To1", "gelu")) {
      all.add(Example.of(kind, NUMBERS, ""));
    }
    for (String kind : List.of("silu", "tanh", "hardSwish", "logistic", "sigmoid", "store")) {
      all.add(Example.of(kind, NUMBERS, ""));
    }
    Stream.of(Elementwise.Operation.values())
        .skip(3)
        .forEach(each -> all.add(Example.of(each.toString(), NUMBERS, "")));
    Stream.of(Activation.Function.values())
        .skip(8)
        .forEach(each -> all.add(Example.of(each.toString(), NUMBERS, "")));
    UnaryOperator<SafetensorsWriter> numbers =
        writer -> writer.floats("x.numbers", new float[] {1, Float.POSITIVE_INFINITY}, 2);
    Stream.of(ShapedActivation.Formula.values())
        .forEach(each -> all.add(new Example(each.toString(), NUMBERS, NUMBERS, "", numbers)));
    String rest = "{'shape':[1,2,1],'format':'float32'}";
    for (String kind : List.of("realSum", "realMean", "realProduct")) {
      all.add(new Example(kind, NUMBERS, rest, "'over':[0,2],'wide':false", writer -> writer));
    }
    for (String kind : List.of("largest", "smallest")) {
      all.add(new Example(kind, NUMBERS, rest, "'over':[0,2]", writer -> writer));
    }
    String index = "{'shape':[1,2,2],'format':'int32','scale':1.0,'zeroPoint':0}";
    for (String kind : List.of("largestIndex", "smallestIndex")) {
      all.add(new Example(kind, CODES, index, "'over':[0],'last':true", writer -> writer));
    }
    all.add(Example.of("choose", CODES, ""));
    all.add(Example.of("unitLength", CODES, "'zero':0"));
    String inverse = "{'multiplier':1073741824,'shift':-22}";
    String steep = "{'multiplier':1073741824,'shift':23}";
    all.add(
        Example.of(
            "integerLogSoftmax",
            CODES,
            "'factor':" + steep + ",'inverse':" + inverse + ",'least':-200"));
    all.add(Example.of("largerCode", CODES, ""));
    all.add(Example.of("smallerCode", CODES, ""));
    all.add(Example.of("divide", CODES, "'multiplier':" + FACTOR + "," + RANGE));
    String halves =
        "'leftMultiplier':F,'rightMultiplier':F,'outputMultiplier':F".replace("F", FACTOR);
    all.add(Example.of("squaredDifference", CODES, halves));
    String slopes = "'leftMultiplier':F,'productMultiplier':F".replace("F", FACTOR);
    all.add(Example.of("slope", CODES, slopes));
    all.add(Example.of("takeAlong", CODES, ""));
    all.add(Example.of("topIndex", CODES, ""));
    all.add(Example.of("runningSum", NUMBERS, "'exclusive':true,'reverse':false"));
    Stream.of(IntegerElementwise.IntegerOperation.values())
        .forEach(each -> all.add(Example.of(each.toString(), CODES, "'exact':true")));
    Stream.of(IntegerFunction.IntegerRule.values())
        .forEach(each -> all.add(Example.of(each.toString(), CODES, "'exact':false")));
    Stream.of(RoundTo.RoundingGrid.values())
        .forEach(each -> all.add(Example.of(each.toString(), NUMBERS, "'saturates':true")));
    all.add(
        Example.of(
            "roundToFloat",
            NUMBERS,
            "'mantissa':2,'leastExponent':-6,'largest':28.0,'rounding':'floor','beyond':'nan'"));
    all.add(
        new Example(
            "blend",
            NUMBERS,
            NUMBERS,
            "'taps':1",
            writer ->
                writer
                    .ints("x.rows", SafetensorsType.I32, new int[2], 2, 1)
                    .floats("x.weights", new float[2], 2, 1)));
    all.add(
        new Example(
            "pick",
            CODES,
            CODES,
            "",
            writer -> writer.ints("x.places", SafetensorsType.I32, new int[8], 2, 2, 2)));
    all.add(Example.of("meanPool", NUMBERS, WINDOW + ",'wide':false"));
    all.add(Example.of("softmax", NUMBERS, "'scale':0.5,'causal':true"));
    UnaryOperator<SafetensorsWriter> norms =
        writer -> writer.floats("x.gain", new float[] {1, 1}, 2).floats("x.shift", new float[2], 2);
    all.add(new Example("layerNorm", NUMBERS, NUMBERS, "'epsilon':0.001,'shifted':true", norms));
    all.add(new Example("rmsNorm", NUMBERS, NUMBERS, "'epsilon':0.001,'shifted':true", norms));
    String tokens = "{'shape':[2,2,1],'format':'float32'}";
    all.add(Example.of("rotary", tokens, "'headSize':2,'base':10000.0"));
    all.add(
        new Example(
            "rotary",
            tokens,
            tokens,
            "'headSize':2,'base':10000.0,'divided':true",
            writer -> writer.floats("x.divisors", new float[] {8}, 1)));
    String ids = "{'shape':[1,2,1],'format':'uint4','scale':1.0,'zeroPoint':0}";
    all.add(
        new Example(
            "embedding",
            ids,
            tokens,
            "'rows':16",
            writer -> writer.floats("x.table", new float[32], 16, 2)));
    all.add(
        new Example(
            "positions",
            NUMBERS,
            NUMBERS,
            "",
            writer -> writer.floats("x.table", new float[8], 2, 2, 2)));
    return all;
  }

  private static String inputs(String kind) {
    return switch (kind) {
      case "constant", "input", "state" -> "[]";
      case "add", "subtract", "multiply", "matmul", "divide", "squaredDifference", "slope" ->
          "[0,0]";
      case "dynamicCodes" -> "[0,0]";
      case "largerCode", "smallerCode", "takeAlong" -> "[0,0]";
      case "floatScaledAdd", "floatScaledMultiply" -> "[0,0]";
      case "choose" -> "[0,0,0]";
      default -> binary(kind) ? "[0,0]" : "[0]";
    };
  }

  private static boolean binary(String kind) {
    return Stream.of(Elementwise.Operation.values(), IntegerElementwise.IntegerOperation.values())
        .flatMap(Stream::of)
        .anyMatch(operation -> operation.toString().equals(kind));
  }

  private Path write(Example example) throws IOException {
    String layer =
        "{'name':'x','kind':'%s','inputs':%s,'output':%s%s}"
            .formatted(
                example.kind(),
                inputs(example.kind()),
                example.output(),
                example.keys().isEmpty() ? "" : "," + example.keys());
    String graph =
        "{'schema':'narrows/network/2','name':'n','input':%s,'metadata':{},'layers':[%s]}"
            .formatted(example.input(), layer)
            .replace('\'', '"');
    Path file = folder.resolve("x.narrows");
    example
        .tensors()
        .apply(new SafetensorsWriter())
        .metadata("format", "narrows")
        .metadata("network", graph)
        .write(file);
    return file;
  }

  /** The keys that the document lists for each kind; a kind may have two rows. */
  private static Map<String, Set<String>> documented() throws IOException {
    String text = Files.readString(DOCUMENT);
    Map<String, Set<String>> kinds = new LinkedHashMap<>();
    for (String line : text.lines().filter(line -> line.startsWith("| `")).toList()) {
      String[] cells = line.split("\\|", -1);
      Set<String> keys = new LinkedHashSet<>(words(cells[2]));
      keys.remove("raw"); // a value
      if (cells[2].contains("operands")) {
        keys.addAll(List.of("weights", "zero", "bias", "pinned", "requantization"));
        keys.addAll(List.of("relu", "scaled"));
      }
      words(cells[1])
          .forEach(kind -> kinds.computeIfAbsent(kind, k -> new LinkedHashSet<>()).addAll(keys));
    }
    return kinds;
  }

  /** What stands between backticks and is one word. */
  private static List<String> words(String cell) {
    return Pattern.compile("`(\\w+)`").matcher(cell).results().map(m -> m.group(1)).toList();
  }

  private static JsonNode layers(Path file) throws IOException {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      String graph = tensors.metadata().getOrDefault("network", "");
      return JsonMapper.shared().readTree(graph).path("layers");
    }
  }

  private static Set<String> keys(JsonNode layer) {
    Set<String> keys = new HashSet<>(layer.propertyNames());
    keys.removeAll(OF_EVERY_LAYER);
    return keys;
  }

  @Test
  void examples_ofEveryKind_areReadAndHaveTheKeysThatTheDocumentLists() throws IOException {
    Map<String, Set<String>> documented = documented();
    Map<String, Set<String>> shown = new LinkedHashMap<>();
    for (Example example : examples()) {
      Path file = write(example);
      JsonNode layer = layers(file).path(0);
      Network read = NetworkFiles.read(file); // strict: refuses unknown and missing keys
      NarrowsWriter.write(read, file);
      assertThat(NetworkFiles.read(file)).as(example.kind()).isEqualTo(read);
      assertThat(keys(layers(file).path(0))).as(example.kind()).isEqualTo(keys(layer));
      shown.computeIfAbsent(example.kind(), k -> new HashSet<>()).addAll(keys(layer));
    }
    for (Map.Entry<String, Set<String>> kind : shown.entrySet()) {
      assertThat(documented.getOrDefault(kind.getKey(), Set.of()))
          .as("docs/network-file.md on " + kind.getKey())
          .containsExactlyInAnyOrderElementsOf(
              kind.getKey().equals("matmul")
                  ? Set.of("heads", "requantization", "form", "rightHeads")
                  : kind.getValue());
    }
    Set<String> left = new HashSet<>(documented.keySet());
    left.removeAll(shown.keySet());
    // their keys need tensors of particular sizes; the next test looks at what is written
    assertThat(left).containsExactlyInAnyOrder("integerSoftmax", "wideSoftmax", "scaledSums");
  }

  @Test
  void networks_written_haveOnlyKeysAndTensorsThatTheDocumentLists() throws IOException {
    Map<String, Set<String>> documented = documented();
    String text = Files.readString(DOCUMENT);
    Set<String> words = new HashSet<>(words(text));
    Path file = folder.resolve("n.narrows");
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Network network =
          switch (seed % 3) {
            case 0 -> RandomNetworks.network(random, 12);
            case 1 -> FloatNetworks.images(random);
            default -> FloatNetworks.tokens(random);
          };
      NarrowsWriter.write(network, file);
      for (JsonNode layer : layers(file)) {
        String kind = layer.path("kind").asString();
        assertThat(documented).containsKey(kind);
        assertThat(documented.getOrDefault(kind, Set.of()))
            .as("%s, seed %d", kind, seed)
            .containsAll(keys(layer));
        if (layer.has("requantization")) {
          assertThat(words).contains(layer.path("requantization").path("form").asString());
        }
      }
      try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
        for (String name : tensors.entries().keySet()) {
          assertThat(words).contains(name.substring(name.lastIndexOf('.') + 1));
        }
      }
    }
  }

  @Test
  void weights_ofBothKinds_haveTheKeysThatTheDocumentLists() throws IOException {
    Matcher listed = Pattern.compile("`weights` `\\{([^}]*)}`").matcher(Files.readString(DOCUMENT));
    List<Set<String>> found =
        listed
            .results()
            .map(m ->
                Stream.of(m.group(1).split(","))
                    .map(key -> key.strip().replace("\"", ""))
                    .collect(Collectors.toSet()))
            .toList();
    for (Example example : examples()) {
      if (example.kind().equals("dense")) {
        Set<String> keys =
            new HashSet<>(layers(write(example)).path(0).path("weights").propertyNames());
        assertThat(keys).isEqualTo(found.get(example.output().contains("float32") ? 1 : 0));
      }
    }
    assertThat(found).hasSize(2);
  }
}

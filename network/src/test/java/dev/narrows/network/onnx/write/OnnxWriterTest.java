package dev.narrows.network.onnx.write;

import static dev.narrows.network.onnx.graph.SmallOnnx.floats;
import static dev.narrows.network.onnx.graph.SmallOnnx.integer;
import static dev.narrows.network.onnx.graph.SmallOnnx.model;
import static dev.narrows.network.onnx.graph.SmallOnnx.node;
import static dev.narrows.network.onnx.graph.SmallOnnx.tensor;
import static dev.narrows.network.onnx.graph.SmallOnnx.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.quantize.FixedPointMultiplier;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.network.AccumulatorContract;
import dev.narrows.network.FileAccumulators;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.onnx.proto.AttributeProto;
import dev.narrows.network.onnx.proto.AttributeProto.AttributeType;
import dev.narrows.network.onnx.proto.GraphProto;
import dev.narrows.network.onnx.proto.ModelProto;
import dev.narrows.network.onnx.proto.NodeProto;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.read.OnnxReader;
import dev.narrows.network.pass.AccumulatorContracts;
import dev.narrows.network.tensor.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxWriterTest {
  @TempDir private Path folder;

  /** TFLite's additions, which random networks have, are not ONNX's. */
  private static final Predicate<String> ADDITIONS = note -> note.contains("pairs of codes");

  private static Network network(long seed) {
    Network network = RandomNetworks.network(new Random(seed), 8);
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof DotLayer dot) {
        network =
            network.withLayer(i, dot.withOperands(dot.integers().pinnedTo(Summation.exact())));
      }
    }
    return network;
  }

  private static Map<String, String> texts(List<StringStringEntryProto> entries) {
    return entries.stream()
        .collect(
            Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
  }

  private static Map<String, Integer> bits(Map<String, AccumulatorContract> contracts) {
    Map<String, Integer> bits = new HashMap<>();
    contracts.forEach((layer, contract) -> bits.put(layer, contract.bits()));
    return bits;
  }

  @Test
  void model_ofRandomNetworks_namesEveryTensorBeforeItIsReadAndOnce() {
    for (long seed = 0; seed < 40; seed++) {
      for (OnnxForm form : List.of(OnnxForm.QDQ, OnnxForm.QOPERATOR)) {
        Network network = network(seed);
        boolean exact = seed % 2 == 0;
        ModelProto model = OnnxWriter.model(network, new OnnxOptions(form, exact, 25)).model();
        Set<String> known = new HashSet<>();
        model.getGraph().getInputList().forEach(input -> known.add(input.getName()));
        model
            .getGraph()
            .getInitializerList()
            .forEach(constant -> assertThat(known.add(constant.getName())).isTrue());
        Set<String> nodes = new HashSet<>();
        for (NodeProto node : model.getGraph().getNodeList()) {
          assertThat(nodes.add(node.getName())).as(node.getName()).isTrue();
          node.getInputList().stream()
              .filter(input -> !input.isEmpty())
              .forEach(input -> assertThat(known).contains(input));
          node.getOutputList().forEach(output -> assertThat(known.add(output)).isTrue());
        }
        assertThat(known).contains(model.getGraph().getOutput(0).getName());
        for (Layer layer : network.layers()) {
          assertThat(known).contains(layer.name());
        }
      }
    }
  }

  @Test
  void writtenFiles_readAgain_computeTheSameIntegersAndKeepTheirContracts() throws IOException {
    Random random = new Random(17);
    int contracts = 0;
    for (int round = 0; round < 30; round++) {
      Network network = UsualNetworks.of(random, 6);
      int[] codes = RandomNetworks.codes(random, network.input(), 1);
      int[] wanted = new ReferenceExecutor(network, LayerRegisters.exact()).run(codes);
      for (OnnxForm form : List.of(OnnxForm.QDQ, OnnxForm.QOPERATOR)) {
        Path file = folder.resolve("network.onnx");
        assertThat(OnnxWriter.write(network, OnnxOptions.of(form), file)).allMatch(ADDITIONS);
        Network read = new OnnxReader().read(file);
        assertThat(new ReferenceExecutor(read, LayerRegisters.exact()).run(codes))
            .as("round %d, %s", round, form)
            .isEqualTo(wanted);
        contracts += FileAccumulators.of(read).map(all -> all.layers().size()).orElse(0);
        assertThat(AccumulatorContracts.broken(read)).as("round %d, %s", round, form).isEmpty();
      }
    }
    assertThat(contracts).isGreaterThan(100);
  }

  /** What networks read from ONNX bring: bilinear enlargement, float16, elements by indices. */
  @Test
  void writtenFile_ofResizeCastAndGather_computesTheSameNumbers() throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(value("x", 1, 1, 2, 2, 3))
            .addInput(value("i", 7, 1, 2, 3, 6))
            .addInitializer(floats("scales", new float[] {1, 1, 2, 2}, 4))
            .addNode(
                node("Resize", List.of("x", "", "scales"), "r")
                    .addAttribute(
                        AttributeProto.newBuilder()
                            .setName("mode")
                            .setType(AttributeType.STRING)
                            .setS(ByteString.copyFromUtf8("linear"))))
            .addNode(node("Cast", List.of("r"), "h").addAttribute(integer("to", 10)))
            .addNode(node("Cast", List.of("h"), "f").addAttribute(integer("to", 1)))
            .addNode(
                node("GatherElements", List.of("f", "i"), "y").addAttribute(integer("axis", 2)))
            .addOutput(value("y", 1, 1, 2, 3, 6));
    Path file = folder.resolve("own.onnx");
    Files.write(file, model(graph).build().toByteArray());
    Network network = new OnnxReader().read(file);
    assertThat(network.layers())
        .extracting(Layer::kind)
        .contains("blend", "toFloat16", "takeAlong");
    int[] words = Words.of(new float[] {1, -2, 0.3f, 4, 5, -6, 7, 8, 9.1f, 10, 1e-6f, 12});
    int[] given = Arrays.copyOf(words, words.length + 36);
    for (int i = words.length; i < given.length; i++) {
      given[i] = i * 7 % 8 - 4; // all rows, from both ends
    }
    int[] wanted = new ReferenceExecutor(network, LayerRegisters.exact()).run(given);
    OnnxWriter.write(network, OnnxOptions.of(OnnxForm.FLOAT), file);
    Network again = new OnnxReader().read(file);
    assertThat(Words.numbers(new ReferenceExecutor(again, LayerRegisters.exact()).run(given)))
        .containsExactly(Words.numbers(wanted));
  }

  @Test
  void writtenFile_ofWholeNumbersMadeReal_castsThem() throws IOException {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(value("x", 2, 1, 2))
            .addInitializer(
                tensor("w", 3, 2, 2).setRawData(ByteString.copyFrom(new byte[] {1, -2, 3, 4})))
            .addNode(node("MatMulInteger", List.of("x", "w"), "s"))
            .addNode(node("Cast", List.of("s"), "y").addAttribute(integer("to", 1)))
            .addOutput(value("y", 1, 1, 2));
    Path file = folder.resolve("sums.onnx");
    Files.write(file, model(graph).build().toByteArray());
    Network network = new OnnxReader().read(file);
    ModelProto written = OnnxWriter.model(network, OnnxOptions.of(OnnxForm.QDQ)).model();
    assertThat(written.getGraph().getNodeList().getLast().getOpType()).isEqualTo("Cast");
  }

  /** Additions are in tables, sums are requantised in 64 bits, and both become layers again. */
  @Test
  void exactFiles_readAgain_computeTheSameCodes() throws IOException {
    for (long seed = 900; seed < 915; seed++) {
      Network network = network(seed);
      int[] codes = RandomNetworks.codes(new Random(seed), network.input(), 2);
      int[] wanted = new ReferenceExecutor(network, LayerRegisters.exact()).run(codes);
      for (OnnxForm form : List.of(OnnxForm.QDQ, OnnxForm.QOPERATOR)) {
        Path file = folder.resolve("network.onnx");
        OnnxWriter.write(network, new OnnxOptions(form, true, 21), file);
        Network read = new OnnxReader().read(file);
        assertThat(new ReferenceExecutor(read, LayerRegisters.exact()).run(codes))
            .as("seed %d, %s", seed, form)
            .isEqualTo(wanted);
        assertThat(AccumulatorContracts.broken(read)).as("seed %d, %s", seed, form).isEmpty();
      }
    }
  }

  @Test
  void registers_thatAGraphDoesNotProve_areStatedAsItNeedsThem() throws IOException {
    Network network = network(3);
    AccumulatorContract own = AccumulatorContracts.of(network).values().iterator().next();
    Map<String, AccumulatorContract> narrower = new HashMap<>();
    AccumulatorContracts.of(network)
        .forEach((layer, contract) ->
            narrower.put(
                layer,
                new AccumulatorContract(
                    Math.max(1, contract.bits() - 1),
                    contract.guarantee(),
                    contract.zero(),
                    contract.bias(),
                    own.certificate())));
    List<Map<String, AccumulatorContract>> stated = new ArrayList<>();
    OnnxWriter.Written written =
        StatedRegisters.written(
            narrower,
            (narrow, registers) -> {
              stated.add(registers);
              return OnnxWriter.model(network, OnnxOptions.of(OnnxForm.QDQ));
            });
    assertThat(stated).hasSize(3);
    assertThat(bits(stated.getLast())).isEqualTo(bits(AccumulatorContracts.of(network)));
    assertThat(written.notes()).anyMatch(note -> note.contains("which its graph proves"));
  }

  @Test
  void contracts_ofWrittenNodes_areThoseOfTheNetwork() {
    Network network = network(3);
    ModelProto model = OnnxWriter.model(network, OnnxOptions.of(OnnxForm.QOPERATOR)).model();
    Map<String, AccumulatorContract> read = new HashMap<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      AccumulatorContract.of(texts(node.getMetadataPropsList()))
          .ifPresent(contract -> read.put(node.getName(), contract));
    }
    assertThat(bits(read)).isNotEmpty().isEqualTo(bits(AccumulatorContracts.of(network)));
  }

  @Test
  void contracts_ofAModelWithoutNodeProperties_areInItsOwn() {
    Network network = network(3);
    ModelProto model = OnnxWriter.model(network, OnnxOptions.of(OnnxForm.QONNX)).model();
    String text = texts(model.getMetadataPropsList()).getOrDefault(FileAccumulators.PROPERTY, "");
    assertThat(FileAccumulators.of(text).layers().keySet())
        .isNotEmpty()
        .isSubsetOf(AccumulatorContracts.of(network).keySet());
  }

  @Test
  void contract_thatWeightsDoNotKeep_isReported() {
    Network network = network(3);
    Map<String, AccumulatorContract> own = AccumulatorContracts.of(network);
    Map<String, String> kept = new FileAccumulators(own).metadata();
    assertThat(AccumulatorContracts.broken(with(network, kept))).isEmpty();
    List<Map.Entry<String, AccumulatorContract>> entries = new ArrayList<>(own.entrySet());
    Map.Entry<String, AccumulatorContract> first = entries.getFirst();
    AccumulatorContract promise = first.getValue();
    AccumulatorContract narrower =
        new AccumulatorContract(
            promise.bits() - 1,
            promise.guarantee(),
            promise.zero(),
            promise.bias(),
            promise.certificate());
    AccumulatorContract other =
        new AccumulatorContract(
            promise.bits(), promise.guarantee(), promise.zero(), promise.bias(), "0".repeat(64));
    Map<String, AccumulatorContract> nobody = Map.of("nobody", promise);
    assertThat(AccumulatorContracts.broken(with(network, new FileAccumulators(nobody).metadata())))
        .singleElement()
        .asString()
        .contains("cannot be checked");
    for (AccumulatorContract broken : List.of(narrower, other)) {
      Map<String, AccumulatorContract> changed = new HashMap<>(own);
      changed.put(first.getKey(), broken);
      assertThat(
              AccumulatorContracts.broken(with(network, new FileAccumulators(changed).metadata())))
          .singleElement()
          .asString()
          .contains("promises \"" + first.getKey() + "\" " + broken.bits() + " bits");
    }
  }

  private static Network with(Network network, Map<String, String> metadata) {
    return new Network(network.name(), network.input(), network.layers(), metadata);
  }

  @Test
  void contract_unreadable_saysNothing() {
    AccumulatorContract contract = AccumulatorContracts.of(network(3)).values().iterator().next();
    assertThat(AccumulatorContract.of(contract.properties())).contains(contract);
    for (String key : contract.properties().keySet()) {
      for (String wrong : List.of("", "nothing", "99", "-1", "007", "sha256:00")) {
        Map<String, String> texts = new HashMap<>(contract.properties());
        texts.put(key, wrong);
        assertThat(AccumulatorContract.of(texts)).as(key + "=" + wrong).isEmpty();
      }
    }
    assertThat(FileAccumulators.of("x\n1 2 3 4 5 6\n" + contract + " a layer\n").layers())
        .containsExactly(Map.entry("a layer", contract));
  }

  @Test
  void gap_ofTwoRequantisations_isTheCountOfSumsThatDiffer() {
    Random random = new Random(5);
    long found = 0;
    for (int round = 0; round < 50; round++) {
      double factor = 0.001 + random.nextDouble() * 0.01;
      FixedPointMultiplier own =
          FixedPointMultiplier.fromReals(new double[] {factor}, 3, -128, 127);
      FloatScale theirs = new FloatScale(new float[] {(float) factor}, 3, -128, 127);
      IntegerRange sums = new IntegerRange(-40_000, 40_000);
      long counted = 0;
      for (long sum = sums.min(); sum <= sums.max(); sum++) {
        counted += own.apply(0, sum + 17) == theirs.apply(0, sum + 17) ? 0 : 1;
      }
      RequantizationGap gap =
          RequantizationGap.of(own, new float[] {(float) factor}, new int[] {17}, List.of(sums))
              .orElseThrow();
      assertThat(gap).isEqualTo(new RequantizationGap(counted, 80_001));
      found += counted;
    }
    assertThat(found).isPositive();
  }

  @Test
  void factors_ofReachableScales_areTheRequantisationsOwn() {
    Random random = new Random(6);
    for (int round = 0; round < 1000; round++) {
      float in = 0.001f + random.nextFloat();
      float out = 0.001f + random.nextFloat();
      float weight = 0.0001f + random.nextFloat();
      FloatScale scale = new FloatScale(new float[] {in * weight / out}, 0, 0, 255);
      FloatFactors own = FloatFactors.of(scale, in, out, new double[] {weight});
      assertThat(own.weights()).containsExactly(weight);
      FloatFactors derived = FloatFactors.of(scale, in, out, new double[] {1e9});
      assertThat(derived.factors()).containsExactly(scale.scales());
    }
  }

  @Test
  void write_isAtomicAndLeavesOneFile() throws IOException {
    Path file = folder.resolve("network.onnx");
    OnnxWriter.write(network(4), OnnxOptions.of(OnnxForm.QDQ), file);
    OnnxWriter.write(network(5), OnnxOptions.of(OnnxForm.QDQ), file);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
    assertThat(ModelProto.parseFrom(Files.readAllBytes(file)))
        .isEqualTo(OnnxWriter.model(network(5), OnnxOptions.of(OnnxForm.QDQ)).model());
  }
}

package dev.narrows.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.Guarantee;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.Uncovered;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.pass.CertifyNetwork;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.verify.Verdict.CheckedLayer;
import dev.narrows.verify.Verdict.ShownWitness;
import dev.narrows.verify.Verdict.UnsafeChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class CertificateCheckerTest {
  private static final Map<String, IntegerRange> HAND = Map.of("fc", new IntegerRange(0, 15));

  @TempDir Path folder;

  private Certified hand() throws IOException {
    return Certified.of(folder, SmallNetworks.byHand(), 7, HAND);
  }

  /** Of {@link SmallNetworks#everyKind}, claiming exactly the width it needs. */
  private Certified everyKind() throws IOException {
    Network network = SmallNetworks.everyKind();
    Certified wide = Certified.of(folder, network, 40, SmallNetworks.everyKindCodes());
    int widest = 1;
    for (JsonNode layer : wide.json().get("layers")) {
      for (JsonNode channel : layer.get("channels")) {
        widest = Math.max(widest, channel.get("bits").intValue());
      }
    }
    wide.json().put("bits", widest);
    return wide;
  }

  private static ObjectNode channel(Certified certified, int layer, int channel) {
    return (ObjectNode) certified.json().get("layers").get(layer).get("channels").get(channel);
  }

  private Certified terms() throws IOException {
    Certificate certificate =
        CertifyNetwork.of(
            SmallNetworks.byHand(), 6, LayerRegisters.of(Summation.exact()), Guarantee.TERMS);
    return Certified.of(folder, SmallNetworks.byHand(), certificate);
  }

  /** inputs − 5 in [−5, 10], weights (3 −2): terms in [−20, 30]; 30 needs 6 bits. */
  @Test
  void check_termsOfTheHandWorkedNetwork_fitSixBitsAndNotFive() throws IOException {
    Certified terms = terms();
    assertThat(terms.json().get("conventions").get("guarantee").stringValue()).isEqualTo("terms");
    assertThat(channel(terms, 0, 0).get("lo").intValue()).isEqualTo(-20);
    assertThat(channel(terms, 0, 0).get("hi").intValue()).isEqualTo(30);
    assertThat(terms.verdict().holds()).isTrue();
    assertThat(terms.verdict().guarantee()).isEqualTo("terms");
    assertThat(terms.verdict().covered())
        .containsExactly(
            new CheckedLayer("fc", "dense", 1, "offset", "after", Optional.empty(), 6, -20, 30, 6));
    terms.json().put("bits", 5);
    assertThat(terms.verdict().sound()).isTrue();
    assertThat(terms.verdict().breaches()).hasSize(1);
  }

  @Test
  void check_termsSoldAsSums_areRefused() throws IOException {
    Certified terms = terms();
    ((ObjectNode) terms.json().get("conventions")).remove("guarantee");
    assertThat(terms.verdict().sound()).isFalse();
    assertThat(terms.verdict().breaches()).as("the checker's own sums").hasSize(1);
  }

  @Test
  void check_unknownGuarantee_isRefused() throws IOException {
    Certified terms = terms();
    ((ObjectNode) terms.json().get("conventions")).put("guarantee", "prefixes");
    assertThat(terms.verdict().disagreements())
        .anyMatch(d -> d.field().equals("conventions.guarantee"));
  }

  @Test
  void check_sumOfferedAsWitnessAgainstATerm_isRefused() throws IOException {
    Certified terms = terms();
    ObjectNode witness = (ObjectNode) channel(terms, 0, 0).get("witness");
    // 3·10 + (−2)·(−5) = 40 is a running sum that does not fit 5 bits, but no term
    witness.put("write", 40);
    assertThat(terms.verdict().disagreements()).anyMatch(d -> d.field().equals("witness.write"));
  }

  /** inputs − 5 in [−5, 10], weights (3 −2): lo = −15 − 20, hi = 30 + 10; 40 needs 7 bits. */
  @Test
  void check_handWorkedNetwork_holdsAtSevenBitsAndNotAtSix() throws IOException {
    Certified hand = hand();
    assertThat(channel(hand, 0, 0).toString())
        .isEqualTo(
            "{\"inputRange\":[-5,10],\"lo\":-35,\"hi\":40,\"bits\":7,\"witness\":"
                + "{\"input\":[15,0],\"order\":[0,1],\"start\":0,\"write\":40,\"bits\":6}}");
    assertThat(hand.verdict().guarantee()).isEqualTo("sums");
    assertThat(hand.verdict().channels()).isEqualTo(1);
    assertThat(hand.verdict().covered())
        .containsExactly(
            new CheckedLayer("fc", "dense", 1, "offset", "after", Optional.empty(), 7, -35, 40, 7));
    assertThat(hand.verdict().uncovered()).isEmpty();
    assertThat(hand.verdict().holds()).isTrue();
    hand.json().put("bits", 6);
    Verdict six = hand.verdict();
    assertThat(six.sound()).isTrue();
    assertThat(six.holds()).isFalse();
    ShownWitness witness = new ShownWitness(List.of(15L, 0L), List.of(), List.of(0, 1), 40);
    assertThat(six.breaches())
        .containsExactly(new UnsafeChannel("fc", 0, -35, 40, 7, 6, Optional.of(witness)));
    assertThat(six.breaches().getFirst())
        .hasToString(
            "layer \"fc\", channel 0: sums reach [-35, 40] and need 7 bits, its register has 6;"
                + " input codes [15, 0] in the order [0, 1] write 40");
    assertThat(
            new ShownWitness(Collections.nCopies(9, 1L), List.of(), Collections.nCopies(9, 0), 9))
        .asString()
        .startsWith("input codes [1, 1, 1, 1, 1, 1, 1, 1, … 9 in all] in");
  }

  @Test
  void check_everyKindOfLayerAndConvention_agreesWithTheOtherSide() throws IOException {
    Verdict verdict = everyKind().verdict();
    assertThat(verdict.disagreements()).isEmpty();
    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.layers()).isEqualTo(6);
    assertThat(verdict.channels()).isEqualTo(4 + 4 + 4 + 4 + 4 + 3);
  }

  /** The network's own pass, which shares no code with the checker. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":zero(raw)",
        ":bias(preload)",
        ":zero(raw):bias(preload)",
        ":zero(offset):bias(after)"
      })
  void check_certificateOfTheNetworksOwnPass_holds(String conventions) throws IOException {
    Summation stated = Summation.parse("exact" + conventions);
    Network network = SmallNetworks.owning(SmallNetworks.everyKind(), stated);
    Verdict verdict = ofPass(network, stated).verdict();
    assertThat(verdict.disagreements()).isEmpty();
    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.layers()).isEqualTo(7);
  }

  private Certified ofPass(Network network, Summation stated) throws IOException {
    LayerRegisters registers =
        LayerRegisters.of(stated, Map.of("pinned", stated, "average", stated));
    return Certified.of(folder, network, CertifyNetwork.of(network, 40, registers));
  }

  @ParameterizedTest
  @CsvSource({
    ":zero(raw), zero, 'conv,pinned,transposed,average,fc'",
    ":zero(offset), zero, 'depthwise,grouped'",
    ":bias(preload), bias, 'conv,pinned,transposed,fc'",
    ":bias(after), bias, 'depthwise,grouped'"
  })
  void check_conventionOfAnotherNetwork_isToldOfEveryLayer(
      String convention, String key, String layers) throws IOException {
    Verdict verdict =
        ofPass(SmallNetworks.everyKind(), Summation.parse("exact" + convention)).verdict();
    assertThat(verdict.holds()).isFalse();
    assertThat(verdict.disagreements())
        .filteredOn(d -> d.field().equals("conventions." + key))
        .extracting(Verdict.Disagreement::layer)
        .containsExactly(layers.split(","));
  }

  @Test
  void check_conventionOfOneLayer_mustBeItsOwn() throws IOException {
    Certified hand = hand();
    ObjectNode layer = (ObjectNode) hand.json().get("layers").get(0);
    layer.put("zero", "offset").put("bias", "after");
    assertThat(hand.verdict().holds()).isTrue();
    layer.put("bias", "preload");
    assertThat(hand.verdict().disagreements())
        .extracting(Object::toString)
        .containsExactly(
            "layer \"fc\", bias: certificate says preload, found after, the network's own");
    layer.put("bias", "after").put("register", "int7:saturate").put("registerBits", 7);
    assertThat(hand.verdict().disagreements())
        .extracting(Verdict.Disagreement::field)
        .containsExactly("register", "registerBits");
  }

  @Test
  void check_everyLayer_isCoveredOrNotWithAReason() throws IOException {
    Certified certified = everyKind();
    Verdict verdict = certified.verdict();
    assertThat(verdict.uncovered())
        .extracting(layer -> layer.name() + " " + layer.reason())
        .containsExactly(
            "add ELEMENTWISE",
            "clamp NO_SUM",
            "pad NO_SUM",
            "rescale REQUANTIZATION",
            "max NO_SUM",
            "sub NO_SUM",
            "average POOLING",
            "flat NO_SUM");
    ArrayNode said = certified.json().putArray("notCovered");
    verdict.uncovered().forEach(layer -> said.addObject().put("name", layer.name()));
    assertThat(certified.verdict().holds()).isTrue();
    said.remove(0);
    assertThat(certified.verdict().disagreements())
        .extracting(Verdict.Disagreement::field)
        .containsExactly("notCovered");
    certified.json().remove("notCovered");
    ((ArrayNode) certified.json().get("layers")).remove(3);
    certified.json().putArray("skipped").add("pinned");
    assertThat(certified.verdict().uncovered())
        .anyMatch(layer -> layer.name().equals("pinned") && layer.reason() == Uncovered.PINNED);
    certified.json().put("guarantee", "terms");
    assertThat(certified.verdict().disagreements())
        .extracting(Verdict.Disagreement::field)
        .containsExactly("guarantee");
  }

  @Test
  void check_runFolder_findsTheNetworkInIt() throws IOException {
    Certified hand = hand();
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.copy(hand.file(), run.resolve("network.narrows"));
    Path certificate = hand.write(hand.json().toString());
    assertThat(CertificateChecker.check(run, certificate).holds()).isTrue();
  }

  /**
   * Every number of the certificate is moved by one, up and down (of the long lists in witnesses,
   * those of each layer's first channel). What goes unnoticed must be true: a wider register is
   * safe too; a range whose lower end, above 0 anyway, is claimed lower changes neither sum; and
   * what a witness multiplies after its write does not matter.
   */
  @Test
  void check_everyNumberMovedByOne_isNoticedUnlessStillTrue() throws IOException {
    Certified certified = everyKind();
    Set<String> unnoticed = new TreeSet<>();
    List<Leaf> leaves = new ArrayList<>();
    collect(certified.json(), "", leaves);
    leaves.removeIf(leaf -> leaf.place.matches(".*channels.[1-9].*witness.(input|order).*"));
    assertThat(leaves.size()).isGreaterThan(400);
    for (Leaf leaf : leaves) {
      for (int delta : new int[] {1, -1}) {
        leaf.set(leaf.value + delta);
        if (certified.verdict().holds()) {
          unnoticed.add(leaf.place + (delta > 0 ? " + 1" : " - 1"));
        }
      }
      leaf.set(leaf.value);
    }
    Set<String> stillTrue = new TreeSet<>(Set.of("bits + 1"));
    List<DotLayer> layers = SmallNetworks.everyKind().dotLayers();
    for (int layer = 0; layer < layers.size(); layer++) {
      String place = "layers[" + layer + "].channels[";
      for (int c = 0; c < layers.get(layer).integers().weights().channels(); c++) {
        if (channel(certified, layer, c).get("inputRange").get(0).longValue() > 0) {
          stillTrue.add(place + c + "].inputRange[0] - 1");
        }
      }
      for (int k : afterTheWrite(channel(certified, layer, 0), layers.get(layer))) {
        stillTrue.add(place + "0].witness.input[" + k + "] + 1");
      }
    }
    assertThat(unnoticed).isEqualTo(stillTrue);
  }

  /** The terms of a layer's first channel whose weight leads away from the witness's write. */
  private static List<Integer> afterTheWrite(ObjectNode channel, DotLayer layer) {
    JsonNode range = channel.get("inputRange");
    boolean upwards = channel.get("witness").get("write").longValue() > 0;
    List<Integer> after = new ArrayList<>();
    for (int k = 0; k < layer.terms(); k++) {
      long q = layer.integers().weights().dense()[k] * (upwards ? 1 : -1);
      if (q * range.get(0).longValue() <= 0 && q * range.get(1).longValue() <= 0) {
        after.add(k);
      }
    }
    return after;
  }

  private record Leaf(
      String place, ObjectNode object, ArrayNode array, String key, int index, long value) {
    void set(long to) {
      if (key.isEmpty()) {
        array.set(index, to);
      } else {
        object.put(key, to);
      }
    }
  }

  private static void collect(JsonNode node, String place, List<Leaf> leaves) {
    ObjectNode none = JsonMapper.shared().createObjectNode();
    if (node instanceof ObjectNode object) {
      for (String key : object.propertyNames()) {
        JsonNode value = object.get(key);
        String where = place.isEmpty() ? key : place + "." + key;
        if (value.isNumber()) {
          leaves.add(new Leaf(where, object, none.putArray("-"), key, 0, value.longValue()));
        } else {
          collect(value, where, leaves);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        String where = place + "[" + i + "]";
        if (array.get(i).isNumber()) {
          leaves.add(new Leaf(where, none, array, "", i, array.get(i).longValue()));
        } else {
          collect(array.get(i), where, leaves);
        }
      }
    }
  }

  @Test
  void check_weightsMovedByOne_areNoticedWithAndWithoutTheChecksum() throws IOException {
    Certified certified = everyKind();
    Network network = SmallNetworks.everyKind();
    for (DotLayer layer : network.dotLayers()) {
      DenseWeights weights = (DenseWeights) layer.integers().weights();
      int step = layer.terms() > 30 ? 5 : 1; // all of them but in the long last layer
      for (int i = 0; i < weights.values().length; i += step) {
        int[] moved = weights.values().clone();
        moved[i]++;
        IntegerOperands operands =
            layer
                .integers()
                .withWeights(
                    new DenseWeights(
                        weights.channels(), weights.terms(), 8, weights.scales(), moved));
        certified.network(replaced(network, layer, layer.withOperands(operands)));
        if (i == 0) {
          assertThat(certified.verdict().disagreements())
              .as("the checksum alone")
              .anyMatch(d -> d.field().equals("network.sha256"));
        }
        certified.adoptFile();
        assertThat(certified.verdict().sound()).as("%s weight %d", layer.name(), i).isFalse();
      }
    }
    certified.network(network);
    certified.adoptFile();
    assertThat(certified.verdict().holds()).isTrue();
  }

  @Test
  void check_everyPreloadedBiasMovedByOne_isNoticed() throws IOException {
    Certified certified = everyKind();
    Network network = SmallNetworks.everyKind();
    int preloaded = 0;
    for (DotLayer layer : network.dotLayers()) {
      IntegerOperands old = layer.integers();
      for (int c = 0; c < old.bias().length; c++) {
        if (old.biasPlacement() == BiasPlacement.AFTER) {
          continue;
        }
        int[] bias = old.bias().clone();
        bias[c]++;
        IntegerOperands operands =
            new IntegerOperands(
                old.weights(),
                bias,
                old.requantization(),
                old.zero(),
                old.biasPlacement(),
                old.pinned());
        certified.network(replaced(network, layer, layer.withOperands(operands)));
        certified.adoptFile();
        assertThat(certified.verdict().sound()).as("%s bias %d", layer.name(), c).isFalse();
        preloaded++;
      }
    }
    assertThat(preloaded).isEqualTo(8);
  }

  private static Network replaced(Network network, Layer old, Layer other) {
    return network.withLayer(network.layers().indexOf(old), other);
  }

  /** The lie that hangs together: a smaller range, and everything computed from it. */
  @Test
  void check_consistentCertificateOfTooSmallARange_isNoticed() throws IOException {
    Map<String, IntegerRange> lie = Map.of("fc", new IntegerRange(4, 10));
    Verdict verdict = Certified.of(folder, SmallNetworks.byHand(), 5, lie).verdict();
    assertThat(verdict.disagreements().getFirst())
        .hasToString(
            "layer \"fc\", channel 0, inputRange: certificate says [-1, 5], found inputs of"
                + " [-5, 10]");
    assertThat(verdict.breaches())
        .containsExactly(new UnsafeChannel("fc", 0, -35, 40, 7, 5, Optional.empty()));
  }

  @Test
  void check_consistentCertificateOfAWiderRange_isAWeakerProof() throws IOException {
    Network network = SmallNetworks.everyKind();
    Map<String, IntegerRange> wide = new HashMap<>(SmallNetworks.everyKindCodes());
    wide.put("pinned", new IntegerRange(0, 15)); // all codes of the format
    assertThat(Certified.of(folder, network, 40, wide).verdict().holds()).isTrue();
    wide.put("pinned", new IntegerRange(0, 16)); // a code the format has not
    assertThat(Certified.of(folder, network, 40, wide).verdict().disagreements())
        .allMatch(d -> d.layer().equals("pinned"))
        .anyMatch(d -> d.field().equals("inputRange"));
  }

  @Test
  void check_layersAndChannels_mustAllBeThereOnce() throws IOException {
    Certified certified = everyKind();
    ObjectNode whole = certified.json().deepCopy();
    ArrayNode layers = (ArrayNode) certified.json().get("layers");

    layers.remove(3);
    assertThat(certified.verdict().disagreements())
        .extracting(Object::toString)
        .containsExactly(
            "layer \"pinned\", layers: certificate says nothing, found a layer that sums");
    certified.json().putArray("skipped").add("pinned");
    assertThat(certified.verdict().holds()).as("it is pinned to an exact register").isTrue();
    assertThat(certified.verdict().skipped()).containsExactly("pinned");
    layers.remove(0);
    ((ArrayNode) certified.json().get("skipped")).add("conv");
    assertThat(certified.verdict().disagreements())
        .extracting(Object::toString)
        .containsExactly(
            "layer \"conv\", skipped: certificate says an exact register, found none pinned");

    certified.json(whole.deepCopy());
    ((ArrayNode) certified.json().get("layers")).add(whole.get("layers").get(0));
    assertThat(certified.verdict().disagreements())
        .extracting(Object::toString)
        .containsExactly(
            "layer \"conv\", layers: certificate says the layer twice, found one of the name");

    certified.json(whole.deepCopy());
    ((ObjectNode) certified.json().get("layers").get(0)).put("name", "clamp");
    assertThat(certified.verdict().disagreements())
        .extracting(Verdict.Disagreement::layer)
        .containsExactly("conv", "clamp");

    certified.json(whole.deepCopy());
    ((ArrayNode) certified.json().get("layers").get(5).get("channels")).remove(2);
    assertThat(certified.verdict().disagreements())
        .extracting(Object::toString)
        .containsExactly("layer \"fc\", channels: certificate says 2, found 3");
  }

  @Test
  void check_averagePoolInTheCertificate_isCheckedLikeEveryOtherSum() throws IOException {
    Certified certified = everyKind();
    ObjectNode pool = ((ArrayNode) certified.json().get("layers")).addObject();
    pool.put("name", "average");
    for (int c = 0; c < 4; c++) {
      ArrayNode channels =
          pool.has("channels") ? (ArrayNode) pool.get("channels") : pool.putArray("channels");
      ObjectNode channel = channels.addObject().put("lo", 0).put("hi", 240).put("bits", 9);
      channel.putArray("inputRange").add(0).add(15);
      ObjectNode witness = channel.putObject("witness").put("write", 240).put("bits", 8);
      ArrayNode input = witness.putArray("input");
      ArrayNode order = witness.putArray("order");
      for (int k = 0; k < 16; k++) {
        input.add(15);
        order.add(15 - k);
      }
    }
    assertThat(certified.verdict().holds()).isTrue();
    ((ObjectNode) pool.get("channels").get(3)).put("hi", 239);
    assertThat(certified.verdict().disagreements())
        .extracting(Object::toString)
        .containsExactly("layer \"average\", channel 3, hi: certificate says 239, found 240");
  }

  @Test
  void check_conventions_applyToEveryLayerAndMustBeKnown() throws IOException {
    Certified hand = hand();
    ObjectNode conventions = (ObjectNode) hand.json().get("conventions");
    conventions.put("zero", "offset").put("bias", "after");
    assertThat(hand.verdict().holds()).isTrue();
    conventions.put("zero", "raw");
    assertThat(hand.verdict().sound()).as("raw codes are 0 to 15").isFalse();
    conventions.put("zero", "offset").put("bias", "preload");
    assertThat(hand.verdict().disagreements()).as("7 more in the register").isNotEmpty();
    conventions.put("zero", "none").put("bias", "after");
    assertThat(hand.verdict().disagreements())
        .extracting(Object::toString)
        .containsExactly("conventions.zero: certificate says none, found one of [offset, raw]");
    conventions.put("zero", "offset").put("flattening", "input channel first");
    assertThat(hand.verdict().sound()).isFalse();
  }

  @Test
  void check_witness_mustBeThereAndReachItsWrite() throws IOException {
    Certified hand = hand();
    ObjectNode channel = channel(hand, 0, 0);
    ObjectNode witness = (ObjectNode) channel.get("witness");
    channel.remove("witness");
    assertThat(hand.verdict().disagreements().getFirst().field()).isEqualTo("witness");
    channel.set("witness", witness.deepCopy());
    ((ObjectNode) channel.get("witness")).putArray("order").add(1).add(0);
    assertThat(hand.verdict().holds()).as("with 0 in the range any order ends there").isTrue();
    ((ObjectNode) channel.get("witness")).putArray("order").add(1).add(1);
    assertThat(hand.verdict().disagreements().getFirst().field()).isEqualTo("witness.order");
    ((ObjectNode) channel.get("witness")).putArray("order").add(1);
    assertThat(hand.verdict().sound()).isFalse();
    channel.set("witness", witness.deepCopy());
    ((ObjectNode) channel.get("witness")).putArray("input").add(15);
    assertThat(hand.verdict().disagreements().getFirst().field()).isEqualTo("witness.input");
    channel.set("witness", witness.deepCopy());
    ((ObjectNode) channel.get("witness")).remove("start");
    assertThat(hand.verdict().holds()).as("then 0 or the preloaded bias").isTrue();
    channel.set("witness", witness.deepCopy());
    ((ObjectNode) channel.get("witness")).put("write", 30); // is written, but fits 6 bits
    assertThat(hand.verdict().disagreements())
        .extracting(Object::toString)
        .containsExactly(
            "layer \"fc\", channel 0, witness.write: certificate says 30, found a value that fits"
                + " 6 bits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // what is replaced | by what | place | expectation
        "narrows/certificate/1 | narrows/certificate/2 | schema | newer version",
        "narrows/certificate/1 | narrows/analysis/1 | schema | expected \"narrows/certificate/1\"",
        "\"schema\" | \"scheme\" | schema | got nothing",
        "\"sha256\" | \"sha\" | network.sha256 | expected a text",
        "\"bits\":7,\"conventions\" | \"bits\":7.5,\"conventions\" | bits | whole number",
        "\"bits\":7,\"conventions\" | \"bits\":\"7\",\"conventions\" | bits | whole number",
        "\"conventions\":{ | \"conventions\":1,\"c\":{ | conventions | expected an object",
        "\"flattening\":\"kernel | \"flattening\":3,\"x\":\"kernel | conventions.flattening | text",
        "\"layers\":[ | \"layers\":7,\"l\":[ | layers | expected a list",
        "\"name\":\"fc\" | \"name\":null | layers[0].name | expected a text, got null",
        "[-5,10] | [-5] | layers[0].channels[0].inputRange | expected [a, b]",
        "[-5,10] | [-5,1e1] | inputRange[1] | whole number of 64 bits",
        "\"lo\":-35 | \"lo\":-35.0 | layers[0].channels[0].lo | whole number of 64 bits",
        "\"hi\":40 | \"hi\":40000000000000000000 | layers[0].channels[0].hi | 64 bits",
        "\"start\":0 | \"start\":\"0\" | witness.start | 64 bits",
        "\"order\":[0,1] | \"order\":[0,99999999999] | witness.order[1] | 32 bits",
        "\"input\":[15,0] | \"input\":[15,null] | witness.input[1] | got null",
        "\"input\":[15,0] | \"input\":{} | witness.input | expected a list",
        "\"hi\":40 | \"hi\":40,\"hi\":40 | text | Duplicate",
        "\"hi\":40 | \"hi\":NaN | text | not JSON",
        "\"bits\":6}}]}]} | \"bits\":6}}]}]}{} | text | not JSON",
        "\"bits\":6}}]}]} | \"bits\":6}} | text | not JSON",
      })
  void check_malformedCertificate_namesFilePlaceAndExpectation(
      String part, String by, String place, String expectation) throws IOException {
    Certified hand = hand();
    String text = hand.json().toString();
    assertThat(text).contains(part);
    Path certificate = hand.write(text.replace(part, by));
    assertThatThrownBy(() -> CertificateChecker.check(hand.file(), certificate))
        .isInstanceOf(CertificateFileException.class)
        .hasMessageStartingWith(certificate + ": ")
        .hasMessageContaining(place)
        .hasMessageContaining(expectation);
  }

  @Test
  void check_filesThatAreNone_areToldApart() throws IOException {
    Certified hand = hand();
    Path certificate = hand.write(hand.json().toString());
    Path nowhere = folder.resolve("nowhere.json");
    assertThatThrownBy(() -> CertificateChecker.check(hand.file(), nowhere))
        .isInstanceOf(CertificateFileException.class)
        .hasMessage(nowhere + ": file: no such file");
    assertThatThrownBy(() -> CertificateChecker.check(folder.resolve("no.narrows"), certificate))
        .isInstanceOf(NetworkFileException.class);
    Files.write(certificate, new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> CertificateChecker.check(hand.file(), certificate))
        .isInstanceOf(CertificateFileException.class)
        .hasMessageContaining("not UTF-8");
    hand.write("[".repeat(5000));
    assertThatThrownBy(() -> CertificateChecker.check(hand.file(), certificate))
        .isInstanceOf(CertificateFileException.class)
        .hasMessageContaining("not JSON");
  }

  @Test
  void check_widthNoRegisterHas_isNoticed() throws IOException {
    Certified hand = hand();
    hand.json().put("bits", 63);
    assertThat(hand.verdict().disagreements())
        .extracting(Object::toString)
        .containsExactly("bits: certificate says 63, found a register has 2 to 62 bits");
  }

  @Test
  void bits_everySmallValue_agreeWithTheDefinition() {
    for (long value = -3000; value <= 3000; value++) {
      int bits = CodeInterval.bits(value);
      assertThat(value >= -(1L << (bits - 1)) && value < 1L << (bits - 1)).isTrue();
      assertThat(bits == 1 || value < -(1L << (bits - 2)) || value >= 1L << (bits - 2)).isTrue();
    }
    assertThat(CodeInterval.bits(Long.MIN_VALUE)).isEqualTo(64);
    assertThat(CodeInterval.bits(Long.MAX_VALUE)).isEqualTo(64);
  }
}

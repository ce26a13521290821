package dev.narrows.verify;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.bound.Witness;
import dev.narrows.core.dot.BiasPlacement;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.Network;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.TransposedConvolution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Certificates made the way the other side makes them, by {@code core.bound}, of a network whose
 * layers' input ranges are given.
 */
final class Certified {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;
  private Network network;
  private ObjectNode json = JSON.createObjectNode();

  private Certified(Path folder, Network network) {
    this.folder = folder;
    this.network = network;
  }

  /**
   * @param codes per layer name the stored codes that its input can hold
   */
  static Certified of(Path folder, Network network, int bits, Map<String, IntegerRange> codes)
      throws IOException {
    return of(folder, network, bits, codes, network.dotLayers());
  }

  private static Certified of(
      Path folder,
      Network network,
      int bits,
      Map<String, IntegerRange> codes,
      List<DotLayer> dotLayers)
      throws IOException {
    Certified made = new Certified(folder, network);
    made.network(network);
    made.json.put("schema", "narrows/certificate/1");
    made.json
        .putObject("network")
        .put("file", "n.narrows")
        .put("sha256", NetworkFiles.sha256(made.file()));
    made.json.put("bits", bits);
    made.json
        .putObject("conventions")
        .put("flattening", "kernel row, kernel column, input channel");
    ArrayNode layers = made.json.putArray("layers");
    for (DotLayer layer : dotLayers) {
      IntegerRange range = codes.get(layer.name());
      if (range == null) {
        throw new IllegalArgumentException("no range for " + layer.name());
      }
      made.layer(layers.addObject(), layer, range);
    }
    return made;
  }

  /** As JSON what the network's own pass certifies. */
  static Certified of(Path folder, Network network, Certificate certificate) throws IOException {
    Certified made = of(folder, network, certificate.bits(), Map.of(), List.of());
    ObjectNode conventions = (ObjectNode) made.json.get("conventions");
    certificate.conventions().forEach(conventions::put);
    for (LayerCertificate layer : certificate.layers()) {
      ObjectNode node = ((ArrayNode) made.json.get("layers")).addObject().put("name", layer.name());
      layer.own().ifPresent(bits -> node.put("registerBits", bits));
      ArrayNode channels = node.putArray("channels");
      layer.channels().forEach(c -> channel(channels.addObject(), c));
    }
    return made;
  }

  private void layer(ObjectNode node, DotLayer layer, IntegerRange codes) {
    node.put("name", layer.name());
    ArrayNode channels = node.putArray("channels");
    int zeroPoint = network.tensor(layer.input()).quantization().zeroPoint();
    boolean raw = layer.integers().zero() == ZeroPointConvention.RAW;
    int offset = raw ? 0 : zeroPoint;
    IntegerRange seen = codes.minus(offset);
    if (layer.window().padded() || layer instanceof TransposedConvolution) {
      seen = seen.union(new IntegerRange(zeroPoint, zeroPoint).minus(offset));
    }
    int[] dense = layer.integers().weights().dense();
    int terms = layer.terms();
    for (int c = 0; c < layer.integers().weights().channels(); c++) {
      int[] weights = Arrays.copyOfRange(dense, c * terms, (c + 1) * terms);
      long preload = 0;
      if (layer.integers().biasPlacement() == BiasPlacement.PRELOAD) {
        preload = layer.integers().bias()[c];
        preload -= raw ? (long) zeroPoint * Arrays.stream(weights).sum() : 0;
      }
      channel(
          channels.addObject(),
          ChannelCertificate.of(new DotChannel(weights, seen, preload), offset));
    }
  }

  private static void channel(ObjectNode node, ChannelCertificate made) {
    node.putArray("inputRange").add(made.inputRange().min()).add(made.inputRange().max());
    made.rightRange()
        .ifPresent(range -> node.putArray("rightRange").add(range.min()).add(range.max()));
    node.put("lo", made.lo()).put("hi", made.hi()).put("bits", made.bits());
    if (made.witness().isPresent()) {
      Witness witness = made.witness().get();
      ObjectNode to = node.putObject("witness");
      ArrayNode input = to.putArray("input");
      Arrays.stream(witness.input()).forEach(input::add);
      if (witness.right().length > 0) {
        ArrayNode right = to.putArray("right");
        Arrays.stream(witness.right()).forEach(right::add);
      }
      ArrayNode order = to.putArray("order");
      Arrays.stream(witness.order()).forEach(order::add);
      to.put("start", witness.start()).put("write", witness.write()).put("bits", witness.bits());
    }
  }

  Path file() {
    return folder.resolve("n.narrows");
  }

  ObjectNode json() {
    return json;
  }

  Certified json(ObjectNode changed) {
    json = changed;
    return this;
  }

  /** Puts another network in the file's place. */
  void network(Network other) throws IOException {
    network = other;
    NarrowsWriter.write(other, file());
  }

  /** Lets the certificate speak of whatever file is there now. */
  void adoptFile() throws IOException {
    ((ObjectNode) json.get("network")).put("sha256", NetworkFiles.sha256(file()));
  }

  Verdict verdict() throws IOException {
    return CertificateChecker.check(file(), write(JSON.writeValueAsString(json)));
  }

  Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("certificate.json"), text);
  }
}

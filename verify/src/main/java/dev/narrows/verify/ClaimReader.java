package dev.narrows.verify;

import dev.narrows.network.GitLfsPointer;
import dev.narrows.verify.Claim.ClaimedChannel;
import dev.narrows.verify.Claim.ClaimedLayer;
import dev.narrows.verify.Claim.ClaimedWitness;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads {@code narrows/certificate/1} files; the file is not trusted. */
final class ClaimReader {
  static final String SCHEMA = "narrows/certificate/";
  static final int VERSION = 1;

  private static final long MAX_BYTES = 1L << 28; // a certificate of 10^7 weights has about 10^8
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;

  private ClaimReader(Path file) {
    this.file = file;
  }

  static Claim read(Path file) throws IOException {
    ClaimReader reader = new ClaimReader(file);
    if (!Files.isRegularFile(file)) {
      throw reader.bad("file", "no such file");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw reader.bad("file", "larger than 256 MiB");
    }
    if (GitLfsPointer.isPointer(file)) {
      throw reader.bad("file", GitLfsPointer.PROBLEM);
    }
    JsonNode root;
    try {
      root = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw new CertificateFileException(file, "text", "not JSON: " + e.getOriginalMessage(), e);
    } catch (CharacterCodingException e) {
      throw new CertificateFileException(
          file, "text", "not UTF-8; expected a certificate, the JSON that certify writes", e);
    }
    return reader.claim(root);
  }

  private Claim claim(JsonNode root) throws CertificateFileException {
    requireSchema(text(root, "", "schema"));
    JsonNode network = object(root, "", "network");
    JsonNode conventions = object(root, "", "conventions");
    List<ClaimedLayer> layers = new ArrayList<>();
    JsonNode list = array(root, "", "layers");
    for (int i = 0; i < list.size(); i++) {
      layers.add(layer(list.get(i), "layers[" + i + "]"));
    }
    List<String> skipped = new ArrayList<>();
    if (root.has("skipped")) {
      for (JsonNode name : array(root, "", "skipped")) {
        if (!name.isString()) {
          throw bad("skipped", "expected names of layers, got " + brief(name));
        }
        skipped.add(name.stringValue());
      }
    }
    Optional<List<String>> notCovered = Optional.empty();
    if (root.has("notCovered")) {
      List<String> names = new ArrayList<>();
      for (JsonNode layer : array(root, "", "notCovered")) {
        names.add(text(layer, "notCovered[" + names.size() + "]", "name"));
      }
      notCovered = Optional.of(names);
    }
    return new Claim(
        text(network, "network", "sha256"),
        integer(root, "", "bits"),
        optionalText(conventions, "conventions", "zero"),
        optionalText(conventions, "conventions", "bias"),
        optionalText(conventions, "conventions", "flattening"),
        optionalText(conventions, "conventions", "guarantee"),
        optionalText(conventions, "conventions", "taps"),
        optionalText(conventions, "conventions", "pinned"),
        optionalText(conventions, "conventions", "parts"),
        optionalText(conventions, "conventions", "outer"),
        optionalText(conventions, "conventions", "witnesses"),
        optionalText(conventions, "conventions", "leastOperand"),
        layers,
        skipped,
        notCovered,
        optionalText(root, "", "guarantee"));
  }

  private void requireSchema(String schema) throws CertificateFileException {
    String expected = SCHEMA + VERSION;
    if (!schema.equals(expected)) {
      boolean newer = schema.matches(SCHEMA + "[1-9][0-9]{0,8}");
      throw bad(
          "schema",
          "expected \"%s\", got \"%s\"%s"
              .formatted(expected, schema, newer ? ", of a newer version" : ""));
    }
  }

  private ClaimedLayer layer(JsonNode node, String place) throws CertificateFileException {
    List<ClaimedChannel> channels = new ArrayList<>();
    String name = text(node, place, "name");
    JsonNode list = array(node, place, "channels");
    for (int c = 0; c < list.size(); c++) {
      channels.add(channel(list.get(c), place + ".channels[" + c + "]"));
    }
    return new ClaimedLayer(
        name,
        optionalText(node, place, "zero"),
        optionalText(node, place, "bias"),
        optionalText(node, place, "register"),
        node.has("registerBits")
            ? OptionalInt.of(integer(node, place, "registerBits"))
            : OptionalInt.empty(),
        channels);
  }

  private ClaimedChannel channel(JsonNode node, String place) throws CertificateFileException {
    CodeInterval range = range(node, place, "inputRange");
    JsonNode witness = node.path("witness");
    boolean none = witness.isMissingNode() || witness.isNull();
    return new ClaimedChannel(
        range.min(),
        range.max(),
        node.has("rightRange") ? Optional.of(range(node, place, "rightRange")) : Optional.empty(),
        whole(node.path("lo"), place + ".lo"),
        whole(node.path("hi"), place + ".hi"),
        integer(node, place, "bits"),
        none ? Optional.empty() : Optional.of(witness(witness, place + ".witness")));
  }

  private CodeInterval range(JsonNode node, String place, String key)
      throws CertificateFileException {
    JsonNode range = array(node, place, key);
    if (range.size() != 2) {
      throw bad(join(place, key), "expected [a, b], got " + brief(range));
    }
    return new CodeInterval(
        whole(range.get(0), place + "." + key + "[0]"),
        whole(range.get(1), place + "." + key + "[1]"));
  }

  private ClaimedWitness witness(JsonNode node, String place) throws CertificateFileException {
    long[] input = codes(node, place, "input");
    long[] right = node.has("right") ? codes(node, place, "right") : new long[0];
    JsonNode indices = array(node, place, "order");
    int[] order = new int[indices.size()];
    for (int k = 0; k < order.length; k++) {
      order[k] = small(indices.get(k), place + ".order[" + k + "]");
    }
    OptionalLong start =
        node.has("start")
            ? OptionalLong.of(whole(node.get("start"), place + ".start"))
            : OptionalLong.empty();
    return new ClaimedWitness(
        input,
        right,
        order,
        start,
        whole(node.path("write"), place + ".write"),
        integer(node, place, "bits"));
  }

  private long[] codes(JsonNode node, String place, String key) throws CertificateFileException {
    JsonNode list = array(node, place, key);
    long[] codes = new long[list.size()];
    for (int k = 0; k < codes.length; k++) {
      codes[k] = whole(list.get(k), place + "." + key + "[" + k + "]");
    }
    return codes;
  }

  private JsonNode object(JsonNode parent, String place, String key)
      throws CertificateFileException {
    JsonNode node = parent.path(key);
    if (!node.isObject()) {
      throw bad(join(place, key), "expected an object, got " + brief(node));
    }
    return node;
  }

  private JsonNode array(JsonNode parent, String place, String key)
      throws CertificateFileException {
    JsonNode node = parent.path(key);
    if (!node.isArray()) {
      throw bad(join(place, key), "expected a list, got " + brief(node));
    }
    return node;
  }

  private String text(JsonNode parent, String place, String key) throws CertificateFileException {
    JsonNode node = parent.path(key);
    if (!node.isString()) {
      throw bad(join(place, key), "expected a text, got " + brief(node));
    }
    return node.stringValue();
  }

  private Optional<String> optionalText(JsonNode parent, String place, String key)
      throws CertificateFileException {
    return parent.has(key) ? Optional.of(text(parent, place, key)) : Optional.empty();
  }

  private int integer(JsonNode parent, String place, String key) throws CertificateFileException {
    return small(parent.path(key), join(place, key));
  }

  private int small(JsonNode node, String place) throws CertificateFileException {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw bad(place, "expected a whole number of 32 bits, got " + brief(node));
    }
    return node.intValue();
  }

  private long whole(JsonNode node, String place) throws CertificateFileException {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw bad(place, "expected a whole number of 64 bits, got " + brief(node));
    }
    return node.longValue();
  }

  private static String join(String place, String key) {
    return place.isEmpty() ? key : place + "." + key;
  }

  private static String brief(JsonNode node) {
    if (node.isMissingNode()) {
      return "nothing";
    }
    String text = node.toString();
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private CertificateFileException bad(String place, String problem) {
    return new CertificateFileException(file, place, problem);
  }
}

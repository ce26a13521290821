package dev.narrows.network.llama;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.FloatScale;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.layer.Clamp;
import dev.narrows.network.layer.Dense;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.IntegerOperands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The integer matrices of a language model as a network: a dense layer for each, by its name, which
 * reads one token's codes, any of the matrix's. Between its layers nothing is computed: it says
 * what is summed, is what is written to a file, and what bounds and certificates look at.
 */
public final class IntegerSumsNetwork {
  private static final String SHIFTS = "shifts.";
  private static final String BLOCK = "hadamard.";
  private static final TensorType CODE =
      new TensorType(1, 1, 1, new Quantization(new IntegerFormat(8, true), 1, 0));

  private IntegerSumsNetwork() {}

  /**
   * The network.
   *
   * @param matrices at least one, by their names
   * @param metadata to keep beside them
   */
  public static Network of(
      LlamaShape shape, Map<String, IntegerMatrix> matrices, Map<String, String> metadata) {
    List<Layer> layers = new ArrayList<>();
    TensorType dim = codes(shape.dim());
    TensorType hidden = codes(shape.hidden());
    layers.add(InputLayer.given("hidden", hidden));
    Map<TokenCodes, Integer> sources = new HashMap<>();
    for (TokenCodes codes : codes(matrices)) {
      String suffix = codes.equals(TokenCodes.EIGHT) ? "" : Integer.toString(codes.bits());
      sources.put(codes, layers.size() + 1); // of layers that follow the input, counted from 1
      layers.add(new Clamp("codes" + suffix, 0, dim, -codes.most(), codes.most()));
      layers.add(new Clamp("hidden.codes" + suffix, 1, hidden, -codes.most(), codes.most()));
    }
    Map<String, String> texts = new HashMap<>(metadata);
    for (Place place : places(shape)) {
      IntegerMatrix matrix = matrices.get(place.name());
      if (matrix != null) {
        int source = Objects.requireNonNull(sources.get(matrix.activations()));
        layers.add(dense(place, matrix, source + (place.matrix() == LlamaMatrix.DOWN ? 1 : 0)));
        TokenPreparation preparation = matrix.preparation();
        if (preparation.shifts().length > 0) {
          texts.put(SHIFTS + place.name(), text(preparation.shifts()));
        }
        if (preparation.block() > 1) {
          texts.put(BLOCK + place.name(), Integer.toString(preparation.block()));
        }
      }
    }
    return new Network("integers of a llama model", dim, layers, texts);
  }

  /** A matrix and where it stands. */
  private record Place(LlamaMatrix matrix, String name) {}

  private static List<Place> places(LlamaShape shape) {
    List<Place> places = new ArrayList<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (LlamaMatrix matrix : LlamaMatrix.values()) {
        if (matrix.inLayers()) {
          places.add(new Place(matrix, matrix.name(layer)));
        }
      }
    }
    places.add(new Place(LlamaMatrix.CLASSIFIER, LlamaMatrix.CLASSIFIER.name(0)));
    return places;
  }

  private static TensorType codes(int channels) {
    return new TensorType(channels, 1, 1, CODE.quantization());
  }

  /** What matrices are given, 8 bits first. */
  private static List<TokenCodes> codes(Map<String, IntegerMatrix> matrices) {
    return matrices.values().stream()
        .map(IntegerMatrix::activations)
        .distinct()
        .sorted(Comparator.comparingInt(TokenCodes::bits).reversed())
        .toList();
  }

  private static Dense dense(Place place, IntegerMatrix matrix, int source) {
    double[] scales = new double[matrix.rows()];
    Arrays.setAll(scales, r -> matrix.scales()[r]);
    return new Dense(
        place.name(),
        source,
        codes(matrix.rows()),
        new IntegerOperands(
            new DenseWeights(
                matrix.rows(), matrix.terms(), 8, scales, matrix.block(0, matrix.rows())),
            new int[matrix.rows()],
            new FloatScale(new float[] {1}, 0, -128, 127)));
  }

  private static String text(byte[] shifts) {
    return IntStream.range(0, shifts.length)
        .mapToObj(k -> Byte.toString(shifts[k]))
        .collect(Collectors.joining(" "));
  }

  /**
   * The matrices of such a network; it is not trusted.
   *
   * @param file for errors
   * @throws NetworkFileException if it is not a network of matrices of a model of this shape
   */
  public static Map<String, IntegerMatrix> matrices(Path file, Network network, LlamaShape shape)
      throws NetworkFileException {
    Map<String, LlamaMatrix> known = new HashMap<>();
    places(shape).forEach(place -> known.put(place.name(), place.matrix()));
    Map<String, IntegerMatrix> matrices = new LinkedHashMap<>();
    for (Layer layer : network.layers()) {
      if (layer instanceof DotLayer dot) {
        LlamaMatrix matrix = known.get(dot.name());
        if (matrix == null) {
          throw new NetworkFileException(
              file, "layer \"" + dot.name() + "\"", "is no matrix of the model");
        }
        matrices.put(dot.name(), matrix(file, network, dot, matrix, shape));
      }
    }
    if (matrices.isEmpty()) {
      throw new NetworkFileException(file, "layers", "expected matrices of a language model");
    }
    return matrices;
  }

  private static IntegerMatrix matrix(
      Path file, Network network, DotLayer dot, LlamaMatrix matrix, LlamaShape shape)
      throws NetworkFileException {
    String place = "layer \"" + dot.name() + "\"";
    if (!(dot.operands() instanceof IntegerOperands operands)
        || operands.channels() != matrix.rows(shape)
        || operands.terms() != matrix.terms(shape)) {
      throw new NetworkFileException(
          file,
          place,
          "expected %d x %d integers, got %d x %d%s"
              .formatted(
                  matrix.rows(shape),
                  matrix.terms(shape),
                  dot.operands().channels(),
                  dot.terms(),
                  dot.isFloat() ? " real numbers" : ""));
    }
    if (Arrays.stream(operands.bias()).anyMatch(bias -> bias != 0)) {
      throw new NetworkFileException(file, place, "expected a bias of 0 everywhere");
    }
    int[] values = operands.weights().dense();
    byte[] codes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      if (values[i] != (byte) values[i]) {
        throw new NetworkFileException(file, place, "expected weights of 8 bits, got " + values[i]);
      }
      codes[i] = (byte) values[i];
    }
    double[] given = operands.weights().scales();
    float[] scales = new float[given.length];
    for (int r = 0; r < scales.length; r++) {
      scales[r] = (float) given[r];
      if (scales[r] != given[r]) {
        throw new NetworkFileException(file, place, "expected scales in binary32, got " + given[r]);
      }
    }
    try {
      return new IntegerMatrix(
          matrix.rows(shape),
          matrix.terms(shape),
          codes,
          scales,
          new TokenPreparation(shifts(network, dot.name()), block(network, dot.name())),
          given(network, dot));
    } catch (IllegalArgumentException e) {
      throw new NetworkFileException(file, place, String.valueOf(e.getMessage()), e);
    }
  }

  /** The codes that a layer is given: what a clamp in front of it lets through. */
  private static TokenCodes given(Network network, DotLayer dot) {
    if (dot.input() > 0
        && network.layers().get(dot.input() - 1) instanceof Clamp clamp
        && clamp.min() == -clamp.max()) {
      for (int bits = 2; bits <= 8; bits++) {
        TokenCodes codes = new TokenCodes(bits);
        if (codes.most() == clamp.max()) {
          return codes;
        }
      }
    }
    throw new IllegalArgumentException("expected a clamp to codes of 2 to 8 bits in front of it");
  }

  private static int block(Network network, String name) {
    String text = network.metadata().getOrDefault(BLOCK + name, "1");
    if (!text.matches("\\d{1,2}")) {
      throw new IllegalArgumentException("expected the channels of a block, got \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }

  private static byte[] shifts(Network network, String name) {
    String text = network.metadata().get(SHIFTS + name);
    if (text == null) {
      return new byte[0];
    }
    String[] words = text.split(" ", -1);
    byte[] shifts = new byte[words.length];
    for (int k = 0; k < words.length; k++) {
      if (!words[k].matches("-?\\d{1,2}")) {
        throw new IllegalArgumentException("expected whole shifts, got \"" + words[k] + "\"");
      }
      shifts[k] = Byte.parseByte(words[k]);
    }
    return shifts;
  }
}

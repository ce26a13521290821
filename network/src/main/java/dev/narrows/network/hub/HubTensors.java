package dev.narrows.network.hub;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.safetensors.MappedSafetensors;
import dev.narrows.network.safetensors.SafetensorsEntry;
import dev.narrows.network.safetensors.SafetensorsType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The tensors of a folder, in one file or in several. A model asks for what it needs by name and
 * shape, then refuses what is left. Reading is thread-safe.
 */
public final class HubTensors {
  private static final int SHOWN = 20;

  /** Forms of quantised weights by the names of the package compressed-tensors. */
  private static final Set<String> FORMATS =
      Set.of("dense", "naive-quantized", "int-quantized", "float-quantized", "pack-quantized");

  private final Path place;
  private final Map<String, MappedSafetensors> files;
  private final Map<String, HubMatrix> needed = new HashMap<>();
  private final Set<String> known = new HashSet<>();

  private HubTensors(Path place, Map<String, MappedSafetensors> files) {
    this.place = place;
    this.files = files;
  }

  /**
   * Maps the files of a folder: {@code model.safetensors}, or those that {@code
   * model.safetensors.index.json} names.
   *
   * @throws NetworkFileException if a file is missing or not sound, or the index names another
   *     folder, or tensors that are not where it says; or if weights are quantised in a way that is
   *     not read
   */
  public static HubTensors open(HubFolder folder) throws IOException {
    requireReadable(folder.read());
    if (folder.has(HubFolder.WEIGHTS) || !folder.has(HubFolder.INDEX)) {
      return of(MappedSafetensors.open(folder.path().resolve(HubFolder.WEIGHTS)));
    }
    return sharded(folder.path().resolve(HubFolder.INDEX));
  }

  private static void requireReadable(HubConfig config) throws NetworkFileException {
    Optional<HubConfig> given = config.inside("quantization_config");
    if (given.isEmpty()) {
      return;
    }
    HubConfig how = given.get();
    String method = how.text("quant_method").orElse("none");
    if (!method.equals("compressed-tensors")) {
      throw how.bad("quant_method", "expected compressed-tensors, got \"" + method + '"');
    }
    String format = how.text("format").orElse("none");
    if (!FORMATS.contains(format)) {
      throw how.bad(
          "format",
          "expected one of %s, got \"%s\"".formatted(FORMATS.stream().sorted().toList(), format));
    }
    Optional<HubConfig> sparse = how.inside("sparsity_config");
    if (sparse.isPresent() && !sparse.get().text("format").orElse("dense").equals("dense")) {
      throw sparse.get().bad("format", "sparse weights are not read");
    }
    if (how.has("kv_cache_scheme")) {
      throw how.bad("kv_cache_scheme", "quantised keys and values are not read");
    }
  }

  /** Those of one file. */
  static HubTensors of(MappedSafetensors file) {
    Map<String, MappedSafetensors> files = new LinkedHashMap<>();
    file.entries().keySet().forEach(name -> files.put(name, file));
    return new HubTensors(file.path(), files);
  }

  /** The file of each tensor that an index names. */
  static Map<String, String> shards(Path index) throws IOException {
    JsonNode map = HubJson.object(index).path("weight_map");
    if (!map.isObject()) {
      throw new NetworkFileException(index, "key \"weight_map\"", "expected an object of names");
    }
    Map<String, String> shards = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      String shard = entry.getValue().asString("");
      if (!shard.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
        throw new NetworkFileException(
            index,
            "tensor \"" + entry.getKey() + '"',
            "expected the name of a .safetensors file in this folder, got "
                + HubConfig.shown(entry.getValue()));
      }
      shards.put(entry.getKey(), shard);
    }
    return shards;
  }

  private static HubTensors sharded(Path index) throws IOException {
    Map<String, String> shards = shards(index);
    Map<String, MappedSafetensors> files = new LinkedHashMap<>();
    for (String shard : new HashSet<>(shards.values())) {
      MappedSafetensors file = MappedSafetensors.open(index.resolveSibling(shard));
      Set<String> listed =
          shards.keySet().stream()
              .filter(name -> shard.equals(shards.get(name)))
              .collect(Collectors.toSet());
      if (!listed.equals(file.entries().keySet())) {
        Set<String> wrong = new HashSet<>(listed);
        wrong.removeAll(file.entries().keySet());
        Set<String> unlisted = new HashSet<>(file.entries().keySet());
        unlisted.removeAll(listed);
        throw new NetworkFileException(
            index,
            "shard " + shard,
            "the index and the file must name the same tensors; missing there: %s, missing here: %s"
                .formatted(some(wrong), some(unlisted)));
      }
      listed.forEach(name -> files.put(name, file));
    }
    return new HubTensors(index, files);
  }

  private static String some(Set<String> names) {
    List<String> sorted = new ArrayList<>(names);
    sorted.sort(null);
    String shown = String.join(", ", sorted.subList(0, Math.min(SHOWN, sorted.size())));
    return shown.isEmpty() ? "none" : shown;
  }

  /** The file that messages name. */
  public Path place() {
    return place;
  }

  /** How many there are. */
  public int count() {
    return files.size();
  }

  /** Whether there is one of this name. */
  public boolean has(String name) {
    return files.containsKey(name);
  }

  /**
   * Makes a tensor of real numbers known.
   *
   * @param shape one or two sizes
   * @throws NetworkFileException if it is missing, or has another shape or type
   */
  public void require(String name, int... shape) throws NetworkFileException {
    HubMatrix matrix = matrix(name, shape);
    needed.put(name, matrix);
    known.addAll(matrix.parts());
  }

  private HubMatrix matrix(String name, int... shape) throws NetworkFileException {
    int rows = shape.length == 1 ? 1 : shape[0];
    int columns = shape[shape.length - 1];
    if (shape.length == 2 && files.containsKey(name + "_scale")) {
      return scaled(name, rows, columns);
    }
    SafetensorsEntry entry = entry(name, shape);
    MappedSafetensors file = file(name);
    return switch (entry.type()) {
      case F32, F16, BF16 -> new HubMatrix.PlainNumbers(file, entry, rows, columns);
      case F64, I64, I32, I16, I8, U8, BOOL, F8_E4M3 ->
          throw new NetworkFileException(
              file.path(), named(name), "expected F32, F16 or BF16, got " + entry.describe());
    };
  }

  /** Codes with scales, as the package compressed-tensors names them. */
  private HubMatrix scaled(String name, int rows, int columns) throws NetworkFileException {
    boolean packed = files.containsKey(name + "_packed");
    String codes = packed ? name + "_packed" : name;
    int stored = packed ? HubMatrix.Scaled.packedColumns(columns) : columns;
    SafetensorsEntry entry = entry(codes, rows, stored);
    Set<SafetensorsType> types =
        packed ? Set.of(SafetensorsType.I32) : Set.of(SafetensorsType.I8, SafetensorsType.F8_E4M3);
    if (!types.contains(entry.type())) {
      throw new NetworkFileException(
          file(codes).path(), named(codes), "expected " + types + ", got " + entry.describe());
    }
    Set<String> parts = new HashSet<>(Set.of(codes, name + "_scale"));
    if (packed) {
      SafetensorsEntry shape = entry(name + "_shape", 2);
      MappedSafetensors file = file(name + "_shape");
      if (shape.type() != SafetensorsType.I64
          || file.whole(shape, 0) != rows
          || file.whole(shape, 1) != columns) {
        throw new NetworkFileException(
            file.path(),
            named(name + "_shape"),
            "expected [%d, %d] in I64 by %s".formatted(rows, columns, HubFolder.CONFIG));
      }
      parts.add(name + "_shape");
    }
    float[] scales = scales(name + "_scale", rows, columns);
    byte[] zeros = new byte[0];
    if (entry.type() == SafetensorsType.I8 && files.containsKey(name + "_zero_point")) {
      zeros = zeros(name + "_zero_point", rows, scales.length);
      parts.add(name + "_zero_point");
    }
    return new HubMatrix.Scaled(file(codes), entry, rows, columns, scales, zeros, parts);
  }

  /** Those of all groups, [rows][groups]: one for all of a matrix, for a row, or for its parts. */
  private float[] scales(String name, int rows, int columns) throws NetworkFileException {
    MappedSafetensors file = file(name);
    SafetensorsEntry entry = Objects.requireNonNull(file.entries().get(name));
    List<Integer> shape = entry.shape();
    boolean one = shape.equals(List.of()) || shape.equals(List.of(1));
    boolean several =
        shape.size() == 2
            && shape.get(0) == rows
            && shape.get(1) > 0
            && columns % shape.get(1) == 0;
    boolean reals =
        Set.of(SafetensorsType.F32, SafetensorsType.F16, SafetensorsType.BF16)
            .contains(entry.type());
    if (!reals || !one && !several) {
      throw new NetworkFileException(
          file.path(),
          named(name),
          "expected a scale for %d rows of %d in F32, F16 or BF16, for each of them or for equal parts"
                  .formatted(rows, columns)
              + " of each, got "
              + entry.describe());
    }
    float[] stored = new float[entry.elements()];
    file.floats(entry, 0, stored.length, stored, 0);
    float[] scales = one ? new float[rows] : stored;
    if (one) {
      Arrays.fill(scales, stored[0]);
    }
    return scales;
  }

  private byte[] zeros(String name, int rows, int groups) throws NetworkFileException {
    SafetensorsEntry entry = Objects.requireNonNull(file(name).entries().get(name));
    if (entry.type() != SafetensorsType.I8 || entry.elements() != groups && entry.elements() != 1) {
      throw new NetworkFileException(
          file(name).path(),
          named(name),
          "expected a zero point in I8 for each scale of %d rows, got %s"
              .formatted(rows, entry.describe()));
    }
    byte[] stored = new byte[entry.elements()];
    file(name).bytes(entry, 0, stored.length, stored);
    byte[] zeros = new byte[groups];
    for (int i = 0; i < groups; i++) {
      zeros[i] = stored[stored.length == 1 ? 0 : i];
    }
    return zeros;
  }

  private MappedSafetensors file(String name) throws NetworkFileException {
    MappedSafetensors file = files.get(name);
    if (file == null) {
      throw new NetworkFileException(place, named(name), "missing");
    }
    return file;
  }

  private SafetensorsEntry entry(String name, int... shape) throws NetworkFileException {
    MappedSafetensors file = file(name);
    SafetensorsEntry entry = Objects.requireNonNull(file.entries().get(name));
    List<Integer> expected = Arrays.stream(shape).boxed().toList();
    if (!entry.shape().equals(expected)) {
      throw new NetworkFileException(
          file.path(),
          named(name),
          "expected the shape %s by %s, got %s"
              .formatted(expected, HubFolder.CONFIG, entry.describe()));
    }
    return entry;
  }

  /**
   * Refuses tensors that were not asked for.
   *
   * @param ignored names that may be there
   * @throws NetworkFileException naming the others
   */
  public void refuseOthers(Predicate<String> ignored) throws NetworkFileException {
    Set<String> others =
        files.keySet().stream()
            .filter(name -> !known.contains(name) && !ignored.test(name))
            .collect(Collectors.toSet());
    if (!others.isEmpty()) {
      throw new NetworkFileException(
          place,
          "directory",
          "%d tensors are no part of the models read here: %s"
              .formatted(others.size(), some(others)));
    }
  }

  /**
   * Rows of a matrix in binary32.
   *
   * @param name of one that was required
   * @param out gets [rows][columns], from its beginning
   * @throws UncheckedIOException if the file holds numbers that are not finite
   */
  public void rows(String name, int first, int rows, float[] out) {
    try {
      matrixOf(name).read(first, rows, out);
    } catch (NetworkFileException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All of a tensor that was required. */
  public float[] all(String name) {
    HubMatrix matrix = matrixOf(name);
    float[] all = new float[Math.multiplyExact(matrix.rows(), matrix.columns())];
    rows(name, 0, matrix.rows(), all);
    return all;
  }

  private HubMatrix matrixOf(String name) {
    HubMatrix matrix = needed.get(name);
    if (matrix == null) {
      throw new IllegalStateException("nobody required the tensor " + name);
    }
    return matrix;
  }

  private static String named(String name) {
    return "tensor \"" + name + '"';
  }
}

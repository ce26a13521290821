package dev.narrows.experiments.evaluate;

import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.quantize.Quantization;
import dev.narrows.data.DataException;
import dev.narrows.data.Inputs;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Arrays in a file as what a network with several inputs takes: one array an input, by the names
 * that the network's file gives them, or one array {@code x} whose rows hold a sample's inputs one
 * after the other. Elements are in the network file's own order, or else channels, rows, columns.
 *
 * <p>Integers are an input's own codes, or the pixels of an image ({@link NamedPixels}); floats are
 * its numbers, which an input of codes quantises by its own scale.
 */
public final class NamedInputs {
  private static final String ROWS = "x";
  private static final String LABELS = "y";

  private final Network network;
  private final String where;
  private final List<Taken> inputs = new ArrayList<>();

  /**
   * One input.
   *
   * @param dims of one sample
   * @param places in [C][H][W] of the elements in the file's order
   * @param offset in a sample's row
   */
  private record Taken(
      String name, TensorType type, List<Integer> dims, int[] places, int offset) {}

  private NamedInputs(Network network, String where) {
    this.network = network;
    this.where = where;
    int offset = 0;
    for (int input : network.inputs()) {
      TensorType type = network.tensor(input);
      Optional<FileTensors.Tensor> own = own(network, input);
      inputs.add(
          new Taken(
              own.map(FileTensors.Tensor::name).orElse(network.tensorName(input)),
              type,
              own.map(tensor -> tensor.shape().perImage())
                  .orElse(List.of(type.channels(), type.height(), type.width())),
              own.map(tensor -> tensor.shape().places())
                  .orElseGet(() -> IntStream.range(0, type.elements()).toArray()),
              offset));
      offset += type.elements();
    }
  }

  private static Optional<FileTensors.Tensor> own(Network network, int input) {
    return FileTensors.of(network).stream()
        .flatMap(file -> file.tensors().stream())
        .filter(tensor -> tensor.tensor() == input)
        .findFirst();
  }

  /**
   * Whether a data set is read here: the network has several inputs, or the file holds an array of
   * its only input's name and none called {@code x}.
   */
  public static boolean read(Network network, String data) {
    if (network.inputs().size() > 1) {
      return true;
    }
    if (!data.endsWith(".npz") || !Files.isRegularFile(Path.of(data))) {
      return false;
    }
    TreeSet<String> names = Npz.names(Path.of(data));
    return !names.contains(ROWS)
        && names.contains(new NamedInputs(network, data).inputs.getFirst().name());
  }

  /**
   * Reads a file.
   *
   * @param data an {@code .npz}, or an {@code .npy} of rows
   * @param limit how many samples are taken at most
   * @throws BadInputException naming what is missing, unknown or of another shape
   * @throws DataException if an array cannot be read
   */
  public static NetworkInputs of(Network network, String data, Optional<Integer> limit) {
    NamedInputs named = new NamedInputs(network, data);
    if (!(data.endsWith(".npz") || data.endsWith(".npy")) || !Files.isRegularFile(Path.of(data))) {
      throw named.bad("expected an .npz that is there, with an array for each input");
    }
    Path file = Path.of(data);
    if (data.endsWith(".npy")) {
      return named.rows(Npy.read(file), Optional.empty(), limit);
    }
    TreeSet<String> names = Npz.names(file);
    if (named.inputs.stream().noneMatch(input -> names.contains(input.name()))
        && names.contains(ROWS)) {
      Map<String, NpyArray> arrays = Npz.read(file, List.of(ROWS, LABELS));
      NpyArray rows = Optional.ofNullable(arrays.get(ROWS)).orElseThrow();
      return named.rows(rows, Optional.ofNullable(arrays.get(LABELS)), limit);
    }
    return named.arrays(file, names, limit);
  }

  private NetworkInputs arrays(Path file, TreeSet<String> names, Optional<Integer> limit) {
    TreeSet<String> unknown = new TreeSet<>(names);
    boolean labelled =
        names.contains(LABELS) && inputs.stream().noneMatch(one -> one.name().equals(LABELS));
    if (labelled) {
      unknown.remove(LABELS);
    }
    for (Taken input : inputs) {
      if (!unknown.remove(input.name())) {
        throw bad("no array is called \"%s\"".formatted(input.name()));
      }
    }
    if (!unknown.isEmpty()) {
      throw bad("no input is called \"%s\"".formatted(unknown.first()));
    }
    Map<String, NpyArray> arrays = Npz.read(file, names);
    int count = -1;
    Map<Taken, NpyArray> taken = new LinkedHashMap<>();
    for (Taken input : inputs) {
      NpyArray array = Optional.ofNullable(arrays.get(input.name())).orElseThrow();
      int samples = samples(input, array);
      if (count >= 0 && samples != count) {
        throw bad(
            "\"%s\" holds %d samples, \"%s\" %d"
                .formatted(inputs.getFirst().name(), count, input.name(), samples));
      }
      count = samples;
      taken.put(input, array);
    }
    int used = limit.map(most -> Math.min(most, count(taken))).orElse(count);
    int[] words = new int[size(used)];
    List<String> notes = new ArrayList<>();
    taken.forEach((input, array) -> {
      Optional<NamedPixels> pixels =
          NamedPixels.of(network, input.type(), input.offset() == 0, array);
      int row = array.elements() / samples(input, array);
      if (pixels.isPresent()) {
        fill(words, input, array, pixels.get(), used);
      } else {
        fill(words, input, array, 0, row, used);
      }
      notes.add(
          "input \"%s\": %s"
              .formatted(
                  input.name(),
                  pixels
                      .map(NamedPixels::note)
                      .orElseGet(() -> how(input, array.type().isFloating()))));
    });
    return made(
        words,
        used,
        labelled ? Optional.ofNullable(arrays.get(LABELS)) : Optional.empty(),
        count,
        notes);
  }

  private int count(Map<Taken, NpyArray> taken) {
    Map.Entry<Taken, NpyArray> first = taken.entrySet().iterator().next();
    return samples(first.getKey(), first.getValue());
  }

  /** A row holds the elements of all inputs. */
  private NetworkInputs rows(NpyArray rows, Optional<NpyArray> labels, Optional<Integer> limit) {
    int row = network.inputElements();
    List<Integer> shape = rows.shape();
    if (shape.size() != 2 || shape.getLast() != row || shape.getFirst() == 0) {
      throw bad("x has shape %s, expected [samples, %d]".formatted(shape, row));
    }
    int count = shape.getFirst();
    int used = limit.map(most -> Math.min(most, count)).orElse(count);
    int[] words = new int[size(used)];
    for (Taken input : inputs) {
      fill(words, input, rows, input.offset(), row, used);
    }
    return made(
        words,
        used,
        labels,
        count,
        List.of("a row of %d elements is %s, one after the other".formatted(row, names())));
  }

  private int size(int samples) {
    try {
      return Math.multiplyExact(samples, network.inputElements());
    } catch (ArithmeticException e) {
      throw new BadInputException(where + ": more than 2^31 - 1 elements", e);
    }
  }

  /** How many samples an array holds: [samples, …], or one of the input's own shape. */
  private int samples(Taken input, NpyArray array) {
    List<Integer> shape = array.shape();
    List<Integer> dims = input.dims();
    int elements = input.type().elements();
    if (shape.equals(dims)) {
      return 1;
    }
    if (!shape.isEmpty() && shape.getFirst() > 0) {
      List<Integer> each = shape.subList(1, shape.size());
      boolean same = each.equals(dims) || withoutOnes(each).equals(withoutOnes(dims));
      if (same || each.equals(List.of(elements))) {
        return shape.getFirst();
      }
    }
    throw bad(
        "\"%s\" has shape %s, expected [samples%s]"
            .formatted(
                input.name(),
                shape,
                String.join("", dims.stream().map(dim -> ", " + dim).toList())));
  }

  private static List<Integer> withoutOnes(List<Integer> dims) {
    return dims.stream().filter(dim -> dim != 1).toList();
  }

  private void fill(int[] words, Taken input, NpyArray array, NamedPixels pixels, int samples) {
    int into = network.inputElements();
    int elements = input.places().length;
    for (int sample = 0; sample < samples; sample++) {
      for (int i = 0; i < elements; i++) {
        int place = input.places()[i];
        int[] table = pixels.tables()[place / input.type().positions()];
        words[sample * into + input.offset() + place] =
            table[(int) array.integer(sample * elements + i)];
      }
    }
  }

  private void fill(int[] words, Taken input, NpyArray array, int first, int row, int samples) {
    Optional<Quantization> codes =
        input.type().isFloat() ? Optional.empty() : Optional.of(input.type().quantization());
    boolean floating = array.type().isFloating();
    if (codes.isEmpty() && !floating) {
      throw bad("\"%s\" takes real numbers (float32), got integers".formatted(input.name()));
    }
    int into = network.inputElements();
    for (int sample = 0; sample < samples; sample++) {
      for (int i = 0; i < input.places().length; i++) {
        int at = sample * row + first + i;
        int word = word(input, codes, array, floating, at);
        words[sample * into + input.offset() + input.places()[i]] = word;
      }
    }
  }

  private int word(
      Taken input, Optional<Quantization> codes, NpyArray array, boolean floating, int at) {
    if (codes.isEmpty()) {
      return Words.of((float) finite(input, array.real(at)));
    }
    if (floating) {
      return (int) codes.get().quantize(finite(input, array.real(at)));
    }
    IntegerFormat format = codes.get().format();
    long code = array.integer(at);
    if (code < format.min() || code > format.max()) {
      throw bad(
          "\"%s\" takes integers of %d to %d, got %d"
              .formatted(input.name(), format.min(), format.max(), code));
    }
    return (int) code;
  }

  private double finite(Taken input, double number) {
    if (!Float.isFinite((float) number)) {
      throw bad(
          "\"%s\" holds %s, expected %s"
              .formatted(
                  input.name(),
                  number,
                  Double.isFinite(number)
                      ? "numbers of at most 3.4E38: networks carry them in binary32"
                      : "finite numbers"));
    }
    return number;
  }

  private static String how(Taken input, boolean floating) {
    return input.type().isFloat()
        ? "floats are taken as they are"
        : floating
            ? "floats are quantised by its scale " + input.type().quantization().scale()
            : "integers are taken as its codes";
  }

  private NetworkInputs made(
      int[] words, int samples, Optional<NpyArray> labels, int all, List<String> notes) {
    Optional<int[]> classes = labels.map(array -> labels(array, all, samples));
    Inputs shown = new Inputs.InputCodes(samples, 1, 1, 1, new int[samples], classes);
    List<String> said = new ArrayList<>(notes);
    said.add(samples == 1 ? "1 input" : samples + " inputs");
    said.addAll(NetworkInputs.scoring(network, where, shown));
    return new NetworkInputs(
        where, ImageSource.of(network, words, samples), classes, Optional.empty(), said);
  }

  private int[] labels(NpyArray array, int all, int used) {
    if (array.elements() != all || array.type().isFloating()) {
      throw bad("y must hold %d integers".formatted(all));
    }
    int[] labels = new int[used];
    for (int i = 0; i < used; i++) {
      labels[i] = Math.toIntExact(array.integer(i));
    }
    return labels;
  }

  private String names() {
    return String.join(", ", inputs.stream().map(input -> "\"" + input.name() + "\"").toList());
  }

  private BadInputException bad(String problem) {
    return new BadInputException(
        "%s: %s; the network's inputs are %s".formatted(where, problem, names()));
  }
}

package dev.narrows.experiments.evaluate;

import dev.narrows.data.DataException;
import dev.narrows.data.Inputs;
import dev.narrows.data.Layout;
import dev.narrows.data.Targets;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import dev.narrows.experiments.evaluate.NamedChoices.ArrayChoice;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.tensor.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Arrays in a file as what a network with several inputs takes: one array an input, by the names
 * that the network's file gives them, or one array {@code x} whose rows hold a sample's inputs one
 * after the other. Elements are in the network file's own order, or else channels, rows, columns.
 *
 * <p>Integers are an input's own codes, or the pixels of an image ({@link NamedPixels}); floats are
 * its numbers, which an input of codes quantises by its own scale. {@link NamedChoices} say
 * otherwise.
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
   * @param own the file's order of rows, columns and channels
   * @param offset in a sample's row
   */
  private record Taken(
      String name, TensorType type, List<Integer> dims, int[] places, Layout own, int offset) {}

  /**
   * How an array holds an input.
   *
   * @param order of a sample's elements, by their places in [C][H][W]
   * @param exchanged its layout, where that is not the network's own
   */
  private record Held(int samples, int[] order, Optional<Layout> exchanged) {}

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
              own.filter(tensor -> !tensor.shape().kept()).isPresent() ? Layout.NHWC : Layout.NCHW,
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
   * @param said of the arrays by the user
   * @throws BadInputException naming what is missing, unknown or of another shape
   * @throws DataException if an array cannot be read
   */
  public static NetworkInputs of(
      Network network, String data, Optional<Integer> limit, NamedChoices said) {
    NamedInputs named = new NamedInputs(network, data);
    if (!(data.endsWith(".npz") || data.endsWith(".npy")) || !Files.isRegularFile(Path.of(data))) {
      throw named.bad("expected an .npz that is there, with an array for each input");
    }
    Path file = Path.of(data);
    if (data.endsWith(".npy")) {
      named.requireNamed(said);
      return named.rows(Npy.read(file), Optional.empty(), limit);
    }
    TreeSet<String> names = Npz.names(file);
    if (named.inputs.stream().noneMatch(input -> names.contains(input.name()))
        && names.contains(ROWS)) {
      named.requireNamed(said);
      Map<String, NpyArray> arrays = Npz.read(file, List.of(ROWS, LABELS));
      NpyArray rows = Optional.ofNullable(arrays.get(ROWS)).orElseThrow();
      return named.rows(rows, Optional.ofNullable(arrays.get(LABELS)), limit);
    }
    return named.arrays(file, names, limit, said);
  }

  private void requireNamed(NamedChoices said) {
    if (!said.equals(NamedChoices.none())) {
      throw bad("--preprocess and --layout need an .npz with an array for each input, by its name");
    }
  }

  private NetworkInputs arrays(
      Path file, TreeSet<String> names, Optional<Integer> limit, NamedChoices said) {
    TreeSet<String> unknown = new TreeSet<>(names);
    boolean labelled =
        names.contains(LABELS) && inputs.stream().noneMatch(one -> one.name().equals(LABELS));
    if (labelled) {
      unknown.remove(LABELS);
    }
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    for (Taken input : inputs) {
      types.put(input.name(), input.type());
      if (!unknown.remove(input.name())) {
        throw bad("no array is called \"%s\"".formatted(input.name()));
      }
    }
    if (!unknown.isEmpty()) {
      throw bad("no input is called \"%s\"".formatted(unknown.first()));
    }
    Map<String, ArrayChoice> choices = said.of(types);
    Map<String, NpyArray> arrays = Npz.read(file, names);
    Map<Taken, Held> held = new LinkedHashMap<>();
    for (Taken input : inputs) {
      held.put(input, held(input, choice(choices, input).layout(), array(arrays, input).shape()));
    }
    int count = count(held);
    int used = limit.map(most -> Math.min(most, count)).orElse(count);
    int[] words = new int[size(used)];
    List<String> notes = new ArrayList<>();
    held.forEach((input, how) -> {
      NamedWords read =
          NamedWords.of(
              network,
              new NamedArray(
                  where,
                  input.name(),
                  input.type(),
                  array(arrays, input),
                  how.order(),
                  input.type().elements(),
                  used),
              input.offset() == 0,
              choice(choices, input),
              this::bad);
      place(input, read.words(), words);
      how.exchanged()
          .ifPresent(
              layout -> notes.add("input \"%s\": its array is %s".formatted(input.name(), layout)));
      notes.add("input \"%s\": %s".formatted(input.name(), read.note()));
    });
    return made(
        words,
        used,
        labelled ? Optional.ofNullable(arrays.get(LABELS)) : Optional.empty(),
        count,
        notes);
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
      int[] order = inverse(input.places());
      Arrays.setAll(order, place -> input.offset() + order[place]);
      NamedArray array = new NamedArray(where, input.name(), input.type(), rows, order, row, used);
      place(input, NamedWords.own(array, this::bad).words(), words);
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

  /** Puts an input's words where they belong in each sample's. */
  private void place(Taken input, int[] from, int[] words) {
    int elements = input.type().elements();
    for (int sample = 0; sample < from.length / elements; sample++) {
      System.arraycopy(
          from,
          sample * elements,
          words,
          sample * network.inputElements() + input.offset(),
          elements);
    }
  }

  private static NpyArray array(Map<String, NpyArray> arrays, Taken input) {
    return Optional.ofNullable(arrays.get(input.name())).orElseThrow();
  }

  private static ArrayChoice choice(Map<String, ArrayChoice> choices, Taken input) {
    return Optional.ofNullable(choices.get(input.name())).orElseThrow();
  }

  private int count(Map<Taken, Held> held) {
    int count = held.values().iterator().next().samples();
    held.forEach((input, how) -> {
      if (how.samples() != count) {
        throw bad(
            "\"%s\" holds %d samples, \"%s\" %d"
                .formatted(inputs.getFirst().name(), count, input.name(), how.samples()));
      }
    });
    return count;
  }

  /**
   * How an array holds an input: [samples, …], or one of the input's own shape. Rows, columns and
   * channels are in the layout that was asked for; or else in the network's own order, or in the
   * other one where only that fits.
   */
  private Held held(Taken input, Optional<Layout> asked, List<Integer> shape) {
    Layout layout = asked.orElse(input.own());
    Optional<Held> held = inLayout(input, layout, shape);
    if (held.isEmpty() && asked.isEmpty() && input.type().positions() > 1) {
      held = inLayout(input, layout == Layout.NCHW ? Layout.NHWC : Layout.NCHW, shape);
    }
    return held.orElseThrow(() ->
        bad(
            "\"%s\" has shape %s, expected [samples%s]"
                .formatted(
                    input.name(),
                    shape,
                    String.join("", dims(input, layout).stream().map(d -> ", " + d).toList()))));
  }

  private static Optional<Held> inLayout(Taken input, Layout layout, List<Integer> shape) {
    boolean own = layout == input.own();
    int samples = samples(dims(input, layout), input.type().elements(), own, shape);
    if (samples == 0) {
      return Optional.empty();
    }
    return Optional.of(
        own
            ? new Held(samples, inverse(input.places()), Optional.empty())
            : new Held(samples, order(input.type(), layout), Optional.of(layout)));
  }

  /** How many samples there are; 0 if the shape does not fit. */
  private static int samples(List<Integer> dims, int elements, boolean own, List<Integer> shape) {
    if (shape.equals(dims)) {
      return 1;
    }
    if (shape.isEmpty()) {
      return 0;
    }
    List<Integer> each = shape.subList(1, shape.size());
    boolean same =
        each.equals(dims)
            || own && withoutOnes(each).equals(withoutOnes(dims))
            || each.equals(List.of(elements));
    return same ? shape.getFirst() : 0;
  }

  /** An input's dimensions in a layout. */
  private static List<Integer> dims(Taken input, Layout layout) {
    if (layout == input.own()) {
      return input.dims();
    }
    TensorType type = input.type();
    List<Integer> dims = new ArrayList<>(List.of(type.height(), type.width()));
    if (input.dims().size() == 2) {
      dims.removeLast();
    }
    dims.add(layout == Layout.NCHW ? 0 : dims.size(), type.channels());
    return dims;
  }

  private static int[] inverse(int[] places) {
    int[] order = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      order[places[i]] = i;
    }
    return order;
  }

  private static int[] order(TensorType type, Layout layout) {
    int[] order = new int[type.elements()];
    for (int place = 0; place < order.length; place++) {
      int channel = place / type.positions();
      order[place] =
          layout == Layout.NCHW ? place : place % type.positions() * type.channels() + channel;
    }
    return order;
  }

  private static List<Integer> withoutOnes(List<Integer> dims) {
    return dims.stream().filter(dim -> dim != 1).toList();
  }

  private NetworkInputs made(
      int[] words, int samples, Optional<NpyArray> labels, int all, List<String> notes) {
    Optional<int[]> classes = labels.map(array -> labels(array, all, samples));
    Inputs shown =
        new Inputs.InputCodes(
            samples, 1, 1, 1, new int[samples], classes.map(Targets.ClassTargets::of));
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

package dev.narrows.repair.calibrate;

import dev.narrows.network.Network;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.layer.Constant;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.InputLayer;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A network's tensors on calibration inputs, made layer after layer in exact registers. Only those
 * that a layer still to come reads are kept, so a layer can be changed before it runs. States hold
 * their initial values.
 */
public final class CalibrationTensors {
  private final int images;
  private final int threads;
  private final Map<Integer, PackedTensor> held = new TreeMap<>();
  private final int[] lastReader; // by tensor: the index of the last layer that reads it, or −1
  private Network network;
  private int done; // layers

  /**
   * Begins with a network's inputs.
   *
   * @param source as many images as are used
   */
  public CalibrationTensors(Network network, ImageSource source, int threads) {
    this.network = network;
    this.images = source.images();
    this.threads = threads;
    this.lastReader = lastReader(network);
    Map<Integer, PackedTensor> inputs = new LinkedHashMap<>();
    network.inputs().forEach(t -> inputs.put(t, new PackedTensor(network.tensor(t), images)));
    int[] words = new int[network.inputElements()];
    for (int image = 0; image < images; image++) {
      source.read(image, 1, words);
      int from = 0;
      for (Map.Entry<Integer, PackedTensor> input : inputs.entrySet()) {
        input.getValue().put(image, words, from);
        from += network.tensor(input.getKey()).elements();
      }
    }
    held.putAll(inputs);
  }

  private static int[] lastReader(Network network) {
    int[] last = new int[network.tensors()];
    Arrays.fill(last, -1);
    for (int i = 0; i < network.layers().size(); i++) {
      for (int input : network.layers().get(i).inputs()) {
        last[input] = i;
      }
    }
    return last;
  }

  /** The most bytes that the tensors of an image take at any time. */
  public static long bytesAnImage(Network network) {
    int[] last = lastReader(network);
    long[] freed = new long[network.layers().size() + 1]; // after each layer
    long now = 0;
    for (int t : network.inputs()) {
      now += bytes(network.tensor(t));
      freed[last[t] + 1] += bytes(network.tensor(t));
    }
    long most = now;
    for (int i = 0; i < network.layers().size(); i++) {
      if (!network.inputs().contains(i + 1)) {
        now += bytes(network.tensor(i + 1));
        freed[Math.max(i, last[i + 1]) + 1] += bytes(network.tensor(i + 1));
      }
      most = Math.max(most, now);
      now -= freed[i + 1];
    }
    return most;
  }

  private static long bytes(TensorType type) {
    return (long) PackedTensor.wordBytes(type) * type.elements();
  }

  /** Puts another layer of the same shape in the place of one that has not run. */
  public void replace(int layer, Layer other) {
    if (layer < done) {
      throw new IllegalArgumentException("layer " + layer + " has run");
    }
    network = network.withLayer(layer, other);
  }

  /** Runs all layers before {@code end}. */
  public void runTo(int end) {
    if (end <= done) {
      return;
    }
    List<Layer> layers = new ArrayList<>();
    List<Integer> given = new ArrayList<>();
    given.add(0);
    for (int i = 0; i < end; i++) {
      Layer layer = network.layers().get(i);
      if (layer instanceof InputLayer input && input.feedback().isPresent()) {
        layers.add(new Constant(input.name(), input.output(), input.feedback().get().initial()));
      } else if (i < done && held.containsKey(i + 1) || layer instanceof InputLayer) {
        layers.add(InputLayer.given(layer.name(), layer.output()));
        given.add(i + 1);
      } else if (i < done) {
        layers.add(nothing(layer));
      } else {
        layers.add(layer);
      }
    }
    Network part = new Network(network.name(), network.input(), layers, Map.of());
    run(part, given, done, end);
    done = end;
    held.keySet().removeIf(t -> lastReader[t] < done && t > 0);
    if (lastReader[0] < done) {
      held.remove(0);
    }
  }

  /**
   * Runs the next layer as another network of one input, such as one that changes codes first.
   *
   * @param way reads what the layer reads, makes what it makes
   */
  public void runAs(Network way) {
    Layer layer = network.layers().get(done);
    PackedTensor from = tensor(layer.inputs().getFirst());
    PackedTensor to = new PackedTensor(layer.output(), images);
    try (Executor executor = Executor.of(way, LayerRegisters.exact(), threads)) {
      int last = way.tensors() - 1;
      executor.run(
          source(List.of(from), way),
          RunOptions.none()
              .withTensors((tensor, first, codes) -> {
                if (tensor == last) {
                  keep(to, first, codes);
                }
              }));
    }
    held.put(done + 1, to);
    done++;
    held.keySet().removeIf(t -> lastReader[t] < done);
  }

  private void run(Network part, List<Integer> given, int from, int to) {
    List<PackedTensor> sources = new ArrayList<>();
    for (int t : given) {
      PackedTensor known = held.get(t);
      sources.add(known == null ? blank(network.tensor(t)) : known);
    }
    for (int t = from + 1; t <= to; t++) {
      if (lastReader[t] >= to && !held.containsKey(t)) {
        held.put(t, new PackedTensor(network.tensor(t), images));
      }
    }
    try (Executor executor = Executor.of(part, LayerRegisters.exact(), threads)) {
      executor.run(
          source(sources, part),
          RunOptions.none()
              .withTensors((tensor, first, codes) -> {
                if (tensor > from && lastReader[tensor] >= to) {
                  keep(tensor(tensor), first, codes);
                }
              }));
    }
  }

  private PackedTensor blank(TensorType type) {
    PackedTensor blank = new PackedTensor(type, images);
    int[] words = new int[type.elements()];
    Arrays.fill(words, type.zeroWord());
    for (int image = 0; image < images; image++) {
      blank.put(image, words, 0);
    }
    return blank;
  }

  private static void keep(PackedTensor to, int first, int[] codes) {
    int elements = to.type().elements();
    for (int i = 0; i < codes.length / elements; i++) {
      to.put(first + i, codes, i * elements);
    }
  }

  private ImageSource source(List<PackedTensor> tensors, Network part) {
    int elements = part.inputElements();
    return new ImageSource() {
      @Override
      public int images() {
        return images;
      }

      @Override
      public void read(int first, int count, int[] codes) {
        for (int i = 0; i < count; i++) {
          int at = i * elements;
          for (PackedTensor tensor : tensors) {
            tensor.get(first + i, codes, at);
            at += tensor.type().elements();
          }
        }
      }
    };
  }

  private static Constant nothing(Layer layer) {
    return new Constant(layer.name(), TensorType.floats(1, 1, 1), new int[1]);
  }

  private PackedTensor tensor(int index) {
    PackedTensor tensor = held.get(index);
    if (tensor == null) {
      throw new IllegalStateException("tensor " + index + " is not held");
    }
    return tensor;
  }

  /**
   * What groups of a layer's channels multiply in the dot products of a plan; the layer's input is
   * made first.
   *
   * @param index of the layer
   * @param last group, exclusive
   */
  public List<SampledTerms> sample(int index, SamplePlan plan, int firstGroup, int last) {
    runTo(index);
    DotLayer layer = (DotLayer) network.layers().get(index);
    PackedTensor from = tensor(layer.input());
    int zero = from.type().quantization().zeroPoint();
    LayerTaps taps = new LayerTaps(layer, from.type());
    int columns = plan.columns();
    int terms = layer.terms();
    int[][] values = new int[last - firstGroup][terms * columns];
    int parts = Math.min(threads, images);
    SharedWork.run(
        parts,
        part -> {
          int[] words = new int[from.type().elements()];
          int end = (int) ((long) images * (part + 1) / parts);
          for (int image = (int) ((long) images * part / parts); image < end; image++) {
            from.get(image, words, 0);
            for (int each = 0; each < plan.each(); each++) {
              int column = image * plan.each() + each;
              int position = plan.position(image, each);
              for (int group = firstGroup; group < last; group++) {
                int[] into = values[group - firstGroup];
                int[] at = taps.at(group, position);
                for (int k = 0; k < terms; k++) {
                  into[k * columns + column] = at[k] < 0 ? 0 : words[at[k]] - zero;
                }
              }
            }
          }
        });
    List<SampledTerms> sampled = new ArrayList<>();
    for (int[] each : values) {
      sampled.add(new SampledTerms(terms, columns, each));
    }
    return sampled;
  }
}

package dev.narrows.network;

import dev.narrows.network.check.Checks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The tensors of the file a network was read from, as they stand in the network's metadata: so that
 * what a run makes can be written in the file's own shapes and order.
 */
public record FileTensors(List<Tensor> tensors) {
  /** The key in a network's metadata. */
  public static final String KEY = "file.tensors";

  /** The key of the network's tensors that are the file's outputs, in its order. */
  public static final String OUTPUTS = "file.outputs";

  /** The key of the file's own indices of its outputs. */
  public static final String OUTPUT_INDICES = "file.outputs.at";

  /** The key of what a user should know of how the file was read. */
  public static final String NOTE = "file.note";

  private static final String KEPT = "=";

  /**
   * One of them.
   *
   * @param index in the file
   * @param tensor in the network
   * @param name in the file; printable, without line ends
   */
  public record Tensor(int index, int tensor, FileShape shape, String name) {
    /** The elements of one image in the file's order. */
    public int[] inFileOrder(int[] words, int image) {
      int[] places = shape.places();
      int[] ordered = new int[places.length];
      for (int i = 0; i < places.length; i++) {
        ordered[i] = words[image * places.length + places[i]];
      }
      return ordered;
    }
  }

  public FileTensors {
    tensors = tensors.stream().sorted(Comparator.comparingInt(Tensor::index)).toList();
  }

  /** What a network's metadata says; empty if it says nothing. */
  public static Optional<FileTensors> of(Network network) {
    return Optional.ofNullable(network.metadata().get(KEY)).map(FileTensors::parse);
  }

  /** The tensors of a network that are its file's outputs; the last one where no file says so. */
  public static List<Integer> outputs(Network network) {
    String text = network.metadata().get(OUTPUTS);
    return text == null ? List.of(network.tensors() - 1) : integers(text);
  }

  private static List<Integer> integers(String text) {
    return Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
  }

  /**
   * These tensors without those that are no output of the file but share a network's tensor with
   * one, as what goes into a Reshape does with what comes out.
   */
  public FileTensors outputsOnly(Network network) {
    List<Integer> outputs = outputs(network);
    Optional<List<Integer>> indices =
        Optional.ofNullable(network.metadata().get(OUTPUT_INDICES)).map(FileTensors::integers);
    return new FileTensors(
        tensors.stream()
            .filter(tensor -> outputs.contains(tensor.tensor()))
            .filter(tensor -> indices.map(all -> all.contains(tensor.index())).orElse(true))
            .toList());
  }

  /** What a user should know of how a network's file was read, if there is anything. */
  public static Optional<String> note(Network network) {
    return Optional.ofNullable(network.metadata().get(NOTE));
  }

  private static FileTensors parse(String all) {
    List<Tensor> tensors = new ArrayList<>();
    for (String line : all.lines().toList()) {
      String[] parts = line.split(" ", 4);
      Checks.require(parts.length == 4, "expected index, tensor, shape and name, got %s", line);
      boolean kept = parts[2].startsWith(KEPT);
      String text = kept ? parts[2].substring(KEPT.length()) : parts[2];
      List<Integer> dims =
          text.equals("-")
              ? List.of()
              : Arrays.stream(text.split("x")).map(Integer::valueOf).toList();
      tensors.add(
          new Tensor(
              Integer.parseInt(parts[0]),
              Integer.parseInt(parts[1]),
              new FileShape(dims, kept),
              parts[3]));
    }
    return new FileTensors(tensors);
  }

  /**
   * A line a tensor: index, the network's index, 1x8x8x64, name; =1x64x8x8 where the words lie in
   * the file's own order.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Tensor tensor : tensors) {
      String dims = String.join("x", tensor.shape().dims().stream().map(String::valueOf).toList());
      text.append(tensor.index()).append(' ').append(tensor.tensor()).append(' ');
      text.append(tensor.shape().kept() ? KEPT : "");
      text.append(dims.isEmpty() ? "-" : dims).append(' ').append(tensor.name()).append('\n');
    }
    return text.toString();
  }
}

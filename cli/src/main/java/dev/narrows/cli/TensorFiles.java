package dev.narrows.cli;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.NpyBlocks;
import dev.narrows.data.file.NpyType;
import dev.narrows.network.FileTensors;
import dev.narrows.network.Network;
import dev.narrows.network.execute.TensorSink;
import dev.narrows.network.tensor.TensorType;
import dev.narrows.network.tensor.Words;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * The {@code .npy} files of a run's tensors, one each, written block by block as the run makes
 * them: memory holds the tensors of a block of images, however many images there are.
 */
final class TensorFiles implements TensorSink, Closeable {
  /** The list of full names, where file names cannot hold them all. */
  private static final String NAMES = "names.csv";

  /** Bytes of a file name that common file systems take. */
  private static final int LONGEST = 255;

  private static final String ENDING = ".npy";

  /**
   * One file.
   *
   * @param tensor in the network
   * @param name in full, with its index in front
   * @param own how the network's file orders and shapes it, if there is such a file
   */
  private record Written(
      int tensor, TensorType type, String name, Optional<FileTensors.Tensor> own, NpyBlocks blocks)
      implements Closeable {
    void write(int first, int[] words) throws IOException {
      int images = words.length / type.elements();
      int[] ordered = own.isPresent() ? inFileOrder(own.get(), words, images) : words;
      int[] shape = shape(type, own, images).stream().mapToInt(i -> i).toArray();
      blocks.write(
          first,
          type.isFloat()
              ? NpyArray.of(Words.numbers(ordered), shape)
              : NpyArray.of(ordered, shape));
    }

    private static int[] inFileOrder(FileTensors.Tensor own, int[] words, int images) {
      return IntStream.range(0, images)
          .mapToObj(image -> own.inFileOrder(words, image))
          .flatMapToInt(IntStream::of)
          .toArray();
    }

    @Override
    public void close() {
      blocks.close();
    }
  }

  private final Path folder;
  private final boolean madeFolder;
  private boolean published;
  private final List<Written> files = new ArrayList<>();

  /**
   * Begins the files.
   *
   * @param all whether every tensor is written, or outputs only
   */
  TensorFiles(Path folder, Network network, int images, boolean all) throws IOException {
    this.folder = folder;
    this.madeFolder = Files.notExists(folder);
    Files.createDirectories(folder);
    try {
      Optional<FileTensors> own =
          FileTensors.of(network).map(tensors -> all ? tensors : tensors.outputsOnly(network));
      if (own.isPresent()) {
        for (FileTensors.Tensor tensor : own.get().tensors()) {
          String name = tensor.index() + "_" + tensor.name().split(";", 2)[0];
          begin(network, tensor.tensor(), images, name, Optional.of(tensor));
        }
      } else {
        for (int tensor : all ? everyTensor(network) : FileTensors.outputs(network)) {
          String name = tensor + "_" + network.tensorName(tensor);
          begin(network, tensor, images, name, Optional.empty());
        }
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static List<Integer> everyTensor(Network network) {
    return IntStream.range(0, network.tensors()).boxed().toList();
  }

  private void begin(
      Network network, int tensor, int images, String name, Optional<FileTensors.Tensor> own)
      throws IOException {
    TensorType type = network.tensor(tensor);
    NpyBlocks blocks =
        new NpyBlocks(
            folder.resolve(fileName(name)),
            type.isFloat() ? NpyType.FLOAT32 : NpyType.INT32,
            shape(type, own, images));
    files.add(new Written(tensor, type, name, own, blocks));
  }

  /** Of a file's tensor its own shape, the images in place of a batch of one; else planes. */
  private static List<Integer> shape(
      TensorType type, Optional<FileTensors.Tensor> own, int images) {
    if (own.isEmpty()) {
      return List.of(images, type.channels(), type.height(), type.width());
    }
    List<Integer> shape = new ArrayList<>(own.get().shape().perImage());
    shape.addFirst(images);
    return shape;
  }

  /**
   * A name that file systems take: letters, digits and {@code . _ -}; a long one is cut and ends in
   * a checksum of the whole. The index in front keeps names apart.
   */
  static String fileName(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "_");
    if (plain.length() + ENDING.length() <= LONGEST) {
      return plain + ENDING;
    }
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    String ending = "~%08x".formatted(sum.getValue()) + ENDING;
    return plain.substring(0, LONGEST - ending.length()) + ending;
  }

  @Override
  public void take(int tensor, int first, int[] codes) {
    try {
      for (Written file : files) {
        if (file.tensor() == tensor) {
          file.write(first, codes);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the files their names, all of them or none; returns what was written. */
  List<Path> publish() throws IOException {
    List<Path> written = new ArrayList<>();
    try {
      for (Written file : files) {
        file.blocks().publish();
        written.add(file.blocks().file());
      }
      if (files.stream().anyMatch(file -> file.name().length() + ENDING.length() > LONGEST)) {
        Path names = folder.resolve(NAMES);
        AtomicFile.write(names, names());
        written.add(names);
      }
      published = true;
      return written;
    } catch (IOException e) {
      for (Path half : written) {
        Files.deleteIfExists(half);
      }
      throw e;
    }
  }

  private String names() {
    StringBuilder lines = new StringBuilder("file,tensor\n");
    for (Written file : files) {
      lines.append(file.blocks().file().getFileName()).append(",\"");
      lines.append(file.name().replace("\"", "\"\"")).append("\"\n");
    }
    return lines.toString();
  }

  /** A run that failed leaves no files, and no folder that was not there. */
  @Override
  public void close() {
    files.forEach(Written::close);
    if (madeFolder && !published) {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException notEmpty) {
        // somebody else's files stay
      }
    }
  }
}

package dev.narrows.network.files;

import dev.narrows.network.Network;
import dev.narrows.network.NetworkFileException;
import dev.narrows.network.NetworkReader;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.format.NarrowsReader;
import dev.narrows.network.hub.HubFolder;
import dev.narrows.network.llama.GgufReader;
import dev.narrows.network.llama.LlamaReader;
import dev.narrows.network.onnx.graph.ConstantFiles;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.read.NotAllNativeException;
import dev.narrows.network.onnx.read.OnnxReader;
import dev.narrows.network.program.ProgramModel;
import dev.narrows.network.tflite.TfliteReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds and reads what a user calls a model: a network file, or a run folder that holds one. */
public final class NetworkFiles {
  /** The network's file in a run folder. */
  public static final String IN_RUN_FOLDER = "network.narrows";

  private static final List<NetworkReader> READERS =
      List.of(
          new NarrowsReader(),
          new TfliteReader(),
          new OnnxReader(),
          new LlamaReader(),
          new GgufReader(),
          new HubReader());

  private NetworkFiles() {}

  /**
   * Reads a network from a file, or from the {@value #IN_RUN_FOLDER} of a folder.
   *
   * @throws NetworkFileException if there is none, or it is of no known kind or not sound
   */
  public static Network read(Path model) throws IOException {
    return read(model, ReadOptions.NONE);
  }

  /**
   * Reads a network as {@link #read(Path)} does, with what its file leaves open.
   *
   * @throws NetworkFileException if there is none, or it is of no known kind or not sound
   */
  public static Network read(Path model, ReadOptions options) throws IOException {
    return open(model, options, Map.of()).network();
  }

  /**
   * Reads a network, or the program that an ONNX file is if not all of it is ours.
   *
   * @param states the output that becomes an input's value in the next call, by the input's name;
   *     only a program can say so
   * @throws NetworkFileException if there is none, or it is of no known kind or not sound
   */
  public static OpenedNetwork open(Path model, ReadOptions options, Map<String, String> states)
      throws IOException {
    Path file = file(model);
    for (NetworkReader reader : READERS) {
      if (reader.reads(file)) {
        if (reader instanceof OnnxReader) {
          return onnx(file, options, states);
        }
        if (!states.isEmpty()) {
          throw new NetworkFileException(file, "--state", "has no effect on this kind of file");
        }
        return new OpenedNetwork(reader.read(file, options), Optional.empty());
      }
    }
    throw new NetworkFileException(
        file,
        "file name",
        "no reader for this kind of file; expected "
            + READERS.stream().map(NetworkReader::describe).collect(Collectors.joining(" or ")));
  }

  private static OpenedNetwork onnx(Path file, ReadOptions options, Map<String, String> states)
      throws IOException {
    OnnxModel model = OnnxFile.read(file);
    if (states.isEmpty()) {
      try {
        return new OpenedNetwork(OnnxReader.network(model, options), Optional.empty());
      } catch (NotAllNativeException e) {
        // then it is a program
      }
    }
    ProgramModel program = ProgramModel.of(model, options, states);
    return new OpenedNetwork(program.network(), Optional.of(program));
  }

  /** The network of an ONNX model, or that of the sums of the program that it is. */
  static Network onnx(OnnxModel model, ReadOptions options) throws IOException {
    try {
      return OnnxReader.network(model, options);
    } catch (NotAllNativeException e) {
      return ProgramModel.of(model, options, Map.of()).network();
    }
  }

  /**
   * The network file that {@code model} means: of a folder its {@value #IN_RUN_FOLDER}, or the
   * {@code config.json} of a transformer.
   *
   * @throws NetworkFileException if there is none
   */
  public static Path file(Path model) throws NetworkFileException {
    Path file = Files.isDirectory(model) ? model.resolve(IN_RUN_FOLDER) : model;
    if (Files.isDirectory(model) && !Files.isRegularFile(file)) {
      Optional<HubFolder> folder = HubFolder.of(model);
      if (folder.isPresent()) {
        return folder.get().config();
      }
    }
    if (!Files.isRegularFile(file)) {
      throw new NetworkFileException(
          file,
          "file",
          Files.isDirectory(model) ? "missing; is this a run folder?" : "no such file");
    }
    return file;
  }

  /**
   * The files that an ONNX model consists of, by their paths in its folder: constants' files first,
   * the model's own last.
   *
   * @throws NetworkFileException if the model is not sound
   */
  public static List<String> parts(Path model) throws IOException {
    List<String> parts = new ArrayList<>(ConstantFiles.of(OnnxFile.read(model)));
    parts.add(model.getFileName().toString());
    return parts;
  }

  /**
   * The SHA-256 of an ONNX model with all that it consists of, in small hexadecimal digits: that of
   * its file if it has all its constants, else that of what {@code sha256sum} prints of its {@link
   * #parts}, in their order.
   *
   * @throws NetworkFileException if the model is not sound
   */
  public static String sha256OfParts(Path model) throws IOException {
    List<String> parts = parts(model);
    return parts.size() == 1 ? sha256(model) : sha256(model, parts);
  }

  /**
   * The SHA-256 of a model's file; of a transformer's folder that of what {@code sha256sum} prints
   * of its {@link HubFolder#parts}, in their order.
   */
  public static String sha256OfModel(Path model) throws IOException {
    Optional<HubFolder> folder = HubFolder.of(model);
    return folder.isPresent() ? sha256(folder.get().config(), folder.get().parts()) : sha256(model);
  }

  private static String sha256(Path model, List<String> parts) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String part : parts) {
      lines.append(sha256(model.resolveSibling(part))).append("  ").append(part).append('\n');
    }
    return sha256(new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** The SHA-256 of a file, in small hexadecimal digits. */
  public static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return sha256(in);
    }
  }

  private static String sha256(InputStream in) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

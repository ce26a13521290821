package dev.narrows.network.onnx.graph;

import dev.narrows.network.NetworkFileException;
import dev.narrows.network.onnx.proto.StringStringEntryProto;
import dev.narrows.network.onnx.proto.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Elements that lie in other files of the model's folder. No file outside the folder is opened: a
 * location is relative, has no {@code ..}, and neither it nor a folder on the way to it is a link,
 * symbolic or hard. A part of a file that several tensors name is read once, so that all together
 * take at most twice what the files have.
 */
final class ExternalData {
  private record Part(Path file, long offset, int length) {}

  private final OnnxSource source;
  private final Map<Part, byte[]> parts = new HashMap<>();
  private final Map<Path, Long> sizes = new HashMap<>();
  private long most;
  private long taken;

  ExternalData(OnnxSource source) {
    this.source = source;
  }

  /**
   * The bytes of a tensor.
   *
   * @param length what its type and dimensions need
   */
  byte[] read(TensorProto proto, int length, String place) throws NetworkFileException {
    Map<String, String> entries = new HashMap<>();
    for (StringStringEntryProto entry : proto.getExternalDataList()) {
      if (entries.put(entry.getKey(), entry.getValue()) != null) {
        throw source.bad(place, "external data: two entries of one key");
      }
    }
    String location = entries.getOrDefault("location", "");
    Path file = contained(location, place);
    long offset = number(entries, "offset", 0, place);
    long said = number(entries, "length", length, place);
    if (said != length) {
      throw source.bad(
          place, "external data: needs %d bytes, the file says %d".formatted(length, said));
    }
    try {
      return part(file, offset, length, place);
    } catch (NetworkFileException e) {
      throw e;
    } catch (IOException e) {
      throw source.bad(
          place, "external data: %s cannot be read".formatted(OnnxSource.shown(location)), e);
    }
  }

  private byte[] part(Path file, long offset, int length, String place) throws IOException {
    Part part = new Part(file, offset, length);
    byte[] known = parts.get(part);
    if (known != null) {
      return known;
    }
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      long size = channel.size();
      if (sizes.put(file, size) == null) {
        most += 2 * size;
      }
      if (offset > size || length > size - offset) {
        throw source.bad(
            place,
            "external data: %d bytes at %d are outside the file %s of %d"
                .formatted(length, offset, OnnxSource.shown(file.getFileName().toString()), size));
      }
      taken += length;
      if (taken > most) {
        throw source.bad(place, "external data: tensors overlap too often");
      }
      ByteBuffer bytes = ByteBuffer.allocate(length);
      channel.position(offset);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw source.bad(place, "external data: the file ends early");
        }
      }
      parts.put(part, bytes.array());
      return bytes.array();
    }
  }

  private Path contained(String location, String place) throws NetworkFileException {
    String shown = OnnxSource.shown(location);
    try {
      Path relative = Path.of(location);
      if (location.isBlank()
          || relative.isAbsolute()
          || relative.getRoot() != null
          || location.contains("\\")
          || location.contains(":")) {
        throw source.bad(
            place, "external data: location must be a path in the model's folder, got " + shown);
      }
      for (Path step : relative) {
        if (step.toString().equals("..")) {
          throw source.bad(place, "external data: location leaves the model's folder: " + shown);
        }
      }
      Path folder = source.file().toAbsolutePath().normalize().getParent();
      if (folder == null) {
        throw source.bad(place, "external data: the model has no folder");
      }
      Path file = folder.toRealPath().resolve(relative).normalize();
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw source.bad(
            place,
            "external data: %s is %s"
                .formatted(
                    shown,
                    Files.isSymbolicLink(file)
                        ? "a link; links are not followed, copy the file"
                        : "no file of the model's folder"));
      }
      if (!file.toRealPath().equals(file)) {
        throw source.bad(
            place,
            "external data: %s goes through a link; links are not followed".formatted(shown));
      }
      if (links(file) > 1) {
        throw source.bad(
            place,
            "external data: %s has a second name elsewhere (a hard link); copy the file"
                .formatted(shown));
      }
      return file;
    } catch (NetworkFileException e) {
      throw e;
    } catch (InvalidPathException | IOException e) {
      throw source.bad(place, "external data: location %s is no file".formatted(shown), e);
    }
  }

  /** The number of names of a file; 1 where the system does not say. */
  private static int links(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix")
            && Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
                instanceof Integer n
        ? n
        : 1;
  }

  private long number(Map<String, String> entries, String key, long otherwise, String place)
      throws NetworkFileException {
    String text = entries.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the message for what is no count
    }
    throw source.bad(
        place,
        "external data: %s must be a whole number from 0, got %s"
            .formatted(key, OnnxSource.shown(text)));
  }
}

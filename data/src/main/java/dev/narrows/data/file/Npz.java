package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's {@code .npz} files: a zip of {@code .npy} members. Only the members asked for are
 * unpacked, and none to more than what Deflate could have made of its compressed bytes.
 */
public final class Npz {
  private static final int MAX_ENTRIES = 1 << 16;

  private Npz() {}

  /**
   * Reads those of {@code names} that are there.
   *
   * @param names array names, without {@code .npy}
   * @throws DataException naming the file, the member, the place and the expectation
   */
  public static Map<String, NpyArray> read(Path file, Iterable<String> names) {
    try {
      DataPointer.requireData(file);
      long size = Files.size(file);
      try (ZipFile zip = new ZipFile(file.toFile())) {
        if (zip.size() > MAX_ENTRIES) {
          throw DataException.in(file, zip.size() + " members, expected at most " + MAX_ENTRIES);
        }
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        for (String name : names) {
          Optional<ZipEntry> entry = Optional.ofNullable(zip.getEntry(name + ".npy"));
          if (entry.isPresent()) {
            arrays.put(name, read(file, size, zip, entry.get()));
          }
        }
        return arrays;
      }
    } catch (IOException | IllegalArgumentException problem) {
      // ZipFile answers some broken directories with IllegalArgumentException.
      throw DataException.unreadable(file, problem);
    }
  }

  private static NpyArray read(Path file, long fileSize, ZipFile zip, ZipEntry entry)
      throws IOException {
    String name = file + "!" + entry.getName();
    // The directory's sizes are claims; the file's own length is not.
    long compressed = Math.clamp(entry.getCompressedSize(), 0, fileSize);
    long bound =
        entry.getMethod() == ZipEntry.STORED
            ? compressed
            : Math.min(Math.max(entry.getSize(), 0), compressed * Content.MAX_DEFLATE_EXPANSION);
    CRC32 crc = new CRC32();
    try (InputStream in = zip.getInputStream(entry);
        Content content =
            new Content(name, new CheckedInputStream(new KeepOpen(in), crc), bound, true)) {
      NpyArray array = Npy.read(content);
      // ZipFile, unlike ZipInputStream, does not compare checksums itself.
      if (crc.getValue() != entry.getCrc()) {
        throw new DataException(
            "%s: checksum (CRC-32) is %08x, expected %08x"
                .formatted(name, crc.getValue(), entry.getCrc()));
      }
      return array;
    }
  }

  /** Leaves closing to the one who opened. */
  private static final class KeepOpen extends FilterInputStream {
    KeepOpen(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }

  /** The names of the arrays in the file, sorted, without {@code .npy}. */
  public static TreeSet<String> names(Path file) {
    try {
      DataPointer.requireData(file);
    } catch (IOException problem) {
      throw DataException.unreadable(file, problem);
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      TreeSet<String> names = new TreeSet<>();
      zip.stream()
          .limit(MAX_ENTRIES)
          .map(ZipEntry::getName)
          .filter(name -> name.endsWith(".npy"))
          .forEach(name -> names.add(name.substring(0, name.length() - ".npy".length())));
      return names;
    } catch (IOException | IllegalArgumentException problem) {
      throw DataException.unreadable(file, problem);
    }
  }

  /**
   * Writes a compressed file, all or not at all; the same arrays give the same bytes.
   *
   * @throws IOException if it could not be written; then nothing has changed
   */
  public static void write(Path file, SequencedMap<String, NpyArray> arrays) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
            ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
            entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
            zip.putNextEntry(entry);
            Npy.write(array.getValue(), zip);
            zip.closeEntry();
          }
          zip.finish();
        });
  }
}

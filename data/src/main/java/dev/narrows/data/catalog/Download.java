package dev.narrows.data.catalog;

import java.net.URI;
import java.util.Map;

/** Something to download, and the files of the data set that are in it. */
public sealed interface Download {
  /** The official address. */
  URI address();

  /** The most bytes that may come; whatever sends more sends something else. */
  long maxBytes();

  /** One gzipped file, kept gzipped. It is known by its content, as gzip wrappers differ. */
  record Gzipped(URI address, DataFile file) implements Download {
    @Override
    public long maxBytes() {
      // Deflate adds 5 bytes to a block of 65,535 that it cannot compress.
      return file.bytes() + file.bytes() / 10_000 + 1024;
    }
  }

  /** One file as it is. */
  record Plain(URI address, DataFile file) implements Download {
    @Override
    public long maxBytes() {
      return file.bytes();
    }
  }

  /**
   * A gzipped tar archive, checked as a whole before anything in it is unpacked.
   *
   * @param maxBytes no less than the archive's length; the checksum decides
   * @param sha256 the archive's checksum
   * @param members the files of the data set by their names in the archive
   */
  record Archive(URI address, long maxBytes, String sha256, Map<String, DataFile> members)
      implements Download {
    /** Keeps the members as given. */
    public Archive {
      members = Map.copyOf(members);
    }
  }
}

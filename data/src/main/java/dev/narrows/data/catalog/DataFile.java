package dev.narrows.data.catalog;

/**
 * A file of a data set, known by its content: on disk it may also be gzipped, under the same name
 * with {@code .gz} after it, by whatever program.
 *
 * @param path where it lies in a data root, such as {@code mnist/t10k-labels-idx1-ubyte}
 * @param bytes the length of the uncompressed content
 * @param sha256 the SHA-256 of the uncompressed content, 64 hexadecimal digits in lower case
 */
public record DataFile(String path, long bytes, String sha256) {
  /** Checks the form of the checksum. */
  public DataFile {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not a SHA-256: " + sha256);
    }
  }

  /** The path's last part. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}

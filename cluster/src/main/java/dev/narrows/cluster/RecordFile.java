package dev.narrows.cluster;

import dev.narrows.data.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * A file of records of one length, one behind the other.
 *
 * @param file its path or address
 * @param packing how its bytes are packed
 * @param packed where the packed bytes begin, in bytes from the file's beginning
 * @param start where the records begin, in unpacked bytes from there
 * @param records how many there are
 */
record RecordFile(String file, Packing packing, long packed, long start, int records)
    implements Serializable {
  /** How bytes are packed. */
  enum Packing {
    /** Not at all: any record can be read alone. */
    NONE,
    /** As gzip does: what comes before a record is unpacked too. */
    GZIP,
    /** By Deflate, as in a zip: the same. */
    DEFLATE
  }

  /** A file that is no part of another. */
  static RecordFile of(String file, long start, int records) {
    return new RecordFile(
        file, file.endsWith(".gz") ? Packing.GZIP : Packing.NONE, 0, start, records);
  }

  /** The unpacked bytes from a place in them on. */
  InputStream open(long from) throws IOException {
    if (packing == Packing.NONE) {
      return Storage.open(file, packed + from);
    }
    InputStream in = Storage.open(file, packed);
    InputStream unpacked =
        packing == Packing.GZIP
            ? new GZIPInputStream(in, 1 << 16)
            : new InflaterInputStream(in, new Inflater(true), 1 << 16);
    try {
      unpacked.skipNBytes(from);
    } catch (EOFException e) {
      unpacked.close();
      throw new DataException(file + ": ends before its records do", e);
    }
    return unpacked;
  }
}

package dev.narrows.cluster;

import dev.narrows.data.DataException;
import dev.narrows.network.parts.PlacedSource;
import dev.narrows.network.parts.TravellingSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.IntStream;

/**
 * Images of one byte an element in files of records. Those of a part are read together when the
 * first of them is wanted: a pass over each file, whatever the images.
 */
final class RecordImages implements PlacedSource, TravellingSource {
  private static final long serialVersionUID = 1L;

  private final RecordFile[] files;
  private final int label;
  private final int[] order;
  private final int[][] tables;
  private final int[] images;
  private transient byte[] loaded = {};

  /**
   * @param label bytes of a record before its elements
   * @param order which of a record's elements each element of an image is
   * @param tables the word of each byte, per channel
   * @param images by their place among all records
   */
  RecordImages(RecordFile[] files, int label, int[] order, int[][] tables, int[] images) {
    this.files = files;
    this.label = label;
    this.order = order;
    this.tables = tables;
    this.images = images;
  }

  @Override
  public int images() {
    return images.length;
  }

  @Override
  public void read(int first, int count, int[] words) {
    byte[] elements = load();
    int length = order.length;
    int plane = length / tables.length;
    for (int i = 0; i < count; i++) {
      int from = (first + i) * length;
      for (int e = 0; e < length; e++) {
        words[i * length + e] = tables[e / plane][elements[from + order[e]] & 0xFF];
      }
    }
  }

  private synchronized byte[] load() {
    if (loaded == null || loaded.length == 0) {
      loaded = new byte[Math.multiplyExact(images.length, order.length)];
      int before = 0;
      for (RecordFile file : files) {
        load(file, before);
        before += file.records();
      }
    }
    return loaded;
  }

  /** Reads a file's records that are wanted; {@code before} records are in earlier files. */
  private void load(RecordFile file, int before) {
    int[] wanted =
        IntStream.range(0, images.length)
            .filter(i -> images[i] >= before && images[i] < before + file.records())
            .boxed()
            .sorted((a, b) -> Integer.compare(images[a], images[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    if (wanted.length == 0) {
      return;
    }
    long record = label + (long) order.length;
    long at = file.start() + (images[wanted[0]] - before) * record;
    try (InputStream in = file.open(at)) {
      for (int i : wanted) {
        long place = file.start() + (images[i] - before) * record + label;
        if (place >= at) { // else the same image again
          in.skipNBytes(place - at);
          in.readNBytes(loaded, i * order.length, order.length);
          at = place + order.length;
        } else {
          copy(i, wanted);
        }
      }
    } catch (EOFException e) {
      throw new DataException(file.file() + ": ends before its records do", e);
    } catch (IOException e) {
      throw DataException.unreadable(file.file(), e);
    }
  }

  private void copy(int i, int[] wanted) {
    for (int other : wanted) {
      if (images[other] == images[i]) {
        System.arraycopy(loaded, other * order.length, loaded, i * order.length, order.length);
        return;
      }
    }
  }

  @Override
  public int number(int image) {
    return images[image];
  }

  @Override
  public RecordImages some(int[] places) {
    return new RecordImages(
        files, label, order, tables, IntStream.of(places).map(place -> images[place]).toArray());
  }
}

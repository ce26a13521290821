package dev.narrows.cluster;

import dev.narrows.data.DataException;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.network.parts.PlacedSource;
import dev.narrows.network.parts.TravellingSource;
import java.util.Optional;
import java.util.stream.IntStream;

/** Image files, each read and decoded when it is wanted. */
final class FolderImages implements PlacedSource, TravellingSource {
  private static final long serialVersionUID = 1L;

  private final String[] files;
  private final String first;
  private final int channels;
  private final int height;
  private final int width;
  private final boolean resized;
  private final int[][] tables;

  /**
   * @param files their paths or addresses
   * @param first which all agree with in size
   * @param resized whether they are brought to that size
   * @param tables the word of each pixel value, per channel
   */
  FolderImages(
      String[] files,
      String first,
      int channels,
      int height,
      int width,
      boolean resized,
      int[][] tables) {
    this.files = files;
    this.first = first;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.resized = resized;
    this.tables = tables;
  }

  @Override
  public int images() {
    return files.length;
  }

  @Override
  public void read(int from, int count, int[] words) {
    int plane = height * width;
    for (int i = 0; i < count; i++) {
      byte[] pixels = decode(files[from + i]);
      int to = i * pixels.length;
      for (int e = 0; e < pixels.length; e++) {
        words[to + e] = tables[e / plane][pixels[e] & 0xFF];
      }
    }
  }

  /** The pixels of a file; throws {@link DataException} naming it. */
  byte[] decode(String file) {
    ImageFolder.DecodedImage image =
        ImageFolder.decode(
            file,
            Storage.bytes(file),
            resized ? Optional.of(new ImageFolder.Size(height, width)) : Optional.empty(),
            channels);
    if (image.height() != height || image.width() != width) {
      throw new DataException(
          "%s: %d×%d pixels, expected %d×%d as in %s (or ask for a resize)"
              .formatted(file, image.height(), image.width(), height, width, first));
    }
    return image.pixels();
  }

  /** The file of an image. */
  String file(int image) {
    return files[image];
  }

  @Override
  public FolderImages some(int[] images) {
    return new FolderImages(
        IntStream.of(images).mapToObj(image -> files[image]).toArray(String[]::new),
        first,
        channels,
        height,
        width,
        resized,
        tables);
  }
}

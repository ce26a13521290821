package dev.narrows.data.file;

import dev.narrows.data.DataException;
import dev.narrows.data.ImageSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary version of CIFAR-10: records of one label byte and 3072 pixel bytes, CHW, red first.
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">Krizhevsky's page</a>
 */
public final class CifarBinary {
  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int IMAGE = CHANNELS * SIDE * SIDE;
  private static final int RECORD = 1 + IMAGE;

  private CifarBinary() {}

  /**
   * Reads {@code files} one after the other into one set.
   *
   * @throws DataException naming the file, the byte offset and the expectation
   */
  public static ImageSet read(String name, List<Path> files, int classes, List<String> classNames) {
    List<Content> contents = new ArrayList<>();
    try {
      long records = 0;
      for (Path file : files) {
        Content content = Content.open(file);
        contents.add(content);
        if (content.remaining() == 0 || content.remaining() % RECORD != 0) {
          throw DataException.in(
              file,
              "%d bytes long, expected a positive multiple of %d (a label and 3×32×32 pixels)"
                  .formatted(content.remaining(), RECORD));
        }
        records += content.remaining() / RECORD;
      }
      if (records * IMAGE > Integer.MAX_VALUE - 8) {
        throw new DataException(name + ": " + records + " images exceed 2^31 pixels");
      }
      byte[] pixels = new byte[(int) records * IMAGE];
      int[] labels = new int[(int) records];
      int image = 0;
      byte[] label = new byte[1];
      for (Content content : contents) {
        for (; content.remaining() > 0; image++) {
          content.read(label, 0, 1, "a label");
          labels[image] = label[0] & 0xFF;
          if (labels[image] >= classes) {
            throw DataException.at(
                content.name(),
                content.offset() - 1,
                "label is %d, expected 0 to %d".formatted(labels[image], classes - 1));
          }
          content.read(pixels, image * IMAGE, IMAGE, "the pixels of an image");
        }
        content.requireEnd();
      }
      return new ImageSet(name, CHANNELS, SIDE, SIDE, classes, pixels, labels, classNames);
    } finally {
      contents.forEach(Content::close);
    }
  }
}

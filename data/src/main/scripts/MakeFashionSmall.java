import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the embedded set fashion-small: of each class of Fashion-MNIST the first 1,000 training and
 * the first 200 test images, in file order.
 *
 * <p>Run: {@code java MakeFashionSmall.java /usr/share/datasets/fashion-mnist
 * ../resources/dev/narrows/data/fashion-small} (the first folder is that of Debian's package
 * dataset-fashion-mnist). It needs a JDK and nothing else.
 */
class MakeFashionSmall {
  private static final int CLASSES = 10;
  private static final int IMAGE = 28 * 28;

  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    Path to = Path.of(args[1]);
    make(from, to, "train", 60_000, 1000);
    make(from, to, "t10k", 10_000, 200);
  }

  private static void make(Path from, Path to, String part, int count, int perClass)
      throws IOException {
    byte[] images = read(from.resolve(part + "-images-idx3-ubyte.gz"), 0x803, 16, count * IMAGE);
    byte[] labels = read(from.resolve(part + "-labels-idx1-ubyte.gz"), 0x801, 8, count);
    int kept = CLASSES * perClass;
    ByteBuffer smallImages = ByteBuffer.allocate(16 + kept * IMAGE);
    smallImages.putInt(0x803).putInt(kept).putInt(28).putInt(28);
    ByteBuffer smallLabels = ByteBuffer.allocate(8 + kept);
    smallLabels.putInt(0x801).putInt(kept);
    int[] seen = new int[CLASSES];
    for (int i = 0; i < count; i++) {
      if (seen[labels[i]]++ < perClass) {
        smallImages.put(images, i * IMAGE, IMAGE);
        smallLabels.put(labels[i]);
      }
    }
    write(to.resolve(part + "-images-idx3-ubyte.gz"), smallImages);
    write(to.resolve(part + "-labels-idx1-ubyte.gz"), smallLabels);
  }

  private static byte[] read(Path file, int magic, int header, int length) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
      if (in.readInt() != magic) {
        throw new IOException(file + ": not the expected IDX file");
      }
      in.skipNBytes(header - Integer.BYTES);
      byte[] values = new byte[length];
      in.readFully(values);
      return values;
    }
  }

  private static void write(Path file, ByteBuffer content) throws IOException {
    if (content.hasRemaining()) {
      throw new IOException(file + ": too few images of some class");
    }
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(file)) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      out.write(content.array());
    }
  }
}

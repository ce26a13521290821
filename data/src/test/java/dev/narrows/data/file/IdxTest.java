package dev.narrows.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import dev.narrows.data.ImageSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path folder;

  private static final byte[] PIXELS = {0, 1, 2, 3, 4, 5, -6, -7, -8, -9, -10, -11};
  private static final Idx.Array IMAGES = new Idx.Array(List.of(2, 2, 3), PIXELS);
  private static final Idx.Array LABELS = new Idx.Array(List.of(2), new byte[] {1, 0});

  private static byte[] bytes(Idx.Array array) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Idx.write(array, out);
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  @Test
  void readImages_plainAndGzipped_areEqual() throws IOException {
    Path plain = file("images", bytes(IMAGES));
    Path gzipped = file("images.gz", gzip(bytes(IMAGES)));
    Path labels = file("labels", bytes(LABELS));
    ImageSet set = Idx.readImages("s", plain, labels, 2, List.of());
    assertThat(set)
        .isEqualTo(new ImageSet("s", 1, 2, 3, 2, PIXELS, new int[] {1, 0}, List.of()))
        .isEqualTo(Idx.readImages("s", gzipped, labels, 2, List.of()));
  }

  @Test
  void read_wrongMagic_namesFileOffsetAndExpectation() throws IOException {
    Path labels = file("labels", bytes(LABELS));
    assertThatThrownBy(() -> Idx.read(labels, 3))
        .isInstanceOf(DataException.class)
        .hasMessage(
            labels
                + ": byte 0: magic number is 0x00000801, expected 0x00000803"
                + " (IDX, unsigned bytes, 3 dimensions)");
  }

  @Test
  void read_everyTruncation_isRefused() throws IOException {
    byte[] whole = bytes(IMAGES);
    byte[] zipped = gzip(whole);
    for (int length = 0; length < whole.length; length++) {
      Path cut = file("cut", Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Idx.read(cut, 3))
          .as("%d bytes", length)
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(cut + ": byte ");
    }
    for (int length = 0; length < zipped.length; length++) {
      Path cut = file("cut.gz", Arrays.copyOf(zipped, length));
      assertThatThrownBy(() -> Idx.read(cut, 3))
          .as("%d zipped bytes", length)
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith(cut.toString());
    }
  }

  @Test
  void read_everyFlippedBitOfGzip_isRefusedOrHarmless() throws IOException {
    byte[] zipped = gzip(bytes(IMAGES));
    int harmless = 0;
    for (int bit = 0; bit < zipped.length * 8; bit++) {
      byte[] damaged = zipped.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Path file = file("damaged.gz", damaged);
      try {
        // Some bits of the header (time, system) and of Deflate's padding carry nothing.
        assertThat(Idx.read(file, 3)).usingRecursiveComparison().isEqualTo(IMAGES);
        harmless++;
      } catch (DataException refused) {
        assertThat(refused).hasMessageStartingWith(file.toString());
      }
    }
    assertThat(harmless).isLessThan(10 * 8);
  }

  @Test
  void read_hugeClaims_areRefusedBeforeAllocating() throws IOException {
    byte[] claim =
        ByteBuffer.allocate(20).putInt(0x803).putInt(60_000).putInt(28).putInt(28).array();
    Path plain = file("claim", claim);
    assertThatThrownBy(() -> Idx.read(plain, 3))
        .hasMessage(
            plain + ": byte 16: the values (60000×28×28) need 47040000 bytes, but only 4 follow");
    Path gzipped = file("claim.gz", gzip(claim));
    assertThatThrownBy(() -> Idx.read(gzipped, 3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("need 47040000 bytes, but at most");
    int most = Integer.MAX_VALUE;
    byte[] overflow =
        ByteBuffer.allocate(16).putInt(0x803).putInt(most).putInt(most).putInt(most).array();
    Path overflowing = file("overflow", overflow);
    assertThatThrownBy(() -> Idx.read(overflowing, 3)).isInstanceOf(DataException.class);
    byte[] negative = ByteBuffer.allocate(8).putInt(0x801).putInt(-1).array();
    Path unsigned = file("negative", negative);
    assertThatThrownBy(() -> Idx.read(unsigned, 1))
        .hasMessage(
            unsigned + ": byte 4: size of dimension 0 is 4294967295, expected less than 2^31");
  }

  @Test
  void read_bytesAfterTheEnd_areRefused() throws IOException {
    byte[] longer = Arrays.copyOf(bytes(LABELS), 11);
    Path file = file("longer", longer);
    assertThatThrownBy(() -> Idx.read(file, 1))
        .hasMessage(file + ": byte 10: expected the end of the file, but more bytes follow");
  }

  @Test
  void readImages_labelsThatDoNotFit_areRefused() throws IOException {
    Path images = file("images", bytes(IMAGES));
    Path three = file("three", bytes(new Idx.Array(List.of(3), new byte[3])));
    assertThatThrownBy(() -> Idx.readImages("s", images, three, 2, List.of()))
        .hasMessage(three + ": byte 4: 3 labels, expected 2, one for each image of " + images);
    Path nine = file("nine", bytes(new Idx.Array(List.of(2), new byte[] {0, 9})));
    assertThatThrownBy(() -> Idx.readImages("s", images, nine, 2, List.of()))
        .hasMessage(nine + ": byte 9: label of image 1 is 9, expected 0 to 1");
  }

  @Test
  void read_missingFileOrFolder_isTyped() {
    assertThatThrownBy(() -> Idx.read(folder.resolve("nowhere"), 3))
        .isInstanceOf(DataException.class)
        .hasMessage(folder.resolve("nowhere") + ": does not exist");
    assertThatThrownBy(() -> Idx.read(folder, 3))
        .hasMessage(folder + ": is a folder, expected a file");
  }
}

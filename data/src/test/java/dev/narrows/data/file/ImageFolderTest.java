package dev.narrows.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import dev.narrows.data.Golden;
import dev.narrows.data.ImageSet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path folder;

  private void image(String name, String format, int type, int height, int width, int value)
      throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (type == BufferedImage.TYPE_BYTE_GRAY) {
          image.getRaster().setSample(x, y, 0, value + y * width + x);
        } else {
          image.setRGB(x, y, value << 16 | (value + y) << 8 | (value + x));
        }
      }
    }
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
  }

  private static ImageFolder.ReadImages read(Path folder) {
    return ImageFolder.read(folder, Optional.empty(), Optional.empty());
  }

  @Test
  void read_colorFiles_isChannelMajorInSortedOrder() throws IOException {
    image("b/2.png", "png", BufferedImage.TYPE_INT_RGB, 1, 2, 40);
    image("b/10.bmp", "bmp", BufferedImage.TYPE_INT_RGB, 1, 2, 30);
    image("a/x.PNG", "png", BufferedImage.TYPE_INT_RGB, 1, 2, 20);
    Files.writeString(folder.resolve("a/notes.txt"), "not an image");
    Files.writeString(folder.resolve("a/.hidden.png"), "not an image either");
    ImageFolder.ReadImages result = read(folder);
    ImageSet set = result.set();
    assertThat(set.classNames()).containsExactly("a", "b");
    assertThat(set.labels()).containsExactly(0, 1, 1);
    assertThat(set.pixels())
        .containsExactly(20, 20, 20, 20, 20, 21, 30, 30, 30, 30, 30, 31, 40, 40, 40, 40, 40, 41);
    assertThat(result.notes())
        .containsExactly(
            "files ignored as not named like PNG, JPEG or BMP: 1",
            "3 images of 3×1×2 in 2 classes");
  }

  @Test
  void read_greyFiles_keepTheirSamplesInOneChannel() throws IOException {
    image("a/x.png", "png", BufferedImage.TYPE_BYTE_GRAY, 16, 16, 0);
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    assertThat(read(folder).set().pixels()).isEqualTo(all);
    ImageSet rgb = ImageFolder.read(folder, Optional.empty(), Optional.of(3)).set();
    for (int c = 0; c < 3; c++) {
      assertThat(Arrays.copyOfRange(rgb.pixels(), 256 * c, 256 * (c + 1))).isEqualTo(all);
    }
  }

  @Test
  void read_greyAmongColour_becomesColour() throws IOException {
    image("a/1.png", "png", BufferedImage.TYPE_BYTE_GRAY, 1, 1, 77);
    image("a/2.png", "png", BufferedImage.TYPE_INT_RGB, 1, 1, 5);
    assertThat(read(folder).set().pixels()).containsExactly(77, 77, 77, 5, 5, 5);
  }

  @Test
  void read_pillowsFiles_equalsPillow() throws IOException {
    Files.createDirectories(folder.resolve("c"));
    Files.copy(Golden.path("color.png"), folder.resolve("c/color.png"));
    List<int[]> rows = Golden.rows("pixels.csv");
    byte[] pixels = read(folder).set().pixels();
    for (int c = 0; c < 3; c++) {
      assertThat(Arrays.copyOfRange(pixels, 70 * c, 70 * (c + 1)))
          .isEqualTo(Golden.bytes(rows.get(c), 1));
    }
    assertThat(ImageFolder.read(folder, Optional.empty(), Optional.of(1)).set().pixels())
        .isEqualTo(Golden.bytes(rows.get(3), 1));
    Files.delete(folder.resolve("c/color.png"));
    Files.copy(Golden.path("gray.png"), folder.resolve("c/gray.png"));
    assertThat(read(folder).set().pixels()).isEqualTo(Golden.bytes(rows.get(4), 1));
  }

  @Test
  void read_paletteBitsAndSixteenBits_areUnderstood() throws IOException {
    image("a/1.png", "png", BufferedImage.TYPE_BYTE_BINARY, 1, 2, 255);
    assertThat(read(folder).set().pixels()).containsExactly(-1, -1);
    Path deep = folder.resolve("a/1.png");
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0xABCD);
    ImageIO.write(image, "png", deep.toFile());
    assertThat(read(folder).set().pixels()).containsExactly(0xAB);
  }

  @Test
  void read_jpeg_isCloseToWhatWasWritten() throws IOException {
    image("a/1.jpg", "jpg", BufferedImage.TYPE_INT_RGB, 8, 8, 100);
    byte[] pixels = read(folder).set().pixels();
    // JPEG loses by design; the picture is nearly flat, so no pixel may be far off.
    for (byte pixel : pixels) {
      assertThat(pixel & 0xFF).isBetween(90, 120);
    }
  }

  @Test
  void read_sizesThatDiffer_needAResize() throws IOException {
    image("a/1.png", "png", BufferedImage.TYPE_INT_RGB, 4, 4, 50);
    image("a/2.png", "png", BufferedImage.TYPE_INT_RGB, 6, 8, 50);
    assertThatThrownBy(() -> read(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(
            folder.resolve("a/2.png")
                + ": 6×8 pixels, expected 4×4 as in "
                + folder.resolve("a/1.png")
                + " (or ask for a resize)");
    ImageSet set =
        ImageFolder.read(folder, Optional.of(new ImageFolder.Size(2, 3)), Optional.empty()).set();
    assertThat(set.height()).isEqualTo(2);
    assertThat(set.width()).isEqualTo(3);
    assertThat(set.size()).isEqualTo(2);
  }

  @Test
  void read_foldersCalledByNumbers_areTheClassesOfThoseNumbers() throws IOException {
    for (String name : List.of("10", "2", "7")) {
      Files.createDirectories(folder.resolve(name));
      Files.copy(Golden.path("color.png"), folder.resolve(name + "/a.png"));
    }
    Files.copy(Golden.path("color.png"), folder.resolve("beside.png"));
    ImageFolder.ReadImages read = read(folder);
    assertThat(read.labelled()).isTrue();
    assertThat(read.set().labels()).containsExactly(10, 2, 7);
    assertThat(read.set().classes()).isEqualTo(11);
    assertThat(read.notes())
        .contains(
            "classes are the numbers that the sub-folders are called by: [2, 7, 10]",
            "images ignored because they lie beside the folders of classes: 1");
    Files.move(folder.resolve("7"), folder.resolve("seven"));
    assertThat(read(folder).set().labels()).containsExactly(0, 1, 2);
  }

  @Test
  void read_wrongFolders_sayWhatIsExpected() throws IOException {
    assertThatThrownBy(() -> read(folder))
        .hasMessage(
            folder + ": expected PNG, JPEG or BMP files, or one sub-folder of them for each class");
    Files.createDirectories(folder.resolve("empty"));
    assertThatThrownBy(() -> read(folder))
        .hasMessage(folder.resolve("empty") + ": expected PNG, JPEG or BMP files of this class");
    Files.writeString(folder.resolve("empty/fake.png"), "text");
    assertThatThrownBy(() -> read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("fake.png: is 4 bytes of no known image");
    assertThatThrownBy(() -> read(folder.resolve("none"))).isInstanceOf(DataException.class);
  }

  @Test
  void read_damagedPng_isTyped() throws IOException {
    byte[] whole = Files.readAllBytes(Golden.path("color.png"));
    Files.createDirectories(folder.resolve("a"));
    Path file = folder.resolve("a/x.png");
    for (int length = 0; length < whole.length - 12; length += 3) {
      Files.write(file, Arrays.copyOf(whole, length));
      try {
        // ImageIO forgives a cut in the last pixels; then the size at least is right.
        assertThat(read(folder).set().pixels()).hasSize(210);
      } catch (DataException refused) {
        assertThat(refused).hasMessageStartingWith(file.toString());
      }
    }
  }

  @Test
  void read_hugeDimensions_areRefusedBeforeDecoding() throws IOException {
    byte[] png = Files.readAllBytes(Golden.path("gray.png"));
    // Width and height lie at bytes 16 and 20; the chunk's checksum is not looked at first.
    png[17] = 1;
    png[21] = 1;
    Files.createDirectories(folder.resolve("a"));
    Path file = Files.write(folder.resolve("a/x.png"), png);
    assertThatThrownBy(() -> read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ": claims 65543×65546 pixels, but its 145 bytes may hold");
  }
}

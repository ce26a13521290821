package dev.narrows.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import dev.narrows.experiments.fixture.SmallNetwork;
import dev.narrows.network.format.NarrowsWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/** What executors read themselves is what one process reads. */
@Tag("slow")
@Isolated
@Execution(ExecutionMode.SAME_THREAD)
class PlacedReaderTest {
  private static final int IMAGES = 90;

  @TempDir private static Path folder;
  private static Path model = Path.of("");

  @BeforeAll
  static void write() throws IOException {
    model = folder.resolve("small.narrows");
    NarrowsWriter.write(SmallNetwork.of(3), model);
    Random random = new Random(9);
    byte[] pixels = new byte[IMAGES * 784];
    random.nextBytes(pixels);
    int[] labels = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = random.nextInt(10);
      BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
      image.getRaster().setDataElements(0, 0, 28, 28, slice(pixels, i));
      Path of = Files.createDirectories(folder.resolve("images").resolve("" + labels[i]));
      ImageIO.write(image, "png", of.resolve("%03d.png".formatted(i)).toFile());
    }
    NpyArray x = NpyArray.ofUnsigned(pixels, IMAGES, 28, 28, 1);
    Npy.write(folder.resolve("x.npy"), x);
    LinkedHashMap<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("y", NpyArray.of(labels, IMAGES));
    arrays.put("x", x);
    Npz.write(folder.resolve("packed.npz"), arrays);
    try (OutputStream out = Files.newOutputStream(folder.resolve("stored.npz"));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : arrays.keySet()) {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        Npy.write(arrays.get(name), bytes);
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.size());
        CRC32 crc = new CRC32();
        crc.update(bytes.toByteArray());
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        bytes.writeTo(zip);
        zip.closeEntry();
      }
    }
  }

  private static byte[] slice(byte[] pixels, int image) {
    return java.util.Arrays.copyOfRange(pixels, image * 784, (image + 1) * 784);
  }

  private static void requireSame(String data, boolean placed, String... more) {
    Object[] words = {"analyze", model, "--data", data, "--format", "json"};
    Commanded here = Commanded.by(with(words, more));
    assertThat(here.exitCode()).as(here.err()).isZero();
    Commanded there =
        Commanded.by(with(with(words, more), "--master", "local[2]", "--partitions", "7"));
    assertThat(there.exitCode()).as(there.err()).isZero();
    assertThat(there.out()).isEqualTo(here.out());
    assertThat(there.err().contains("read where they are")).as(there.err()).isEqualTo(placed);
  }

  private static Object[] with(Object[] words, String... more) {
    Object[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return all;
  }

  @Test
  void arrays_ofBytes_areReadByExecutors() {
    requireSame(folder.resolve("x.npy").toString(), true);
    requireSame(folder.resolve("packed.npz").toString(), true, "--limit", "50");
    requireSame(folder.resolve("stored.npz").toString(), true, "--preprocess", "unit");
  }

  @Test
  void folders_labelled_areReadByExecutors() {
    requireSame(folder.resolve("images").toString(), true);
  }

  @Test
  void addresses_fileScheme_areThoseFiles() {
    Commanded path = Commanded.by(words(folder.resolve("images").toString()));
    Commanded address = Commanded.by(words(folder.resolve("images").toUri().toString()));
    assertThat(address.exitCode()).as(address.err()).isZero();
    assertThat(withoutName(address.out())).isEqualTo(withoutName(path.out()));
  }

  private static Object[] words(String data) {
    return new Object[] {
      "analyze", model, "--data", data, "--format", "json", "--master", "local[2]"
    };
  }

  private static String withoutName(String json) {
    return json.replaceAll("\"dataset\" : \"[^\"]*\"", "");
  }

  @Test
  void generated_images_areTheSameOnEveryMachine() {
    requireSame("generated/300", false);
  }

  @Test
  void folders_unreadableImage_isNamedOrSkippedAndCounted() throws IOException {
    Path broken = folder.resolve("broken");
    for (int i = 0; i < 6; i++) {
      BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
      ImageIO.write(
          image, "png", Files.createDirectories(broken).resolve("b%d.png".formatted(i)).toFile());
    }
    Files.write(broken.resolve("b3.png"), new byte[] {1, 2, 3});
    Commanded named = Commanded.by(words(broken.toString()));
    assertThat(named.exitCode()).isEqualTo(2);
    assertThat(named.err()).contains("b3.png: is 3 bytes of no known image");
    Commanded skipped = Commanded.by(with(words(broken.toString()), "--skip-unreadable"));
    assertThat(skipped.exitCode()).as(skipped.err()).isZero();
    assertThat(skipped.err()).contains("left out 1 of 6 images").contains("b3.png");
    assertThat(skipped.out()).contains("\"images\" : 5");
  }
}

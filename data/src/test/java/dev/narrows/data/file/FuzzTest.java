package dev.narrows.data.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.data.DataException;
import dev.narrows.data.Golden;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files of every kind are either read or refused with the typed exception, never else. */
class FuzzTest {
  private static final int ROUNDS = 600;

  @TempDir Path folder;

  private void damage(byte[] whole, String name, Consumer<Path> reader) throws IOException {
    long seed = Long.getLong("narrows.test.seed", name.hashCode());
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = whole.clone();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        // Heads and tails of files hold the sizes, so half of the damage goes there.
        int range = random.nextBoolean() ? Math.min(whole.length, 64) : whole.length;
        int place = random.nextInt(range);
        damaged[random.nextBoolean() ? place : whole.length - 1 - place] = (byte) random.nextInt();
      }
      Path file = Files.write(folder.resolve(name), damaged);
      try {
        reader.accept(file);
      } catch (DataException expected) {
        refused++;
        assertThat(expected).hasMessageContaining(name);
        assertThat(expected.getMessage().chars()).noneMatch(Character::isISOControl);
      } catch (RuntimeException other) {
        throw new AssertionError("seed " + seed + ", round " + round, other);
      }
    }
    assertThat(refused).as("seed %d", seed).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"i4.npy", "f2_fortran.npy", "f8_big.npy", "b1.npy"})
  void npy_damaged_isReadOrRefused(String name) throws IOException {
    damage(Files.readAllBytes(Golden.path("npy/" + name)), name, Npy::read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"xy.npz", "stored.npz"})
  void npz_damaged_isReadOrRefused(String name) throws IOException {
    damage(
        Files.readAllBytes(Golden.path("npy/" + name)),
        name,
        file -> Npz.read(file, List.of("x", "y")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp"})
  void image_damaged_isReadOrRefused(String format) throws IOException {
    BufferedImage image = new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 4, 0xABCDEF);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    damage(out.toByteArray(), "x." + format, ImageFile::read);
  }

  @Test
  void idx_damaged_isReadOrRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Idx.write(new Idx.Array(List.of(3, 4, 5), new byte[60]), out);
    damage(out.toByteArray(), "x-idx3-ubyte", file -> Idx.read(file, 3));
  }
}

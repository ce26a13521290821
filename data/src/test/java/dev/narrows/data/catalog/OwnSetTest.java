package dev.narrows.data.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.ArraySet;
import dev.narrows.data.DataException;
import dev.narrows.data.Elements;
import dev.narrows.data.Examples;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Preprocessing;
import dev.narrows.data.Targets.TargetKind;
import dev.narrows.data.TextSet;
import dev.narrows.data.catalog.OwnSet.OwnParts;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.Npz;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnSetTest {
  @TempDir private Path folder;

  private final DataSource.Options options =
      DataSource.Options.of(new DataRoots(List.of(), Path.of("")));

  private static OwnParts parts(long seed) {
    return new OwnParts(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), seed);
  }

  private OwnSet read(Path path, String preprocessing) {
    return OwnSet.read(path, options, Preprocessing.parse(preprocessing), parts(1));
  }

  private Path archive(String name, Object... namesAndArrays) throws IOException {
    SequencedMap<String, NpyArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < namesAndArrays.length; i += 2) {
      arrays.put((String) namesAndArrays[i], (NpyArray) namesAndArrays[i + 1]);
    }
    Path file = folder.resolve(name);
    Npz.write(file, arrays);
    return file;
  }

  private void image(String name, int height, int width, int grey) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < height * width; i++) {
      image.getRaster().setSample(i % width, i / width, 0, grey);
    }
    assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
  }

  private static int[] counts(Examples set) {
    int[] counts = new int[set.classes()];
    for (int label : set.labels()) {
      counts[label]++;
    }
    return counts;
  }

  /** A row that tells which input it is, and its class. */
  private static NpyArray rows(int count) {
    float[] values = new float[2 * count];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? i / 2 : -1;
    }
    return NpyArray.of(values, count, 2);
  }

  private static int[] rows(Examples set) {
    Elements elements = ((ArraySet) set).elements();
    return IntStream.range(0, set.size()).map(i -> (int) elements.number(2 * i)).toArray();
  }

  @Test
  void read_unequalClasses_holdsTheSameShareOfEachOut() throws IOException {
    int[] labels = IntStream.range(0, 100).map(i -> i < 60 ? 0 : i < 90 ? 1 : 2).toArray();
    Path file = archive("a.npz", "x", rows(100), "y", NpyArray.of(labels, 100));
    OwnSet set = read(file, "none");
    assertThat(counts(set.test())).containsExactly(6, 3, 1);
    assertThat(counts(set.validation())).containsExactly(5, 3, 1);
    assertThat(counts(set.train())).containsExactly(49, 24, 8);
    assertThat(set.test().name()).isEqualTo("a.npz/test");
    // every row is in one part only, with its own label
    int[] seen = new int[100];
    for (Examples part : List.of(set.train(), set.validation(), set.test())) {
      int[] rows = rows(part);
      for (int i = 0; i < rows.length; i++) {
        seen[rows[i]]++;
        assertThat(part.labels()[i]).isEqualTo(labels[rows[i]]);
      }
    }
    assertThat(seen).containsOnly(1);
  }

  @Test
  void read_otherSeed_changesValidationAndNeverTheTest() throws IOException {
    Path file = archive("a.npz", "x", rows(100), "y", NpyArray.of(new double[100], 100));
    DataSource.Options numbers = options.withTargets(TargetKind.NUMBERS);
    OwnSet one = OwnSet.read(file, numbers, Preprocessing.parse("none"), parts(1));
    OwnSet two = OwnSet.read(file, numbers, Preprocessing.parse("none"), parts(2));
    assertThat(rows(one.test())).isEqualTo(rows(two.test())).hasSize(10);
    assertThat(rows(one.validation())).isNotEqualTo(rows(two.validation())).hasSize(9);
    OwnSet counted =
        OwnSet.read(
            file,
            numbers,
            Preprocessing.parse("none"),
            new OwnParts(Optional.empty(), OptionalInt.of(30), OptionalInt.of(0), 1));
    assertThat(counted.test().size()).isEqualTo(30);
    assertThat(counted.validation().size()).isZero();
    assertThat(counted.train().size()).isEqualTo(70);
  }

  @Test
  void read_archiveInParts_takesThemAsTheyAre() throws IOException {
    Path file =
        archive(
            "p.npz",
            "X_train",
            rows(20),
            "y_train",
            NpyArray.of(IntStream.range(0, 20).map(i -> i % 4).toArray(), 20),
            "x_test",
            rows(2),
            "y_test",
            NpyArray.of(new int[] {3, 0}, 2),
            "x_val",
            rows(1),
            "y_val",
            NpyArray.of(new int[] {2}, 1));
    OwnSet set = read(file, "none");
    assertThat(set.train().size()).isEqualTo(20);
    assertThat(set.validation().labels()).containsExactly(2);
    assertThat(set.test().labels()).containsExactly(3, 0);
    assertThat(set.test().classes()).isEqualTo(4);
    assertThat(DataSource.open(file.toString(), options).inputs().count()).isEqualTo(2);
    assertThat(DataSource.open(file + "/train", options).inputs().count()).isEqualTo(20);
    assertThat(DataSource.open(file + "/validation", options).inputs().count()).isEqualTo(1);
    assertThatThrownBy(() -> DataSource.open(file + "/other", options))
        .hasMessage("unknown split 'other', expected train, validation or test");
    assertThatThrownBy(() ->
            OwnSet.read(
                file,
                options,
                Preprocessing.parse("none"),
                new OwnParts(Optional.empty(), OptionalInt.of(1), OptionalInt.empty(), 1)))
        .hasMessage(
            file
                + ": has its own part for testing, 2 examples; none can be held out of the"
                + " training part");
  }

  @Test
  void read_foldersInParts_mapsClassesByTheirNames() throws IOException {
    for (int i = 0; i < 4; i++) {
      image("set/train/ant/%d.png".formatted(i), 3, 2, i);
      image("set/train/bee/%d.png".formatted(i), 3, 2, 10 + i);
      image("set/train/cow/%d.png".formatted(i), 3, 2, 20 + i);
    }
    image("set/test/cow/1.png", 3, 2, 99);
    OwnSet set = read(folder.resolve("set"), "unit");
    assertThat(set.test().labels()).containsExactly(2);
    assertThat(((ImageSet) set.test()).classNames()).containsExactly("ant", "bee", "cow");
    assertThat(set.train().size() + set.validation().size()).isEqualTo(12);
    image("set/test/dog/1.png", 3, 2, 99);
    assertThatThrownBy(() -> read(folder.resolve("set"), "unit"))
        .hasMessage(
            folder.resolve("set/test")
                + ": has a class \"dog\", expected those to train on: [ant, bee, cow]");
  }

  @Test
  void read_badData_namesFileAndRow() throws IOException {
    NpyArray x = rows(4);
    Path missing = archive("m.npz", "x", x);
    assertThatThrownBy(() -> read(missing, "none"))
        .hasMessage(
            missing + ": has no targets: y of an .npz, or a sub-folder for each class of images");
    Path empty = archive("e.npz", "x", x, "y", NpyArray.of(new int[] {0, 2, 0, 2}, 4));
    assertThatThrownBy(() -> read(empty, "none"))
        .hasMessage(
            empty + ": class 1 of 0 to 2 has no example to train on; label 2 of row 1 asks for 3");
    Path few = archive("f.npz", "x", x, "y", NpyArray.of(new int[] {0, 1, 2, 3}, 4));
    assertThatThrownBy(() -> read(few, "none"))
        .hasMessage(
            few + ": for testing: cannot hold out 1 of 4 examples: 1 classes would keep none");
    Path nan =
        archive(
            "n.npz",
            "x",
            NpyArray.of(new float[] {0, 1, 2, Float.NaN}, 2, 2),
            "y",
            NpyArray.of(new int[] {0, 1}, 2));
    assertThatThrownBy(() -> read(nan, "none"))
        .hasMessage(nan + ": x: row 1 holds NaN, expected a finite number");
    Path beyond =
        archive(
            "b.npz",
            "x_train",
            x,
            "y_train",
            NpyArray.of(new int[] {0, 1, 0, 1}, 4),
            "x_test",
            x,
            "y_test",
            NpyArray.of(new int[] {0, 1, 2, 0}, 4));
    assertThatThrownBy(() -> read(beyond, "none"))
        .hasMessage(beyond + "/test: y: row 2 is class 2, those to train on are 0 to 1");
    Path other =
        archive(
            "o.npz",
            "x_train",
            x,
            "y_train",
            NpyArray.of(new float[8], 4, 2),
            "x_test",
            x,
            "y_test",
            NpyArray.of(new float[12], 4, 3));
    assertThatThrownBy(() -> read(other, "none")).isInstanceOf(DataException.class);
    Path sizes =
        archive(
            "s.npz",
            "x_train",
            x,
            "y_train",
            NpyArray.of(new int[] {0, 1, 0, 1}, 4),
            "x_test",
            NpyArray.of(new float[12], 4, 3),
            "y_test",
            NpyArray.of(new int[4], 4));
    assertThatThrownBy(() -> read(sizes, "none"))
        .hasMessage(
            sizes + "/test: inputs are 3×1×1 (channels, rows, columns), those to train on 2×1×1");
    Path integers =
        archive(
            "i.npz",
            "x",
            NpyArray.of(new int[] {0, 1, 2, 300}, 2, 2),
            "y",
            NpyArray.of(new int[] {0, 1}, 2));
    assertThatThrownBy(() -> read(integers, "unit"))
        .hasMessage(
            integers
                + ": x: row 1 holds 300, expected pixels from 0 to 255; preprocess: none takes"
                + " integers as numbers");
  }

  @Test
  void read_imagesOfSeveralSizes_asksForAResize() throws IOException {
    for (int i = 0; i < 3; i++) {
      image("sizes/a/%d.png".formatted(i), 4, 4, i);
      image("sizes/b/%d.png".formatted(i), 4, 4 + i, i);
    }
    assertThatThrownBy(() -> read(folder.resolve("sizes"), "unit"))
        .hasMessageContaining("b/1.png: 4×5 pixels, expected 4×4 as in")
        .hasMessageEndingWith("(or ask for a resize)");
    OwnSet resized =
        OwnSet.read(
            folder.resolve("sizes"),
            options.withResize(new ImageFolder.Size(4, 4)),
            Preprocessing.parse("unit"),
            parts(1));
    assertThat(resized.train().height()).isEqualTo(4);
  }

  @Test
  void read_text_isCutByPosition() throws IOException {
    Path file = Files.writeString(folder.resolve("t.txt"), "abcdefgh".repeat(8 * 40));
    OwnSet set = read(file, "unit");
    assertThat(set.train().size()).isEqualTo(36);
    assertThat(set.validation().size()).isEqualTo(2);
    assertThat(set.test().size()).isEqualTo(2);
    Path test = Files.writeString(folder.resolve("u.txt"), "hgfedcba".repeat(16));
    OwnParts given = new OwnParts(Optional.of(test), OptionalInt.empty(), OptionalInt.empty(), 1);
    TextSet other = (TextSet) OwnSet.read(file, options, Preprocessing.parse("unit"), given).test();
    assertThat(other.text()).startsWith("hgfedcba");
    assertThat(other.vocabulary()).isEqualTo("abcdefgh");
    Files.writeString(test, "hgfedcbz".repeat(16));
    assertThatThrownBy(() -> OwnSet.read(file, options, Preprocessing.parse("unit"), given))
        .hasMessage(
            test + ": character 7 is \"z\", which does not occur in the text that is trained on");
    Path little = Files.writeString(folder.resolve("l.txt"), "ab".repeat(64));
    assertThatThrownBy(() -> read(little, "unit")).hasMessageContaining("are too few");
  }

  @Test
  void contentHash_folder_followsItsImagesAndNotItsPlace() throws IOException {
    image("one/a/1.png", 2, 2, 1);
    image("two/a/1.png", 2, 2, 1);
    Files.writeString(folder.resolve("two/a/notes.txt"), "no image");
    String hash = ContentHash.of(folder.resolve("one"));
    assertThat(ContentHash.of(folder.resolve("two"))).isEqualTo(hash);
    image("two/a/1.png", 2, 2, 2);
    assertThat(ContentHash.of(folder.resolve("two"))).isNotEqualTo(hash);
    image("three/b/1.png", 2, 2, 1);
    assertThat(ContentHash.of(folder.resolve("three"))).isNotEqualTo(hash);
  }
}

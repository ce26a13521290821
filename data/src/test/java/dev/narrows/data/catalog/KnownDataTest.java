package dev.narrows.data.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.narrows.data.Examples;
import dev.narrows.data.ImageSet;
import dev.narrows.data.TextSet;
import dev.narrows.data.catalog.DataCatalog.FileCheck;
import dev.narrows.data.catalog.DataCatalog.Status;
import dev.narrows.data.catalog.DataCatalog.Validation;
import dev.narrows.data.upscale.Bicubic;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("data")
class KnownDataTest {
  private static int[] perClass(ImageSet set) {
    int[] counts = new int[set.classes()];
    Arrays.stream(set.labels()).forEach(label -> counts[label]++);
    return counts;
  }

  private static int[] all(int classes, int value) {
    int[] counts = new int[classes];
    Arrays.fill(counts, value);
    return counts;
  }

  @Test
  void check_mnist_isOk() {
    assertThat(InstalledData.require(KnownSets.MNIST).check(KnownSets.MNIST))
        .extracting(FileCheck::status)
        .containsOnly(Status.OK);
  }

  @Test
  void check_fashionMnist_isOk() {
    assertThat(InstalledData.require(KnownSets.FASHION_MNIST).check(KnownSets.FASHION_MNIST))
        .extracting(FileCheck::status)
        .containsOnly(Status.OK);
  }

  @Test
  void check_cifar10_isOk() {
    assertThat(InstalledData.require(KnownSets.CIFAR10).check(KnownSets.CIFAR10))
        .extracting(FileCheck::status)
        .containsOnly(Status.OK);
  }

  @Test
  void load_cifar10_hasItsSplits() {
    DataCatalog catalog = InstalledData.require(KnownSets.CIFAR10);
    ImageSet test = catalog.load(KnownSets.CIFAR10, Split.TEST, Validation.DEFAULT);
    assertThat(perClass(test)).isEqualTo(all(10, 1000));
    // The first test image is the well-known cat.
    assertThat(test.labels()[0]).isEqualTo(3);
    assertThat(perClass(catalog.load(KnownSets.CIFAR10, Split.TRAIN, Validation.DEFAULT)))
        .isEqualTo(all(10, 4500));
    assertThat(perClass(catalog.load(KnownSets.CIFAR10, Split.VALIDATION, Validation.DEFAULT)))
        .isEqualTo(all(10, 500));
    assertThat(catalog.load(KnownSets.CIFAR10, Split.TRAIN, Validation.NONE).size())
        .isEqualTo(50_000);
  }

  @Test
  void load_mnist_hasItsSplits() {
    DataCatalog catalog = InstalledData.require(KnownSets.MNIST);
    ImageSet test = catalog.load(KnownSets.MNIST, Split.TEST, Validation.DEFAULT);
    assertThat(Arrays.copyOf(test.labels(), 5)).containsExactly(7, 2, 1, 0, 4);
    assertThat(test.size()).isEqualTo(10_000);
    ImageSet validation = catalog.load(KnownSets.MNIST, Split.VALIDATION, Validation.DEFAULT);
    assertThat(perClass(validation)).isEqualTo(all(10, 500));
  }

  @Test
  void shakespeareSmall_isTheBeginningOfTheCompleteText() {
    DataCatalog catalog = InstalledData.require(KnownSets.TINY_SHAKESPEARE);
    assertThat(catalog.check(KnownSets.TINY_SHAKESPEARE))
        .extracting(FileCheck::status)
        .containsOnly(Status.OK);
    Examples complete = catalog.examples(KnownSets.TINY_SHAKESPEARE, Split.TRAIN, Validation.NONE);
    Examples small = catalog.examples(KnownSets.SHAKESPEARE_SMALL, Split.TRAIN, Validation.NONE);
    assertThat(text(small)).isEqualTo(text(complete.slice(0, small.size())));
    assertThat(complete.classes()).isEqualTo(65);
  }

  private static String text(Examples examples) {
    return ((TextSet) examples).text();
  }

  @Test
  void fashionSmall_madeAgainFromTheCompleteSet_isEqual() {
    DataCatalog catalog = InstalledData.require(KnownSets.FASHION_MNIST);
    for (Split split : new Split[] {Split.TRAIN, Split.TEST}) {
      ImageSet complete = catalog.load(KnownSets.FASHION_MNIST, split, Validation.NONE);
      ImageSet small = catalog.load(KnownSets.FASHION_SMALL, split, Validation.NONE);
      int quota = split == Split.TRAIN ? 1000 : 200;
      int[] seen = new int[10];
      int[] first =
          IntStream.range(0, complete.size())
              .filter(i -> seen[complete.labels()[i]]++ < quota)
              .toArray();
      assertThat(complete.select(first).named(small.name())).isEqualTo(small);
    }
  }

  /** The papers' figures for bicubic enlargement by 3 of Set5 and Set14: 30.39 and 27.54 dB. */
  @Test
  void examples_set5AndSet14_haveThePapersBicubicRatio() {
    assertThat(bicubic(known("set5-x3"))).isCloseTo(30.39, within(0.005));
    assertThat(bicubic(known("set14-x3"))).isCloseTo(27.54, within(0.005));
  }

  private static KnownSet known(String name) {
    return KnownSets.named(name).orElseThrow();
  }

  private static double bicubic(KnownSet set) {
    return Bicubic.ratio(InstalledData.require(set).testImages(set), set.factor());
  }

  @Test
  void examples_bsds300_areCheckedAndSplitByImages() {
    KnownSet set = known("bsds300-x3");
    DataCatalog catalog = InstalledData.require(set);
    assertThat(catalog.check(set)).extracting(FileCheck::status).containsOnly(Status.OK);
    assertThat(set.train()).hasSize(200);
    assertThat(set.test()).hasSize(100);
    Examples train = catalog.examples(set, Split.TRAIN, Validation.of(20, 1));
    assertThat(train.size()).isEqualTo(180 * 24);
    assertThat(catalog.examples(set, Split.TEST, Validation.DEFAULT).size()).isEqualTo(100 * 15);
    assertThat(catalog.examples(set, Split.VALIDATION, Validation.of(2, 1)).size()).isEqualTo(30);
    assertThatThrownBy(() -> catalog.examples(set, Split.TRAIN, Validation.of(200, 1)))
        .hasMessageContaining("leave none to train on");
    assertThatThrownBy(() -> catalog.examples(known("set5-x3"), Split.TRAIN, Validation.DEFAULT))
        .hasMessage("set5-x3/train: the set is for testing, it has no such images");
  }
}

package dev.narrows.data.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narrows.data.DataException;
import dev.narrows.data.Examples;
import dev.narrows.data.ImageSet;
import dev.narrows.data.TextSet;
import dev.narrows.data.catalog.DataCatalog.FileCheck;
import dev.narrows.data.catalog.DataCatalog.Status;
import dev.narrows.data.catalog.DataCatalog.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCatalogTest {
  @TempDir Path folder;

  private final DataCatalog nothing =
      new DataCatalog(new DataRoots(List.of(Path.of("/none/a"), Path.of("/none/b")), Path.of(".")));

  @Test
  void examples_shakespeareSmall_isCutByPosition() {
    Examples train = nothing.examples(KnownSets.SHAKESPEARE_SMALL, Split.TRAIN, Validation.NONE);
    Examples held =
        nothing.examples(KnownSets.SHAKESPEARE_SMALL, Split.VALIDATION, Validation.of(7, 1));
    Examples test = nothing.examples(KnownSets.SHAKESPEARE_SMALL, Split.TEST, Validation.DEFAULT);
    assertThat(train.size() + test.size()).isEqualTo(119_984 / 64);
    assertThat(test.size()).isEqualTo(93);
    assertThat(held).isEqualTo(train.slice(train.size() - 7, train.size()).named(held.name()));
    assertThat(test.classes()).isEqualTo(61);
    assertThatThrownBy(
            () -> nothing.load(KnownSets.SHAKESPEARE_SMALL, Split.TEST, Validation.DEFAULT))
        .hasMessage("shakespeare-small: is a text, expected a set of images");
    assertThatThrownBy(() ->
            nothing.examples(KnownSets.SHAKESPEARE_SMALL, Split.TRAIN, Validation.of(2000, 1)))
        .hasMessageContaining("leave none of");
  }

  @Test
  void text_ofASplit_isAllOfIt() {
    Examples test = nothing.examples(KnownSets.SHAKESPEARE_SMALL, Split.TEST, Validation.DEFAULT);
    assertThat(nothing.text(KnownSets.SHAKESPEARE_SMALL, Split.TEST))
        .isEqualTo(((TextSet) test).text());
    assertThatThrownBy(() -> nothing.text(KnownSets.FASHION_SMALL, Split.TEST))
        .hasMessage("fashion-small: holds images, expected a text");
    assertThatThrownBy(() -> nothing.text(KnownSets.WIKITEXT_2, Split.TRAIN))
        .hasMessageContaining("none to train on");
    assertThatThrownBy(() -> nothing.text(KnownSets.WIKITEXT_2, Split.TEST))
        .hasMessageContaining("get it by: narrows data fetch wikitext-2");
  }

  @Test
  void load_fashionSmall_isBalancedInEverySplit() {
    int[] expected = {900, 100, 200};
    int total = 0;
    for (Split split : Split.values()) {
      ImageSet set = nothing.load(KnownSets.FASHION_SMALL, split, Validation.DEFAULT);
      assertThat(set.name()).isEqualTo("fashion-small/" + split);
      assertThat(set.classNames().get(9)).isEqualTo("Ankle boot");
      int[] counts = new int[10];
      Arrays.stream(set.labels()).forEach(label -> counts[label]++);
      assertThat(Arrays.stream(counts).distinct().toArray())
          .containsExactly(expected[split.ordinal()]);
      total += set.size();
    }
    assertThat(total).isEqualTo(12_000);
  }

  @Test
  void load_validationSeedAndCount_chooseTheImages() {
    Validation other = Validation.of(1000, 1);
    ImageSet first = nothing.load(KnownSets.FASHION_SMALL, Split.VALIDATION, Validation.DEFAULT);
    assertThat(nothing.load(KnownSets.FASHION_SMALL, Split.VALIDATION, other)).isNotEqualTo(first);
    assertThat(nothing.load(KnownSets.FASHION_SMALL, Split.TRAIN, Validation.NONE).size())
        .isEqualTo(10_000);
    assertThatThrownBy(
            () -> nothing.load(KnownSets.FASHION_SMALL, Split.VALIDATION, Validation.NONE))
        .isInstanceOf(DataException.class)
        .hasMessage("fashion-small: no images are held out for validation");
    // The test images are the same whatever is held out.
    assertThat(nothing.load(KnownSets.FASHION_SMALL, Split.TEST, other))
        .isEqualTo(nothing.load(KnownSets.FASHION_SMALL, Split.TEST, Validation.NONE));
  }

  @Test
  void load_missing_isOneLineWithFileRootsAndCommand() {
    assertThatThrownBy(() -> nothing.load(KnownSets.CIFAR10, Split.TEST, Validation.DEFAULT))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "cifar10: cifar10/test_batch.bin not found (nor .gz) in /none/a, /none/b;"
                + " get it by: narrows data fetch cifar10");
  }

  @Test
  void load_filesSpreadOverRoots_areNotMixed() throws IOException {
    Path a = folder.resolve("a");
    Path b = folder.resolve("b");
    Files.createDirectories(a.resolve("mnist"));
    Files.createDirectories(b.resolve("mnist"));
    Files.writeString(a.resolve("mnist/t10k-images-idx3-ubyte.gz"), "x");
    Files.writeString(b.resolve("mnist/t10k-labels-idx1-ubyte"), "x");
    DataCatalog split = new DataCatalog(new DataRoots(List.of(a, b), a));
    assertThatThrownBy(() -> split.load(KnownSets.MNIST, Split.TEST, Validation.DEFAULT))
        .hasMessageStartingWith("mnist: one folder with all files of mnist not found");
  }

  @Test
  void check_fashionSmall_isOk() {
    assertThat(nothing.check(KnownSets.FASHION_SMALL))
        .hasSize(4)
        .extracting(FileCheck::status)
        .containsOnly(Status.OK);
  }

  @Test
  void check_wrongDamagedAndMissing_areToldApart() throws IOException {
    Files.createDirectories(folder.resolve("mnist"));
    Files.writeString(folder.resolve("mnist/train-images-idx3-ubyte.gz"), "no gzip");
    Files.writeString(folder.resolve("mnist/train-labels-idx1-ubyte"), "something else");
    Files.write(folder.resolve("mnist/t10k-labels-idx1-ubyte"), new byte[10_009]);
    DataCatalog catalog = new DataCatalog(new DataRoots(List.of(folder), folder));
    List<FileCheck> checks = catalog.check(KnownSets.MNIST);
    assertThat(checks)
        .extracting(FileCheck::status)
        .containsExactly(Status.WRONG, Status.WRONG, Status.MISSING, Status.WRONG);
    assertThat(checks.get(0).found().orElseThrow()).contains("ZipException");
    assertThat(checks.get(1).found().orElseThrow()).matches("[0-9a-f]{64}");
    assertThat(checks.get(3).found()).contains("longer than 10008 bytes");
    DataCatalog.Listing listing = catalog.list(KnownSets.MNIST);
    assertThat(listing.filesFound()).isEqualTo(3);
    assertThat(listing.complete()).isFalse();
    assertThat(listing.bytesOnDisk()).isEqualTo(7 + 14 + 10_009);
    assertThat(listing.where()).contains(folder.resolve("mnist"));
  }

  @Test
  void list_noRoots_hasEverySetAndOnlyTheEmbeddedOnesComplete() {
    assertThat(nothing.list())
        .filteredOn(DataCatalog.Listing::complete)
        .extracting(DataCatalog.Listing::set)
        .containsExactly(KnownSets.FASHION_SMALL, KnownSets.SHAKESPEARE_SMALL);
    assertThat(nothing.list()).hasSize(13);
  }

  @Test
  void roots_explicitVariableAndHome_comeInThatOrder() {
    Path home = Path.of("/home/u");
    Path cache = Path.of("/home/u/.cache/narrows");
    Map<String, String> environment = Map.of("NARROWS_DATA", "/a::/b");
    assertThat(DataRoots.of(Optional.of(Path.of("/x")), environment, home))
        .isEqualTo(
            new DataRoots(
                List.of(Path.of("/x"), Path.of("/a"), Path.of("/b"), cache), Path.of("/x")));
    assertThat(DataRoots.of(Optional.empty(), Map.of(), home))
        .isEqualTo(new DataRoots(List.of(cache), cache));
    Path elsewhere = Path.of("/caches/narrows");
    assertThat(DataRoots.of(Optional.empty(), Map.of("XDG_CACHE_HOME", "/caches"), home))
        .isEqualTo(new DataRoots(List.of(elsewhere), elsewhere));
  }
}

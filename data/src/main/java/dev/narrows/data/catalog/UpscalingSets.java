package dev.narrows.data.catalog;

import dev.narrows.data.catalog.KnownSet.FileForm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The known sets of images to be enlarged, those that papers on super-resolution use, each by two
 * factors. Their files are listed in resources: path, bytes, SHA-256.
 */
final class UpscalingSets {
  private static final List<Integer> FACTORS = List.of(2, 3);
  private static final String TRAIN = "/train/";

  private UpscalingSets() {}

  static List<KnownSet> all() {
    return Stream.of(
            sets(
                "bsds300",
                "photographs of about 481×321, 200 train and 100 test",
                "Berkeley: non-commercial research and education; cite Martin et al. 2001",
                "https://github.com/BIDS/BSDS500",
                "https://raw.githubusercontent.com/BIDS/BSDS500/a04b7c6c3a9f0ace74bf205c72a43d32e1c72722/BSDS500/data/images/",
                path -> path.contains(TRAIN) ? "train/" : "val/"),
            sets(
                "set5",
                "5 photographs, for testing",
                "none stated for the images; cite Bevilacqua et al. 2012",
                "https://github.com/jbhuang0604/SelfExSR",
                "https://raw.githubusercontent.com/jbhuang0604/SelfExSR/8f6dd8c1d20cb7e8792a7177b4f6fd677633f598/data/Set5/image_SRF_3/",
                _ -> ""),
            sets(
                "set14",
                "14 photographs and drawings, for testing",
                "none stated for the images; cite Zeyde et al. 2010",
                "https://github.com/jbhuang0604/SelfExSR",
                "https://raw.githubusercontent.com/jbhuang0604/SelfExSR/8f6dd8c1d20cb7e8792a7177b4f6fd677633f598/data/Set14/image_SRF_3/",
                _ -> ""))
        .flatMap(List::stream)
        .toList();
  }

  private static List<KnownSet> sets(
      String name,
      String description,
      String licence,
      String homepage,
      String address,
      Function<String, String> folder) {
    List<DataFile> files = files(name);
    List<DataFile> train = files.stream().filter(file -> file.path().contains(TRAIN)).toList();
    List<DataFile> test = files.stream().filter(file -> !file.path().contains(TRAIN)).toList();
    List<Download> downloads =
        files.stream()
            .<Download>map(file ->
                new Download.Plain(
                    URI.create(address + folder.apply(file.path()) + file.name()), file))
            .toList();
    return FACTORS.stream()
        .map(factor ->
            new KnownSet(
                "%s-x%d".formatted(name, factor),
                "%s; luma, to be enlarged %d times".formatted(description, factor),
                licence,
                homepage,
                FileForm.UPSCALING,
                List.of(),
                train.size() / 10,
                train,
                test,
                downloads,
                factor))
        .toList();
  }

  private static List<DataFile> files(String name) {
    String resource = "/dev/narrows/data/upscaling/" + name + ".csv";
    try (InputStream in = UpscalingSets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("this program lacks its part " + resource);
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .map(line -> line.split(","))
          .map(cells -> new DataFile(cells[0], Long.parseLong(cells[1]), cells[2]))
          .toList();
    } catch (IOException problem) {
      throw new UncheckedIOException(resource, problem);
    }
  }
}

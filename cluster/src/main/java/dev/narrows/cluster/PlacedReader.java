package dev.narrows.cluster;

import dev.narrows.data.DataException;
import dev.narrows.data.HoldOut;
import dev.narrows.data.ImageSet;
import dev.narrows.data.Inputs;
import dev.narrows.data.catalog.DataCatalog;
import dev.narrows.data.catalog.KnownSet;
import dev.narrows.data.catalog.KnownSets;
import dev.narrows.data.catalog.OwnFiles;
import dev.narrows.data.catalog.Split;
import dev.narrows.data.file.Idx;
import dev.narrows.data.file.ImageFolder;
import dev.narrows.experiments.cluster.PlacedData;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.Network;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Inputs that executors read themselves: folders of images, and known sets. This process lists,
 * reads heads and labels, and looks at one image or at one of each byte. Arrays are read by {@link
 * PlacedArrays}.
 */
final class PlacedReader {
  private static final int BYTES = 256;
  private static final int CIFAR_RECORD = 1 + 3 * 32 * 32;
  private static final int IDX_HEAD = 16;
  private static final int MOST_NAMED = 5;

  private final PlacedRequest request;
  private final SparkClusterSession session;
  private final Network network;
  private final PlacedData data;
  private final TensorType type;
  private final List<String> notes;

  PlacedReader(SparkClusterSession session, Network network, PlacedData data) {
    this.request = new PlacedRequest(session, network, data);
    this.session = session;
    this.network = network;
    this.data = data;
    this.type = network.input();
    this.notes = request.notes();
  }

  /**
   * The images that the user names.
   *
   * @return empty if they must be read on one machine
   */
  Optional<NetworkInputs> read() {
    if (network.inputs().size() > 1) {
      return Optional.empty();
    }
    String text = data.text();
    int slash = text.indexOf('/');
    Optional<KnownSet> known = KnownSets.named(slash < 0 ? text : text.substring(0, slash));
    if (known.isPresent()) {
      return known(known.get(), slash < 0 ? Split.TEST : Split.parse(text.substring(slash + 1)));
    }
    boolean address = Storage.isAddress(text);
    if (!address && (!Files.exists(Path.of(text)) || OwnFiles.inParts(Path.of(text)))) {
      return Optional.empty();
    }
    String place =
        address ? text.replaceFirst("/+$", "") : Path.of(text).toAbsolutePath().toString();
    if (address && !Storage.exists(place)) {
      throw new DataException(place + ": no such file or folder");
    }
    if (Storage.isFolder(place)) {
      return request.asTheyAre() ? Optional.empty() : Optional.of(folder(place));
    }
    if (place.endsWith(".npy") || place.endsWith(".npz")) {
      Optional<NetworkInputs> arrays = new PlacedArrays(request).read(place);
      if (address && arrays.isEmpty()) {
        throw new DataException(
            place
                + ": from there executors read arrays of bytes, one row or image after the other,"
                + " whose meaning does not depend on all of them; copy others to this machine");
      }
      return arrays;
    }
    if (address) {
      throw new DataException(place + ": expected an .npz, an .npy, or a folder of images");
    }
    return Optional.empty();
  }

  // folders of images

  private NetworkInputs folder(String place) {
    ImageFolder.ListedImages listed = ImageFolder.list(place, Storage.names());
    notes.addAll(listed.notes());
    int count = Math.min(listed.files().size(), data.limit().orElse(Integer.MAX_VALUE));
    List<String> files = listed.files().subList(0, count);
    request.requireSeen(files);
    int channels = data.shape().channels();
    if (channels != 1 && channels != 3) {
      throw new DataException(place + ": images have 1 or 3 channels, not " + channels);
    }
    ImageFolder.DecodedImage first = first(files, channels);
    ImageSet one =
        new ImageSet(
            data.text(),
            channels,
            first.height(),
            first.width(),
            1,
            first.pixels(),
            new int[1],
            List.of());
    notes.addAll(request.brought(data.text(), new Inputs.Images(one, false)).notes());
    FolderImages images =
        new FolderImages(
            files.toArray(String[]::new),
            files.getFirst(),
            channels,
            first.height(),
            first.width(),
            data.resize().isPresent(),
            tables(channels, first.height(), first.width()));
    int[] labels = listed.labels().subList(0, count).stream().mapToInt(Integer::intValue).toArray();
    if (data.skipUnreadable()) {
      int[] kept = readable(images);
      images = images.some(kept);
      labels = IntStream.of(kept).map(image -> listed.labels().get(image)).toArray();
    }
    notes.add(
        "%d images of %d×%d×%d%s, read where they are"
            .formatted(
                images.images(),
                channels,
                first.height(),
                first.width(),
                listed.labelled()
                    ? " in %d classes".formatted(listed.folders())
                    : ", without labels"));
    if (listed.labelled()) {
      request.requireLabels(labels, listed.classes(), listed.names());
    }
    return request.made(images, listed.labelled() ? Optional.of(labels) : Optional.empty());
  }

  /** The first image; with --skip-unreadable the first that can be read. */
  private ImageFolder.DecodedImage first(List<String> files, int channels) {
    for (int i = 0; ; i++) {
      String file = files.get(i);
      try {
        return ImageFolder.decode(file, Storage.bytes(file), data.resize(), channels);
      } catch (DataException e) {
        if (!data.skipUnreadable() || i == files.size() - 1) {
          throw e;
        }
      }
    }
  }

  private int[] readable(FolderImages images) {
    Map<Integer, String> unreadable = UnreadableImages.of(session, images, type.elements());
    if (unreadable.size() == images.images()) {
      throw new DataException(data.text() + ": none of the images can be read");
    }
    if (!unreadable.isEmpty()) {
      notes.add(
          "left out %d of %d images, which cannot be read: %s%s"
              .formatted(
                  unreadable.size(),
                  images.images(),
                  unreadable.values().stream().limit(MOST_NAMED).collect(Collectors.joining("; ")),
                  unreadable.size() > MOST_NAMED ? "; …" : ""));
    }
    return IntStream.range(0, images.images())
        .filter(image -> !unreadable.containsKey(image))
        .toArray();
  }

  /** The word of each pixel value, per channel, as images of one value each have it. */
  private int[][] tables(int channels, int height, int width) {
    int plane = height * width;
    int length = channels * plane;
    int[][] tables = new int[channels][BYTES];
    for (int value = 0; value < BYTES; value++) {
      byte[] pixels = new byte[length];
      Arrays.fill(pixels, (byte) value);
      ImageSet one =
          new ImageSet(data.text(), channels, height, width, 1, pixels, new int[1], List.of());
      ImageSource source = request.brought(data.text(), new Inputs.Images(one, false)).source();
      int[] words = new int[length];
      source.read(0, 1, words);
      for (int c = 0; c < channels; c++) {
        tables[c][value] = words[c * plane];
      }
    }
    return tables;
  }

  // known sets

  private Optional<NetworkInputs> known(KnownSet set, Split split) {
    boolean cifar = set.form() == KnownSet.FileForm.CIFAR;
    if (!cifar && set.form() != KnownSet.FileForm.IDX || data.resize().isPresent()) {
      return Optional.empty();
    }
    List<String> files =
        new DataCatalog(data.roots())
            .files(set, split).stream().map(file -> file.toAbsolutePath().toString()).toList();
    List<String> problems = StorageCheck.problems(session, files);
    if (!problems.isEmpty()) {
      notes.add(
          "%s is sent from here: not all executors see it (%s)"
              .formatted(set.name(), problems.getFirst()));
      notes.forEach(session.request().notes());
      return Optional.empty();
    }
    List<RecordFile> records = new ArrayList<>();
    int[] labels;
    int channels;
    int height;
    int width;
    if (cifar) {
      labels = new int[0];
      for (String file : files) {
        int[] more = cifarLabels(file);
        records.add(RecordFile.of(file, 0, more.length));
        labels = IntStream.concat(IntStream.of(labels), IntStream.of(more)).toArray();
      }
      channels = 3;
      height = 32;
      width = 32;
    } else {
      List<Integer> shape = idxShape(files.getFirst());
      byte[] stored = Idx.read(Path.of(files.getLast()), 1).values();
      labels = IntStream.range(0, stored.length).map(i -> stored[i] & 0xFF).toArray();
      if (shape.getFirst() != labels.length) {
        throw new DataException(
            "%s: %d labels for %d images".formatted(set.name(), labels.length, shape.getFirst()));
      }
      records.add(RecordFile.of(files.getFirst(), IDX_HEAD, labels.length));
      channels = 1;
      height = shape.get(1);
      width = shape.get(2);
    }
    int length = channels * height * width;
    int[][] tables = tables(channels, height, width);
    int[] images = images(set, split, labels);
    int limit = Math.min(images.length, data.limit().orElse(images.length));
    images = Arrays.copyOf(images, limit);
    int[] all = labels;
    int[] classes = IntStream.of(images).map(image -> all[image]).toArray();
    RecordImages source =
        new RecordImages(
            records.toArray(RecordFile[]::new),
            cifar ? 1 : 0,
            IntStream.range(0, length).toArray(),
            tables,
            images);
    ImageSet shown =
        new ImageSet(
            set.name() + "/" + split,
            channels,
            height,
            width,
            1,
            new byte[length],
            new int[1],
            List.of());
    notes.addAll(request.brought(shown.name(), new Inputs.Images(shown, false)).notes());
    request.requireLabels(classes, set.classNames().size(), set.classNames());
    return Optional.of(
        new NetworkInputs(shown.name(), source, Optional.of(classes), Optional.empty(), notes));
  }

  private int[] images(KnownSet set, Split split, int[] labels) {
    if (split == Split.TEST) {
      return IntStream.range(0, labels.length).toArray();
    }
    int held = data.validation().count().orElse(Math.min(set.validation(), labels.length));
    HoldOut parts = HoldOut.of(labels, set.classNames().size(), held, data.validation().seed());
    if (split == Split.VALIDATION && parts.held().length == 0) {
      throw new DataException(set.name() + ": no images are held out for validation");
    }
    return split == Split.TRAIN ? parts.kept() : parts.held();
  }

  /** The labels alone, in a pass that keeps nothing else. */
  private static int[] cifarLabels(String file) {
    List<Integer> labels = new ArrayList<>();
    try (InputStream in = RecordFile.of(file, 0, 0).open(0)) {
      for (int label = in.read(); label >= 0; label = in.read()) {
        if (label > 9) {
          throw new DataException(
              "%s: byte %d: label is %d, expected 0 to 9"
                  .formatted(file, labels.size() * (long) CIFAR_RECORD, label));
        }
        in.skipNBytes(CIFAR_RECORD - 1);
        labels.add(label);
      }
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
    return labels.stream().mapToInt(Integer::intValue).toArray();
  }

  private static List<Integer> idxShape(String file) {
    try (InputStream in = RecordFile.of(file, 0, 0).open(0)) {
      byte[] head = in.readNBytes(IDX_HEAD);
      ByteBuffer words = ByteBuffer.wrap(head);
      if (head.length < IDX_HEAD || words.getInt() != 0x0803) {
        throw new DataException(file + ": is no IDX file of images");
      }
      return List.of(words.getInt(), words.getInt(), words.getInt());
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }
}

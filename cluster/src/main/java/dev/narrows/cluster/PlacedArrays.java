package dev.narrows.cluster;

import dev.narrows.data.DataException;
import dev.narrows.data.Inputs;
import dev.narrows.data.Layout;
import dev.narrows.data.file.ArrayInputs;
import dev.narrows.data.file.ArrayMembers;
import dev.narrows.data.file.ArrayOrder;
import dev.narrows.data.file.Npy;
import dev.narrows.data.file.NpyArray;
import dev.narrows.data.file.NpyLayout;
import dev.narrows.data.file.NpyType;
import dev.narrows.experiments.cluster.PlacedData;
import dev.narrows.experiments.evaluate.NetworkInputs;
import dev.narrows.network.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Arrays that executors read themselves, an input at a time. This process reads an array's head,
 * and all targets, and asks what each of the 256 bytes means.
 */
final class PlacedArrays {
  private static final int BYTES = 256;

  private final PlacedRequest request;
  private final PlacedData data;
  private final TensorType type;

  PlacedArrays(PlacedRequest request) {
    this.request = request;
    this.data = request.data();
    this.type = request.network().input();
  }

  /**
   * The inputs of an {@code .npz} or {@code .npy}.
   *
   * @return empty if their meaning is not known without all of them
   */
  Optional<NetworkInputs> read(String place) {
    NpyLayout layout;
    RecordFile records;
    Optional<NpyArray> targets = Optional.empty();
    if (place.endsWith(".npz")) {
      List<ZipMembers.ZippedFile> members = ZipMembers.of(place);
      TreeSet<String> names = new TreeSet<>();
      for (ZipMembers.ZippedFile member : members) {
        if (member.name().endsWith(".npy")) {
          names.add(member.name().substring(0, member.name().length() - ".npy".length()));
        }
      }
      List<String> chosen = ArrayMembers.chosen(place, names);
      ZipMembers.ZippedFile x =
          ZipMembers.named(members, chosen.getFirst() + ".npy")
              .orElseThrow(
                  () -> new DataException(place + ": expected an array x, found only " + names));
      layout = NpyLayout.read(place + "!" + x.name(), x.open(place), x.length());
      records =
          new RecordFile(
              place,
              x.stored() ? RecordFile.Packing.NONE : RecordFile.Packing.DEFLATE,
              x.start(),
              layout.start(),
              layout.shape().isEmpty() ? 0 : layout.shape().getFirst());
      if (!chosen.getLast().equals(chosen.getFirst())) {
        targets =
            ZipMembers.named(members, chosen.getLast() + ".npy")
                .map(y -> Npy.read(place + "!" + y.name(), y.open(place), y.length()));
      }
    } else {
      layout = NpyLayout.read(place, Storage.open(place, 0), Storage.length(place));
      records =
          new RecordFile(
              place,
              RecordFile.Packing.NONE,
              0,
              layout.start(),
              layout.shape().isEmpty() ? 0 : layout.shape().getFirst());
    }
    if (!readable(layout)) {
      return Optional.empty();
    }
    request.requireSeen(List.of(place));
    return Optional.of(read(records, layout, targets));
  }

  /** Whether the meaning of an array's bytes is known without all of them. */
  private boolean readable(NpyLayout layout) {
    if (layout.fortranOrder()
        || layout.shape().size() < 2
        || layout.shape().getFirst() < 1
        || layout.elementsOfInput() != type.elements()
        || data.resize().isPresent()) {
      return false;
    }
    boolean octets = !type.isFloat() && type.quantization().format().bits() == 8;
    boolean signed = octets && type.quantization().format().min() < 0;
    return switch (layout.type()) {
      case UINT8 ->
          type.isFloat()
              || request.taken().isPresent() && !request.asTheyAre()
              || octets && !signed
              || octets && !request.asTheyAre();
      case INT8 -> signed && data.preprocess().isEmpty();
      default -> false;
    };
  }

  private NetworkInputs read(RecordFile records, NpyLayout layout, Optional<NpyArray> targets) {
    String name = data.text();
    List<Integer> one = new ArrayList<>(layout.shape());
    one.set(0, 1);
    int length = layout.elementsOfInput();
    int[] numbers = IntStream.range(0, length).toArray();
    Layout order = order(one, numbers).layout();
    Inputs places = inputs(one, numbers, order, NpyType.INT32);
    int[] from = ((Inputs.InputCodes) places).values();
    int channels = places.channels();
    int plane = places.height() * places.width();
    int[][] tables = new int[channels][BYTES];
    // all bytes together, as what integers mean may depend on the greatest and the least
    int[] values = new int[BYTES * length];
    boolean signed = layout.type() == NpyType.INT8;
    for (int i = 0; i < values.length; i++) {
      values[i] = signed ? (byte) (i / length) : i / length;
    }
    List<Integer> all = new ArrayList<>(one);
    all.set(0, BYTES);
    NetworkInputs shown = request.brought(name, inputs(all, values, order, layout.type()));
    request.notes().addAll(shown.notes());
    int[] words = new int[length];
    for (int value = 0; value < BYTES; value++) {
      shown.source().read(value, 1, words);
      for (int c = 0; c < channels; c++) {
        tables[c][value] = words[c * plane];
      }
    }
    int count = Math.min(records.records(), data.limit().orElse(records.records()));
    Optional<Inputs> labelled = targets.map(y -> labelled(name, records.records(), y, order));
    labelled = labelled.map(inputs -> inputs.limit(count));
    labelled
        .flatMap(Inputs::labels)
        .ifPresent(labels ->
            request.requireLabels(labels, Arrays.stream(labels).max().orElse(0) + 1, List.of()));
    request
        .notes()
        .add(
            "%d inputs of %s, shape %s, read where they are"
                .formatted(count, layout.type().name().toLowerCase(Locale.ROOT), layout.shape()));
    RecordImages source =
        new RecordImages(
            new RecordFile[] {records}, 0, from, tables, IntStream.range(0, count).toArray());
    return request
        .made(source, labelled.flatMap(Inputs::labels))
        .measuring(request.network(), labelled.flatMap(Inputs::targets), Optional.empty());
  }

  private static NpyArray array(List<Integer> shape, int[] numbers, NpyType type) {
    int[] sizes = shape.stream().mapToInt(Integer::intValue).toArray();
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) numbers[i];
    }
    return switch (type) {
      case UINT8 -> NpyArray.ofUnsigned(bytes, sizes);
      case INT8 -> NpyArray.of(bytes, sizes);
      default -> NpyArray.of(numbers, sizes);
    };
  }

  private ArrayOrder order(List<Integer> shape, int[] numbers) {
    return ArrayOrder.of(
        array(shape, numbers, NpyType.INT32),
        data.layout(),
        data.usualLayout(),
        Optional.of(data.shape()));
  }

  private Inputs inputs(List<Integer> shape, int[] numbers, Layout order, NpyType as) {
    NpyArray given = array(shape, numbers, as);
    NpyArray flat =
        ArrayOrder.of(given, Optional.of(order), Optional.empty(), Optional.of(data.shape()))
            .array();
    return ArrayInputs.of(data.text(), flat, Optional.empty(), order, Optional.of(data.shape()));
  }

  private static Inputs labelled(String name, int count, NpyArray targets, Layout order) {
    NpyArray nothing = NpyArray.of(new byte[count], count, 1);
    return ArrayInputs.of(name, nothing, Optional.of(targets), order);
  }
}

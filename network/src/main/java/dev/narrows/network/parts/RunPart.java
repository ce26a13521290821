package dev.narrows.network.parts;

import dev.narrows.core.dot.DecidedBy;
import dev.narrows.core.dot.Decisions;
import dev.narrows.core.dot.FloatEvents;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.SpillCount;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.parts.PartWidths.ImageBits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a part of a run gave, all of which adds up exactly. Made by {@link PartRequest#run}, sent as
 * {@link #bytes()}, put together by {@link PartMerger}.
 */
public final class RunPart {
  private static final int EVENTS = 9;

  private final int images;
  private final int[] outputs;
  private final List<List<OverflowProfile>> profiles; // of a layer one, or one a channel
  private final Map<String, FloatEvents> events;
  private final Map<String, PartSignals> signals; // in the order of the statistics
  private final Decisions decisions;
  private final Map<String, SpillCount> spills;
  private final Map<String, ImageBits> widths;
  private final Map<String, long[]> counts;

  private RunPart(
      int images,
      int[] outputs,
      List<List<OverflowProfile>> profiles,
      Map<String, FloatEvents> events,
      Map<String, PartSignals> signals,
      Decisions decisions,
      Map<String, SpillCount> spills,
      Map<String, ImageBits> widths,
      Map<String, long[]> counts) {
    this.images = images;
    this.outputs = outputs;
    this.profiles = profiles;
    this.events = events;
    this.signals = signals;
    this.decisions = decisions;
    this.spills = spills;
    this.widths = widths;
    this.counts = counts;
  }

  static RunPart of(
      Execution execution,
      Map<String, PartSignals> signals,
      Map<String, SpillCount> spills,
      Map<String, ImageBits> widths,
      Map<String, long[]> counts) {
    List<List<OverflowProfile>> profiles = new ArrayList<>();
    for (LayerOverflowProfile layer : execution.profiles()) {
      profiles.add(layer.channels().isEmpty() ? List.of(layer.total()) : layer.channels());
    }
    Map<String, FloatEvents> events = new LinkedHashMap<>();
    for (FloatStatistics layer : execution.statistics()) {
      events.put(layer.layer(), layer.events());
    }
    return new RunPart(
        execution.images(),
        execution.outputs(),
        profiles,
        events,
        signals,
        execution.decisions(),
        spills,
        widths,
        counts);
  }

  /** The number of images. */
  public int images() {
    return images;
  }

  int[] outputs() {
    return outputs;
  }

  List<List<OverflowProfile>> profiles() {
    return profiles;
  }

  Map<String, FloatEvents> events() {
    return events;
  }

  Map<String, PartSignals> signals() {
    return signals;
  }

  Decisions decisions() {
    return decisions;
  }

  Map<String, SpillCount> spills() {
    return spills;
  }

  Map<String, ImageBits> widths() {
    return widths;
  }

  Map<String, long[]> counts() {
    return counts;
  }

  /** Everything as bytes, big-endian, that {@link #of(byte[])} reads back. */
  public byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(images);
      out.writeInt(outputs.length);
      ByteBuffer words = ByteBuffer.allocate(outputs.length * Integer.BYTES);
      words.asIntBuffer().put(outputs);
      out.write(words.array());
      out.writeInt(profiles.size());
      for (List<OverflowProfile> layer : profiles) {
        out.writeInt(layer.size());
        for (OverflowProfile profile : layer) {
          write(profile, out);
        }
      }
      out.writeInt(events.size());
      for (Map.Entry<String, FloatEvents> layer : events.entrySet()) {
        out.writeUTF(layer.getKey());
        for (long count : longs(layer.getValue())) {
          out.writeLong(count);
        }
      }
      out.writeInt(signals.size());
      for (Map.Entry<String, PartSignals> layer : signals.entrySet()) {
        out.writeUTF(layer.getKey());
        for (int i = 0; i < images; i++) {
          out.writeDouble(layer.getValue().signal()[i]);
          out.writeDouble(layer.getValue().noise()[i]);
        }
      }
      for (DecidedBy by : DecidedBy.values()) {
        out.writeLong(decisions.dots().getOrDefault(by, 0L));
      }
      out.writeInt(spills.size());
      for (Map.Entry<String, SpillCount> layer : spills.entrySet()) {
        out.writeUTF(layer.getKey());
        out.writeLong(layer.getValue().dots());
        out.writeLong(layer.getValue().spilling());
        out.writeLong(layer.getValue().spills());
      }
      out.writeInt(widths.size());
      for (Map.Entry<String, ImageBits> layer : widths.entrySet()) {
        out.writeUTF(layer.getKey());
        out.write(layer.getValue().finals());
        out.write(layer.getValue().paths());
      }
      out.writeInt(counts.size());
      for (Map.Entry<String, long[]> layer : counts.entrySet()) {
        out.writeUTF(layer.getKey());
        out.writeInt(layer.getValue().length);
        for (long count : layer.getValue()) {
          out.writeLong(count);
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #bytes()} wrote.
   *
   * @throws IllegalArgumentException if it did not
   */
  public static RunPart of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int images = in.readInt();
      int[] outputs = new int[in.readInt()];
      ByteBuffer.wrap(in.readNBytes(outputs.length * Integer.BYTES)).asIntBuffer().get(outputs);
      List<List<OverflowProfile>> profiles = new ArrayList<>();
      for (int layers = in.readInt(); layers > 0; layers--) {
        List<OverflowProfile> layer = new ArrayList<>();
        for (int parts = in.readInt(); parts > 0; parts--) {
          layer.add(profile(in));
        }
        profiles.add(layer);
      }
      Map<String, FloatEvents> events = new LinkedHashMap<>();
      for (int layers = in.readInt(); layers > 0; layers--) {
        String layer = in.readUTF();
        events.put(layer, events(longs(in, EVENTS)));
      }
      Map<String, PartSignals> signals = new LinkedHashMap<>();
      for (int layers = in.readInt(); layers > 0; layers--) {
        String layer = in.readUTF();
        PartSignals read = new PartSignals(new double[images], new double[images]);
        for (int i = 0; i < images; i++) {
          read.signal()[i] = in.readDouble();
          read.noise()[i] = in.readDouble();
        }
        signals.put(layer, read);
      }
      Decisions.DecisionCounter decisions = new Decisions.DecisionCounter();
      for (DecidedBy by : DecidedBy.values()) {
        decisions.add(by, in.readLong());
      }
      Map<String, SpillCount> spills = new HashMap<>();
      for (int layers = in.readInt(); layers > 0; layers--) {
        spills.put(in.readUTF(), new SpillCount(in.readLong(), in.readLong(), in.readLong()));
      }
      Map<String, ImageBits> widths = new HashMap<>();
      for (int layers = in.readInt(); layers > 0; layers--) {
        widths.put(in.readUTF(), new ImageBits(in.readNBytes(images), in.readNBytes(images)));
      }
      Map<String, long[]> counts = new HashMap<>();
      for (int layers = in.readInt(); layers > 0; layers--) {
        counts.put(in.readUTF(), longs(in, in.readInt()));
      }
      return new RunPart(
          images, outputs, profiles, events, signals, decisions.build(), spills, widths, counts);
    } catch (IOException e) {
      throw new IllegalArgumentException("a part of a run came in damaged", e);
    }
  }

  /**
   * Most pairs of widths never occur, and large networks have profiles of tens of thousands of
   * channels: a count that is not zero is written after the distance from the one before it, and a
   * distance of 0 ends them.
   */
  private static void write(OverflowProfile profile, DataOutputStream out) throws IOException {
    int widest = profile.widestPath();
    out.writeByte(widest);
    long distance = 0;
    for (int finalBits = 1; finalBits <= widest; finalBits++) {
      for (int pathBits = finalBits; pathBits <= widest; pathBits++) {
        distance++;
        long count = profile.count(finalBits, pathBits);
        if (count != 0) {
          writeShort(distance, out);
          writeShort(count, out);
          distance = 0;
        }
      }
    }
    writeShort(0, out);
  }

  /** Seven bits a byte, the lowest first; the last byte is not negative. */
  private static void writeShort(long value, DataOutputStream out) throws IOException {
    long rest = value;
    while (rest >>> 7 != 0) {
      out.writeByte((int) (rest | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  private static long readShort(DataInputStream in) throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = in.readByte();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("a number of more than 64 bits");
  }

  private static OverflowProfile profile(DataInputStream in) throws IOException {
    int widest = in.readByte();
    long next = readShort(in);
    if (next == 0) {
      return OverflowProfile.empty();
    }
    // one that grows would be copied at each of its widths, for every channel of every part
    OverflowProfile.Builder profile = OverflowProfile.builder(widest);
    for (int finalBits = 1; finalBits <= widest && next > 0; finalBits++) {
      for (int pathBits = finalBits; pathBits <= widest && next > 0; pathBits++) {
        if (--next == 0) {
          profile.add(finalBits, pathBits, readShort(in));
          next = readShort(in);
        }
      }
    }
    if (next != 0) {
      throw new IOException("counts beyond the widest register");
    }
    return profile.build();
  }

  private static long[] longs(DataInputStream in, int count) throws IOException {
    long[] all = new long[count];
    for (int i = 0; i < count; i++) {
      all[i] = in.readLong();
    }
    return all;
  }

  private static long[] longs(FloatEvents events) {
    return new long[] {
      events.products(),
      events.productUnderflows(),
      events.productOverflows(),
      events.steps(),
      events.sumUnderflows(),
      events.sumOverflows(),
      events.swamps(),
      events.productCuts(),
      events.sumCuts()
    };
  }

  private static FloatEvents events(long[] all) {
    return new FloatEvents(all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7], all[8]);
  }
}

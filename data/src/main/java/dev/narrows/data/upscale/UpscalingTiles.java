package dev.narrows.data.upscale;

import dev.narrows.data.ArraySet;
import dev.narrows.data.DataException;
import dev.narrows.data.Elements.PixelElements;
import dev.narrows.data.Mosaic;
import dev.narrows.data.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Cuts images into tiles to enlarge: inputs are tiles of the image reduced by the {@linkplain
 * Bicubic bicubic} rule, targets the same places of the image itself.
 *
 * @param factor by which an image is enlarged, ≥ 2
 */
public record UpscalingTiles(int factor) {
  /** Rows and columns of a tile before it is enlarged. */
  public static final int SIDE = 48;

  /**
   * How far from an inner edge of a tile, before it is enlarged, pixels begin to count. A
   * convolutional network that sees no farther gives the pixels that it gives of the whole image.
   */
  public static final int MARGIN = 8;

  /** Steps between tiles to train on: each pixel lies in about four. */
  private static final int TRAINING_STEP = SIDE / 2;

  public UpscalingTiles {
    if (factor < 2) {
      throw new IllegalArgumentException("images are enlarged at least twice, got " + factor);
    }
  }

  /** An image and what a network is given of it. */
  private record Pair(LumaImage large, LumaImage small) {}

  /**
   * Tiles to train on, with equal steps between them.
   *
   * @throws DataException if an image is smaller than a tile
   */
  public ArraySet train(String name, List<LumaImage> images) {
    Cutter cutter = new Cutter();
    for (LumaImage image : images) {
      Pair pair = pair(name, image);
      for (int top : places(pair.small().height(), TRAINING_STEP)) {
        for (int left : places(pair.small().width(), TRAINING_STEP)) {
          cutter.cut(pair, top, left);
        }
      }
    }
    return cutter.set(name, Optional.empty());
  }

  /**
   * Tiles that cover whole images, so that results are those of the images. As papers do, {@code
   * factor} pixels at an image's border do not count.
   *
   * @throws DataException if an image is smaller than a tile
   */
  public ArraySet whole(String name, List<LumaImage> images) {
    Cutter cutter = new Cutter();
    List<Mosaic.Tile> tiles = new ArrayList<>();
    for (int image = 0; image < images.size(); image++) {
      Pair pair = pair(name, images.get(image));
      List<Span> rows = spans(pair.small().height());
      List<Span> columns = spans(pair.small().width());
      for (Span row : rows) {
        for (Span column : columns) {
          cutter.cut(pair, row.place(), column.place());
          tiles.add(new Mosaic.Tile(image, row.from(), row.to(), column.from(), column.to()));
        }
      }
    }
    return cutter.set(name, Optional.of(new Mosaic(tiles)));
  }

  private Pair pair(String name, LumaImage image) {
    LumaImage large = image.cutToMultiple(factor);
    LumaImage small = Bicubic.reduced(large, factor);
    if (small.height() < SIDE || small.width() < SIDE) {
      throw new DataException(
          "%s: an image of %d×%d is too small, expected at least %d×%d"
              .formatted(name, image.height(), image.width(), SIDE * factor, SIDE * factor));
    }
    return new Pair(large, small);
  }

  /** From the first place to the last, which touches the end. */
  private static List<Integer> places(int size, int step) {
    int last = size - SIDE;
    return IntStream.rangeClosed(0, Math.ceilDiv(last, step))
        .mapToObj(i -> Math.min(i * step, last))
        .toList();
  }

  /**
   * Along a side: where a tile begins before it is enlarged, and which pixels of it count after.
   */
  private record Span(int place, int from, int to) {}

  private List<Span> spans(int size) {
    List<Span> spans = new ArrayList<>();
    int counted = 1; // a pixel before it is enlarged is `factor` after: the border
    for (int place : places(size, SIDE - 2 * MARGIN)) {
      boolean last = place == size - SIDE;
      int to = last ? size - 1 : place + SIDE - MARGIN;
      spans.add(new Span(place, (counted - place) * factor, (to - place) * factor));
      counted = to;
    }
    return spans;
  }

  private final class Cutter {
    private final List<byte[]> inputs = new ArrayList<>();
    private final List<byte[]> targets = new ArrayList<>();

    void cut(Pair pair, int top, int left) {
      inputs.add(pair.small().cut(top, left, SIDE, SIDE).pixels());
      int side = SIDE * factor;
      targets.add(pair.large().cut(top * factor, left * factor, side, side).pixels());
    }

    ArraySet set(String name, Optional<Mosaic> mosaic) {
      int side = SIDE * factor;
      return new ArraySet(
          name,
          1,
          SIDE,
          SIDE,
          new PixelElements(joined(inputs)),
          new Targets.ImageTargets(1, side, side, new PixelElements(joined(targets)), mosaic));
    }
  }

  private static byte[] joined(List<byte[]> parts) {
    int length = parts.stream().mapToInt(part -> part.length).reduce(0, Math::addExact);
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}

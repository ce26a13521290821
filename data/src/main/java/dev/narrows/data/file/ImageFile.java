package dev.narrows.data.file;

import dev.narrows.data.DataException;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * One decoded PNG, JPEG or BMP file. Transparency is dropped, colour profiles are not applied, and
 * 16-bit samples keep their upper byte.
 *
 * @param pixels uint8, CHW: one channel for a grey file, otherwise red, green, blue
 */
record ImageFile(int channels, int height, int width, byte[] pixels) {
  /** A decoded image takes a few times this many bytes; larger ones are no network's input. */
  private static final long MAX_PIXELS = 1 << 26;

  /** Deflate's best at one bit a pixel, in a PNG; the other formats stay far below. */
  private static final long MAX_PIXELS_PER_BYTE = 8 * Content.MAX_DEFLATE_EXPANSION;

  /** Whether the name says that this is a file {@link #read} can decode. */
  static boolean hasImageName(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return name.endsWith(".png")
        || name.endsWith(".jpg")
        || name.endsWith(".jpeg")
        || name.endsWith(".bmp");
  }

  /** Decodes a file; throws {@link DataException} naming it. */
  static ImageFile read(Path file) {
    // A stream of our own: ImageIO's would be cached in a temporary file.
    try {
      DataPointer.requireData(file);
    } catch (IOException problem) {
      throw DataException.unreadable(file, problem);
    }
    try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
      return read(file.toString(), in, Files.size(file));
    } catch (DataException problem) {
      throw problem;
    } catch (IOException | RuntimeException problem) {
      // The decoders answer some broken files with unchecked exceptions.
      throw DataException.unreadable(file, problem);
    }
  }

  /** Decodes the bytes of a file; throws {@link DataException} naming it. */
  static ImageFile read(String name, byte[] bytes) {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      return read(name, in, bytes.length);
    } catch (DataException problem) {
      throw problem;
    } catch (IOException | RuntimeException problem) {
      throw DataException.unreadable(name, problem);
    }
  }

  private static ImageFile read(String name, ImageInputStream in, long length) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw new DataException(
          "%s: is %d bytes of no known image, expected PNG, JPEG or BMP".formatted(name, length));
    }
    ImageReader reader = readers.next();
    try {
      reader.setInput(in, true, true);
      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
      long most = Math.min(MAX_PIXELS, length * MAX_PIXELS_PER_BYTE);
      if (pixels > most) {
        throw new DataException(
            "%s: claims %d×%d pixels, but its %d bytes may hold at most %d"
                .formatted(name, reader.getHeight(0), reader.getWidth(0), length, most));
      }
      return of(reader.read(0));
    } finally {
      reader.dispose();
    }
  }

  private static ImageFile of(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    int plane = height * width;
    int components = image.getColorModel().getNumColorComponents();
    if (image.getColorModel() instanceof ComponentColorModel
        && (components == 1 || components == 3)) {
      // Not through getRGB: that takes grey samples for linear light, and applies the file's
      // colour profile, and so changes the values.
      byte[] pixels = new byte[components * plane];
      for (int c = 0; c < components; c++) {
        copySamples(image.getRaster(), c, pixels, c * plane);
      }
      return new ImageFile(components, height, width, pixels);
    }
    int[] rgb = image.getRGB(0, 0, width, height, new int[plane], 0, width);
    boolean grey = isGreyPalette(image.getColorModel());
    byte[] pixels = new byte[grey ? plane : 3 * plane];
    for (int i = 0; i < plane; i++) {
      pixels[i] = (byte) (rgb[i] >> 16);
      if (!grey) {
        pixels[plane + i] = (byte) (rgb[i] >> 8);
        pixels[2 * plane + i] = (byte) rgb[i];
      }
    }
    return new ImageFile(grey ? 1 : 3, height, width, pixels);
  }

  private static void copySamples(Raster raster, int band, byte[] pixels, int start) {
    int shift = raster.getDataBuffer().getDataType() == DataBuffer.TYPE_USHORT ? 8 : 0;
    int[] row = new int[raster.getWidth()];
    int target = start;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, band, row);
      for (int sample : row) {
        pixels[target++] = (byte) (sample >> shift);
      }
    }
  }

  private static boolean isGreyPalette(ColorModel model) {
    if (!(model instanceof IndexColorModel palette)) {
      return false;
    }
    for (int i = 0; i < palette.getMapSize(); i++) {
      if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * This image with 1 or 3 channels: grey is repeated, colours become Rec. 601 luma in Pillow's
   * fixed-point form, (19595 R + 38470 G + 7471 B + 2^15) / 2^16.
   */
  ImageFile withChannels(int wanted) {
    if (wanted == channels) {
      return this;
    }
    int plane = height * width;
    byte[] converted = new byte[wanted * plane];
    for (int i = 0; i < plane; i++) {
      if (wanted == 3) {
        converted[i] = pixels[i];
        converted[plane + i] = pixels[i];
        converted[2 * plane + i] = pixels[i];
      } else {
        int red = pixels[i] & 0xFF;
        int green = pixels[plane + i] & 0xFF;
        int blue = pixels[2 * plane + i] & 0xFF;
        converted[i] = (byte) ((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16);
      }
    }
    return new ImageFile(wanted, height, width, converted);
  }
}

package dev.narrows.data.file;

import dev.narrows.data.upscale.LumaImage;
import java.nio.file.Path;

/** The luma of a PNG, JPEG or BMP file. */
public final class LumaFile {
  private LumaFile() {}

  /**
   * Decodes a file.
   *
   * @throws dev.narrows.data.DataException naming it
   */
  public static LumaImage read(Path file) {
    ImageFile image = ImageFile.read(file);
    return LumaImage.of(image.channels(), image.height(), image.width(), image.pixels());
  }
}

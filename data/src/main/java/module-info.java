/** Data sets: readers, splits, augmentation, where they are found and fetched. */
module dev.narrows.data {
  requires static org.jspecify;
  requires java.desktop;
  requires java.net.http;

  exports dev.narrows.data;
  exports dev.narrows.data.catalog;
  exports dev.narrows.data.file;
  exports dev.narrows.data.upscale;
}

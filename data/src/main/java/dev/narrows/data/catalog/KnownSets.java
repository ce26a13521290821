package dev.narrows.data.catalog;

import dev.narrows.data.catalog.KnownSet.FileForm;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The table of known data sets. Checksums are of uncompressed contents; those of CIFAR-10 and MNIST
 * belong to files whose MD5 equals the one their makers or first distributors published.
 */
public final class KnownSets {
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(String::valueOf).toList();

  private static final List<String> CLOTHES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  /** 50,000 + 10,000 colour images of 32×32. */
  public static final KnownSet CIFAR10 = cifar10();

  /** 60,000 + 10,000 handwritten digits of 28×28. */
  public static final KnownSet MNIST =
      idx(
          "mnist",
          "handwritten digits, 28×28 grey, 60,000 train and 10,000 test",
          "no formal licence (LeCun, Cortes, Burges); often quoted as CC BY-SA 3.0",
          "http://yann.lecun.com/exdb/mnist/",
          "https://ossci-datasets.s3.amazonaws.com/mnist/",
          DIGITS,
          List.of(
              "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
              "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
              "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
              "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"));

  /** 60,000 + 10,000 pictures of clothes of 28×28. */
  public static final KnownSet FASHION_MNIST =
      idx(
          "fashion-mnist",
          "pictures of clothes, 28×28 grey, 60,000 train and 10,000 test",
          "MIT, copyright 2017 Zalando SE",
          "https://github.com/zalandoresearch/fashion-mnist",
          "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
          CLOTHES,
          List.of(
              "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
              "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
              "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
              "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"));

  /** The first 1,000 + 200 images of each class of Fashion-MNIST, part of this program. */
  public static final KnownSet FASHION_SMALL =
      new KnownSet(
          "fashion-small",
          "class-balanced part of fashion-mnist, 28×28 grey, 10,000 train and 2,000 test",
          "MIT, copyright 2017 Zalando SE",
          "https://github.com/zalandoresearch/fashion-mnist",
          FileForm.EMBEDDED_IDX,
          CLOTHES,
          1000,
          List.of(
              new DataFile(
                  "fashion-small/train-images-idx3-ubyte",
                  7_840_016,
                  "d33512cfdc636a0d8972818e6659995be209a88891df7fa2109d7895922c8985"),
              new DataFile(
                  "fashion-small/train-labels-idx1-ubyte",
                  10_008,
                  "620cb8e3b9348037c5ff9a07b02d773ab165330e072dfd19e0d21c59f8042dcf")),
          List.of(
              new DataFile(
                  "fashion-small/t10k-images-idx3-ubyte",
                  1_568_016,
                  "15a92dd1e9b16ea361928086e77df4dfa890c255c00b5a8c8162c1040ce8eef1"),
              new DataFile(
                  "fashion-small/t10k-labels-idx1-ubyte",
                  2_008,
                  "234596aeb6eb48133ec99a62541f90bc0728c9559a681f1e0638037462458f2c")),
          List.of());

  /** A million characters of Shakespeare's plays. */
  public static final KnownSet TINY_SHAKESPEARE =
      text(
          "tinyshakespeare",
          "speeches from Shakespeare's plays, 1,115,394 characters, split 90/5/5 by position",
          FileForm.TEXT,
          871,
          new DataFile(
              "text/tinyshakespeare/input.txt",
              1_115_394,
              "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"),
          List.of(
              URI.create(
                  "https://raw.githubusercontent.com/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt")));

  /** Its beginning, part of this program. */
  public static final KnownSet SHAKESPEARE_SMALL =
      text(
          "shakespeare-small",
          "the first 119,984 characters of tinyshakespeare, split 90/5/5 by position",
          FileForm.EMBEDDED_TEXT,
          93,
          new DataFile(
              "shakespeare-small/input.txt",
              119_984,
              "ed26b1bc45933db57f05073562f53d00801a5693d5ddb3ec5555d46e778247ac"),
          List.of());

  /** Articles of an encyclopedia, for language models. */
  public static final KnownSet WIKITEXT_2 = wikitext2();

  /** All of them. */
  public static final List<KnownSet> ALL =
      Stream.concat(
              Stream.of(
                  CIFAR10,
                  MNIST,
                  FASHION_MNIST,
                  FASHION_SMALL,
                  TINY_SHAKESPEARE,
                  SHAKESPEARE_SMALL,
                  WIKITEXT_2),
              UpscalingSets.all().stream())
          .toList();

  private KnownSets() {}

  /** The set of that name, if there is one. */
  public static Optional<KnownSet> named(String name) {
    return ALL.stream().filter(set -> set.name().equals(name)).findFirst();
  }

  /** Their names, for messages. */
  public static String names() {
    return ALL.stream().map(KnownSet::name).collect(Collectors.joining(", "));
  }

  private static KnownSet cifar10() {
    List<String> checksums =
        List.of(
            "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
            "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
            "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
            "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
            "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
            "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b");
    List<DataFile> files =
        IntStream.range(0, 6)
            .mapToObj(i ->
                new DataFile(
                    "cifar10/" + (i < 5 ? "data_batch_" + (i + 1) : "test_batch") + ".bin",
                    30_730_000,
                    checksums.get(i)))
            .toList();
    Map<String, DataFile> members =
        files.stream()
            .collect(
                Collectors.toMap(f -> "cifar-10-batches-bin/" + f.name(), Function.identity()));
    return new KnownSet(
        "cifar10",
        "ten kinds of animals and vehicles, 32×32 colour, 50,000 train and 10,000 test",
        "none stated; cite Krizhevsky 2009, Learning multiple layers of features from tiny images",
        "https://www.cs.toronto.edu/~kriz/cifar.html",
        FileForm.CIFAR,
        List.of(
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck"),
        5000,
        files.subList(0, 5),
        files.subList(5, 6),
        List.of(
            new Download.Archive(
                URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                171_000_000,
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                members)));
  }

  private static KnownSet wikitext2() {
    String address =
        "https://raw.githubusercontent.com/pytorch/examples/77f55b912142e11fcfdf5b530231fb9c52f181e8/word_language_model/data/wikitext-2/";
    List<DataFile> files =
        List.of(
            new DataFile(
                "text/wikitext-2/valid.txt",
                1_121_681,
                "f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8"),
            new DataFile(
                "text/wikitext-2/test.txt",
                1_256_449,
                "d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0"));
    return new KnownSet(
        "wikitext-2",
        "articles of Wikipedia for language models, a text for validation and one for testing",
        "CC BY-SA 3.0",
        "https://arxiv.org/abs/1609.07843",
        FileForm.TEXT_PARTS,
        List.of(),
        0,
        files.subList(0, 1),
        files.subList(1, 2),
        files.stream()
            .<Download>map(file -> new Download.Plain(URI.create(address + file.name()), file))
            .toList());
  }

  /** A text of one file, part of which is held out for validation: so many windows. */
  private static KnownSet text(
      String name,
      String description,
      FileForm form,
      int validation,
      DataFile file,
      List<URI> addresses) {
    return new KnownSet(
        name,
        description,
        "public domain",
        "https://github.com/karpathy/char-rnn",
        form,
        List.of(),
        validation,
        List.of(file),
        List.of(),
        addresses.stream().<Download>map(address -> new Download.Plain(address, file)).toList());
  }

  /** A set of MNIST's shape; checksums are of train images, train labels, test images, labels. */
  private static KnownSet idx(
      String name,
      String description,
      String licence,
      String homepage,
      String address,
      List<String> classNames,
      List<String> sha256) {
    List<DataFile> files =
        List.of(
            new DataFile(name + "/train-images-idx3-ubyte", 47_040_016, sha256.get(0)),
            new DataFile(name + "/train-labels-idx1-ubyte", 60_008, sha256.get(1)),
            new DataFile(name + "/t10k-images-idx3-ubyte", 7_840_016, sha256.get(2)),
            new DataFile(name + "/t10k-labels-idx1-ubyte", 10_008, sha256.get(3)));
    Stream<Download> downloads =
        files.stream().map(f -> new Download.Gzipped(URI.create(address + f.name() + ".gz"), f));
    return new KnownSet(
        name,
        description,
        licence,
        homepage,
        FileForm.IDX,
        classNames,
        5000,
        files.subList(0, 2),
        files.subList(2, 4),
        downloads.toList());
  }
}

package dev.narrows.report;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * {@code narrows/reproduction/1}: a figure or table of a paper made again, beside what the paper
 * says.
 *
 * @param figure the word for it, such as {@code pqs-fig2}
 * @param scale smoke or two-core
 * @param title for people
 * @param about what the paper's figure shows and how this one was made
 * @param claims what the paper says beside what is found here
 * @param grids the figures behind it, as tables
 * @param charts the same as lines
 * @param surfaces values over a plane, as images; absent in results from before there were any
 * @param images what networks make; absent in results from before there were any
 * @param notes where ours differs, and why
 * @param networks the files that were evaluated
 */
public record ReproductionResult(
    String figure,
    String scale,
    String title,
    String about,
    List<PaperClaim> claims,
    List<Grid> grids,
    List<Chart> charts,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<Surface> surfaces,
    @JsonSetter(nulls = Nulls.AS_EMPTY) List<GrayImage> images,
    List<String> notes,
    List<NetworkFile> networks)
    implements Result {
  /** What stands for a figure that the project's sources do not give. */
  public static final String NOT_AVAILABLE = "not available";

  /** Copies the lists. */
  public ReproductionResult {
    claims = List.copyOf(claims);
    grids = List.copyOf(grids);
    charts = List.copyOf(charts);
    surfaces = List.copyOf(surfaces);
    images = List.copyOf(images);
    notes = List.copyOf(notes);
    networks = List.copyOf(networks);
  }

  /** A result without images. */
  public ReproductionResult(
      String figure,
      String scale,
      String title,
      String about,
      List<PaperClaim> claims,
      List<Grid> grids,
      List<Chart> charts,
      List<Surface> surfaces,
      List<String> notes,
      List<NetworkFile> networks) {
    this(figure, scale, title, about, claims, grids, charts, surfaces, List.of(), notes, networks);
  }

  /** The same with images. */
  public ReproductionResult withImages(List<GrayImage> made) {
    return new ReproductionResult(
        figure, scale, title, about, claims, grids, charts, surfaces, made, notes, networks);
  }

  /** A result without surfaces and images. */
  public ReproductionResult(
      String figure,
      String scale,
      String title,
      String about,
      List<PaperClaim> claims,
      List<Grid> grids,
      List<Chart> charts,
      List<String> notes,
      List<NetworkFile> networks) {
    this(figure, scale, title, about, claims, grids, charts, List.of(), notes, networks);
  }

  /**
   * One thing that can be compared.
   *
   * @param what what is compared
   * @param paper what the paper says; absent where our sources give no figure: never one recalled
   * @param source of {@code paper}: the paper, its figure, and whether the text itself was read
   * @param ours what is found here
   */
  public record PaperClaim(
      String what, Optional<String> paper, Optional<String> source, String ours) {
    /** A claim of a paper. */
    public static PaperClaim of(String what, String paper, String source, String ours) {
      return new PaperClaim(what, Optional.of(paper), Optional.of(source), ours);
    }

    /** Something that no figure of the paper is known for. */
    public static PaperClaim ofOurs(String what, String ours) {
      return new PaperClaim(what, Optional.empty(), Optional.empty(), ours);
    }
  }

  /**
   * A table.
   *
   * @param title for people
   * @param columns their heads
   * @param rows a cell for every column: an integer, a number (shown with two decimals) or a text
   */
  public record Grid(String title, List<String> columns, List<List<Object>> rows) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a row has too few or too many cells
     */
    public Grid {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<Object> row : rows) {
        if (row.size() != columns.size()) {
          throw new IllegalArgumentException(
              "%s: need %d cells, got %d".formatted(title, columns.size(), row.size()));
        }
      }
    }

    private Table table() {
      Table table = new Table(title, columns);
      rows.forEach(row ->
          table.row(
              row.stream()
                  .map(cell -> cell instanceof Double number ? Table.percent(number) : cell)
                  .toArray()));
      return table;
    }
  }

  /**
   * Lines over an axis.
   *
   * @param id a word for files, unlike that of the result's other charts
   * @param title for people
   * @param x title of the horizontal axis
   * @param y title of the vertical axis
   * @param series the lines
   */
  public record Chart(String id, String title, String x, String y, List<Series> series) {
    /** Copies the list. */
    public Chart {
      series = List.copyOf(series);
    }
  }

  /**
   * A value at every point of a lattice, drawn in shades.
   *
   * @param id a word for files, unlike that of the result's other charts
   * @param title for people
   * @param x title of the horizontal axis
   * @param y title of the vertical axis
   * @param value what the shades stand for
   * @param xs the columns' places, rising
   * @param ys the rows' places, rising
   * @param values a row for every y, in it a value for every x; finite
   */
  public record Surface(
      String id,
      String title,
      String x,
      String y,
      String value,
      List<Double> xs,
      List<Double> ys,
      List<List<Double>> values) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a row or a value is missing
     */
    public Surface {
      xs = List.copyOf(xs);
      ys = List.copyOf(ys);
      values = values.stream().map(List::copyOf).toList();
      if (values.size() != ys.size()) {
        throw new IllegalArgumentException(
            "%s: need %d rows, got %d".formatted(id, ys.size(), values.size()));
      }
      for (List<Double> row : values) {
        if (row.size() != xs.size()) {
          throw new IllegalArgumentException(
              "%s: need %d values in a row, got %d".formatted(id, xs.size(), row.size()));
        }
      }
    }
  }

  /**
   * An image in shades of grey, shown with its pixels as they are.
   *
   * @param title what made it
   * @param height in pixels
   * @param width in pixels
   * @param pixels height · width bytes in Base64, row by row; 0 is black
   */
  public record GrayImage(String title, int height, int width, String pixels) {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if the pixels are no Base64, too few or too many
     */
    public GrayImage {
      int held = Base64.getDecoder().decode(pixels).length;
      if (height < 1 || width < 1 || held != (long) height * width) {
        throw new IllegalArgumentException(
            "%s: need %d × %d pixels, got %d".formatted(title, height, width, held));
      }
    }

    /** An image of bytes. */
    public static GrayImage of(String title, int height, int width, byte[] pixels) {
      return new GrayImage(title, height, width, Base64.getEncoder().encodeToString(pixels));
    }
  }

  /**
   * One line.
   *
   * @param name of the line
   * @param paper whether the figures are the paper's: then it is dashed
   * @param points that it joins
   */
  public record Series(String name, boolean paper, List<Point> points) {
    /** Copies the list. */
    public Series {
      points = List.copyOf(points);
    }
  }

  /**
   * One point.
   *
   * @param x place on the horizontal axis
   * @param y the value there; of several seeds, their mean
   * @param low the least of several seeds, where there are several
   * @param high the greatest
   */
  public record Point(double x, double y, Optional<Double> low, Optional<Double> high) {
    /** A point of a single run. */
    public static Point of(double x, double y) {
      return new Point(x, y, Optional.empty(), Optional.empty());
    }
  }

  @Override
  public ResultKind resultKind() {
    return ResultKind.REPRODUCTION;
  }

  @Override
  public List<Table> tables() {
    Table beside =
        new Table(title + " (" + scale + ")", List.of("what", "paper", "source", "ours"));
    for (PaperClaim claim : claims) {
      beside.row(
          claim.what(),
          claim.paper().orElse(NOT_AVAILABLE),
          claim.source().orElse(""),
          claim.ours());
    }
    List<Table> tables = new ArrayList<>(List.of(beside));
    grids.forEach(grid -> tables.add(grid.table()));
    return tables;
  }
}

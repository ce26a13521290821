package dev.narrows.training.torch;

import dev.narrows.training.model.BatchNorm;
import dev.narrows.training.model.Rectifier;
import dev.narrows.training.torch.FusedNormLoops.CutMap;
import dev.narrows.training.torch.FusedNormLoops.NormSums;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Batch norm in training mode, what is added to it and the rectifier behind as one custom
 * operation. It goes three times over memory forward and five or six times backward, where
 * libtorch's own go six and nine times, with a residual nine and twelve. Statistics differ from
 * libtorch's by rounding.
 *
 * <p>With batch mean μ and σ² = var + ε: y = cut(γ(x − μ)/σ + β + r). Backward with g the gradient
 * of y where the cut lets it pass, else 0, and x̂ = (x − μ)/σ, sums over the N values of a channel:
 *
 * <pre>
 *   dβ = Σg,  dγ = Σgx̂,  dr = g,  dx = (γ/σ)·(g − Σg/N − x̂·Σgx̂/N)
 * </pre>
 *
 * @see "docs/training.md, Batch norm, residual and rectifier in one"
 */
final class FusedBatchNorm {
  private static final FusedNormLoops BINARY32 = new FusedNormBinary32();
  private static final FusedNormLoops BFLOAT16 = new FusedNormBfloat16();

  /** Values of a piece of work: small enough for a core's cache. */
  private static final int PIECE = 1 << 14;

  private final CustomGradient custom;
  private final Workers workers;

  FusedBatchNorm(CustomGradient custom, Workers workers) {
    this.custom = custom;
    this.workers = workers;
  }

  /** The arrays of a batch norm; the running statistics are moved towards the batch's. */
  record NormArrays(BatchNorm norm, Tensor gamma, Tensor beta, Tensor mean, Tensor variance) {
    static NormArrays of(ParameterStore store, BatchNorm norm) {
      return new NormArrays(
          norm,
          store.tensor(norm.scale()),
          store.tensor(norm.shift()),
          store.tensor(norm.mean()),
          store.tensor(norm.variance()));
    }
  }

  /** Per channel, what backward needs besides tensors. */
  private record Statistics(float[] pivot, double[] mean, double[] sigma, float[] a, float[] b) {}

  /**
   * How a tensor is cut into pieces: joined rows of whole blocks in vector loops, what is left
   * after them value by value.
   */
  private record Rows(FusedNormLoops loops, int channels, int rows, int joined) {
    static Rows of(Tensor x) {
      int channels = Math.toIntExact(x.size(1));
      int joined = 1;
      while (joined * channels % FusedNormLoops.WIDTH != 0) {
        joined *= 2; // blocks are a power of two
      }
      return new Rows(loops(x), channels, Math.toIntExact(x.numel() / channels), joined);
    }

    private static FusedNormLoops loops(Tensor x) {
      return switch (x.scalar_type().intern()) {
        case BFloat16 -> BFLOAT16;
        case Float -> BINARY32;
        default -> throw new IllegalArgumentException("sums in " + x.scalar_type().intern());
      };
    }

    /** The passes of a piece: joined rows {@code from} … {@code to} − 1. */
    interface NormLoop {
      void run(int piece, int from, int to);
    }

    void run(Workers workers, NormLoop pass) {
      int step = step();
      workers.run(pieces(), i -> pass.run(i, i * step, Math.min(whole(), (i + 1) * step)));
    }

    int whole() {
      return rows / joined;
    }

    int step() {
      return Math.max(1, PIECE / (channels * joined));
    }

    int pieces() {
      return (whole() + step() - 1) / step();
    }

    /** The first value after the joined rows. */
    long restFrom() {
      return (long) whole() * joined * channels;
    }

    long size() {
      return (long) rows * channels;
    }

    int columns() {
      return channels * joined;
    }

    /** Values of channels, laid out as the loops want them. */
    float[] columns(float[] ofChannels) {
      float[] all = new float[columns()];
      for (int place = 0; place < all.length; place++) {
        all[place] = ofChannels[loops.column(place) % channels];
      }
      return all;
    }

    CutMap columns(CutMap map) {
      return new CutMap(columns(map.slopes()), columns(map.offsets()), map.low(), map.high());
    }

    /** The sums of channels, of all pieces in order. */
    NormSums channels(NormSums[] pieces) {
      NormSums all = new NormSums(channels);
      for (NormSums piece : pieces) {
        for (int place = 0; place < columns(); place++) {
          int channel = loops.column(place) % channels;
          all.first()[channel] += piece.first()[place];
          all.second()[channel] += piece.second()[place];
        }
      }
      return all;
    }
  }

  /**
   * Normalises and rectifies.
   *
   * @param raw sums in binary32 or bfloat16, channel is dimension 1
   * @param residual added before the rectifier, of the same shape and format
   */
  Tensor apply(Tensor raw, NormArrays norm, Optional<Tensor> residual, Rectifier rectifier) {
    Tensor x = Torch.dense(raw);
    Rows rows = Rows.of(x);
    MemorySegment in = Torch.memory(x);
    Statistics statistics = statistics(in, rows, norm);
    CutMap map = map(statistics.a(), statistics.b(), rectifier);
    Tensor y = torch.empty_like(x.detach());
    if (residual.isEmpty()) {
      forward(in, Torch.memory(y), rows, map);
      return custom.attach(
          y,
          gradient -> backward(x, Torch.dense(gradient), norm, rows, statistics, map),
          x,
          norm.gamma(),
          norm.beta());
    }
    Tensor added = Torch.dense(residual.get());
    forward(in, Torch.memory(added), Torch.memory(y), rows, map);
    Tensor output = y.detach(); // another handle: the hook must not keep y itself in a circle
    return custom.attach(
        y,
        gradient -> backwardAdded(x, output, Torch.dense(gradient), norm, rows, statistics, map),
        x,
        norm.gamma(),
        norm.beta(),
        added);
  }

  private static CutMap map(float[] a, float[] b, Rectifier rectifier) {
    float endless = Float.POSITIVE_INFINITY;
    return switch (rectifier) {
      case NONE -> new CutMap(a, b, -endless, endless);
      case RELU -> new CutMap(a, b, 0, endless);
      case RELU6 -> new CutMap(a, b, 0, 6);
    };
  }

  private Statistics statistics(MemorySegment x, Rows rows, NormArrays norm) {
    int channels = rows.channels();
    float[] pivot = new float[channels];
    for (int c = 0; c < channels; c++) {
      pivot[c] = rows.loops().get(x, c); // one of the values, so squares do not cancel
    }
    NormSums sums = moments(x, rows, pivot);
    float[] gamma = read(norm.gamma());
    float[] beta = read(norm.beta());
    float[] runningMean = read(norm.mean());
    float[] runningVariance = read(norm.variance());
    double[] mean = new double[channels];
    double[] sigma = new double[channels];
    float[] a = new float[channels];
    float[] b = new float[channels];
    double count = rows.rows();
    double momentum = norm.norm().momentum();
    for (int c = 0; c < channels; c++) {
      double shifted = sums.first()[c] / count;
      double spread = Math.max(0, sums.second()[c] / count - shifted * shifted);
      mean[c] = pivot[c] + shifted;
      sigma[c] = Math.sqrt(spread + norm.norm().epsilon());
      a[c] = (float) (gamma[c] / sigma[c]);
      b[c] = (float) (beta[c] - gamma[c] * mean[c] / sigma[c]);
      double unbiased = count > 1 ? spread * count / (count - 1) : spread;
      runningMean[c] = move(momentum, runningMean[c], mean[c]);
      runningVariance[c] = move(momentum, runningVariance[c], unbiased);
    }
    write(norm.mean(), runningMean);
    write(norm.variance(), runningVariance);
    return new Statistics(pivot, mean, sigma, a, b);
  }

  private static float move(double momentum, float from, double to) {
    return (float) ((1 - momentum) * from + momentum * to);
  }

  private NormSums moments(MemorySegment x, Rows rows, float[] pivot) {
    FusedNormLoops loops = rows.loops();
    float[] pivots = rows.columns(pivot);
    NormSums[] pieces = new NormSums[rows.pieces()];
    rows.run(
        workers,
        (piece, from, to) -> {
          pieces[piece] = new NormSums(pivots.length);
          loops.moments(x, from, to, pivots, pieces[piece]);
        });
    NormSums all = rows.channels(pieces);
    for (long at = rows.restFrom(); at < rows.size(); at++) {
      int c = (int) (at % pivot.length);
      float d = loops.get(x, at) - pivot[c];
      all.first()[c] += d;
      all.second()[c] += d * d;
    }
    return all;
  }

  private void forward(MemorySegment x, MemorySegment y, Rows rows, CutMap map) {
    CutMap all = rows.columns(map);
    FusedNormLoops loops = rows.loops();
    rows.run(workers, (_, from, to) -> loops.forward(x, y, from, to, all));
    for (long at = rows.restFrom(); at < rows.size(); at++) {
      loops.put(y, at, cut(affine(rows, x, at, map), map));
    }
  }

  private void forward(
      MemorySegment x, MemorySegment residual, MemorySegment y, Rows rows, CutMap map) {
    CutMap all = rows.columns(map);
    FusedNormLoops loops = rows.loops();
    rows.run(workers, (_, from, to) -> loops.forwardAdded(x, residual, y, from, to, all));
    for (long at = rows.restFrom(); at < rows.size(); at++) {
      float sum = affine(rows, x, at, map) + loops.get(residual, at);
      loops.put(y, at, cut(sum, map));
    }
  }

  private static float affine(Rows rows, MemorySegment x, long at, CutMap map) {
    int c = (int) (at % rows.channels());
    return Math.fma(rows.loops().get(x, at), map.slopes()[c], map.offsets()[c]);
  }

  private static float cut(float t, CutMap map) {
    return t < map.low() ? map.low() : t > map.high() ? map.high() : t;
  }

  private static boolean passes(float t, CutMap map) {
    return t > map.low() && t < map.high();
  }

  private Tensor[] backward(
      Tensor x, Tensor gradient, NormArrays norm, Rows rows, Statistics statistics, CutMap map) {
    MemorySegment in = Torch.memory(x);
    MemorySegment g = Torch.memory(gradient);
    FusedNormLoops loops = rows.loops();
    float[] pivots = rows.columns(statistics.pivot());
    CutMap columns = rows.columns(map);
    NormSums[] pieces = new NormSums[rows.pieces()];
    rows.run(
        workers,
        (piece, from, to) -> {
          pieces[piece] = new NormSums(pivots.length);
          loops.gradientSums(in, g, from, to, columns, pivots, pieces[piece]);
        });
    NormSums sums = rows.channels(pieces);
    for (long at = rows.restFrom(); at < rows.size(); at++) {
      boolean passes = passes(affine(rows, in, at, map), map);
      add(sums, rows, statistics, in, at, passes ? loops.get(g, at) : 0);
    }
    return gradients(x, g, norm, rows, statistics, map, sums);
  }

  private Tensor[] backwardAdded(
      Tensor x,
      Tensor y,
      Tensor gradient,
      NormArrays norm,
      Rows rows,
      Statistics statistics,
      CutMap map) {
    MemorySegment in = Torch.memory(x);
    MemorySegment out = Torch.memory(y);
    MemorySegment g = Torch.memory(gradient);
    Tensor residual = torch.empty_like(x.detach());
    MemorySegment passed = Torch.memory(residual);
    FusedNormLoops loops = rows.loops();
    float[] pivots = rows.columns(statistics.pivot());
    CutMap columns = rows.columns(map);
    NormSums[] pieces = new NormSums[rows.pieces()];
    rows.run(
        workers,
        (piece, from, to) -> {
          pieces[piece] = new NormSums(pivots.length);
          loops.gradientSumsAdded(in, g, out, passed, from, to, columns, pivots, pieces[piece]);
        });
    NormSums sums = rows.channels(pieces);
    for (long at = rows.restFrom(); at < rows.size(); at++) {
      float passing = passes(loops.get(out, at), map) ? loops.get(g, at) : 0;
      loops.put(passed, at, passing);
      add(sums, rows, statistics, in, at, passing);
    }
    CutMap free = map(map.slopes(), map.offsets(), Rectifier.NONE); // what is cut is zero already
    Tensor[] three = gradients(x, passed, norm, rows, statistics, free, sums);
    return new Tensor[] {three[0], three[1], three[2], residual};
  }

  private static void add(
      NormSums sums, Rows rows, Statistics statistics, MemorySegment x, long at, float g) {
    int c = (int) (at % rows.channels());
    sums.first()[c] += g;
    sums.second()[c] += g * (rows.loops().get(x, at) - statistics.pivot()[c]);
  }

  /** Those of x, γ and β. */
  private Tensor[] gradients(
      Tensor x,
      MemorySegment g,
      NormArrays norm,
      Rows rows,
      Statistics statistics,
      CutMap map,
      NormSums sums) {
    int channels = rows.channels();
    float[] gamma = read(norm.gamma());
    float[] ofGamma = new float[channels];
    float[] ofBeta = new float[channels];
    float[][] factors = new float[3][channels];
    for (int c = 0; c < channels; c++) {
      double sigma = statistics.sigma()[c];
      double mean = statistics.mean()[c];
      double plain = sums.first()[c];
      double withNormal = (sums.second()[c] + (statistics.pivot()[c] - mean) * plain) / sigma;
      ofBeta[c] = (float) plain;
      ofGamma[c] = (float) withNormal;
      double direct = gamma[c] / sigma;
      double follow = -direct * withNormal / (rows.rows() * sigma);
      factors[0][c] = (float) direct;
      factors[1][c] = (float) (-direct * plain / rows.rows() - follow * mean);
      factors[2][c] = (float) follow;
    }
    Tensor ofX = torch.empty_like(x.detach());
    spread(Torch.memory(x), g, Torch.memory(ofX), rows, map, factors);
    return new Tensor[] {ofX, Torch.vector(ofGamma), Torch.vector(ofBeta)};
  }

  private void spread(
      MemorySegment x, MemorySegment g, MemorySegment out, Rows rows, CutMap map, float[][] all) {
    FusedNormLoops loops = rows.loops();
    CutMap columns = rows.columns(map);
    float[][] factors = {rows.columns(all[0]), rows.columns(all[1]), rows.columns(all[2])};
    rows.run(workers, (_, from, to) -> loops.backward(x, g, out, from, to, columns, factors));
    for (long at = rows.restFrom(); at < rows.size(); at++) {
      int c = (int) (at % rows.channels());
      float passing = passes(affine(rows, x, at, map), map) ? loops.get(g, at) : 0;
      float follow = Math.fma(loops.get(x, at), all[2][c], all[1][c]);
      loops.put(out, at, Math.fma(passing, all[0][c], follow));
    }
  }

  private static float[] read(Tensor vector) {
    return Torch.floats(vector).toArray(ValueLayout.JAVA_FLOAT);
  }

  private static void write(Tensor vector, float[] values) {
    MemorySegment.copy(values, 0, Torch.floats(vector), ValueLayout.JAVA_FLOAT, 0, values.length);
  }
}

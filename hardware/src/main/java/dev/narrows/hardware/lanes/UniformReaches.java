package dev.narrows.hardware.lanes;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.lane.LaneCount.AllItems;
import dev.narrows.core.lane.LaneLevel;
import dev.narrows.core.lane.LaneReduction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every product can be anything in T = [t₀, t₁]: then a lane of c items reaches what its number of
 * products says, and no term has to be looked at.
 *
 * <pre>at its end    [s₀ + c·e₀, s₁ + c·e₁]         every write   c in 0 … c: linear, so at an end
 * </pre>
 *
 * <p>with [e₀, e₁] what the level before hands over, T for the first, and [s₀, s₁] the start. With
 * at most k inputs that are not 0, m products count as min(m, k), and 0 is in T.
 *
 * @see "docs/lanes.md, equations (2) and (3)"
 */
final class UniformReaches implements LaneReaches {
  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  private final IntegerRange term;
  private final InputLimits limits;

  UniformReaches(LaneQuestion question) {
    this.term = LaneReaches.products(question.a().values(), question.b().values());
    this.limits = question.limits();
  }

  @Override
  public List<RegisterReach> at(LaneReduction reduction) {
    List<RegisterReach> all = new ArrayList<>();
    BigInteger products = BigInteger.ONE;
    BigInteger starts0 = BigInteger.ZERO; // of all lanes that a lane takes the sums of
    BigInteger starts1 = BigInteger.ZERO;
    for (int i = 0; i < reduction.levels().size(); i++) {
      LaneLevel level = reduction.levels().get(i);
      // whoever takes all there are takes one item at least
      long items = level.count() instanceof AllItems ? 1 : level.items(0);
      BigInteger count = BigInteger.valueOf(items);
      BigInteger own0 = BigInteger.valueOf(level.start().min());
      BigInteger own1 = BigInteger.valueOf(level.start().max());
      products = products.multiply(count);
      starts0 = starts0.multiply(count).add(own0);
      starts1 = starts1.multiply(count).add(own1);
      BigInteger end0 = starts0.add(active(products).multiply(BigInteger.valueOf(least())));
      BigInteger end1 = starts1.add(active(products).multiply(BigInteger.valueOf(greatest())));
      boolean everyWrite = level.register().saturating();
      all.add(
          reach(
              reduction,
              i,
              products,
              everyWrite ? end0.min(own0) : end0,
              everyWrite ? end1.max(own1) : end1));
    }
    return all;
  }

  private static RegisterReach reach(
      LaneReduction reduction, int level, BigInteger products, BigInteger lo, BigInteger hi) {
    boolean exact = lo.compareTo(LEAST) >= 0 && hi.compareTo(MOST) <= 0;
    long least = lo.max(LEAST).min(MOST).longValue();
    long most = hi.max(LEAST).min(MOST).longValue();
    return new RegisterReach(
        level,
        products.min(MOST).longValue(),
        least,
        most,
        LaneReaches.holds(reduction, level, least, most, exact));
  }

  private BigInteger active(BigInteger products) {
    return limits.nonzeros().isPresent()
        ? products.min(BigInteger.valueOf(limits.nonzeros().getAsInt()))
        : products;
  }

  /** Idle inputs make products of 0. */
  private long least() {
    return limits.any() ? Math.min(0, term.min()) : term.min();
  }

  private long greatest() {
    return limits.any() ? Math.max(0, term.max()) : term.max();
  }

  @Override
  public Optional<LaneFailure> failure(LaneReduction reduction) {
    return at(reduction).stream()
        .filter(reach -> !reach.holds())
        .findFirst()
        .map(reach -> {
          boolean upwards =
              reach.hi() > reduction.levels().get(reach.level()).register().max()
                  || reach.hi() == Long.MAX_VALUE;
          return new LaneFailure(reach.level(), 0, 0, upwards);
        });
  }
}

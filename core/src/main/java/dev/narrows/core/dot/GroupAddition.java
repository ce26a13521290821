package dev.narrows.core.dot;

/** How matrix hardware adds the products of some terms to its register. */
interface GroupAddition {
  /**
   * What a group came to.
   *
   * @param cuts products that lost bits
   * @param swamps products of which nothing was left
   * @param cut whether the sum lost bits
   */
  record GroupSum(float value, int cuts, int swamps, boolean cut) {}

  /**
   * Adds the products of some terms.
   *
   * @param register finite, unless additions are those of binary32
   * @param terms at most a group's, which is filled up with zeros
   * @param of finite, unless additions are those of binary32
   */
  GroupSum add(float register, int[] terms, GroupOperands of);
}

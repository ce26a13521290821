package dev.narrows.hardware.verilog;

/**
 * What yosys's SAT solver said of one channel.
 *
 * @param layer name in the network
 * @param bits the width asked about
 * @param verdict of that width, for every input
 * @param onePiece whether all terms were free at once; else by induction over prefixes
 * @param narrowerFails whether the witness was seen to overflow one bit less
 */
public record ChannelProof(
    String layer,
    int channel,
    int bits,
    ProofVerdict verdict,
    boolean onePiece,
    boolean narrowerFails) {
  /** What was found. */
  public enum ProofVerdict {
    /** The register equals one of 32 bits for every input. */
    PROVED,
    /** An input makes them differ. */
    REFUTED,
    /** Neither was shown. */
    UNDECIDED
  }
}

/**
 * The independent checker of certificates. It derives every range and every sum anew from the
 * network's own records and shares no code with what made the certificate: neither the bounds, nor
 * the kernels, nor the passes (a test holds this). What it takes from other rooms is the reader of
 * the network file and plain records.
 */
@NullMarked
package dev.narrows.verify;

import org.jspecify.annotations.NullMarked;

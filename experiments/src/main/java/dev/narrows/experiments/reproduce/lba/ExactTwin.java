package dev.narrows.experiments.reproduce.lba;

/** Training in exact sums, beside the others. */
record ExactTwin(double rate, int epochs) {}

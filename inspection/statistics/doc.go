// Package statistics counts what the earlier rooms do: roll-ups of the cases of an
// office and of the offices below it, and what a person has to do.
//
// A number comes from the roll-ups, which are exact at every moment: whatever
// changes a case appends the difference in its own transaction, and what counts is
// the sum. Only what was issued counts. A number without a definition (口径) is not
// shown, and an office that never reported is missing, which is not zero.
package statistics

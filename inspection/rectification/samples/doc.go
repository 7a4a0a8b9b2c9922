// Package samples looks at closed items again from one level above (抽查已销号事项).
//
// An office draws among the items that the offices directly below it closed in a
// period: all that are in doubt, all that were closed late, and a share of the rest
// that a stored seed decides ([checks.Draw]). The row of each office below names the
// lot, the share and the seed, so that it can draw again and come to the same.
//
// What was drawn is read with a reason, which stands in the journal of the office
// whose item it is, and then confirmed or refuted with facts. What is refuted is
// reopened in the office below by a job that finds the decision in the row: once,
// whoever tries. An item that moved meanwhile is not reopened, and says why. Both
// offices read and write one row, each its own columns (sec.sides); units, other
// offices, and offices two levels above see nothing of it.
//
// Who samples below, and that it leads to reopening: HANDBOOK §5.3 (复核/回头看→重开);
// reading files above with a reason: TRUST §2.2, row 26.
package samples

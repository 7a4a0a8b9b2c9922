// Package followups looks at a past round again (回头看): whether what its units
// say was put right is so and stays so, and what has come up since.
//
// An office opens one over a past round, for units that it chooses. What speaks for
// a unit is proposed from the rows, and the rows are named: a low grade, open
// doubts, items that were reopened, items overdue. Days, people and units are hidden
// from units until the notice, by row security and not by this code: what a unit
// learns is a row of another table that the notice writes.
//
// For each problem of the round the sheet sets side by side what the feedback said,
// what the plan promised, what the unit reported and when it was closed, and what is
// so. Two people look: one records a verdict and the facts, another agrees. The
// director reports, and everything follows from that one act: the unit reads the
// verdicts, closed items that do not stand are reopened under their old number, and
// new problems enter the ledger as findings of a round of their own. An item that
// moved since somebody looked at it stops the report: it has to be looked at again.
//
// Forms and length of such rounds: HANDBOOK §1.2 and §6, counties of several
// provinces, practice of 2021 to 2023.
package followups

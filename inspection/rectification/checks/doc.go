// Package checks is the three rounds of checks (三轮督导检查): going to see whether
// what a unit reports is so.
//
// Who is visited is drawn, not chosen: every item with a doubt, every overdue
// item, and a share of the rest that a stored seed decides ([Draw]), so that the
// same ledger gives the same sample whenever somebody draws it again. What the
// draw saw is kept beside what it took.
//
// Checks come by surprise. A unit's people see neither plan nor sample, by row
// security and not by this code: what they learn is a [Result], a row of another
// table that the director's confirmation writes. Two inspectors go; one reports,
// the other agrees, the director confirms, and says what follows: nothing, a
// letter, the case reopened, or a second visit where doubt is left.
//
// A report may come late, from a phone that had no network. It names the version
// that it was based on, and never overwrites a newer one.
package checks

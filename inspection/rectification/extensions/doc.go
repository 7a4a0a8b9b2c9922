// Package extensions is more time for a case: a new last day (延期), or to go on
// as a long-term case with a day on which it comes back (转长期整改).
//
// The unit asks, with a reason and files of the case; its head signs and promises.
// What the head signs is one text, frozen with its digest: nobody goes on with a
// request that is not what was signed (seal). Then the own office decides, or, from
// the time on that the policy names (extension_above_from), the office one level
// above: the own office passes the request up with its opinion, and both read and
// write one row, each its own columns (sec.sides). How often a deadline may be
// extended, and by how much, is policy, too. A case has one request open at a time,
// and while it has one the item is marked 延期申请中 and cannot be handed in.
//
// Asking stops nothing. The clock and its reminders run until somebody approves;
// then the deadline moves through the case's own room, and what it was before stays
// visible there (期限沿革). What the level above decided is carried out in the office
// whose case it is, by a job that finds the decision in the row: once, whoever tries.
package extensions

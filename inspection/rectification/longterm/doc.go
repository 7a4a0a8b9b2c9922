// Package longterm is what becomes of a long-term item when it comes back (长期整改复核).
//
// A long-term item is not done: it goes on, like a risk that was accepted for a while,
// and comes back on its review day as a task of the office. The office proposes what
// follows, with a reason and files of the item: it goes on until another day (继续长期),
// it goes back to be put right by a new last day (转回整改), or it is done (销号). The
// parties that review what a unit hands in must agree, as the policy says
// (review_parties); whoever is of the unit has no say. With the last one's agreement it
// takes effect, and only then do the unit and the levels above see it.
//
// A proposal is about the item as it was: once that is handed in, or its day moves, the
// proposal takes no effect any more, and the next one takes its place.
//
// Every day that an item was to come back on stays in the history of its clock.
package longterm

// Package disclosure decides what the public may read of a rectification (公开):
// a 通报 is made from the ledger of one unit and round, worded for readers,
// confirmed by the unit's head, cleared by the office, approved, and published
// at its time.
//
// What is approved is bytes: the canonical JSON and the rendered article, under
// one SM3 digest. Every later step compares that digest with what the rows and
// the templates give now, so that nothing is published that was not approved
// byte for byte. A correction is a new edition that walks the whole way again.
//
// A publication happens once because its ledger row (publications) has a key and
// is written in the transaction of the effect, by the jobs' login alone; the
// public's login sees that table and nothing else of the room. It is never early
// because two clocks must agree, see [Service.PublishDue].
package disclosure

// Package plans has what a unit promises about the findings of one round (整改方案).
//
// Nothing of a plan is typed twice: its measures are those of the ledger, read when
// the plan is looked at and frozen when it is signed. Two people sign the same
// digest, the unit's head and the leader in charge (双签字, HANDBOOK §3), with the
// sentence that they answer for it. What was signed never changes: a plan is
// amended by a new edition, and the old one stays readable.
package plans

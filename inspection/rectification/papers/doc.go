// Package papers is the one way in which a unit hands something over under
// signatures and others judge it: the plan (整改方案) and the two reports of
// rectification (整改进展情况报告、主要负责人组织整改情况报告) go through it.
//
// The rule (TRUST §3.8, HANDBOOK §1.2). What is signed is one text in JSON, frozen
// when the first person signs, and its SM3 digest. Each signer names the digest
// that was on the screen: what changed meanwhile is not signed unseen. Whoever signs
// proves who they are again, and the two signatures (双签字) are of two people under
// one digest. From then on the text is read from what was frozen and never from the
// records, and nobody goes on with a text that no longer has its digest.
//
// The parties that the policy names review it without the party that the unit itself
// is, and without people of the unit. Until all opinions are in each party sees its
// own alone; row security holds them apart. Then the office sends one answer: it goes
// back if one party does not agree, and passes if all do.
//
// What a kind of paper says, which states it has and what becomes of one that came
// back is its own room's matter.
package papers

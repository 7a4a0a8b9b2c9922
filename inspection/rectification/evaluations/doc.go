// Package evaluations judges how well a unit put right what was found in one round
// (整改成效评估).
//
// What is judged by is data: a score card with aspects, deductions, vetoes and the
// lines between grades. No such number stands in code. A card that was published
// never changes; a further version is published, and an evaluation keeps the card
// with which it began.
//
// The unit says what it thinks of itself, its head signs. A group of named people
// of several parties, none of the unit, scores beside it. The system proposes
// deductions from what the rows say and names the rows; a person accepts each or
// says why not. When the group finishes, everything that the score depends on is
// frozen in one [Snapshot], and the score is a function of that alone ([Score]):
// whoever computes it again, whenever, gets the same. A new fact makes a further
// edition; what was scored before stays readable.
//
// A closing that two people on site found to be false is a veto: the lowest grade,
// whatever the points. A low grade brings a second rectification (二次整改).
//
// Scores are never a ranking: lists stand in the order of units, and a unit sees
// its own alone.
//
// Forms of evaluation: HANDBOOK §6, counties and cities of several provinces,
// practice of 2021 to 2025.
package evaluations

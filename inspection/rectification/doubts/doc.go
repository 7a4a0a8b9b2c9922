// Package doubts is what makes somebody look twice at a rectification (存疑待核).
//
// A rule finds a signal: the same file proves two items, a picture is older than
// the feedback, many items were closed within one hour. A signal is a row with its
// reason and never a verdict. It is found once per cause, when a case is handed in
// or closed, and each night for what needs the whole office. What was not handed
// in is not looked at: a draft may still be withdrawn.
//
// The unit is asked and may answer, with evidence. It reads its question and
// nothing that belongs to another unit or names a reviewer: row security holds
// those apart. Two different persons of the office or the discipline commission
// decide on site whether the signal is right (属实) or not (排除); when they do not
// agree, the signal is open again. While one is open the case carries the flag
// 存疑待核. What a confirmed signal leads to is the director's to decide.
//
// How often each rule is right is counted: confirmed of decided. Thresholds are
// the office's policy.
//
// Named forms of false rectification and the signals of it: HANDBOOK §6, whole
// country, practice of 2023 to 2026.
package doubts

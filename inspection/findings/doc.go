// Package findings holds what inspectors found (问题), from the draft to the
// feedback (反馈) that issues it.
//
// A draft is seen by its own office alone. Issuing sets issued_at, which lets the
// unit and the levels above see it, and hands it to whoever puts it right: that
// room comes later in the life of a finding, so it is told through
// [Service.Issued]. A finding's number is given once and never reused.
package findings

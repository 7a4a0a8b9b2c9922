// Package rectification is findings being put right (整改): measures, evidence,
// handing in, joint review, and what becomes of it.
//
// A finding has one case (事项). The three lists that offices keep (问题清单、
// 任务清单、责任清单) are views of its rows and not copies. What may happen to a
// case is one table, in life.go: the API's enums, the diagram, the database's
// check and the tests are read from it. Overdue is no state but a question about
// today and the due date.
//
// A unit says what it did and proves it; it never closes a case. The parties
// that the policy names review what was handed in, each without seeing the
// others' opinions until all are in: row security holds them apart, not this
// code. The office then sends one consolidated return, or accepts.
//
// Every act leaves one journal entry under the finding's identifier. The
// timeline that people read is those entries.
package rectification

// Package reports has the two reports that a unit owes about the findings of one
// round: how far the rectification is (整改进展情况报告) and what its head did about it
// (主要负责人组织整改情况报告; 巡视工作条例, 2015 text, article 27; HANDBOOK §1.1, §3).
//
// Nothing of a report is typed twice. Its figures, its lines on every finding and the
// acts of the head are read from the records when it is looked at and frozen when it
// is signed; written by hand are the overall paragraph, the next steps, and a sentence
// to a finding where the records do not say why it is not done. The progress report is
// signed by the head and by the leader in charge (双签字), the head's report by the
// head alone. How papers are signed and reviewed is package papers.
//
// The first report is due so many months after the feedback, at the end of the
// concentrated period (集中整改期); as long as a finding is open, a long-term one
// included, a further one is due every so many months (持续整改). Both numbers are the
// policy of the round. A report that came back is answered by a new edition, which
// begins with its text; what was signed stays what it was.
package reports
